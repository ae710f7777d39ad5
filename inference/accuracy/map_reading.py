# SPDX-License-Identifier: GPL-2.0-or-later
"""Class maps read window by window, and the pixels and areas of their classes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Union

import numpy as np
from numpy.typing import NDArray

from ..errors import AssessmentCancelledError, ClassMapError, ReferenceCrsError
from ..grid import Grid
from ..models import ModelClass
from ..notices import Note
from ..phrase import Phrase
from ..progress import Progress
from ..raster import ClassTally, GdalInput, GdalSource, RasterSource, StripCounts, on_grid, same_grid
from ..window import Window
from .matrix import Int64

RasterInput = Union[GdalInput, RasterSource]
Valid = NDArray[np.bool_]

# Cells per window, about 10 MB of arrays each; at least a block of the file.
CELLS = 2**20

# The matrices of more classes are not readable, and more values mean that the raster is not a class map.
MOST_CLASSES = 200

# Rasters that GDAL cannot name are read as 32-bit floats, which hold whole numbers up to here.
HIGHEST_VALUE = 2**24

# Stands for NoData among class values.
NOTHING = -(2**31)


class ClassMap:
    """An open class map: whole values of a single band, on a grid of cells."""

    def __init__(self, source: RasterSource) -> None:
        self._source = source
        self.name, self.grid, self.files = source.name, source.grid, source.files

    def read(self, window: Window) -> tuple[Int64, Valid]:
        """Returns class values and their validity (height, width); NOTHING where they are not valid."""
        # Rounded to 32 bits, a value such as 1.000000001 would count as a class.
        read = self._source.read_exactly if isinstance(self._source, GdalSource) else self._source.read
        pixels, valid = read(window)
        values = pixels[0]
        wrong = valid & ((np.rint(values) != values) | (np.abs(values) >= HIGHEST_VALUE))
        if wrong.any():
            reason = Phrase("it has the value {value}", {"value": _written(float(values[wrong][0]))})
            raise ClassMapError(raster=self.name, reason=reason)
        return np.where(valid, values, NOTHING).astype(np.int64), valid

    def windows(self, progress: Progress, begin: float = 0.0, end: float = 1.0) -> Iterator[Window]:
        """Yields windows that cover the map, of whole blocks where they are small; reports shares of the work."""
        width, height = self._window_size()
        places = [(x, y) for y in range(0, self.grid.height, height) for x in range(0, self.grid.width, width)]
        for number, (x, y) in enumerate(places):
            if progress.cancelled:
                raise AssessmentCancelledError
            yield Window(x, y, width, height).intersection(self.grid.window)
            progress.report(begin + (end - begin) * (number + 1) / len(places))

    def close(self) -> None:
        """Closes the raster."""
        self._source.close()

    def _window_size(self) -> tuple[int, int]:
        blocks = self._source.blocks if isinstance(self._source, GdalSource) else None
        block_width, block_height = (blocks.width, blocks.height) if blocks else (1, 1)
        side = int(CELLS**0.5)
        width = min(block_width * max(1, side // block_width), self.grid.width)
        if width > CELLS:
            return CELLS, 1
        rows = max(1, CELLS // width)
        return width, rows // block_height * block_height or rows


def open_map(raster: RasterInput) -> ClassMap:
    """Returns a class map on its own grid; raises a ClassMapError if the raster is not one."""
    source = GdalSource(raster) if isinstance(raster, GdalInput) else raster
    try:
        grid = source.grid
        if grid.transform is None and (grid.control_points or grid.polynomials or grid.geolocated):
            reason = Phrase("it is not on a regular grid; warp it to a CRS first")
            raise ClassMapError(raster=source.name, reason=reason)
        return _checked(source)
    except ClassMapError:
        source.close()
        raise


def open_on_grid(raster: RasterInput, grid: Grid, progress: Progress) -> ClassMap:
    """Returns a class raster on the grid of a map, resampled by nearest neighbour if its own grid is another."""
    source = GdalSource(raster) if isinstance(raster, GdalInput) else raster
    try:
        if same_grid(source.grid, grid):
            return _checked(source)
        if not source.grid.crs or not grid.crs:
            values = {"raster": source.name}
            reason = Phrase("{raster} and the map are on different grids, and one of them has no CRS", values)
            raise ReferenceCrsError(reason=reason)
        if not isinstance(raster, GdalInput):
            reason = Phrase("its grid is not that of the map; save it as a file first")
            raise ClassMapError(raster=source.name, reason=reason)
        _checked(source)
    except (ClassMapError, ReferenceCrsError):
        source.close()
        raise
    source.close()
    progress.note(Note.RESAMPLED_TO_MAP, raster=raster.name)
    return _checked(on_grid(raster, grid, "nearest"))


def _checked(source: RasterSource) -> ClassMap:
    if len(source.bands) != 1:
        reason = Phrase("it has {count} bands", {"count": len(source.bands)})
        raise ClassMapError(raster=source.name, reason=reason)
    band = source.bands[0]
    if (band.scale, band.offset) != (1.0, 0.0):
        values = {"scale": f"{band.scale:.10g}", "offset": f"{band.offset:.10g}"}
        raise ClassMapError(
            raster=source.name, reason=Phrase("its band has the scale {scale} and the offset {offset}", values)
        )
    return ClassMap(source)


def _written(value: float) -> str:
    """Returns a number with ten digits, or with all of them if ten would hide its decimals."""
    shown = f"{value:.10g}"
    return repr(value) if float(shown).is_integer() and not value.is_integer() else shown


@dataclass(frozen=True)
class Size:
    """Pixels and area in square metres of a class, the area None if unknown."""

    pixels: int
    area: float | None


class GrowingTally:
    """Counts pixels and areas of values that become known while the map is read, at most `most` different ones."""

    def __init__(self, name: str, grid: Grid, most: int = MOST_CLASSES) -> None:
        self._name, self._grid, self._most = name, grid, most
        self._values: set[int] = set()
        self._tally: ClassTally | None = None
        self._parts: list[StripCounts] = []
        self._sizes: dict[int, Size] = {}

    def add(self, window: Window, values: Int64, valid: Valid) -> None:
        """Counts the valid values (height, width) of a window."""
        new = set(distinct(values[valid])) - self._values
        if new:
            self._close_part()
            self._values |= new
            if len(self._values) > self._most:
                raise too_many_values(self._name)
            self._tally = ClassTally([ModelClass(value, "", (0, 0, 0)) for value in sorted(self._values)], self._grid)
        if self._tally is not None:
            self._parts.append(self._tally.count(window, np.where(valid, values, NOTHING)))

    def total(self) -> dict[int, Size]:
        """Returns the sizes by value, in ascending order."""
        self._close_part()
        return dict(sorted(self._sizes.items()))

    def _close_part(self) -> None:
        """Adds the counts of the values known so far."""
        for count in self._tally.total(self._parts) if self._tally is not None and self._parts else ():
            value, known = count.legend_class.value, self._sizes.get(count.legend_class.value, Size(0, 0.0))
            if count.pixels:
                area = None if count.area is None or known.area is None else known.area + count.area
                self._sizes[value] = Size(known.pixels + count.pixels, area)
        self._parts = []


def too_many_values(raster: str) -> ClassMapError:
    """Returns the error for a raster that has too many values for a class map."""
    return ClassMapError(raster=raster, reason=Phrase("it has more than {count} values", {"count": MOST_CLASSES}))


def distinct(values: Int64) -> list[int]:
    """Returns the distinct values in ascending order; fast for values of a small range."""
    if not values.size:
        return []
    least, most = int(values.min()), int(values.max())
    if most - least > 2**16:
        return [int(value) for value in np.unique(values)]
    return [int(value) for value in np.flatnonzero(np.bincount(values.ravel() - least)) + least]
