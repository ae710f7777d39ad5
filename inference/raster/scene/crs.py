# SPDX-License-Identifier: GPL-2.0-or-later
"""Coordinate reference systems as WKT."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from osgeo import osr

from ...grid import Bounds
from ..gdal_call import GdalError, gdal_call

# Wider bounds come from an area across the antimeridian: GDAL spreads it over the globe.
WIDEST_DEGREES = 350.0

Point = tuple[float, float]

# A CRS by its authority; GDAL would open any other text as a file or an address.
AUTHORITY = re.compile(r"(EPSG|ESRI|OGC|IAU_\d{4}):\w{1,20}", re.IGNORECASE)
WKT = re.compile(r"[A-Z_]{3,30}\s*\[")


def spatial_reference(wkt: str, epoch: float | None = None) -> osr.SpatialReference:
    """Returns GDAL's object of a CRS, with x before y as in rasters and QGIS.

    The epoch is that of coordinates in a dynamic CRS. Raises GdalError if the text is not a CRS.
    """
    reference = osr.SpatialReference()
    if gdal_call(reference.ImportFromWkt, wkt) != 0:
        raise GdalError(f"{wkt[:60]} describes no CRS")
    reference.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
    if epoch is not None:
        reference.SetCoordinateEpoch(epoch)
    return reference


def degrees_of(reference: osr.SpatialReference) -> osr.SpatialReference:
    """Returns the base geographic CRS of a CRS; raises GdalError if there is none, as for a local one."""
    degrees = gdal_call(reference.CloneGeogCS)
    if degrees is None:
        raise GdalError("the CRS has no degrees")
    degrees.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
    return degrees


def moved(points: Sequence[Point], source: osr.SpatialReference, target: osr.SpatialReference) -> list[Point]:
    """Returns points in another CRS; raises GdalError if one of them cannot be transformed."""
    transformation = gdal_call(osr.CoordinateTransformation, source, target)
    found = [gdal_call(transformation.TransformPoint, x, y)[:2] for x, y in points]
    if not all(math.isfinite(number) for point in found for number in point):
        raise GdalError("a point has no place in the CRS")
    return [(x, y) for x, y in found]


def area_of_use(crs: str) -> Bounds | None:
    """Returns west, south, east and north in degrees of a CRS's area of use, None if unknown to PROJ.

    West is larger than east across the antimeridian.
    """
    try:
        reference = spatial_reference(crs)
        area = gdal_call(reference.GetAreaOfUse)
        if area is None:
            # WKT 1 lacks the area, but has the authority code.
            authority = f"{reference.GetAuthorityName(None)}:{reference.GetAuthorityCode(None)}"
            known = osr.SpatialReference()
            if gdal_call(known.SetFromUserInput, authority) == 0:
                area = gdal_call(known.GetAreaOfUse)
    except GdalError:
        return None
    if area is None:
        return None
    return area.west_lon_degree, area.south_lat_degree, area.east_lon_degree, area.north_lat_degree


def name_of(crs: str) -> str:
    """Returns the name of a CRS, empty if it has none."""
    try:
        return str(spatial_reference(crs).GetName() or "") if crs else ""
    except GdalError:
        return ""


def spread_over_the_globe(before: Bounds, crs: str, after: Bounds, target: str) -> bool:
    """True if a change of CRS tore an area apart: at the antimeridian it becomes as wide as the globe."""
    width, new_width = _degrees(before, crs), _degrees(after, target)
    return width is not None and new_width is not None and width <= WIDEST_DEGREES < new_width


def holds_a_pole(bounds: Bounds, crs: str) -> bool:
    """True if a pole is within bounds (xmin, ymin, xmax, ymax): all longitudes meet there."""
    xmin, ymin, xmax, ymax = bounds
    for latitude in (-90.0, 90.0):
        try:
            reference = spatial_reference(crs)
            ((x, y),) = moved([(0.0, latitude)], degrees_of(reference), reference)
        except GdalError:
            continue
        if xmin < x < xmax and ymin < y < ymax:
            return True
    return False


def _degrees(bounds: Bounds, crs: str) -> float | None:
    """Returns the degrees of longitude between the midpoints of the left and the right edge."""
    xmin, ymin, xmax, ymax = bounds
    if not crs:
        return None
    try:
        reference = spatial_reference(crs)
        if reference.IsGeographic():
            # GDAL returns bounds across the antimeridian as 178 to -178.
            return math.inf if xmin > xmax else xmax - xmin
        middle = (ymin + ymax) / 2
        (west, _), (east, _) = moved([(xmin, middle), (xmax, middle)], reference, degrees_of(reference))
    except GdalError:
        return None
    return float(east - west if east >= west else east - west + 360)


def same_crs(first: str, second: str) -> bool:
    """True if two texts describe the same CRS."""
    try:
        return first == second or bool(spatial_reference(first).IsSame(spatial_reference(second)))
    except GdalError:
        return False


def wkt_of_reference(value: Any) -> str:
    """Returns the WKT of Esri's {"latestWkid", "wkid", "wkt"}, of its number, of AUTHORITY:CODE, or of a WKT.

    It is empty if the CRS is unknown. Esri's own numbers, such as 102100, are looked up too. No file is opened.
    """
    for name in _names_of_reference(value):
        reference = osr.SpatialReference()
        try:
            read = reference.ImportFromWkt if WKT.match(name) else reference.SetFromUserInput
            if gdal_call(read, name) == 0:
                return str(reference.ExportToWkt(["FORMAT=WKT2_2019"]))
        except GdalError:
            continue
    return ""


def _names_of_reference(value: Any) -> Iterator[str]:
    if isinstance(value, Mapping):
        for key in ("latestWkid", "wkid"):
            yield from _names_of_number(value.get(key))
        value = value.get("wkt") or value.get("wkt2")
    yield from _names_of_number(value)
    text = str(value or "").strip()
    if AUTHORITY.fullmatch(text) or WKT.match(text):
        yield text


def _names_of_number(value: Any) -> Iterator[str]:
    text = str(int(value) if isinstance(value, float) and value.is_integer() else value).strip()
    if text.isascii() and text.isdecimal():
        yield from (f"EPSG:{text}", f"ESRI:{text}")
