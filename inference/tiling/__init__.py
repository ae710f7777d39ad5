# SPDX-License-Identifier: GPL-2.0-or-later
"""How a scene is cut into tiles, run through a network and put together again."""

from .blend import BlendMerger
from .merge import CropMerger
from .pipeline import DEPTH, Block, Merger, Sink, TileProcessor, run
from .plan import Tile, TilePlan, TileShape, plan_tiles, round_up
from .strips import STRIP_BYTES, Strip, StripPlan, StripSize, cut_strips, longest_row, usual_size

__all__ = [
    "DEPTH",
    "STRIP_BYTES",
    "BlendMerger",
    "Block",
    "CropMerger",
    "Merger",
    "Sink",
    "Strip",
    "StripPlan",
    "StripSize",
    "Tile",
    "TilePlan",
    "TileProcessor",
    "TileShape",
    "cut_strips",
    "longest_row",
    "plan_tiles",
    "round_up",
    "run",
    "usual_size",
]
