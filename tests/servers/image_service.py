# SPDX-License-Identifier: GPL-2.0-or-later
"""An ArcGIS image service over a GDAL raster."""

from __future__ import annotations

import threading
import uuid
from pathlib import Path
from typing import Any

from osgeo import gdal

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


class ImageServiceServer(LoopbackServer):
    """Honours bbox, size, pixelType, bandIds, noData and the largest image; `failures` are answered first."""

    def __init__(
        self, raster: Path, largest: int = 64, token: str = "", wkid: int = 32633, failures: list[Any] | None = None
    ) -> None:
        super().__init__()
        self._raster, self._largest, self._token, self._wkid = raster, largest, token, wkid
        self._failures = failures or []
        self._lock = threading.Lock()
        self.changes: dict[str, Any] = {}

    @property
    def service(self) -> str:
        """The address of the service."""
        return self.url + PATH

    @property
    def exports(self) -> list[Query]:
        """The queries of the images that were asked for."""
        return [request.query for request in self.requests if request.path.endswith("/exportImage")]

    def answer(self, request: Request) -> Answer | None:
        """Answers as ArcGIS does: most of its errors come with the status 200."""
        if self._token and request.query.get("token") != self._token:
            return _error(498, "Invalid token.")
        if request.path == PATH:
            return Answer.json({**self._describe(), **self.changes})
        if request.path != PATH + "/exportImage":
            return Answer(b"no such page", 404)
        if self._failures:
            return self._failures.pop(0)
        with self._lock:
            # The mask goes inside: a file beside the image would stay behind.
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
        }

    def _export(self, query: Query) -> Answer:
        width, height = map(int, query["size"].split(","))
        if max(width, height) > self._largest:
            return _error(400, "The requested image exceeds the size limit.")
        if query["format"] != "tiff" or query["interpolation"] != "RSP_NearestNeighbor" or query["f"] != "image":
            return _error(400, "Unsupported.")
        name = f"/vsimem/served/{uuid.uuid4().hex}.tif"
        xmin, ymin, xmax, ymax = map(float, query["bbox"].split(","))
        gdal.Translate(
            name,
            str(self._raster),
            projWin=(xmin, ymax, xmax, ymin),
            width=width,
            height=height,
            bandList=[int(number) + 1 for number in query["bandIds"].split(",")],
            outputType=CODES[query["pixelType"]],
            noData=query.get("noData", "none").split(",")[0],
            resampleAlg="nearest",
        )
        return Answer(_take(name), kind="image/tiff")


def _take(name: str) -> bytes:
    file = gdal.VSIFOpenL(name, "rb")
    content = bytes(gdal.VSIFReadL(1, gdal.VSIStatL(name).size, file))
    gdal.VSIFCloseL(file)
    gdal.Unlink(name)
    return content


def _error(code: int, text: str) -> Answer:
    return Answer.json({"error": {"code": code, "message": text, "details": []}})
