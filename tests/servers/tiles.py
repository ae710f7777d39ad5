# SPDX-License-Identifier: GPL-2.0-or-later
"""Map images of a known array: XYZ tiles, WMS with and without tiles, and ArcGIS map services."""

from __future__ import annotations

import threading
import uuid
from typing import Any

import numpy as np
from osgeo import gdal

from .loopback import Answer, LoopbackServer, Request

HALF = 20_037_508.342789244
ZOOM = 3
TILE = 256
SIZE = TILE * 2**ZOOM
CELL = 2 * HALF / SIZE

CAPABILITIES = """<?xml version="1.0"?>
<WMS_Capabilities version="1.3.0" xmlns="http://www.opengis.net/wms" xmlns:xlink="http://www.w3.org/1999/xlink">
<Service><Name>WMS</Name><Title>scene</Title></Service><Capability><Request><GetMap><Format>image/png</Format>
<DCPType><HTTP><Get><OnlineResource xlink:href="{url}{path}?"/></Get></HTTP></DCPType></GetMap></Request>
<Layer><Title>all</Title><CRS>EPSG:3857</CRS><Layer><Name>scene</Name><Title>scene</Title><CRS>EPSG:3857</CRS>
<BoundingBox CRS="EPSG:3857" minx="{low}" miny="{low}" maxx="{high}" maxy="{high}"/></Layer></Layer>
</Capability></WMS_Capabilities>"""

# WMS-C: https://wiki.osgeo.org/wiki/WMS_Tile_Caching
TILE_SETS = """<VendorSpecificCapabilities><TileSet><SRS>EPSG:3857</SRS>
<BoundingBox SRS="EPSG:3857" minx="{low}" miny="{low}" maxx="{high}" maxy="{high}"/><Resolutions>{cell}</Resolutions>
<Width>{tile}</Width><Height>{tile}</Height><Format>image/png</Format><Layers>scene</Layers><Styles></Styles></TileSet>
</VendorSpecificCapabilities>"""


class TileServer(LoopbackServer):
    """Serves an array (4, SIZE, SIZE) of red, green, blue and alpha that covers the world in EPSG:3857."""

    def __init__(self, pixels: np.ndarray) -> None:
        super().__init__()
        self._pixels = pixels
        self._lock = threading.Lock()
        # A later server may get the same port, and QGIS keeps the tiles of an address.
        self._run = uuid.uuid4().hex
        self.failures: list[Any] = []
        self.missing: tuple[tuple[int, int], ...] = ()
        self.refused_version = ""

    @property
    def xyz(self) -> str:
        """The source of an XYZ layer."""
        return self._xyz(ZOOM)

    @property
    def xyz_levels(self) -> str:
        """The source of an XYZ layer with all levels down to that of the array."""
        return self._xyz(0)

    def _xyz(self, first: int) -> str:
        # Versions of QGIS read an encoded query differently: there is none here.
        return f"type=xyz&zmin={first}&zmax={ZOOM}&url={self.url}/{self._run}/xyz/%7Bz%7D/%7Bx%7D/%7By%7D.png"

    @property
    def wms(self) -> str:
        """The source of a WMS layer."""
        return f"crs=EPSG:3857&format=image/png&layers=scene&styles=&url={self.url}/wms"

    @property
    def wms_c(self) -> str:
        """The source of a layer of a WMS with tiles."""
        known = "crs=EPSG:3857&format=image/png&layers=scene&styles=&tileMatrixSet=scene-wmsc-0"
        return f"{known}&url={self.url}/{self._run}/wmsc"

    @property
    def map_service(self) -> str:
        """The source of an ArcGIS map service layer."""
        return f"crs='EPSG:3857' format='PNG32' layer='0' url='{self.url}/arcgis/rest/services/scene/MapServer'"

    @property
    def map_tiles(self) -> str:
        """The source of a layer of an ArcGIS map service with cached tiles."""
        return self.map_service.replace("/scene/", f"/{self._run}/tiles/")

    def answer(self, request: Request) -> Answer | None:
        """Answers one of the protocols."""
        query = {name.upper(): value for name, value in request.query.items()}
        if query.get("REQUEST") == "GetCapabilities":
            return Answer(self._capabilities(request.path).encode(), kind="text/xml")
        if request.path.endswith("MapServer") or request.path.endswith("MapServer/0"):
            return Answer.json({**_MAP_SERVICE, **(_TILING if "/tiles/" in request.path else {})})
        if self.refused_version and query.get("VERSION") == self.refused_version:
            return Answer(b"<ServiceExceptionReport/>", kind="text/xml")
        if self.failures:
            return self.failures.pop(0)
        with self._lock:
            return self._image(request.path, query)

    def _capabilities(self, path: str) -> str:
        numbers = {"low": -HALF, "high": HALF, "cell": CELL, "tile": TILE}
        document = CAPABILITIES.format(url=self.url, path=path, **numbers)
        if not path.endswith("/wmsc"):
            return document
        return document.replace("<Layer>", TILE_SETS.format(**numbers) + "<Layer>", 1)

    def _image(self, path: str, query: dict[str, str]) -> Answer:
        if "/xyz/" in path:
            zoom, column, row = (int(part) for part in path[:-4].split("/")[-3:])
            if (column, row) in self.missing:
                return Answer(status=404)
            return png_of(part_of(level_of(self._pixels, zoom), column * TILE, row * TILE, TILE, TILE))
        if "/tile/" in path:
            zoom, row, column = (int(part) for part in path.split("/")[-3:])
            if (column, row) in self.missing:
                return Answer(status=404)
            return png_of(part_of(level_of(self._pixels, zoom), column * TILE, row * TILE, TILE, TILE))
        xmin, _, _, ymax = map(float, query["BBOX"].split(","))
        size = query.get("SIZE") or f"{query['WIDTH']},{query['HEIGHT']}"
        width, height = map(int, size.split(","))
        x, y = round((xmin + HALF) / CELL), round((HALF - ymax) / CELL)
        return png_of(part_of(self._pixels, x, y, width, height))


