# SPDX-License-Identifier: GPL-2.0-or-later
"""A WMS of a known array, with tile sets (https://wiki.osgeo.org/wiki/WMS_Tile_Caching)."""

from __future__ import annotations

import threading
import uuid
from dataclasses import dataclass
from typing import Any

import numpy as np

from .loopback import Answer, LoopbackServer, Request
from .tiles import part_of, png_of

DOCUMENT_TYPE = """<!DOCTYPE WMT_MS_Capabilities SYSTEM "http://127.0.0.1:9/capabilities_1_1_1.dtd" [
<!ELEMENT VendorSpecificCapabilities (TileSet*)>]>"""
CAPABILITIES = """<?xml version="1.0"?>{kind}
<{root} version="{version}" xmlns:xlink="http://www.w3.org/1999/xlink"><Service><Name>WMS</Name><Title>scene</Title>
{limits}</Service><Capability><Request><GetMap><Format>image/png</Format><DCPType><HTTP><Get>
<OnlineResource xlink:href="{url}/maps?map=scene&amp;request=none"/></Get></HTTP></DCPType></GetMap></Request>
<VendorSpecificCapabilities>{tile_sets}</VendorSpecificCapabilities><Layer><Title>all</Title><{key}>{crs}</{key}>
<Layer><Name>top:scene &amp; more</Name><Title>scene</Title><{key}>{crs}</{key}>{box}
<Style><Name>natural</Name><Title>natural</Title></Style><Dimension name="time" units="ISO8601"/></Layer>
<Layer><Name>names</Name><Title>names</Title><{key}>{crs}</{key}>{box}</Layer></Layer></Capability></{root}>"""
BOX = '<BoundingBox {key}="{crs}" minx="{0!r}" miny="{1!r}" maxx="{2!r}" maxy="{3!r}"/>'
TILE_SET = """<TileSet><SRS>{crs}</SRS>{box}<Resolutions>{cells}</Resolutions><Width>{width}</Width>
<Height>{height}</Height><Format>image/png</Format><Layers>{layers}</Layers><Styles></Styles></TileSet>"""


@dataclass(frozen=True)
class Extent:
    """Pixels (4, rows, columns) from their upper left corner on, with cells of this size."""

    pixels: np.ndarray
    corner: tuple[float, float]
    cell: float
    crs: str = "EPSG:3857"
    turned: bool = False

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """xmin, ymin, xmax, ymax."""
        (x, y), (_, rows, columns) = self.corner, self.pixels.shape
        return x, y - rows * self.cell, x + columns * self.cell, y


class WmsServer(LoopbackServer):
    """Serves an extent, in images of at most `largest` pixels along an edge if it is set.

    Images that begin at a column and row in `broken` fail.
    """

    def __init__(self, extent: Extent, version: str = "1.3.0", tile: tuple[int, int] = (100, 50)) -> None:
        super().__init__()
        self._extent, self._version, self._tile = extent, version, tile
        self._lock = threading.Lock()
        # A later server may get the same port, and QGIS keeps the capabilities of an address.
        self._run = uuid.uuid4().hex
        self.failures: list[Any] = []
        self.broken: set[tuple[int, int]] = set()
        self.largest: int | None = None
        self.edit: tuple[str, str, int] = ("", "", 0)

    def source(self, layers: str = "layers=top:scene%20%26%20more&styles=natural", more: str = "") -> str:
        """The source of a layer."""
        return f"crs={self._extent.crs}&format=image/png&{layers}&url={self.url}/{self._run}/wms{more}"

    def tiled(self, more: str = "") -> str:
        """The source of a layer with tiles."""
        names = "&tileMatrixSet=top:scene%20%26%20more-wmsc-1"
        return self.source("layers=top:scene%20%26%20more&styles=", names + more)

    @property
    def maps(self) -> list[dict[str, str]]:
        """The parameters of each requested map."""
        return [request.query for request in self.requests if request.path == "/maps"]

    def answer(self, request: Request) -> Answer | None:
        """Answers a request for the capabilities or for a map."""
        query = {name.upper(): value for name, value in request.query.items()}
        if request.path != "/maps":
            return Answer(self._capabilities().replace(*self.edit).encode(), kind="text/xml")
        if self.failures:
            return self.failures.pop(0)
        width, height = int(query["WIDTH"]), int(query["HEIGHT"])
        if self.largest and max(width, height) > self.largest:
            return Answer(b"<ServiceException>too large</ServiceException>", kind="text/xml")
        (x, y), cell = self._extent.corner, self._extent.cell
        box = [float(each) for each in query["BBOX"].split(",")]
        left, top = (box[1], box[2]) if self._north_first else (box[0], box[3])
        column, row = round((left - x) / cell), round((y - top) / cell)
        if (column, row) in self.broken:
            return Answer(b"<ServiceException>no such tile</ServiceException>", kind="text/xml")
        with self._lock:
            return png_of(part_of(self._extent.pixels, column, row, width, height))

    @property
    def _north_first(self) -> bool:
        return self._extent.turned and self._version == "1.3.0"

    def _capabilities(self) -> str:
        key, crs = "CRS" if self._version == "1.3.0" else "SRS", self._extent.crs
        xmin, ymin, xmax, ymax = self._extent.bounds
        turned = (ymin, xmin, ymax, xmax) if self._north_first else self._extent.bounds
        # The first set is of another layer, and QGIS never turns the axes of a tile set.
        cells = {"names": "1", "top:scene &amp; more": f"{4 * self._extent.cell!r} {self._extent.cell!r}"}
        box = BOX.format(*self._extent.bounds, key="SRS", crs=crs)
        width, height = self._tile
        sets = "".join(
            TILE_SET.format(crs=crs, box=box, cells=each, width=width, height=height, layers=layers)
            for layers, each in cells.items()
        )
        return CAPABILITIES.format(
            kind="" if key == "CRS" else DOCUMENT_TYPE,
            root="WMS_Capabilities" if key == "CRS" else "WMT_MS_Capabilities",
            version=self._version, url=self.url, key=key, crs=crs, tile_sets=sets,
            limits=f"<MaxWidth>{self.largest}</MaxWidth><MaxHeight>{self.largest}</MaxHeight>" if self.largest else "",
            box=BOX.format(*turned, key=key, crs=crs),
        )  # fmt: skip
