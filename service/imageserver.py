# SPDX-License-Identifier: GPL-2.0-or-later
"""A finished result as an image service: description, pixels, legend, attribute table, and tiles for a map.

https://developers.arcgis.com/rest/services-reference/enterprise/image-service/ ; a cell of the answer is the nearest
cell of the file, never a mean of classes. Only files that a job of this service wrote are opened. The descriptions have
no pages: readers of HTML get JSON.
"""

from __future__ import annotations

import base64
import json
import math
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from osgeo import gdal, osr
from werkzeug.wrappers import Response

from ..inference.phrase import Phrase
from ..inference.raster import wkt_of_reference
from ..inference.raster.gdal_call import GdalError, delete_file, gdal_call
from .errors import ParameterRefusedError
from .jobs import Job
from .results import result_path
from .web import FORMS, VERSION, Call, as_json, form_of

LARGEST = 4100
THUMBNAIL = 800
TILE = 256
# Half the circumference of EPSG:3857 in metres.
HALF_WORLD = math.pi * 6378137
PIXEL_TYPES = {
    gdal.GDT_Byte: "U8", gdal.GDT_UInt16: "U16", gdal.GDT_Int16: "S16", gdal.GDT_UInt32: "U32", gdal.GDT_Int32: "S32",
    gdal.GDT_Float32: "F32", gdal.GDT_Float64: "F64",
}  # fmt: skip
PICTURES = {"tiff": ("GTiff", "image/tiff"), "png": ("PNG", "image/png")}
# Esri's names of them; all keep the classes.
FORMATS = {"": "tiff", "tiff": "tiff"} | dict.fromkeys(("png", "png8", "png24", "png32", "jpgpng"), "png")
# Bytes of the cells of a picture.
MOST_BYTES = 256 * 1024**2
# Keys that would change pixels, with their values without effect.
REFUSED: Mapping[str, tuple[str, ...]] = {
    "renderingRule": (), "mosaicRule": (), "time": (), "sliceId": (), "bandIds": ("0",), "noData": (),
    "pixelType": ("UNKNOWN",), "interpolation": ("RSP_NearestNeighbor",), "rasterFunction": (),
}  # fmt: skip


@dataclass(frozen=True)
class _Window:
    """Bounds in a CRS as WKT, and the size of a picture of them in pixels."""

    bounds: tuple[float, float, float, float]
    crs: str
    width: int
    height: int


def describe(call: Call, job_id: str) -> Response:
    """Describes the result as an image service."""
    job, form = call.job(job_id), form_of(call, FORMS)
    with _opened(result_path(call, job)) as dataset:
        document = _description(dataset, job)
    return as_json(document, pretty=form == "pjson")


def export_image(call: Call, job_id: str) -> Response:
    """Returns the pixels in bounds (bbox, bboxSR, imageSR, size) as TIFF or PNG, or their address with f=json."""
    job, values = call.job(job_id), call.values
    form = form_of(call, ("image", *FORMS))
    for key, harmless in REFUSED.items():
        if values.get(key) and values[key] not in harmless:
            raise ParameterRefusedError(parameter=key, reason=Phrase("it is not applied to a result"))
    with _opened(result_path(call, job)) as dataset:
        window = _window(values, dataset)
        kind = FORMATS.get(values.get("format", "").lower())
        if kind is None:
            raise ParameterRefusedError(parameter="format", reason=Phrase("only tiff and png keep the classes"))
        driver, mimetype = PICTURES[kind]
        data = _picture(dataset, window, driver)
    if form != "image":
        shown = {key: value for key, value in values.items() if key not in ("f", "token")}
        address = call.url(f"{call.request.path}?{urlencode({**shown, 'f': 'image'})}")
        bounds = dict(zip(("xmin", "ymin", "xmax", "ymax"), window.bounds))
        document = {"href": address, "width": window.width, "height": window.height, "extent": bounds, "scale": 0}
        return as_json(document, pretty=form == "pjson")
    return Response(data, content_type=mimetype)


def thumbnail(call: Call, job_id: str) -> Response:
    """Returns a picture of the whole result."""
    with _opened(result_path(call, call.job(job_id))) as dataset:
        width, height = dataset.RasterXSize, dataset.RasterYSize
        factor = min(1.0, THUMBNAIL / max(width, height))
        size = max(1, round(width * factor)), max(1, round(height * factor))
        return Response(_picture(dataset, _Window(_bounds(dataset), "", *size), "PNG"), content_type="image/png")


