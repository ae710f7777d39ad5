# SPDX-License-Identifier: GPL-2.0-or-later
"""Coordinate reference systems as WKT."""

from __future__ import annotations

from osgeo import osr

from .gdal_call import GdalError, gdal_call


def spatial_reference(wkt: str) -> osr.SpatialReference:
    """Returns GDAL's object of a CRS, with x before y as rasters and QGIS have their axes.

    Raises GdalError where the text describes none.
    """
    reference = osr.SpatialReference()
    if gdal_call(reference.ImportFromWkt, wkt) != 0:
        raise GdalError(f"{wkt[:60]} describes no CRS")
    reference.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
    return reference


def is_geographic(wkt: str) -> bool:
    """Tells whether the coordinates of a CRS are degrees."""
    try:
        return bool(wkt) and bool(spatial_reference(wkt).IsGeographic())
    except GdalError:
        return False


def same_crs(first: str, second: str) -> bool:
    """Tells whether two texts describe the same CRS."""
    try:
        return first == second or bool(spatial_reference(first).IsSame(spatial_reference(second)))
    except GdalError:
        return False
