# SPDX-License-Identifier: GPL-2.0-or-later
"""Counts the pixels and areas of the classes during a run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import repeat
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...grid import Grid
from ...models.definition import ModelClass
from ...window import Window
from .area import cell_areas
from .legend import ClassCount

# Cells per count. Their areas are below 2^36 (see `area.py`), and sums in doubles are exact up to 2^53.
CELLS = 2**17


@dataclass(frozen=True)
class StripCounts:
    """Pixels and areas of each class in a part of the result, in the order of the legend.

    Areas are whole multiples of a unit that depends on the grid, None if unknown: their sums do not depend on the
    division into parts. `decided` are the pixels whose validity depends on the rule for NoData in some bands.
    """

    pixels: tuple[int, ...]
    areas: tuple[int | None, ...]
    decided: int = 0


class ClassTally:
    """Counts the classes of a result on its grid."""

    def __init__(self, classes: Sequence[ModelClass], grid: Grid) -> None:
        self._classes = tuple(classes)
        self._areas = cell_areas(grid)
        self._order = np.argsort([known.value for known in self._classes], kind="stable")
        self._values = np.array([known.value for known in self._classes], np.int64)[self._order]
        self._of_byte = self._search(np.arange(256))

    def count(self, window: Window, values: NDArray[Any]) -> StripCounts:
        """Counts class values (height, width) in a window of the result."""
        pixels = np.zeros(len(self._classes), np.int64)
        areas: list[int | None] = [0 if self._areas is not None else None for _ in self._classes]
        rows = max(1, CELLS // window.width)
        known = self._areas.parts(window, rows) if self._areas is not None else repeat(None)
        for top, part in zip(range(0, window.height, rows), known):
            self._add(values[top : top + rows].ravel(), part, pixels, areas)
        return StripCounts(tuple(pixels.tolist()), tuple(areas))

    def total(self, parts: Sequence[StripCounts]) -> tuple[ClassCount, ...]:
        """Returns the counts of all classes over all parts, in the order of the legend."""
        return tuple(
            ClassCount(
                legend_class,
                sum(part.pixels[index] for part in parts),
                self._square_metres(index, parts),
            )
            for index, legend_class in enumerate(self._classes)
        )

    def _add(
        self, values: NDArray[Any], known: NDArray[np.float64] | None, pixels: NDArray[np.int64],
        areas: list[int | None],
    ) -> None:  # fmt: skip
        # Neighbours mostly have one class: runs of equal values are counted, not cells.
        firsts = np.append(0, np.flatnonzero(values[1:] != values[:-1]) + 1)
        places, count = self._places(values[firsts]), len(self._classes)
        pixels += np.bincount(places, np.diff(firsts, append=len(values)), count + 1)[:count].astype(np.int64)
        if known is None:
            return
        found = np.bincount(places, np.add.reduceat(known.ravel(), firsts), count + 1)
        for index, area in enumerate(areas):
            # A class with a single cell off the Earth has an unknown area.
            areas[index] = None if area is None or np.isnan(found[index]) else area + int(found[index])

    def _places(self, values: NDArray[Any]) -> NDArray[np.intp]:
        """Returns the class index of each value; the next free index for other values."""
        return self._of_byte[values] if values.dtype == np.uint8 else self._search(values)

    def _search(self, values: NDArray[Any]) -> NDArray[np.intp]:
        if not self._classes:
            return np.zeros(values.shape, np.intp)
        found = np.searchsorted(self._values, values).clip(max=len(self._values) - 1)
        return np.where(self._values[found] == values, self._order[found], len(self._classes))

    def _square_metres(self, index: int, parts: Sequence[StripCounts]) -> float | None:
        known = [area for area in (part.areas[index] for part in parts) if area is not None]
        # Pixels without area are beyond a pole: their position is unknown.
        nowhere = not sum(known) and any(part.pixels[index] for part in parts)
        if self._areas is None or len(known) < len(parts) or nowhere:
            return None
        # Rounded as in GDAL's attribute tables, so that a kept result reports the same.
        return float(f"{sum(known) * self._areas.unit:.15g}")
