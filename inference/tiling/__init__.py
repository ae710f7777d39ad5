# SPDX-License-Identifier: GPL-2.0-or-later
"""A scene cut into tiles and strips, run through a network and put together.

Tiled equals whole: origins of tiles are multiples of the stride in the coordinates of the whole scene, and the halo is
rounded up to the stride. At the ends of the scene tiles are moved inwards, or shortened if the halo is exact and the
network takes any size: no pixel is invented. A scene that fits into one tile is one tile. Only if the scene is no
multiple of the stride (or shorter than a tile) is it extended with zeros, as one run over the whole scene needs it
too. Both kinds of networks therefore give the same map, and an extent gives the crop of it. A fixed tile that extends
over the end by less than a stride takes the pixels there with their halo, not only those that a tile inside the scene
leaves over: every kept pixel has its surroundings. Blended tiles have no such guarantee: blending bounds a seam, it
does not remove it.

`plan_tiles` cuts the area into tiles, lazily, and `cut_strips` groups them into strips, which are computed lane by
lane from top to bottom, so that the blocks shared by neighbouring tiles stay in GDAL's cache. `pipeline.run` is the
loop: one thread reads, workers run the network, the calling thread merges and writes in the order of the plan, so that
the result does not depend on the number of workers. Queues are bounded. No buffer grows with the scene: neither the
strip being put together, nor the queue, nor the windows in which strips become the final file.

`CropMerger` keeps cores and is the rule; `BlendMerger` blends tiles seen in several orientations. Another merger needs
`add(strip, tile, values)`.
"""

from .blend import BlendMerger
from .merge import CropMerger
from .pipeline import DEPTH, Block, Merger, Sink, Threads, TileProcessor, run
from .plan import Tile, TilePlan, TileShape, plan_tiles, round_up
from .strips import STRIP_BYTES, Strip, StripPlan, StripSize, cut_strips, longest_row, shared_size, usual_size

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
    "Threads",
    "TilePlan",
    "TileProcessor",
    "TileShape",
    "cut_strips",
    "longest_row",
    "plan_tiles",
    "round_up",
    "run",
    "shared_size",
    "usual_size",
]
