# SPDX-License-Identifier: GPL-2.0-or-later
"""GDAL in the process of a job: few drivers, no network, and polygons of a file."""

from __future__ import annotations

import os
from pathlib import Path

from osgeo import gdal, ogr

from ..inference.errors import MaskError
from ..inference.phrase import Phrase
from ..inference.raster import GdalInput, GdalSource, PolygonMask
from ..inference.raster.gdal_call import GdalError, gdal_call
from .errors import ParameterRefusedError
from .gate import Gate

# VRT and MEM are needed inside of a run; the gate lets no VRT of a store through.
DRIVERS = frozenset(
    ("GTiff", "COG", "JP2OpenJPEG", "PNG", "JPEG", "MEM", "Memory", "VRT", "GPKG", "GeoJSON", "FlatGeobuf")
)
POLYGON_DRIVERS = ["GPKG", "GeoJSON", "FlatGeobuf"]
POLYGON_HEADS = (b"SQLite format 3\0", b"fgb", b"{")

# GDAL reads no address whose name is not exactly this one.
NO_NETWORK = {"CPL_VSIL_CURL_ALLOWED_FILENAME": "/vsicurl/none", "GDAL_HTTP_CONNECTTIMEOUT": "1", "PROJ_NETWORK": "OFF"}

# Metadata domains that make GDAL read pixels or positions from a file they name.
NAMING_DOMAINS = {"OVERVIEWS": ("OVERVIEW_FILE",), "GEOLOCATION": ("X_DATASET", "Y_DATASET")}


def close_gdal() -> None:
    """Leaves GDAL in this process the drivers of plain files, and no network."""
    os.environ.update(NO_NETWORK)
    for name, value in NO_NETWORK.items():
        gdal.SetConfigOption(name, value)
    drivers = [gdal.GetDriver(number) for number in range(gdal.GetDriverCount())]
    for driver in drivers:
        if driver.ShortName not in DRIVERS:
            driver.Deregister()


def opened_image(parameter: str, path: Path, gate: Gate) -> GdalInput:
    """Returns an image of a store for GDAL; raises for one whose metadata name files outside the stores."""
    given = GdalInput(str(path))
    source = GdalSource(given)
    try:
        outside = [name for name in source.files if not gate.holds(Path(name))]
    finally:
        source.close()
    dataset = gdal_call(gdal.OpenEx, str(path), gdal.OF_RASTER)
    named = [
        item
        for domain, items in NAMING_DOMAINS.items()
        for band in (dataset, *(dataset.GetRasterBand(number) for number in range(1, dataset.RasterCount + 1)))
        for item in items
        if band.GetMetadataItem(item, domain)
    ]
    if outside or named:
        raise ParameterRefusedError(parameter=parameter, reason=Phrase("the file names other files"))
    return given


def polygons_of(path: Path, shown: str) -> PolygonMask:
    """Returns the polygons of the only layer of a GeoPackage, GeoJSON or FlatGeobuf file; raises a MaskError."""
    with path.open("rb") as file:
        is_known = file.read(16).lstrip().startswith(POLYGON_HEADS)
    try:
        dataset = gdal_call(gdal.OpenEx, str(path), gdal.OF_VECTOR, POLYGON_DRIVERS) if is_known else None
    except GdalError as error:
        raise MaskError(reason=error) from error
    if dataset is None:
        reason = Phrase("{file} is no image, GeoPackage, GeoJSON or FlatGeobuf file", {"file": shown})
        raise MaskError(reason=reason)
    if dataset.GetLayerCount() != 1:
        raise MaskError(reason=Phrase("{file} has several layers, or none", {"file": shown}))
    layer = dataset.GetLayer(0)
    kinds = (ogr.wkbPolygon, ogr.wkbMultiPolygon, ogr.wkbCurvePolygon, ogr.wkbMultiSurface)
    wkbs = []
    for feature in layer:
        shape = feature.GetGeometryRef()
        if shape is None or shape.IsEmpty():
            continue
        if ogr.GT_Flatten(shape.GetGeometryType()) not in kinds:
            raise MaskError(reason=Phrase("the layer {layer} has no polygons", {"layer": shown}))
        wkbs.append(bytes(shape.ExportToIsoWkb()))
    crs = layer.GetSpatialRef()
    return PolygonMask(tuple(wkbs), crs.ExportToWkt(["FORMAT=WKT2_2019"]) if crs else "", (str(path),))
