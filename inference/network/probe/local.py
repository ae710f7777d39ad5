# SPDX-License-Identifier: GPL-2.0-or-later
"""Networks whose scores depend on the surroundings of a pixel only.

Two tiles of one scene with different origins overlap, as neighbouring tiles of a run do. If the network is local and
the origins are multiples of its stride, their common scores are equal except for a rim along the edges that only one
of them has: the width of that rim is the halo. The measurement thus equals the use. A change of single pixels would
show a reach larger by up to a stride, for pixels at which no core begins, and would miss units that it does not
activate; an edge of 200 pixels tests each of them at every position, with zeros beyond the tile, as in a run.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from .comparison import MIXED_ROUNDING, ROUNDING, Comparison, mean_profile, rounded  # noqa: F401  (named in a text)
from .specimen import Specimen

Cut = Callable[[Specimen, int], "Comparison | None"]


@dataclass(frozen=True)
class Local:
    """The smallest stride and, for tiles on it, the halo that makes them exact.

    `profile` is the mean difference of tiles' scores by depth, within that halo.
    """

    stride: int
    halo: int
    profile: tuple[float, ...] = ()


@dataclass(frozen=True)
class _Rim:
    """The pixels along an edge whose scores differ: how many, and by how much."""

    width: int
    profile: tuple[float, ...]

    def joined(self, other: _Rim) -> _Rim:
        pairs = zip_longest(self.profile, other.profile, fillvalue=0.0)
        return _Rim(max(self.width, other.width), tuple(max(pair) for pair in pairs))


def local_of_any_size(specimens: Sequence[Specimen], strides: Sequence[int], limit: int) -> Local | None:
    """Returns the stride and the halo, None if the receptive field exceeds the limit.

    Tiles are cut shorter by a stride, so that the network is also seen with sizes that are odd multiples of it.
    """
    found = _local(specimens, strides, limit, Specimen.without_start)
    if found is None:
        return None
    end = _rim(specimens, Specimen.without_end, strides[-1], limit)
    if end is None:
        return None
    rim = _Rim(found.halo, found.profile).joined(end)
    return Local(found.stride, rim.width, rim.profile)


def local_of_fixed_size(specimens: Sequence[Specimen], strides: Sequence[int], limit: int) -> Local | None:
    """Returns the stride and the halo of a network of one size, None if the receptive field exceeds the limit."""
    return _local(specimens, strides, limit, Specimen.moved)


def _local(specimens: Sequence[Specimen], strides: Sequence[int], limit: int, cut: Cut) -> Local | None:
    # Any multiple of the stride works: if the largest one fails, no other one needs a trial.
    largest = strides[-1]
    rim = _rim(specimens, cut, largest, limit)
    if rim is None:
        return None
    for stride in strides[:-1]:
        smaller = _rim(specimens, cut, stride, limit)
        if smaller is not None:
            rim = rim.joined(smaller)
            return Local(stride, rim.width, rim.profile)
    return Local(largest, rim.width, rim.profile)


def _rim(specimens: Sequence[Specimen], cut: Cut, cells: int, limit: int) -> _Rim | None:
    """Returns the rim over all scenes, None if a scene has none within the limit or the size is refused."""
    farthest, comparisons = 0, []
    for specimen in specimens:
        comparison = cut(specimen, cells)
        rounding = MIXED_ROUNDING if specimen.network.backend.mixed_precision else ROUNDING
        reach = comparison.reach(limit, rounding) if comparison is not None else None
        if comparison is None or reach is None:
            return None
        farthest = max(farthest, reach)
        comparisons.append(comparison)
    return _Rim(farthest, rounded(mean_profile(comparisons)[:farthest]))
