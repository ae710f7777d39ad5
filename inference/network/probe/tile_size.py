# SPDX-License-Identifier: GPL-2.0-or-later
"""The size of tiles that a halo calls for."""

from __future__ import annotations

from ...tiling import round_up

# What is kept of a tile: whole blocks of most rasters, of which fewer are read twice then. Smaller ones cost more in
# calls than they save.
CORES = (512, 1024)

# If even those waste much, tiles with their halos.
LARGEST = 2048

# Pixels computed for one that is kept: a larger tile would win little more, and take four times the memory.
WASTE = 1.3


def tile_size_for(halo: int, stride: int, margin: int) -> int:
    """Returns the smallest tile that wastes little on the halo, ((core + 2 halo) / core)^2, otherwise the largest.

    The output of a tile, which lacks the margin on each side, is a multiple of the stride.
    """
    aligned = round_up(max(0, halo - margin), stride)
    around = 2 * (aligned + margin)
    core = next((core for core in CORES if ((core + around) / core) ** 2 <= WASTE), LARGEST - around)
    return max(core // stride * stride, stride) + around