def map_tile(call: Call, job_id: str, z: int, x: int, y: int) -> Response:
    """Returns a tile of a web map (EPSG:3857, rows from the north)."""
    if not (0 <= z <= 24 and 0 <= x < 2**z and 0 <= y < 2**z):
        raise ParameterRefusedError(parameter="tile", reason=Phrase("there is no such tile"))
    side = 2 * HALF_WORLD / 2**z
    west, north = x * side - HALF_WORLD, HALF_WORLD - y * side
    window = _Window((west, north - side, west + side, north), wkt_of_reference(3857), TILE, TILE)
    with _opened(result_path(call, call.job(job_id))) as dataset:
        return Response(_picture(dataset, window, "PNG"), content_type="image/png")


def legend(call: Call, job_id: str) -> Response:
    """Returns the classes with pictures of their colours."""
    job, form = call.job(job_id), form_of(call, FORMS)
    result_path(call, job)
    entries = [
        {
            "label": each["name"], "url": str(each["value"]), "contentType": "image/png", "height": 20, "width": 20,
            "imageData": base64.b64encode(_swatch(each["color"])).decode(), "values": [each["value"]],
        }
        for each in _classes(job)
    ]  # fmt: skip
    layer = {"layerId": 0, "layerName": job.name, "layerType": "Raster Layer", "legend": entries}
    return as_json({"layers": [layer]}, pretty=form == "pjson")


def attribute_table(call: Call, job_id: str) -> Response:
    """Returns a row per class: value, pixels, name, colour, area in square metres."""
    job, form = call.job(job_id), form_of(call, FORMS)
    result_path(call, job)
    columns = {
        "OBJECTID": "OID", "Value": "Integer", "Count": "Double", "ClassName": "String", "Red": "Integer",
        "Green": "Integer", "Blue": "Integer", "Area": "Double",
    }  # fmt: skip
    fields = [{"name": name, "type": f"esriFieldType{kind}", "alias": name} for name, kind in columns.items()]
    rows = [
        [number, each["value"], each["pixels"], each["name"], *each["color"], each["area"]]
        for number, each in enumerate(_classes(job))
    ]
    features = [{"attributes": dict(zip(columns, row))} for row in rows]
    document = {"objectIdFieldName": "OBJECTID", "fields": fields, "features": features}
    return as_json(document, pretty=form == "pjson")


def _classes(job: Job) -> list[dict[str, Any]]:
    return list(job.result["classes"]) if job.result else []


def _description(dataset: Any, job: Job) -> dict[str, Any]:
    band = dataset.GetRasterBand(1)
    transform, no_data = dataset.GetGeoTransform(), band.GetNoDataValue()
    xmin, ymin, xmax, ymax = _bounds(dataset)
    reference = _reference(dataset)
    classes = _classes(job)
    is_number = no_data is not None and math.isfinite(no_data)
    return {
        "currentVersion": VERSION,
        "name": job.name,
        "description": "",
        "serviceDataType": f"esriImageServiceDataType{'Thematic' if classes else 'Generic'}",
        "extent": {"xmin": xmin, "ymin": ymin, "xmax": xmax, "ymax": ymax, "spatialReference": reference},
        "spatialReference": reference,
        "pixelSizeX": abs(transform[1]),
        "pixelSizeY": abs(transform[5]),
        "bandCount": dataset.RasterCount,
        "bandNames": [
            dataset.GetRasterBand(n).GetDescription() or f"Band_{n}" for n in range(1, dataset.RasterCount + 1)
        ],
        "pixelType": PIXEL_TYPES.get(band.DataType, "F64"),
        "noDataValue": no_data if is_number else None,
        "noDataValues": [no_data] * dataset.RasterCount if is_number else None,
        "hasColormap": bool(classes),
        "hasRasterAttributeTable": bool(classes),
        "maxImageWidth": LARGEST,
        "maxImageHeight": LARGEST,
        "capabilities": "Image,Metadata",
        "defaultResamplingMethod": "Nearest",
        "allowRasterFunction": False,
        "rasterFunctionInfos": [],
        "copyrightText": "",
    }


def _window(values: Mapping[str, str], dataset: Any) -> _Window:
    try:
        parts = [float(part) for part in values["bbox"].split(",")]
        width, height = (int(part) for part in values.get("size", "400,400").split(","))
        xmin, ymin, xmax, ymax = parts
    except (KeyError, ValueError, OverflowError):
        reason = Phrase("bbox needs four numbers, and size two whole ones")
        raise ParameterRefusedError(parameter="bbox", reason=reason) from None
    if not all(map(math.isfinite, parts)) or xmin >= xmax or ymin >= ymax:
        raise ParameterRefusedError(parameter="bbox", reason=Phrase("it has no area"))
    if not (1 <= width <= LARGEST and 1 <= height <= LARGEST):
        reason = Phrase("it is not from 1 to {most} pixels a side", {"most": LARGEST})
        raise ParameterRefusedError(parameter="size", reason=reason)
    own, image = _crs(values, "bboxSR"), _crs(values, "imageSR")
    if own and image and own != image:
        raise ParameterRefusedError(parameter="bboxSR", reason=Phrase("it differs from imageSR"))
    return _Window((xmin, ymin, xmax, ymax), image or own, width, height)


