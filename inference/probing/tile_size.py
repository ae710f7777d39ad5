# SPDX-License-Identifier: GPL-2.0-or-later
"""The size of tiles that a halo calls for."""

from __future__ import annotations

from ..tiling import round_up

# Smaller ones cost more in calls and blocks that are read twice than they save.
SIZES = (512, 1024, 2048)

# Pixels computed for one that is kept: a larger tile would win little more, and take four times the memory.
WASTE = 1.3


def tile_size_for(halo: int, stride: int, margin: int) -> int:
    """Returns the smallest tile that wastes little on the halo, (T / (T - 2 halo))^2, else the largest.

    The output of a tile, which lacks the margin on each side, is a multiple of the stride.
    """
    around = max(halo, margin)
    size = next((size for size in SIZES if size > 2 * around and (size / (size - 2 * around)) ** 2 <= WASTE), SIZES[-1])
    least = 2 * round_up(halo, stride) + stride
    return max(size // stride * stride, round_up(least, stride)) + 2 * margin
