# SPDX-License-Identifier: GPL-2.0-or-later
"""Counts the pixels and areas of the classes while a result is made."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..grid import Grid
from ..model.definition import ModelClass
from .area import row_cell_areas
from .legend import ClassCount


@dataclass(frozen=True)
class StripCounts:
    """Pixels and square metres of each class in a part of the result, in the order of the legend.

    `decided` are the pixels that count, or do not, only by the rule for NoData in some bands.
    """

    pixels: tuple[int, ...]
    areas: tuple[float, ...]
    decided: int = 0


class ClassTally:
    """Counts the classes of a result on its grid."""

    def __init__(self, classes: Sequence[ModelClass], grid: Grid) -> None:
        self._classes = tuple(classes)
        self._row_areas = row_cell_areas(grid)
        self._uniform = self._row_areas is not None and bool((self._row_areas == self._row_areas[0]).all())

    def count(self, row: int, values: NDArray[Any]) -> StripCounts:
        """Counts class values (rows, width) that begin at this row of the result; unknown areas are 0."""
        if self._row_areas is None or self._uniform:
            area = 0.0 if self._row_areas is None else float(self._row_areas[0])
            pixels = tuple(int(np.count_nonzero(values == known.value)) for known in self._classes)
            return StripCounts(pixels, tuple(count * area for count in pixels))
        in_rows = [np.count_nonzero(values == known.value, axis=1) for known in self._classes]
        after = row + len(values)
        areas = self._row_areas[row:after]
        return StripCounts(tuple(int(n.sum()) for n in in_rows), tuple(float(n @ areas) for n in in_rows))

    def total(self, parts: Sequence[StripCounts]) -> tuple[ClassCount, ...]:
        """Returns the counts of all classes over all parts, in the order of the legend."""
        known = self._row_areas is not None
        return tuple(
            ClassCount(
                legend_class,
                sum(part.pixels[index] for part in parts),
                sum(part.areas[index] for part in parts) if known else None,
            )
            for index, legend_class in enumerate(self._classes)
        )
