# SPDX-License-Identifier: GPL-2.0-or-later
"""Counts the pixels and areas of the classes while a result is written."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..grid import Grid
from ..model.definition import ModelClass
from .area import row_cell_areas
from .legend import ClassCount


class ClassTally:
    """The counts so far; every row of the result is to be added once."""

    def __init__(self, classes: Sequence[ModelClass], grid: Grid) -> None:
        self._classes = tuple(classes)
        self._row_areas = row_cell_areas(grid)
        self._pixels = [0] * len(self._classes)
        self._areas = [0.0] * len(self._classes)

    def add(self, row: int, values: NDArray[Any]) -> None:
        """Counts class values (rows, width) that begin at this row of the result."""
        after = row + len(values)
        for index, legend_class in enumerate(self._classes):
            in_row = np.count_nonzero(values == legend_class.value, axis=1)
            self._pixels[index] += int(in_row.sum())
            if self._row_areas is not None:
                self._areas[index] += float(in_row @ self._row_areas[row:after])

    def counts(self) -> tuple[ClassCount, ...]:
        """Returns the counts of all classes, in the order of the legend."""
        known = self._row_areas is not None
        return tuple(
            ClassCount(legend_class, pixels, area if known else None)
            for legend_class, pixels, area in zip(self._classes, self._pixels, self._areas)
        )
