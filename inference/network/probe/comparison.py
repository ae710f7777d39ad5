# SPDX-License-Identifier: GPL-2.0-or-later
"""Comparison of two tiles of one scene on their common scores."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...window import Window
from .probe_runner import ScoredTile

Float64 = NDArray[np.float64]

# Tolerated difference of scores, as a share of their range: a device may sum in another order for each tile size.
# 16-bit floats have 11 bits: a change in the last one, grown through the layers of a network, is some of these.
ROUNDING, MIXED_ROUNDING = 1e-5, 2.0**-8


@dataclass(frozen=True)
class Comparison:
    """How scores differ by their depth, the distance in pixels from the nearest edge that only one tile has.

    `worst` and `mean` are shares of the range of scores.
    """

    worst: Float64
    mean: Float64

    @property
    def inner(self) -> float:
        """The mean difference in the inner half of the overlap, where edges have the least influence."""
        return float(self.mean[len(self.mean) // 2 :].mean())

    def reach(self, limit: int, rounding: float = ROUNDING) -> int | None:
        """Returns the depth from which on scores are equal, or differ by rounding only.

        None if that is beyond the limit.
        """
        depths = (_last_above(self.worst, share) + 1 for share in (0.0, rounding))
        return next((depth for depth in depths if depth <= limit), None)


def _last_above(values: Float64, threshold: float) -> int:
    found = np.flatnonzero(values > threshold)
    return int(found[-1]) if found.size else -1


def compare(first: ScoredTile, second: ScoredTile) -> Comparison:
    """Compares two tiles that overlap."""
    common = first.window.intersection(second.window)
    ours = first.scores[(slice(None), *common.within(first.window))]
    theirs = second.scores[(slice(None), *common.within(second.window))]
    shares = differences(ours, theirs) / spread(first.scores)
    depths = _depths(common, first.window, second.window).ravel()
    worst = np.zeros(depths.max() + 1)
    np.maximum.at(worst, depths, shares.ravel())
    return Comparison(worst, np.bincount(depths, shares.ravel()) / np.bincount(depths))


def mean_profile(comparisons: Sequence[Comparison]) -> Float64:
    """Returns the mean difference by depth over several comparisons of the same windows."""
    profile: Float64 = np.mean([comparison.mean for comparison in comparisons], axis=0)
    return profile


def rounded(profile: Float64) -> tuple[float, ...]:
    """Returns a profile as plain numbers of four decimals."""
    return tuple(round(float(share), 4) for share in profile)


def spread(scores: NDArray[Any]) -> float:
    """Returns the largest range of one channel, 1 for class numbers, 0 for constant scores."""
    if np.issubdtype(scores.dtype, np.integer):
        return float(scores.min() != scores.max())
    if not np.isfinite(scores).all():
        return 0.0
    return float((scores.max(axis=(1, 2)) - scores.min(axis=(1, 2))).max())


def differences(ours: NDArray[Any], theirs: NDArray[Any]) -> Float64:
    """Returns the largest difference (height, width) of any channel; two ready classes differ by 1."""
    if np.issubdtype(ours.dtype, np.integer):
        differing: Float64 = (ours != theirs).any(axis=0).astype(np.float64)
        return differing
    found: Float64 = np.abs(ours.astype(np.float64) - theirs).max(axis=0)
    found[~np.isfinite(found)] = np.inf
    return found


def _depths(common: Window, first: Window, second: Window) -> NDArray[np.intp]:
    """Returns the depth (height, width) of each pixel; an edge of both tiles cuts both alike and does not count."""
    rows = _axis_depths(common.height, first.y != second.y, first.bottom != second.bottom)
    columns = _axis_depths(common.width, first.x != second.x, first.right != second.right)
    return np.minimum(rows[:, np.newaxis], columns)


def _axis_depths(length: int, at_start: bool, at_end: bool) -> NDArray[np.intp]:
    cells = np.arange(length)
    far = np.full(length, length)
    return np.minimum(cells if at_start else far, cells[::-1] if at_end else far)
