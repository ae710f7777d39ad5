# SPDX-License-Identifier: GPL-2.0-or-later
"""Coordinate reference systems as WKT."""

from __future__ import annotations

import math

from osgeo import osr

from ..grid import Bounds
from .gdal_call import GdalError, gdal_call

# Bounds wider than this come from a place that crosses the date line: GDAL spreads it over the globe.
WIDEST_DEGREES = 350.0


def spatial_reference(wkt: str, epoch: float | None = None) -> osr.SpatialReference:
    """Returns GDAL's object of a CRS, with x before y as rasters and QGIS have their axes.

    The epoch is that of coordinates in a CRS whose places move. Raises GdalError where the text describes none.
    """
    reference = osr.SpatialReference()
    if gdal_call(reference.ImportFromWkt, wkt) != 0:
        raise GdalError(f"{wkt[:60]} describes no CRS")
    reference.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
    if epoch is not None:
        reference.SetCoordinateEpoch(epoch)
    return reference


def spread_over_the_globe(before: Bounds, crs: str, after: Bounds, target: str) -> bool:
    """Tells whether a change of CRS tore a place apart: one at the date line becomes as wide as the globe."""
    width, new_width = _degrees(before, crs), _degrees(after, target)
    return width is not None and new_width is not None and width <= WIDEST_DEGREES < new_width


def _degrees(bounds: Bounds, crs: str) -> float | None:
    """Returns how many degrees of longitude lie between the middles of the left and the right edge."""
    xmin, ymin, xmax, ymax = bounds
    if not crs:
        return None
    try:
        reference = spatial_reference(crs)
        if reference.IsGeographic():
            # GDAL gives bounds over the date line as from 178 to -178.
            return math.inf if xmin > xmax else xmax - xmin
        degrees = reference.CloneGeogCS()
        degrees.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
        transformation = gdal_call(osr.CoordinateTransformation, reference, degrees)
        west, east = (gdal_call(transformation.TransformPoint, x, (ymin + ymax) / 2)[0] for x in (xmin, xmax))
    except GdalError:
        return None
    return float(east - west if east >= west else east - west + 360)


def same_crs(first: str, second: str) -> bool:
    """Tells whether two texts describe the same CRS."""
    try:
        return first == second or bool(spatial_reference(first).IsSame(spatial_reference(second)))
    except GdalError:
        return False
