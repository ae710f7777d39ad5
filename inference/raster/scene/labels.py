# SPDX-License-Identifier: GPL-2.0-or-later
"""Points and polygons on the cells of a grid, for comparison with a raster."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from osgeo import gdal, ogr, osr

from ...errors import MapReferenceError
from ...grid import Grid
from ...phrase import Phrase
from ...window import Window
from ..gdal_call import GdalError, gdal_call
from .crs import same_crs, spatial_reference
from .shapes import PolygonMover

Int64 = NDArray[np.int64]
Float64 = NDArray[np.float64]

# Rows and columns of cells in a window, and the number of the point or polygon in each.
Hits = tuple[NDArray[np.intp], NDArray[np.intp], Int64]


class PointCells:
    """Points (n, 2) in a CRS given as WKT, on the cells of a grid; `inside` marks those on the grid.

    Without a CRS, coordinates are those of the grid. A point that cannot be transformed is outside.
    """

    def __init__(self, points: Float64, crs: str, grid: Grid) -> None:
        transformation = _transformation(crs, grid.crs)
        moved = points if transformation is None else _moved(points, transformation)
        with np.errstate(invalid="ignore"):
            cells = grid.cell_of(moved[:, 0], moved[:, 1])  # type: ignore[arg-type]
            columns, rows = (np.floor(axis) for axis in cells)
            self.inside = (columns >= 0) & (columns < grid.width) & (rows >= 0) & (rows < grid.height)
        numbers = np.flatnonzero(self.inside)
        order = np.argsort(rows[numbers], kind="stable")
        self._numbers = numbers[order]
        self._rows = rows[self._numbers].astype(np.intp)
        self._columns = columns[self._numbers].astype(np.intp)

    def read(self, window: Window) -> Hits:
        """Returns the cells with a point, a cell for each point, and the points' numbers from 0."""
        first, last = np.searchsorted(self._rows, (window.y, window.bottom))
        columns = self._columns[first:last]
        chosen = (columns >= window.x) & (columns < window.right)
        rows = self._rows[first:last][chosen] - window.y
        return rows, columns[chosen] - window.x, self._numbers[first:last][chosen].astype(np.int64)


class PolygonCells:
    """Labelled polygons as WKB in a CRS given as WKT, on the cells of a grid; a cell counts if its centre is inside.

    `reference` names them in errors. A cell in polygons of different labels has none; `conflicts` counts such cells of
    all windows read. Labels are numbers from 0.
    """

    def __init__(self, polygons: Sequence[bytes], labels: Sequence[int], crs: str, grid: Grid, reference: str) -> None:
        self._grid = grid
        try:
            mover = PolygonMover(crs, grid)
            shapes = [(part, label, bounds) for wkb, label in zip(polygons, labels) for part, bounds in mover.move(wkb)]
        except GdalError as error:
            values = {"error": error}
            reason = Phrase("a polygon is damaged or cannot be transformed to the CRS of the map ({error})", values)
            raise MapReferenceError(reference=reference, reason=reason) from error
        self._shapes = sorted(shapes, key=lambda shape: shape[1])
        self.conflicts = 0

    def read(self, window: Window) -> Hits:
        """Returns the cells inside polygons of one label, and the labels."""
        near = self._near(window)
        if not near:
            nothing = np.zeros(0, np.intp)
            return nothing, nothing, np.zeros(0, np.int64)
        # The last polygon of a cell wins, so that these are its largest and its smallest label.
        largest, smallest = self._burnt(near, window), self._burnt(near[::-1], window)
        agreed = largest == smallest
        self.conflicts += int(np.count_nonzero(~agreed))
        rows, columns = np.nonzero(agreed & (largest >= 0))
        return rows, columns, largest[rows, columns]

    def _near(self, window: Window) -> list[tuple[bytes, int]]:
        """Returns the polygons near a window, in the order of their labels."""
        xmin, ymin, xmax, ymax = self._grid.crop(window).outer_bounds
        return [
            (wkb, label)
            for wkb, label, (left, bottom, right, top) in self._shapes
            if left <= xmax and right >= xmin and bottom <= ymax and top >= ymin
        ]

    def _burnt(self, shapes: Sequence[tuple[bytes, int]], window: Window) -> Int64:
        raster = gdal.GetDriverByName("MEM").Create("", window.width, window.height, 1, gdal.GDT_Int32)
        raster.SetGeoTransform(self._grid.crop(window).effective_transform)
        raster.GetRasterBand(1).Fill(-1)
        source = ogr.GetDriverByName("Memory").CreateDataSource("labels")
        layer = source.CreateLayer("labels", None, ogr.wkbUnknown)
        layer.CreateField(ogr.FieldDefn("label", ogr.OFTInteger))
        for wkb, label in shapes:
            feature = ogr.Feature(layer.GetLayerDefn())
            feature.SetGeometry(ogr.CreateGeometryFromWkb(wkb))
            feature.SetField("label", label)
            layer.CreateFeature(feature)
        gdal_call(gdal.RasterizeLayer, raster, [1], layer, options=["ATTRIBUTE=label"])
        return np.asarray(raster.ReadAsArray(), np.int64)


def same_grid(first: Grid, second: Grid) -> bool:
    """True if the cells of two grids are the same."""
    if (first.width, first.height) != (second.width, second.height) or not same_crs(first.crs, second.crs):
        return False
    if first.transform is None or second.transform is None:
        return first.transform is second.transform
    tolerance = 1e-3 * min(first.cell_edges) / max(first.width, first.height)
    return all(math.isclose(a, b, rel_tol=1e-12, abs_tol=tolerance) for a, b in zip(first.transform, second.transform))


def _transformation(crs: str, target: str) -> Any:
    if not crs or not target or same_crs(crs, target):
        return None
    try:
        return gdal_call(osr.CoordinateTransformation, spatial_reference(crs), spatial_reference(target))
    except GdalError as error:
        raise MapReferenceError(reference=crs[:60], reason=error) from error


def _moved(points: Float64, transformation: Any) -> Float64:
    """Returns the transformed points (n, 2); not finite if that is impossible."""
    found = np.full(points.shape, np.nan)
    for number, (x, y) in enumerate(points.tolist()):
        try:
            found[number] = gdal_call(transformation.TransformPoint, x, y)[:2]
        except GdalError:
            continue
    return found
