# SPDX-License-Identifier: GPL-2.0-or-later
"""How many square metres of the earth a cell covers, whatever the CRS makes of its size."""

from __future__ import annotations

import math
from collections.abc import Sequence
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

# Cells are measured at nodes that lie at most so many cells, or this part of the earth's radius (50 km), apart; between
# them, areas are interpolated, which errs by some 1e-5. Cells larger than CELL_PART (100 km) are measured at several
# places, as the middle of one does not stand for all of it.
NODE_CELLS, NODE_PART, CELL_PART = 64, 1 / 128, 1 / 64

# Around a place a square of the map is measured whose side is this part of the radius (1 km): small enough to be flat,
# large enough for the digits of a double.
PATCH_PART = 1 / 6400

# Areas are whole multiples of this share of what a cell covers on the map. So sums of them are exact in whatever order
# they are made, and where a CRS keeps areas, rounding leaves exactly a cell's size on the map.
STEPS = 2**24


@dataclass(frozen=True)
class CellAreas:
    """The areas of a grid's cells as whole multiples of `unit`, in square metres.

    `share` tells how much of what cells cover on the map they cover on the earth, for arrays of rows and columns that
    are broadcast together, NaN where they have no place on it. Nodes lie at each `spacing`-th row and column.
    """

    unit: float
    spacing: int
    share: Callable[[Int64, Int64], Float64]

    def of(self, window: Window) -> Float64:
        """Returns the areas (height, width) of a window's cells in multiples of `unit`, NaN where they have none."""
        rows, columns = np.arange(window.y, window.bottom), np.arange(window.x, window.right)
        node_rows, node_columns = self._nodes(rows), self._nodes(columns)
        nodes = np.rint(self.share(node_rows[:, None], node_columns[None, :]) * STEPS)
        # Whole numbers throughout: 2^24 x 64^2 is far below the 2^53 that a double holds.
        areas = self._between(self._between(nodes, columns).T, rows).T
        if self.spacing > 1 and np.isnan(nodes).any():
            self._measure_rim(areas, nodes, window)
        return areas

    def _nodes(self, cells: Int64) -> Int64:
        return np.arange(cells[0] // self.spacing, cells[-1] // self.spacing + 2) * self.spacing

    def _between(self, nodes: Float64, cells: Int64) -> Float64:
        """Returns the values at these columns between nodes (rows, columns), times the spacing."""
        before, weight = cells // self.spacing - cells[0] // self.spacing, cells % self.spacing
        values: Float64 = nodes[:, before] * (self.spacing - weight)
        if self.spacing > 1:
            values += nodes[:, before + 1] * weight
        return values

    def _measure_rim(self, areas: Float64, nodes: Float64, window: Window) -> None:
        """Measures each cell between nodes of which some have a place on the earth and some have none."""
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
    """Returns the areas of a grid's cells on the ellipsoid, None where they are not known.

    Unknown are grids without transform or CRS, and those of a CRS that has no place on the earth, as a building site's.
    """
    if grid.transform is None or not grid.crs:
        return None
    try:
        reference = spatial_reference(grid.crs)
        # A length of the map's unit; degrees count as they do along the equator.
        metres = reference.GetLinearUnits()
        if reference.IsGeographic():
            metres = reference.GetAngularUnits() * reference.GetSemiMajor()
        elif not reference.IsProjected():
            return None
        parallels = _rows_are_parallels(grid.transform, reference)
        share = _share(grid.transform, reference, metres, parallels)
    except GdalError:
        return None
    _, dx, rx, _, ry, dy = grid.transform
    cells = NODE_PART * reference.GetSemiMajor() / metres / max(grid.cell_edges)
    # Between two parallels the area is known exactly, also beside the poles, where it is bent.
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
    # PROJ knows no other way between two CRSs of the same ellipsoid than the projection itself.
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
        """Returns the points (n, 3) of the sphere on which all areas are those of the ellipsoid, in metres.

        Unlike degrees, they know no date line and no poles. Source: Snyder, equations 3-11 and 3-13.
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
    """Measures a small square of the map in the middle of each cell, or in many places of a large one."""
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
    """Returns the places in a cell, as parts of its edge, at which one of this length in radii is measured."""
    parts = math.ceil(length / CELL_PART)
    return [(part + 0.5) / parts for part in range(parts)]


def _on_sphere(x: Float64, y: Float64, ellipsoid: _Ellipsoid, to_degrees: osr.CoordinateTransformation) -> Float64:
    """Returns the points (…, 3) of the authalic sphere at map coordinates; NaN where they are not on the earth."""
    places = np.stack([x.ravel(), y.ravel()], axis=-1).tolist()
    gdal.PushErrorHandler("CPLQuietErrorHandler")
    try:
        # Where one fails and GDAL's exceptions are off, it is infinite and the others are right.
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
