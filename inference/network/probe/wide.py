# SPDX-License-Identifier: GPL-2.0-or-later
"""Networks whose receptive field is the whole tile, or exceeds any halo: the remaining seam and its minimum.

Pooling over the whole tile, attention and the like make each score depend on the whole tile. No halo makes tiles of
such a network equal, but near a tile's edge they differ more than elsewhere. Tiles are compared that overlap by three
quarters, so that their content differs as in a run. For the stride they have the same content at other
positions, so that the remaining difference results from their positions.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from .comparison import Comparison, Float64, mean_profile, rounded
from .specimen import Specimen

# The mean difference of scores, as a share of their range, that a seam may have.
TOLERANCE = 0.01

# If the inner parts of tiles differ by more than this, a larger halo gains little.
ABOVE_INNER = 1.5

# Differences up to this multiple of the smallest ones belong to tiles on the stride.
ALIGNED = 1.5

# If even the smallest ones exceed this, no tried stride is the network's.
UNALIGNED = 0.05


@dataclass(frozen=True)
class Wide:
    """The stride and the halo, None if tiles agree on no stride, and the mean difference of tiles' scores by depth."""

    stride: int | None
    halo: int | None
    profile: tuple[float, ...]


def wide(specimens: Sequence[Specimen], strides: Sequence[int]) -> Wide:
    """Returns the smallest stride and the halo that keeps seams low, which is at most a quarter of the tile.

    A single stride is used unchecked.
    """
    size = min(specimens[0].height, specimens[0].width)
    stride = strides[0] if len(strides) == 1 else _stride(specimens, strides, size)
    profile = _profile(specimens, max(1, size // 4 // strides[-1]) * strides[-1])
    if profile is None:
        return Wide(None, None, ())
    # Beyond a quarter of the tile few pixels are left to compare.
    measured = rounded(profile[: size // 4 + 1])
    return Wide(None, None, measured) if stride is None else Wide(stride, _halo(profile, size), measured)


def _stride(specimens: Sequence[Specimen], strides: Sequence[int], size: int) -> int | None:
    repeated = [specimen.repeated() for specimen in specimens]
    profiles = {stride: _profile(repeated, stride) for stride in strides}
    inner = {stride: _inner(profile, size) for stride, profile in profiles.items() if profile is not None}
    least = min(inner.values(), default=np.inf)
    return next((stride for stride in inner if inner[stride] <= ALIGNED * least), None) if least <= UNALIGNED else None


def _halo(profile: Float64, size: int) -> int:
    allowed = max(TOLERANCE, ABOVE_INNER * _inner(profile, size))
    beyond = np.flatnonzero(profile[: size // 4] > allowed)
    return int(beyond[-1]) + 1 if beyond.size else 0


def _inner(profile: Float64, size: int) -> float:
    """Returns the mean difference in the inner part of the overlap, where edges have the least influence."""
    return float(profile[slice(3 * size // 16, None)].mean())


def _profile(specimens: Sequence[Specimen], cells: int) -> Float64 | None:
    comparisons: list[Comparison] = []
    for specimen in specimens:
        comparison = specimen.moved(cells)
        if comparison is None:
            return None
        comparisons.append(comparison)
    return mean_profile(comparisons)