def level_of(pixels: np.ndarray, zoom: int) -> np.ndarray:
    """Returns the world at a zoom level: every other pixel of the next one."""
    step = 2 ** (ZOOM - zoom)
    return pixels[:, ::step, ::step]


def part_of(pixels: np.ndarray, x: int, y: int, width: int, height: int) -> np.ndarray:
    """Returns a part of pixels (4, rows, columns), transparent beyond them."""
    image = np.zeros((4, height, width), np.uint8)
    part = pixels[:, max(y, 0) : y + height, max(x, 0) : x + width]
    top, left = max(-y, 0), max(-x, 0)
    image[:, top : top + part.shape[1], left : left + part.shape[2]] = part
    return image


def png_of(image: np.ndarray) -> Answer:
    """Returns pixels (4, height, width) as a PNG."""
    _, height, width = image.shape
    memory = gdal.GetDriverByName("MEM").Create("", width, height, 4)
    for number, plane in enumerate(image, start=1):
        memory.GetRasterBand(number).WriteArray(plane)
    memory.GetRasterBand(4).SetColorInterpretation(gdal.GCI_AlphaBand)
    name = f"/vsimem/served/{uuid.uuid4().hex}.png"
    # Closing writes the last bytes, so before reading.
    copy = gdal.GetDriverByName("PNG").CreateCopy(name, memory)
    copy = None  # noqa: F841
    file = gdal.VSIFOpenL(name, "rb")
    content = bytes(gdal.VSIFReadL(1, gdal.VSIStatL(name).size, file))
    gdal.VSIFCloseL(file)
    gdal.Unlink(name)
    return Answer(content, kind="image/png")


_EXTENT = {"xmin": -HALF, "ymin": -HALF, "xmax": HALF, "ymax": HALF, "spatialReference": {"wkid": 3857}}
_MAP_SERVICE = {
    "currentVersion": 10.91,
    "mapName": "scene",
    "capabilities": "Map",
    "layers": [{"id": 0, "name": "scene"}],
    "supportedImageFormatTypes": "PNG32,PNG",
    "spatialReference": {"wkid": 3857},
    "extent": _EXTENT,
    "fullExtent": _EXTENT,
    "singleFusedMapCache": False,
}
_TILING = {
    "singleFusedMapCache": True,
    "tileInfo": {
        "rows": TILE,
        "cols": TILE,
        "origin": {"x": -HALF, "y": HALF},
        "spatialReference": {"wkid": 3857},
        "lods": [{"level": zoom, "resolution": CELL * 2 ** (ZOOM - zoom)} for zoom in range(ZOOM + 1)],
    },
}
