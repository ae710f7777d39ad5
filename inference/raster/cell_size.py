# SPDX-License-Identifier: GPL-2.0-or-later
"""The size of a grid's cell, told in another CRS."""

from __future__ import annotations

import math

from osgeo import osr

from ..grid import Grid
from .crs import spatial_reference
from .gdal_call import GdalError, gdal_call

# Mean radius of the earth (IUGG).
METRES_PER_DEGREE = math.radians(6_371_008.8)


def cell_size_in(grid: Grid, wkid: int | None) -> tuple[float, float] | None:
    """Returns width and height of the cell in the grid's middle in units of a CRS, in metres on the ground for None.

    `wkid` is the number of the CRS, of EPSG or of Esri. None is returned where the grid has no CRS or nobody knows
    how to get from one to the other.
    """
    if not grid.crs or grid.transform is None:
        return None
    try:
        source = spatial_reference(grid.crs)
        target = _geographic(source) if wkid is None else _numbered(wkid)
        corners = _middle(grid)
        transformation = gdal_call(osr.CoordinateTransformation, source, target)
        points = [gdal_call(transformation.TransformPoint, x, y)[:2] for x, y in corners]
    except GdalError:
        return None
    if not all(math.isfinite(number) for point in points for number in point):
        return None
    first, *others = points
    edges = [(x - first[0], y - first[1]) for x, y in others]
    if target.IsGeographic():
        # A cell at the date line is not as wide as the globe.
        edges = [(math.remainder(dx, 360), dy) for dx, dy in edges]
    if wkid is None:
        parallel = METRES_PER_DEGREE * math.cos(math.radians(first[1]))
        edges = [(dx * parallel, dy * METRES_PER_DEGREE) for dx, dy in edges]
    width, height = (math.hypot(*edge) for edge in edges)
    return width, height


def _middle(grid: Grid) -> list[tuple[float, float]]:
    """Returns three corners of the cell in the middle: its first, and those next to it in the row and the column."""
    x0, dx, rx, y0, ry, dy = grid.effective_transform
    column, row = grid.width // 2, grid.height // 2
    places = ((column, row), (column + 1, row), (column, row + 1))
    return [(x0 + c * dx + r * rx, y0 + c * ry + r * dy) for c, r in places]


def _geographic(reference: osr.SpatialReference) -> osr.SpatialReference:
    degrees = reference.CloneGeogCS()
    if degrees is None:
        raise GdalError("the CRS has no degrees")
    degrees.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
    return degrees


def _numbered(wkid: int) -> osr.SpatialReference:
    reference = osr.SpatialReference()
    for authority in ("EPSG", "ESRI"):
        try:
            if gdal_call(reference.SetFromUserInput, f"{authority}:{wkid}") == 0:
                reference.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
                return reference
        except GdalError:
            continue
    raise GdalError(f"nobody knows the CRS {wkid}")
