# SPDX-License-Identifier: GPL-2.0-or-later
"""A class map read in pieces, and its polygons written to a file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Callable, Protocol

import numpy as np
from numpy.typing import NDArray
from osgeo import gdal

from ...errors import RunCancelledError
from ...grid import Grid
from ...models.definition import ModelClass
from ...window import Window
from ..gdal_call import gdal_call
from ..write.area import CellAreas, cell_areas
from .pieces import Sums, patches_of, summed
from .seams import SeamJoiner
from .sieve import NumberFile
from .vector_file import PolygonFile

# Cells of a piece. GDAL holds its polygons in memory, at worst one for each cell.
PIECE_CELLS = 2**20

# Shares of the progress: copying and sieving the class numbers, then making the polygons.
COPIED, SIEVED = 0.1, 0.4


class Layer(Protocol):
    """Values of a result that are read by windows."""

    def read(self, window: Window) -> NDArray[Any]:
        """Returns values (bands, height, width)."""


class FileLayer:
    """The values of a finished raster; raises a GdalError."""

    def __init__(self, path: Path) -> None:
        self._dataset = gdal_call(gdal.Open, str(path))

    def read(self, window: Window) -> NDArray[Any]:
        """Returns values (bands, height, width)."""
        array = gdal_call(self._dataset.ReadAsArray, window.x, window.y, window.width, window.height)
        values: NDArray[Any] = array.reshape(-1, window.height, window.width)
        return values

    def close(self) -> None:
        """Closes the file."""
        self._dataset = None


@dataclass(frozen=True)
class ClassLayers:
    """A class map with its classes and grid, and its scores, if any."""

    values: Layer
    classes: Sequence[ModelClass]
    grid: Grid
    scores: Layer | None = None

    def numbers(self, window: Window) -> NDArray[Any]:
        """Returns the position of the class of each cell in the legend, from 1, or 0 for NoData."""
        own = np.array([known.value for known in self.classes], np.int64)
        order = np.argsort(own, kind="stable")
        values = self.values.read(window)[0]
        places = np.searchsorted(own[order], values).clip(max=len(own) - 1)
        numbers: NDArray[Any] = np.where(own[order][places] == values, order[places] + 1, 0).astype(np.int32)
        return numbers


def write_polygons(
    layers: ClassLayers, file: PolygonFile, least: int, report: Callable[[float], bool], cells: int = PIECE_CELLS
) -> None:
    """Writes the polygons of a class map, in pieces of about so many cells.

    Patches of fewer than `least` cells are merged into their largest neighbours first. `report` receives the finished
    share; raises a RunCancelledError if it returns False, and a GdalError.
    """
    pieces = [*_pieces(layers.grid, cells)]
    if least <= 1:
        _write_pieces(layers, layers.numbers, pieces, file, report)
        return
    with closing(_copied(layers, file.scratch, pieces, lambda share: report(COPIED * share))) as numbers:
        numbers.sieve(least, lambda share: report(COPIED + (SIEVED - COPIED) * share))
        _write_pieces(layers, numbers.read, pieces, file, lambda share: report(SIEVED + (1 - SIEVED) * share))


def _pieces(grid: Grid, cells: int) -> Iterator[Window]:
    rows = max(1, cells // grid.width)
    for top in range(0, grid.height, rows):
        yield Window(0, top, grid.width, min(rows, grid.height - top))


def _copied(layers: ClassLayers, folder: Path, pieces: Sequence[Window], report: Callable[[float], bool]) -> NumberFile:
    file = NumberFile(folder / "numbers.tif", layers.grid.width, layers.grid.height, len(layers.classes))
    for index, window in enumerate(pieces):
        file.write(window, layers.numbers(window))
        if not report((index + 1) / len(pieces)):
            file.close()
            raise RunCancelledError
    return file


def _write_pieces(
    layers: ClassLayers, numbers_of: Callable[[Window], NDArray[Any]], pieces: Sequence[Window], file: PolygonFile,
    report: Callable[[float], bool],
) -> None:  # fmt: skip
    joiner, areas = SeamJoiner(), cell_areas(layers.grid)
    for index, window in enumerate(pieces):
        numbers = numbers_of(window)
        patches = patches_of(numbers, window.y, _sums(layers.scores, areas, window, numbers))
        last = index + 1 == len(pieces)
        file.write(joiner.add(patches, numbers, window.y, last), None if areas is None else areas.unit)
        if not report((index + 1) / len(pieces)):
            raise RunCancelledError


def _sums(scores: Layer | None, areas: CellAreas | None, window: Window, numbers: NDArray[Any]) -> Sums:
    """Returns the summed-area tables of a piece; the score of a cell is its largest one."""
    area = unknown = score = None
    if areas is not None:
        found = areas.of(window)
        missing = np.isnan(found)
        area = summed(np.where(missing, 0, found).astype(np.int64))
        unknown = summed(missing.astype(np.int64)) if missing.any() else None
    if scores is not None:
        largest = np.fmax.reduce(scores.read(window), axis=0)
        score = summed(np.where(numbers > 0, largest, 0).astype(np.float64))
    return Sums(area, unknown, score)