def _crs(values: Mapping[str, str], key: str) -> str:
    text = values.get(key, "").strip()
    if not text:
        return ""
    try:
        content = json.loads(text) if text.startswith("{") else text
    except (ValueError, RecursionError):
        content = ""
    found = wkt_of_reference(content)
    if not found:
        raise ParameterRefusedError(parameter=key, reason=Phrase("its spatial reference is unknown"))
    return found


def _picture(dataset: Any, window: _Window, driver: str) -> bytes:
    """Returns the nearest cells of a window as a file of this driver; what lies outside is NoData."""
    cell = gdal.GetDataTypeSize(dataset.GetRasterBand(1).DataType) // 8
    if window.width * window.height * dataset.RasterCount * cell > MOST_BYTES:
        reason = Phrase("a picture of so many cells and bands has more than {size} MB", {"size": MOST_BYTES // 1024**2})
        raise ParameterRefusedError(parameter="size", reason=reason)
    has_crs = bool(dataset.GetProjection())
    crs = window.crs if window.crs and has_crs else None
    try:
        warped = gdal_call(
            gdal.Warp, "", dataset, format="MEM", outputBounds=window.bounds, width=window.width, height=window.height,
            dstSRS=crs, resampleAlg="near", errorThreshold=0,
        )  # fmt: skip
        table = dataset.GetRasterBand(1).GetColorTable()
        if table is not None:
            warped.GetRasterBand(1).SetColorTable(table)
        if driver == "PNG":
            warped = _for_png(warped)
        return _bytes_of(warped, driver)
    except GdalError as error:
        raise ParameterRefusedError(parameter="bbox", reason=error) from error


def _for_png(warped: Any) -> Any:
    """Returns a picture of classes in their colours; scores become grey values from 0 to 1."""
    if warped.GetRasterBand(1).GetColorTable() is not None and warped.GetRasterBand(1).DataType == gdal.GDT_Byte:
        return gdal_call(gdal.Translate, "", warped, format="MEM", rgbExpand="rgba")
    return gdal_call(
        gdal.Translate, "", warped, format="MEM", outputType=gdal.GDT_Byte, bandList=[1], scaleParams=[[0, 1, 0, 255]],
        noData="none",
    )  # fmt: skip


def _swatch(color: list[int]) -> bytes:
    picture = gdal.GetDriverByName("MEM").Create("", 20, 20, 3, gdal.GDT_Byte)
    for number, part in enumerate(color, start=1):
        picture.GetRasterBand(number).Fill(part)
    return _bytes_of(picture, "PNG")


def _bytes_of(dataset: Any, driver: str) -> bytes:
    """Returns a dataset as a file of this driver."""
    name = f"/vsimem/{uuid4().hex}"
    try:
        gdal_call(gdal.Translate, name, dataset, format=driver)
        file = gdal.VSIFOpenL(name, "rb")
        try:
            return bytes(gdal.VSIFReadL(1, gdal.VSIStatL(name).size, file))
        finally:
            gdal.VSIFCloseL(file)
    finally:
        for each in (name, f"{name}.aux.xml"):
            delete_file(each)


def _bounds(dataset: Any) -> tuple[float, float, float, float]:
    left, width, _, top, _, height = dataset.GetGeoTransform()
    right, bottom = left + width * dataset.RasterXSize, top + height * dataset.RasterYSize
    return min(left, right), min(top, bottom), max(left, right), max(top, bottom)


def _reference(dataset: Any) -> dict[str, Any]:
    wkt = dataset.GetProjection()
    if not wkt:
        return {}
    reference = osr.SpatialReference()
    reference.ImportFromWkt(wkt)
    code = reference.GetAuthorityCode(None)
    if reference.GetAuthorityName(None) in ("EPSG", "ESRI") and code and code.isdecimal():
        return {"wkid": int(code), "latestWkid": int(code)}
    return {"wkt": reference.ExportToWkt(["FORMAT=WKT1_ESRI"])}


@contextmanager
def _opened(path: Path) -> Iterator[Any]:
    """Yields GDAL's dataset of a result."""
    try:
        dataset = gdal_call(gdal.OpenEx, str(path), gdal.OF_RASTER, ["GTiff", "VRT"])
    except GdalError as error:
        raise ParameterRefusedError(parameter="result", reason=error) from error
    yield dataset
