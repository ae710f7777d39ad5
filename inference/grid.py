# SPDX-License-Identifier: GPL-2.0-or-later
"""The lattice of cells that a raster lies on."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from .window import Window

GeoTransform = tuple[float, float, float, float, float, float]
Bounds = tuple[float, float, float, float]

# A bound this close to a cell's edge is meant to be on it: decimal text does not hold every edge exactly.
EDGE_TOLERANCE = 1e-6


@dataclass(frozen=True)
class ControlPoint:
    """A ground control point: a place in the raster and its map coordinates."""

    column: float
    row: float
    x: float
    y: float
    z: float


@dataclass(frozen=True)
class Grid:
    """The size of a raster and where its cells lie.

    `transform` is GDAL's six numbers (https://gdal.org/tutorials/geotransforms_tut.html), None where the
    raster has none. `crs` is WKT, empty where unknown.
    """

    width: int
    height: int
    transform: GeoTransform | None = None
    crs: str = ""
    control_points: tuple[ControlPoint, ...] = ()

    @property
    def window(self) -> Window:
        """All cells of the grid."""
        return Window(0, 0, self.width, self.height)

    def crop(self, window: Window) -> Grid:
        """Returns the grid of these cells; the window may reach beyond this grid."""
        points = tuple(
            replace(p, column=p.column - window.x, row=p.row - window.y) for p in self.control_points
        )
        return Grid(window.width, window.height, self._transform_at(window), self.crs, points)

    def cover(self, bounds: Bounds) -> Window:
        """Returns the smallest window that covers these bounds (xmin, ymin, xmax, ymax in the grid's CRS).

        Corners that lie on a cell's edge add no cell. The window may reach beyond the grid.
        """
        xmin, ymin, xmax, ymax = bounds
        cells = [self._cell_of(x, y) for x in (xmin, xmax) for y in (ymin, ymax)]
        left, top = (math.floor(min(axis) + EDGE_TOLERANCE) for axis in zip(*cells))
        right, bottom = (math.ceil(max(axis) - EDGE_TOLERANCE) for axis in zip(*cells))
        return Window(left, top, right - left, bottom - top)

    def _transform_at(self, window: Window) -> GeoTransform | None:
        if self.transform is None:
            return None
        x0, dx, rx, y0, ry, dy = self.transform
        x = x0 + window.x * dx + window.y * rx
        y = y0 + window.x * ry + window.y * dy
        return (x, dx, rx, y, ry, dy)

    def _cell_of(self, x: float, y: float) -> tuple[float, float]:
        """Inverts the transform; a grid without one counts rows downwards from 0, as QGIS shows it."""
        x0, dx, rx, y0, ry, dy = self.transform or (0.0, 1.0, 0.0, 0.0, 0.0, -1.0)
        determinant = dx * dy - rx * ry
        column = (dy * (x - x0) - rx * (y - y0)) / determinant
        row = (dx * (y - y0) - ry * (x - x0)) / determinant
        return column, row
