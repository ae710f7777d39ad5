# SPDX-License-Identifier: GPL-2.0-or-later
"""The part of a raster that an extent asks for."""

from __future__ import annotations

import math
from dataclasses import dataclass

from osgeo import osr

from ..errors import ExtentError, ExtentMissesRasterError
from ..grid import Bounds, Grid
from ..window import Window
from .crs import same_crs, spatial_reference, spread_over_the_globe
from .gdal_call import GdalError, gdal_call

# Edges of a rectangle bend in another CRS; so many points per edge keep them covered.
POINTS_PER_EDGE = 21


@dataclass(frozen=True)
class Extent:
    """A rectangle (xmin, ymin, xmax, ymax) in a CRS given as WKT; without one it is the raster's own."""

    bounds: Bounds
    crs: str = ""

    def __str__(self) -> str:
        return ", ".join(f"{bound:.10g}" for bound in self.bounds)


def window_of_extent(grid: Grid, extent: Extent, raster: str) -> Window:
    """Returns the cells of the grid that the extent touches; `raster` names the grid in errors."""
    xmin, ymin, xmax, ymax = extent.bounds
    if not all(map(math.isfinite, extent.bounds)) or xmin >= xmax or ymin >= ymax:
        raise ExtentError(extent=extent, reason="it has no area")
    try:
        window = grid.cover(_bounds_in(grid.crs, extent)).intersection(grid.window)
    except OverflowError as error:
        raise ExtentError(extent=extent, reason="it is too large") from error
    if window.empty:
        raise ExtentMissesRasterError(extent=extent, raster=raster)
    return window


def _bounds_in(crs: str, extent: Extent) -> Bounds:
    if not crs or not extent.crs:
        return extent.bounds
    if same_crs(extent.crs, crs):
        return extent.bounds
    try:
        source, target = spatial_reference(extent.crs), spatial_reference(crs)
        transformation = gdal_call(osr.CoordinateTransformation, source, target)
        bounds: Bounds = gdal_call(transformation.TransformBounds, *extent.bounds, POINTS_PER_EDGE)
    except GdalError as error:
        raise ExtentError(extent=extent, reason=error) from error
    if not all(map(math.isfinite, bounds)):
        raise ExtentError(extent=extent, reason="it cannot be transformed to the CRS of the raster")
    if spread_over_the_globe(extent.bounds, extent.crs, bounds, crs):
        raise ExtentError(extent=extent, reason="it crosses the date line, where the raster's CRS is torn apart")
    return bounds
