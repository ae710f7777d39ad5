# SPDX-License-Identifier: GPL-2.0-or-later
"""Networks whose scores depend on what lies around a pixel, and on nothing else.

Two tiles of one scene that begin at different places are laid over each other, as neighbouring tiles of a run are. If
the network is local and the places lie on its stride, the scores that both have are the same but for a rim along the
edges that only one of them has: the width of that rim is the halo. So what is measured is what will be done. A change
of single pixels would show a reach that is larger by up to a stride, for pixels which no core on the stride begins
with, and would miss units that no change at that very place wakes; an edge of 200 pixels asks each of them at every
place, with zeros where the tile ends, as in a run.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from .comparison import MIXED_ROUNDING, ROUNDING, Comparison  # noqa: F401  (named in a text)
from .specimen import Specimen

Cut = Callable[[Specimen, int], "Comparison | None"]


@dataclass(frozen=True)
class Local:
    """The smallest stride and, for tiles on it, the halo that makes them exact."""

    stride: int
    halo: int


def local_of_any_size(specimens: Sequence[Specimen], strides: Sequence[int], limit: int) -> Local | None:
    """Returns the stride and the halo, None where the network looks farther than the limit.

    Tiles are cut shorter by a stride, so that the network is also seen with sizes that are odd multiples of it.
    """
    found = _local(specimens, strides, limit, Specimen.without_start)
    if found is None:
        return None
    end = _reach(specimens, Specimen.without_end, strides[-1], limit)
    return None if end is None else Local(found.stride, max(found.halo, end))


def local_of_fixed_size(specimens: Sequence[Specimen], strides: Sequence[int], limit: int) -> Local | None:
    """Returns the stride and the halo of a network of one size, None where it looks farther than the limit."""
    return _local(specimens, strides, limit, Specimen.moved)


def _local(specimens: Sequence[Specimen], strides: Sequence[int], limit: int, cut: Cut) -> Local | None:
    # A multiple of the stride is as good as the stride: where the largest one fails, none has to be tried.
    largest = strides[-1]
    farthest = _reach(specimens, cut, largest, limit)
    if farthest is None:
        return None
    for stride in strides[:-1]:
        reach = _reach(specimens, cut, stride, limit)
        if reach is not None:
            return Local(stride, max(reach, farthest))
    return Local(largest, farthest)


def _reach(specimens: Sequence[Specimen], cut: Cut, cells: int, limit: int) -> int | None:
    """Returns the width of the rim over all scenes, None where a scene has none or the size is not taken."""
    farthest = 0
    for specimen in specimens:
        comparison = cut(specimen, cells)
        rounding = MIXED_ROUNDING if specimen.network.backend.mixed_precision else ROUNDING
        reach = comparison.reach(limit, rounding) if comparison is not None else None
        if reach is None:
            return None
        farthest = max(farthest, reach)
    return farthest
