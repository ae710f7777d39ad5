# SPDX-License-Identifier: GPL-2.0-or-later
"""How a scene is cut into tiles, run through a network and put together again."""

from .blend import BlendMerger
from .merge import CropMerger
from .pipeline import Merger, Network, Sink, run
from .plan import Tile, TilePlan, TileShape, plan_tiles, round_up

__all__ = [
    "BlendMerger",
    "CropMerger",
    "Merger",
    "Network",
    "Sink",
    "Tile",
    "TilePlan",
    "TileShape",
    "plan_tiles",
    "round_up",
    "run",
]
