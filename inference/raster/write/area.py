# SPDX-License-Identifier: GPL-2.0-or-later
"""True area of cells on the Earth in square metres, in any CRS."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Callable

import numpy as np
from numpy.typing import NDArray
from osgeo import gdal, osr

from ...grid import GeoTransform, Grid
from ...window import Window
from ..gdal_call import GdalError, gdal_call
from ..scene.crs import spatial_reference

Float64 = NDArray[np.float64]
Int64 = NDArray[np.int64]

# Maximum distance of measured nodes in cells, and as a fraction of the Earth's radius (50 km); between them, areas are
# interpolated, with an error of some 1e-5. Cells larger than CELL_PART (100 km) are measured at several points, as the
# centre is not representative.
NODE_CELLS, NODE_PART, CELL_PART = 64, 1 / 128, 1 / 64

# Side of the measured square around a point, as a fraction of the radius (1 km): small enough to be flat, large enough
# for double precision.
PATCH_PART = 1 / 6400

# Largest side of a map in radii: larger ones are in another unit than their CRS, and have too many points to measure.
LARGEST_SIDE = 32

# Areas are whole multiples of this fraction of a cell's map area. So their sums are exact in any order, and in an
# equal-area CRS, rounding returns exactly the cell's map area.
STEPS = 2**24


@dataclass(frozen=True)
class CellAreas:
    """The areas of a grid's cells as whole multiples of `unit`, in square metres.

    `share` returns the ratio of area on the Earth to map area for broadcast arrays of rows and columns, NaN off the
    Earth. Nodes are at each `spacing`-th row and column.
    """

    unit: float
    spacing: int
    share: Callable[[Int64, Int64], Float64]

    def of(self, window: Window) -> Float64:
        """Returns the areas (height, width) of a window's cells in multiples of `unit`, NaN if unknown."""
        return next(self.parts(window, window.height))

    def parts(self, window: Window, height: int) -> Iterator[Float64]:
        """Yields these areas in parts of `height` rows from the top; nodes of many parts are measured together."""
        columns = np.arange(window.x, window.right)
        for top in range(window.y, window.bottom, height * self.spacing):
            bottom = min(top + height * self.spacing, window.bottom)
            node_rows, node_columns = self._nodes(top, bottom), self._nodes(window.x, window.right)
            nodes = np.rint(self.share(node_rows[:, None], node_columns[None, :]) * STEPS)
            across = self._across(nodes, columns)
            for y in range(top, bottom, height):
                part = Window(window.x, y, window.width, min(height, bottom - y))
                first, last = (row // self.spacing - top // self.spacing for row in (y, part.bottom - 1))
                own = slice(first, last + 2)
                areas = self._down(across[own], part)
                if self.spacing > 1 and np.isnan(nodes[own]).any():
                    self._measure_rim(areas, nodes[own], part)
                yield areas

    def _nodes(self, start: int, stop: int) -> Int64:
        return np.arange(start // self.spacing, (stop - 1) // self.spacing + 2) * self.spacing

    def _across(self, nodes: Float64, columns: Int64) -> Float64:
        """Returns the values (node rows, width) at these columns between nodes, times the spacing."""
        if self.spacing == 1:
            return nodes[:, :-1]
        before, weight = columns // self.spacing - columns[0] // self.spacing, columns % self.spacing
        # Unlike indexing, take returns rows that lie in one piece.
        values: Float64 = nodes.take(before, axis=1) * (self.spacing - weight)
        values += nodes.take(before + 1, axis=1) * weight
        return values

    def _down(self, across: Float64, window: Window) -> Float64:
        """Returns the values (height, width) at the rows of a window between rows of nodes, times the spacing."""
        if self.spacing == 1:
            return across[:-1]
        # Whole numbers throughout: 2^24 x 64^2 is far below the 2^53 of a double.
        areas = np.empty((window.height, window.width))
        rows = np.arange(window.y, window.bottom)
        places = rows // self.spacing - rows[0] // self.spacing
        for number in range(len(across) - 1):
            here = slice(*np.searchsorted(places, (number, number + 1)))
            weight = rows[here] % self.spacing
            weights = np.stack([self.spacing - weight, weight])
            np.einsum("nr,nc->rc", weights.astype(float), across[number : number + 2], out=areas[here])
        return areas

    def _measure_rim(self, areas: Float64, nodes: Float64, window: Window) -> None:
        """Measures each cell between nodes of which only some are on the Earth."""
        known = ~np.isnan(nodes)
        rim = known[:-1, :-1] | known[1:, :-1] | known[:-1, 1:] | known[1:, 1:]
        rows, columns = np.nonzero(np.isnan(areas))
        blocks = tuple(
            (first + cells) // self.spacing - first // self.spacing
            for first, cells in ((window.y, rows), (window.x, columns))
        )
        rows, columns = rows[rim[blocks]], columns[rim[blocks]]
        found = self.share(window.y + rows[:, None], window.x + columns[:, None])[:, 0]
        areas[rows, columns] = np.rint(found * STEPS) * self.spacing**2


def cell_areas(grid: Grid) -> CellAreas | None:
    """Returns the areas of a grid's cells on the ellipsoid, None if unknown.

    Unknown for grids without transform or CRS, in a CRS unrelated to the Earth, such as an engineering CRS, and for
    grids far larger than any map of the Earth.
    """
    if grid.transform is None or not grid.crs:
        return None
    try:
        reference = spatial_reference(grid.crs)
        # A length of the map's unit; degrees as along the equator.
        metres = reference.GetLinearUnits()
        if reference.IsGeographic():
            metres = reference.GetAngularUnits() * reference.GetSemiMajor()
        elif not reference.IsProjected():
            return None
        across, down = grid.cell_edges
        if max(across * grid.width, down * grid.height) * metres > LARGEST_SIDE * reference.GetSemiMajor():
            return None
        parallels = _rows_are_parallels(grid.transform, reference)
        share = _share(grid.transform, reference, metres, parallels)
    except GdalError:
        return None
    _, dx, rx, _, ry, dy = grid.transform
    cells = NODE_PART * reference.GetSemiMajor() / metres / max(grid.cell_edges)
    # Between two parallels the area is exact, even next to the poles.
    spacing = 1 if parallels else 2 ** int(math.log2(min(max(cells, 1), NODE_CELLS)))
    return CellAreas(abs(dx * dy - rx * ry) * metres**2 / STEPS / spacing**2, spacing, share)


def _rows_are_parallels(transform: GeoTransform, reference: osr.SpatialReference) -> bool:
    degrees = bool(reference.IsGeographic()) and not reference.IsDerivedGeographic()
    return degrees and transform[2] == transform[4] == 0


def _share(
    transform: GeoTransform, reference: osr.SpatialReference, metres: float, parallels: bool
) -> Callable[[Int64, Int64], Float64]:
    ellipsoid = _Ellipsoid.of(reference)
    if parallels:
        return partial(_share_between_parallels, transform, reference.GetAngularUnits(), ellipsoid)
    # Between two CRSs of the same ellipsoid PROJ applies only the projection.
    degrees = osr.SpatialReference()
    degrees.SetGeogCS("", "", "", ellipsoid.semi_major, 1 / ellipsoid.flattening if ellipsoid.flattening else 0.0)
    degrees.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
    to_degrees = gdal_call(osr.CoordinateTransformation, reference, degrees)
    return partial(_share_by_projection, transform, metres, ellipsoid, to_degrees)


@dataclass(frozen=True)
class _Ellipsoid:
    semi_major: float
    flattening: float

    @classmethod
    def of(cls, reference: osr.SpatialReference) -> _Ellipsoid:
        inverse = reference.GetInvFlattening()
        return cls(reference.GetSemiMajor(), 1 / inverse if inverse else 0.0)

    def area_from_equator(self, latitude: Float64) -> Float64:
        """Returns the area between the equator and a parallel per radian of longitude.

        Source: J. P. Snyder, Map Projections - A Working Manual (USGS 1395, 1987), equation 3-12.
        """
        sine = np.sin(np.clip(latitude, -math.pi / 2, math.pi / 2))
        e2 = self.flattening * (2 - self.flattening)
        if e2 == 0:
            return self.semi_major**2 * sine
        e = math.sqrt(e2)
        q: Float64 = (1 - e2) * (sine / (1 - e2 * sine**2) + np.arctanh(e * sine) / e)
        return self.semi_major**2 * q / 2

    def on_authalic_sphere(self, longitude: Float64, latitude: Float64) -> Float64:
        """Returns the points (n, 3) of the authalic sphere, which has the ellipsoid's areas, in metres.

        Unlike degrees, they have no singularity at the antimeridian or the poles. Source: Snyder, equations 3-11 and
        3-13.
        """
        square = self.area_from_equator(np.array([math.pi / 2]))
        z = self.area_from_equator(latitude) / square
        across = np.sqrt(np.maximum(0, 1 - z**2))
        points = np.stack([across * np.cos(longitude), across * np.sin(longitude), z], axis=-1)
        return np.asarray(np.sqrt(square) * points)


def _share_between_parallels(
    transform: GeoTransform, radians: float, ellipsoid: _Ellipsoid, rows: Int64, columns: Int64
) -> Float64:
    y0, dy = transform[3] * radians, transform[5] * radians
    above, below = (ellipsoid.area_from_equator(y0 + (rows + edge) * dy) for edge in (0, 1))
    share = np.abs(above - below) / (abs(dy) * ellipsoid.semi_major**2)
    return np.broadcast_to(share, np.broadcast_shapes(rows.shape, columns.shape))


def _share_by_projection(
    transform: GeoTransform,
    metres: float,
    ellipsoid: _Ellipsoid,
    to_degrees: osr.CoordinateTransformation,
    rows: Int64,
    columns: Int64,
) -> Float64:
    """Measures a small square of the map at the centre of each cell, or at many points of a large one."""
    x0, dx, rx, y0, ry, dy = transform
    along, down = (_middles(math.hypot(*edge) * metres / ellipsoid.semi_major) for edge in ((dx, ry), (rx, dy)))
    patch = PATCH_PART * ellipsoid.semi_major
    half = patch / metres / 2
    total = np.zeros(np.broadcast_shapes(rows.shape, columns.shape))
    for part_row in down:
        for part_column in along:
            x = x0 + (columns + part_column) * dx + (rows + part_row) * rx
            y = y0 + (columns + part_column) * ry + (rows + part_row) * dy
            nw, ne, se, sw = (
                _on_sphere(x + east * half, y + north * half, ellipsoid, to_degrees)
                for east, north in ((-1, 1), (1, 1), (1, -1), (-1, -1))
            )
            total += np.linalg.norm(np.cross(se - nw, sw - ne), axis=-1) / 2
    share: Float64 = total / (patch**2 * len(down) * len(along))
    return share


def _middles(length: float) -> Sequence[float]:
    """Returns the sample points in a cell, as fractions of its edge, for an edge of this length in radii."""
    parts = math.ceil(length / CELL_PART)
    return [(part + 0.5) / parts for part in range(parts)]


def _on_sphere(x: Float64, y: Float64, ellipsoid: _Ellipsoid, to_degrees: osr.CoordinateTransformation) -> Float64:
    """Returns the points (…, 3) of the authalic sphere at map coordinates; NaN if off the Earth."""
    places = np.stack([x.ravel(), y.ravel()], axis=-1).tolist()
    gdal.PushErrorHandler("CPLQuietErrorHandler")
    try:
        # If one fails and GDAL's exceptions are off, it is infinite and the others are correct.
        found = to_degrees.TransformPoints(places)
    except RuntimeError:
        found = [_point(to_degrees, place) for place in places]
    finally:
        gdal.PopErrorHandler()
    degrees = np.asarray(found, np.float64).reshape(-1, 3)[:, :2]
    degrees[~np.isfinite(degrees)] = math.nan
    longitude, latitude = np.radians(degrees).T
    return ellipsoid.on_authalic_sphere(longitude, latitude).reshape(*x.shape, 3)


def _point(to_degrees: osr.CoordinateTransformation, place: Sequence[float]) -> Sequence[float]:
    try:
        return tuple(gdal_call(to_degrees.TransformPoint, *place))
    except GdalError:
        return math.nan, math.nan, math.nan
