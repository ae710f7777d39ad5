# SPDX-License-Identifier: GPL-2.0-or-later
"""The unfinished map of a run: its finished strips on one coarse grid, in memory.

Each cell of the coarse grid shows the cell of the result nearest to its centre, as in `gdal_translate -r nearest`.
Strips are reported when they are finished, from the values in memory. Only strips of an earlier run are read, each of
them once.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from threading import Lock
from typing import Any, Union

import numpy as np
from numpy.typing import NDArray

from ..events import Event
from ..grid import Grid
from ..models import ModelClass
from ..progress import Progress
from ..raster import legend_of
from ..raster.gdal_call import GdalError
from ..raster.write.legend import class_colors
from ..tiling import Strip
from ..window import Window
from .outputs import Outputs
from .resume import StripStore

# Most cells of the coarse grid in each direction.
MOST_CELLS = 1024


@dataclass(frozen=True)
class MapBegun(Event):
    """The map of a result begins, empty; `grid` is the coarse one. It replaces an earlier map."""

    grid: Grid
    classes: tuple[ModelClass, ...]
    no_data: int


@dataclass(frozen=True, eq=False)
class MapGrown(Event):
    """Class values (height, width) in a window of the coarse grid."""

    window: Window
    values: NDArray[Any]


MapEvent = Union[MapBegun, MapGrown]


class MapReport:
    """Reports the strips of one result whose grid is that of the requested `area`."""

    def __init__(self, outputs: Outputs, grid: Grid, area: Window, progress: Progress) -> None:
        self._outputs, self._area, self._progress = outputs, area, progress
        self._columns, self._rows = sampled_cells(area.width), sampled_cells(area.height)
        legend = legend_of(outputs.prepared.decision.classes)
        progress.emit(MapBegun(coarse_grid(grid), legend.classes, legend.no_data))

    def add(self, strip: Strip, values: NDArray[Any]) -> None:
        """Reports a strip from the values (bands, height, width) that the processor produced."""
        window, rows, columns = self._samples(strip.window)
        if not window.empty:
            classes = self._outputs.shown_classes(values[:, rows][:, :, columns])
            self._progress.emit(MapGrown(window, classes[0]))

    def add_stored(self, store: StripStore) -> None:
        """Reports the strips that an earlier run finished."""
        for index, record in sorted(store.finished.items()):
            if self._progress.cancelled:
                return
            # A file that is damaged meanwhile is reported when the result is made.
            with suppress(GdalError):
                self._read(store, index, record.window)

    def _read(self, store: StripStore, index: int, strip: Window) -> None:
        window, rows, columns = self._samples(strip)
        if not window.empty:
            classes = self._outputs.kept_classes(store, index, lambda values: values[:, rows][:, :, columns])
            if classes is not None:
                self._progress.emit(MapGrown(window, classes[0]))

    def _samples(self, window: Window) -> tuple[Window, NDArray[np.intp], NDArray[np.intp]]:
        """Returns the coarse cells in a window of the scene, and the rows and columns in it that they show."""
        x, y = window.x - self._area.x, window.y - self._area.y
        left, right = np.searchsorted(self._columns, (x, x + window.width))
        top, bottom = np.searchsorted(self._rows, (y, y + window.height))
        coarse = Window(int(left), int(top), int(right - left), int(bottom - top))
        return coarse, self._rows[top:bottom] - y, self._columns[left:right] - x


def begin_map(outputs: Outputs, grid: Grid, area: Window, store: StripStore, progress: Progress) -> MapReport | None:
    """Reports the finished strips of the store, and returns the report for the others.

    `grid` is that of the whole scene. Returns None if the listener shows no map, or if the cells have no place of their
    own: those of a raster with control points alone.
    """
    if not progress.shows_map or not _is_placed(grid):
        return None
    report = MapReport(outputs, grid.crop(area), area, progress)
    report.add_stored(store)
    return report


def sampled_cells(length: int) -> NDArray[np.intp]:
    """Returns the cells of a side that the coarse grid shows: those nearest to the centres of its cells."""
    count = min(length, MOST_CELLS)
    return ((2 * np.arange(count, dtype=np.int64) + 1) * length // (2 * count)).astype(np.intp)


def coarse_grid(grid: Grid) -> Grid:
    """Returns the coarse grid of exactly the same area."""
    width, height = min(grid.width, MOST_CELLS), min(grid.height, MOST_CELLS)
    x, dx, rx, y, ry, dy = grid.effective_transform
    across, down = grid.width / width, grid.height / height
    transform = (x, dx * across, rx * down, y, ry * across, dy * down)
    return Grid(width, height, transform, grid.crs, epoch=grid.epoch)


def _is_placed(grid: Grid) -> bool:
    return grid.transform is not None or not (grid.control_points or grid.polynomials or grid.geolocated)


@dataclass(frozen=True, eq=False)
class MapPicture:
    """Red, green, blue and alpha (height, width, 4) on a grid; what is not finished is transparent."""

    grid: Grid
    pixels: NDArray[np.uint8]

    def colors(self) -> NDArray[np.uint8]:
        """Returns the pixels."""
        return self.pixels


class PartialMap:
    """The unfinished map of a run in the colours of its classes; one thread adds to it, and any other looks at it.

    `changes` grows with each change.
    """

    def __init__(self) -> None:
        self.changes = 0
        self._lock = Lock()
        self._begun: MapBegun | None = None
        self._pixels = np.zeros((0, 0, 4), np.uint8)

    def take(self, event: MapEvent) -> None:
        """Takes an event of the run."""
        with self._lock:
            if isinstance(event, MapBegun):
                self._begun = event
                self._pixels = np.zeros((event.grid.height, event.grid.width, 4), np.uint8)
            elif self._begun is not None:
                begun, window = self._begun, event.window
                colors = class_colors(event.values, begun.classes, begun.no_data)
                self._pixels[window.within(begun.grid.window)] = colors
            self.changes += 1

    def picture(self) -> MapPicture | None:
        """Returns a copy of the map as it is now, None before its begin."""
        with self._lock:
            return None if self._begun is None else MapPicture(self._begun.grid, self._pixels.copy())
