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

from ...byte_size import described_bytes
from ...errors import PatchesMemoryError, RunCancelledError
from ...grid import Grid
from ...models.definition import ModelClass
from ...window import Window
from ..gdal_call import gdal_call
from ..write.area import CellAreas, cell_areas
from ..write.format import BLOCK
from .pieces import Sums, patches_of, summed
from .seams import SeamJoiner
from .sieve import STARTED_BYTES, NumberFile
from .vector_file import PolygonFile

# Cells of a piece. GDAL holds its polygons in memory, at worst one for each cell.
PIECE_CELLS = 2**20

# Largest scores that are kept, so that a block of scores is read once although it is higher than a piece.
KEPT_CELLS = 2**23

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


class LargestScores:
    """The largest score of each cell, read in rows of whole blocks and kept for the pieces within."""

    def __init__(self, scores: Layer, grid: Grid, rows: int) -> None:
        self._scores, self._grid = scores, grid
        self._rows = max(rows, min(BLOCK, KEPT_CELLS // grid.width))
        self._first = self._last = 0
        self._kept: NDArray[Any] = np.empty((0, grid.width), np.float32)

    def read(self, window: Window) -> NDArray[Any]:
        """Returns the largest scores (height, width) of whole rows, which follow each other from call to call."""
        if window.bottom > self._last:
            missing = min(self._grid.height, self._last + self._rows)
            parts = [self._kept[window.y - self._first :], self._read(self._last, max(missing, window.bottom))]
            self._first, self._last = window.y, max(missing, window.bottom)
            self._kept = np.concatenate(parts)
        return self._kept[window.y - self._first : window.bottom - self._first]

    def _read(self, top: int, bottom: int) -> NDArray[Any]:
        largest = np.empty((bottom - top, self._grid.width), np.float32)
        for left in range(0, self._grid.width, BLOCK):
            window = Window(left, top, min(BLOCK, self._grid.width - left), bottom - top)
            np.fmax.reduce(self._scores.read(window), axis=0, out=largest[:, left : left + window.width])
        return largest


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
    layers: ClassLayers, file: PolygonFile, least: int, report: Callable[[float], bool], cells: int = PIECE_CELLS,
    free: int | None = None,
) -> None:  # fmt: skip
    """Writes the polygons of a class map, in pieces of about `cells` cells.

    Patches of fewer than `least` cells are merged into their largest neighbours first. `report` receives the finished
    share; raises a RunCancelledError if it returns False, a PatchesMemoryError if the sieve would need more than the
    `free` bytes, and a GdalError.
    """
    pieces = [*_pieces(layers.grid, cells)]
    if least <= 1:
        _write_pieces(layers, layers.numbers, pieces, file, report)
        return
    with closing(_copied(layers, file.scratch, pieces, lambda share: report(COPIED * share))) as numbers:
        needed = STARTED_BYTES * numbers.started
        if free is not None and needed > free:
            raise PatchesMemoryError(
                count=numbers.started, needed=described_bytes(needed), free=described_bytes(free), output=file.output
            )
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
    scores = None if layers.scores is None else LargestScores(layers.scores, layers.grid, pieces[0].height)
    for index, window in enumerate(pieces):
        numbers = numbers_of(window)
        patches = patches_of(numbers, window.y, _sums(scores, areas, window, numbers))
        last = index + 1 == len(pieces)
        file.write(joiner.add(patches, numbers, window.y, last), None if areas is None else areas.unit)
        if not report((index + 1) / len(pieces)):
            raise RunCancelledError


def _sums(scores: LargestScores | None, areas: CellAreas | None, window: Window, numbers: NDArray[Any]) -> Sums:
    """Returns the summed-area tables of a piece; the score of a cell is its largest one."""
    area = unknown = score = None
    if areas is not None:
        found = areas.of(window)
        missing = np.isnan(found)
        area = summed(np.where(missing, 0, found).astype(np.int64))
        unknown = summed(missing.astype(np.int64)) if missing.any() else None
    if scores is not None:
        score = summed(np.where(numbers > 0, scores.read(window), 0).astype(np.float64))
    return Sums(area, unknown, score)
