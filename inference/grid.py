# SPDX-License-Identifier: GPL-2.0-or-later
"""The grid of a raster's cells."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from .window import Window

GeoTransform = tuple[float, float, float, float, float, float]
Bounds = tuple[float, float, float, float]

# Stands in for a missing transform: rows count downwards from 0, as in QGIS.
PIXELS: GeoTransform = (0.0, 1.0, 0.0, 0.0, 0.0, -1.0)

# A bound this close to a cell's edge counts as on it: decimal text cannot hold every edge exactly.
EDGE_TOLERANCE = 1e-6


@dataclass(frozen=True)
class ControlPoint:
    """A ground control point: a position in the raster and its map coordinates."""

    column: float
    row: float
    x: float
    y: float
    z: float


@dataclass(frozen=True)
class Grid:
    """The size of a raster and the positions of its cells.

    `transform` is GDAL's six numbers (https://gdal.org/tutorials/geotransforms_tut.html), None if the raster has none.
    `crs` is WKT, empty if unknown, and `epoch` the decimal year of coordinates in a dynamic CRS. `polynomials` are the
    rational ones of a satellite image, by GDAL's names (https://gdal.org/development/rfc/rfc22_rpc.html). `geolocated`
    is true if an array of coordinates locates the cells.
    """

    width: int
    height: int
    transform: GeoTransform | None = None
    crs: str = ""
    control_points: tuple[ControlPoint, ...] = ()
    epoch: float | None = None
    polynomials: tuple[tuple[str, str], ...] = ()
    geolocated: bool = False

    @property
    def window(self) -> Window:
        """All cells of the grid."""
        return Window(0, 0, self.width, self.height)

    @property
    def north_up(self) -> bool:
        """True if columns run east and rows run south."""
        _, dx, rx, _, ry, dy = self.effective_transform
        return rx == ry == 0 and dx > 0 > dy

    @property
    def origin(self) -> tuple[float, float]:
        """The map coordinates of the outer corner of the first cell."""
        return self.effective_transform[0], self.effective_transform[3]

    @property
    def cell_size(self) -> tuple[float, float]:
        """The width and height of a cell of a north-up grid, in map units."""
        return self.effective_transform[1], -self.effective_transform[5]

    @property
    def cell_edges(self) -> tuple[float, float]:
        """The lengths of a cell's edges, along the rows and along the columns, also of a rotated grid."""
        _, dx, rx, _, ry, dy = self.effective_transform
        return math.hypot(dx, ry), math.hypot(rx, dy)

    @property
    def bounds(self) -> Bounds:
        """The extent of a north-up grid: xmin, ymin, xmax, ymax."""
        (x, y), (dx, dy) = self.origin, self.cell_size
        return x, y - self.height * dy, x + self.width * dx, y

    @property
    def outer_bounds(self) -> Bounds:
        """The rectangle around all corners, also of a rotated grid: xmin, ymin, xmax, ymax."""
        x0, dx, rx, y0, ry, dy = self.effective_transform
        corners = [(column, row) for column in (0, self.width) for row in (0, self.height)]
        xs = [x0 + column * dx + row * rx for column, row in corners]
        ys = [y0 + column * ry + row * dy for column, row in corners]
        return min(xs), min(ys), max(xs), max(ys)

    @property
    def effective_transform(self) -> GeoTransform:
        """The transform, or that of plain pixels if there is none."""
        return self.transform or PIXELS

    def crop(self, window: Window) -> Grid:
        """Returns the grid of these cells; the window may reach beyond this grid."""
        points = tuple(replace(p, column=p.column - window.x, row=p.row - window.y) for p in self.control_points)
        return replace(
            self,
            width=window.width,
            height=window.height,
            transform=self._transform_at(window),
            control_points=points,
            polynomials=tuple((name, _moved(name, text, window)) for name, text in self.polynomials),
        )

    def cover(self, bounds: Bounds) -> Window:
        """Returns the smallest window that covers these bounds (xmin, ymin, xmax, ymax in the grid's CRS).

        Corners on a cell's edge add no cell. The window may reach beyond the grid.
        """
        xmin, ymin, xmax, ymax = bounds
        cells = [self.cell_of(x, y) for x in (xmin, xmax) for y in (ymin, ymax)]
        left, top = (math.floor(min(axis) + EDGE_TOLERANCE) for axis in zip(*cells))
        right, bottom = (math.ceil(max(axis) - EDGE_TOLERANCE) for axis in zip(*cells))
        return Window(left, top, right - left, bottom - top)

    def cell_of(self, x: float, y: float) -> tuple[float, float]:
        """Returns the fractional column and row of map coordinates."""
        x0, dx, rx, y0, ry, dy = self.effective_transform
        determinant = dx * dy - rx * ry
        column = (dy * (x - x0) - rx * (y - y0)) / determinant
        row = (dx * (y - y0) - ry * (x - x0)) / determinant
        return column, row

    def _transform_at(self, window: Window) -> GeoTransform | None:
        if self.transform is None:
            return None
        x0, dx, rx, y0, ry, dy = self.transform
        x = x0 + window.x * dx + window.y * rx
        y = y0 + window.x * ry + window.y * dy
        return (x, dx, rx, y, ry, dy)


def _moved(name: str, text: str, window: Window) -> str:
    """Returns a number of rational polynomials, its offset counted from the first cell of a window."""
    shift = {"SAMP_OFF": window.x, "LINE_OFF": window.y}.get(name, 0)
    # GDAL reads the leading number; some files append its unit.
    return repr(float(text.split()[0]) - shift) if shift else text
