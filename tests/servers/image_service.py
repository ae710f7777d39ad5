# SPDX-License-Identifier: GPL-2.0-or-later
"""An ArcGIS image service over a GDAL raster, and the rasters of its catalog."""

from __future__ import annotations

import json
import threading
import uuid
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from osgeo import gdal, osr

from .loopback import Answer, LoopbackServer, Query, Request

TYPES = {
    gdal.GDT_Byte: "U8",
    gdal.GDT_UInt16: "U16",
    gdal.GDT_Int16: "S16",
    gdal.GDT_UInt32: "U32",
    gdal.GDT_Int32: "S32",
    gdal.GDT_Float32: "F32",
    gdal.GDT_Float64: "F64",
}
CODES = {name: code for code, name in TYPES.items()}
PATH = "/arcgis/rest/services/scene/ImageServer"
# The one raster function: the first band less the second, as floats.
DIFFERENCE = {"rasterFunction": "Difference"}
METHODS = ("RSP_NearestNeighbor", "RSP_BilinearInterpolation", "RSP_CubicConvolution")
# The row of an overview, which is no separate raster.
OVERVIEW = {"OBJECTID": 900, "Name": "Ov_900", "Category": 2}


class ImageServiceServer(LoopbackServer):
    """Honours bbox, size, pixelType, bandIds, noData, Difference, locks and the largest image.

    `items` are the rasters of its catalog, by default the one of the service, and `page` is the number of rows that an
    answer holds. `failures` are answered first.
    """

    def __init__(
        self,
        raster: Path,
        largest: int = 64,
        token: str = "",
        wkid: int = 32633,
        failures: list[Any] | None = None,
        items: Sequence[Path] | None = None,
        page: int = 1000,
    ) -> None:
        super().__init__()
        self._raster, self._largest, self._token, self._wkid = raster, largest, token, wkid
        self._failures = failures or []
        self._lock = threading.Lock()
        self._items = dict(enumerate([raster] if items is None else items, start=1))
        self._page = page
        self.changes: dict[str, Any] = {}
        self.row_changes: dict[str, Any] = {}

    @property
    def service(self) -> str:
        """The address of the service."""
        return self.url + PATH

    @property
    def exports(self) -> list[Query]:
        """The queries of the requested images."""
        return [request.query for request in self.requests if request.path.endswith("/exportImage")]

    def answer(self, request: Request) -> Answer | None:
        """Answers as ArcGIS does: most of its errors have the status 200."""
        if self._token and request.query.get("token") != self._token:
            return _error(498, "Invalid token.")
        if request.path == PATH:
            rendered = {"bandCount": 1, "pixelType": "F32", "noDataValues": None}
            changed = {**(rendered if _is_difference(request.query) else {}), **self.changes}
            return Answer.json({**self._describe(), **changed})
        if request.path == PATH + "/query" and self._items:
            return Answer.json(self._rows(request.query))
        number = request.path[len(PATH) + 1 :].partition("/")[0]
        if number.isdecimal() and request.path == f"{PATH}/{number}/info" and int(number) in self._items:
            return Answer.json(self._info(self._items[int(number)]))
        if request.path != PATH + "/exportImage":
            return Answer(b"no such page", 404)
        if self._failures:
            return self._failures.pop(0)
        with self._lock:
            # The mask is internal: a separate file would remain.
            gdal.SetThreadLocalConfigOption("GDAL_TIFF_INTERNAL_MASK", "YES")
            return self._export(request.query)

    def _describe(self) -> dict[str, Any]:
        dataset = gdal.Open(str(self._raster))
        x, dx, _, y, _, dy = dataset.GetGeoTransform()
        values = [dataset.GetRasterBand(n).GetNoDataValue() for n in range(1, dataset.RasterCount + 1)]
        reference = {"wkid": self._wkid, "latestWkid": self._wkid}
        right, bottom = x + dx * dataset.RasterXSize, y + dy * dataset.RasterYSize
        return {
            "currentVersion": 10.91,
            "name": "scene",
            "extent": {"xmin": x, "ymin": bottom, "xmax": right, "ymax": y, "spatialReference": reference},
            "pixelSizeX": dx,
            "pixelSizeY": -dy,
            "bandCount": dataset.RasterCount,
            "pixelType": TYPES[dataset.GetRasterBand(1).DataType],
            "noDataValue": None,
            "noDataValues": values if any(value is not None for value in values) else None,
            "maxImageWidth": self._largest,
            "maxImageHeight": self._largest,
            "capabilities": "Catalog,Image,Metadata" if self._items else "Image,Metadata",
            "allowedMosaicMethods": "NorthWest,Center,LockRaster" if self._items else "",
            "objectIdField": "OBJECTID" if self._items else "",
        }

    def _rows(self, query: Query) -> dict[str, Any]:
        """Returns a page of the catalog, a new one only for a given offset."""
        rows = [{"OBJECTID": n, "Name": path.stem, "Category": 1} for n, path in self._items.items()]
        wanted = query.get("objectIds", "")
        rows = [row for row in (*rows, OVERVIEW) if not wanted or str(row["OBJECTID"]) in wanted.split(",")]
        where = query.get("where", "1=1")
        if where != "1=1":
            name = where.replace("Name = ", "").strip("'")
            rows = [row for row in rows if row["Name"] == name]
        first = int(query.get("resultOffset", 0))
        page = rows[first : first + self._page]
        more = {"exceededTransferLimit": True} if first + self._page < len(rows) else {}
        features = [{"attributes": row} for row in page]
        return {"objectIdFieldName": "OBJECTID", "features": features, **more, **self.row_changes}

    def _info(self, raster: Path) -> dict[str, Any]:
        """Returns the description of one raster, as from https://<service>/<number>/info: its own cells."""
        dataset = gdal.Open(str(raster))
        x, dx, _, y, _, dy = dataset.GetGeoTransform()
        wkid = int(osr.SpatialReference(dataset.GetProjection()).GetAuthorityCode(None))
        right, bottom = x + dx * dataset.RasterXSize, y + dy * dataset.RasterYSize
        extent = {"xmin": x, "ymin": bottom, "xmax": right, "ymax": y, "spatialReference": {"wkid": wkid}}
        return {"extent": extent, "pixelSizeX": dx, "pixelSizeY": -dy, "bandCount": dataset.RasterCount}

    def _export(self, query: Query) -> Answer:
        width, height = map(int, query["size"].split(","))
        if max(width, height) > self._largest:
            return _error(400, "The requested image exceeds the size limit.")
        if query["format"] != "tiff" or query["interpolation"] not in METHODS or query["f"] != "image":
            return _error(400, "Unsupported.")
        rule = json.loads(query.get("mosaicRule", "{}"))
        locked = rule.get("mosaicMethod") == "esriMosaicLockRaster"
        raster = self._items[rule["lockRasterIds"][0]] if locked else self._raster
        name = f"/vsimem/served/{uuid.uuid4().hex}.tif"
        xmin, ymin, xmax, ymax = map(float, query["bbox"].split(","))
        bands = [int(number) + 1 for number in query["bandIds"].split(",")] if "bandIds" in query else None
        kind = {} if query["pixelType"] == "UNKNOWN" else {"outputType": CODES[query["pixelType"]]}
        gdal.Translate(
            name,
            _difference(raster) if _is_difference(query) else str(raster),
            projWin=(xmin, ymax, xmax, ymin),
            width=width,
            height=height,
            bandList=bands,
            noData=query.get("noData", "none").split(",")[0],
            resampleAlg="nearest",
            **kind,
        )
        return Answer(_take(name), kind="image/tiff")


def _is_difference(query: Query) -> bool:
    return json.loads(query.get("renderingRule", "{}")) == DIFFERENCE


def _difference(raster: Path) -> Any:
    source = gdal.Open(str(raster))
    result = gdal.GetDriverByName("MEM").Create("", source.RasterXSize, source.RasterYSize, 1, gdal.GDT_Float32)
    result.SetGeoTransform(source.GetGeoTransform())
    result.SetProjection(source.GetProjection())
    first, second = (source.GetRasterBand(number).ReadAsArray().astype(np.float32) for number in (1, 2))
    result.GetRasterBand(1).WriteArray(first - second)
    return result


def _take(name: str) -> bytes:
    file = gdal.VSIFOpenL(name, "rb")
    content = bytes(gdal.VSIFReadL(1, gdal.VSIStatL(name).size, file))
    gdal.VSIFCloseL(file)
    gdal.Unlink(name)
    return content


def _error(code: int, text: str) -> Answer:
    return Answer.json({"error": {"code": code, "message": text, "details": []}})
