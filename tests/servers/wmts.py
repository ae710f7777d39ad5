# SPDX-License-Identifier: GPL-2.0-or-later
"""A WMTS (OGC 07-057r7) of known arrays, as a service of queries or of paths."""

from __future__ import annotations

import threading
import uuid
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

import numpy as np

from .loopback import Answer, LoopbackServer, Request
from .tiles import part_of, png_of

PIXEL = 0.00028
CAPABILITIES = """<?xml version="1.0"?>
<Capabilities xmlns="http://www.opengis.net/wmts/1.0" xmlns:ows="http://www.opengis.net/ows/1.1"
 xmlns:xlink="http://www.w3.org/1999/xlink" version="1.0.0">{operations}<Contents>
<Layer><ows:Title>other</ows:Title><ows:Identifier>other</ows:Identifier><Format>image/png</Format></Layer>
<Layer><ows:Title>scene</ows:Title><ows:WGS84BoundingBox><ows:LowerCorner>{corners[0]}</ows:LowerCorner>
<ows:UpperCorner>{corners[1]}</ows:UpperCorner></ows:WGS84BoundingBox>
<ows:Identifier>top:scene &amp; more</ows:Identifier>
<Style><ows:Identifier>other</ows:Identifier></Style>
<Style isDefault="true"><ows:Identifier>default</ows:Identifier></Style><Format>image/png</Format>
<Dimension><ows:Identifier>Time</ows:Identifier><Default>2020</Default><Value>2020</Value></Dimension><TileMatrixSetLink>
<TileMatrixSet>set</TileMatrixSet>{limits}</TileMatrixSetLink>{resource}</Layer><TileMatrixSet>
<ows:Identifier>set</ows:Identifier><ows:SupportedCRS>{crs}</ows:SupportedCRS>{matrices}</TileMatrixSet></Contents>
</Capabilities>"""
OPERATIONS = """<ows:OperationsMetadata><ows:Operation name="GetTile"><ows:DCP><ows:HTTP>
<ows:Get xlink:href="{url}/paths/"><ows:Constraint name="GetEncoding"><ows:AllowedValues><ows:Value>RESTful</ows:Value>
</ows:AllowedValues></ows:Constraint></ows:Get><ows:Get xlink:href="{url}/queries?map=a%26b&amp;request=none">
<ows:Constraint name="GetEncoding"><ows:AllowedValues><ows:Value>KVP</ows:Value></ows:AllowedValues></ows:Constraint>
</ows:Get></ows:HTTP></ows:DCP></ows:Operation></ows:OperationsMetadata>"""
RESOURCE = (
    '<ResourceURL format="image/png" resourceType="tile" '
    'template="{url}/paths/{{layer}}/{{Style}}/{{Time}}/{{TileMatrixSet}}/{{TileMatrix}}/{{TileRow}}/{{TileCol}}.png"/>'
)
MATRIX = """<TileMatrix><ows:Identifier>{name}</ows:Identifier><ScaleDenominator>{scale!r}</ScaleDenominator>
<TopLeftCorner>{corner}</TopLeftCorner><TileWidth>{width}</TileWidth><TileHeight>{height}</TileHeight>
<MatrixWidth>{columns}</MatrixWidth><MatrixHeight>{rows}</MatrixHeight></TileMatrix>"""
LIMITS = """<TileMatrixLimits><TileMatrix>{name}</TileMatrix><MinTileRow>{1}</MinTileRow><MaxTileRow>{3}</MaxTileRow>
<MinTileCol>{0}</MinTileCol><MaxTileCol>{2}</MaxTileCol></TileMatrixLimits>"""
QUERY = {
    "SERVICE": "WMTS", "REQUEST": "GetTile", "VERSION": "1.0.0", "LAYER": "top:scene & more", "STYLE": "default",
    "FORMAT": "image/png", "TILEMATRIXSET": "set", "MAP": "a&b",
}  # fmt: skip


@dataclass(frozen=True)
class Level:
    """Pixels (4, rows, columns) from a corner on, with cells of this size, in tiles of this width and height.

    The limits are the first and last existing column and row: left, top, right, bottom.
    """

    name: str
    pixels: np.ndarray
    corner: tuple[float, float]
    cell: float
    tile: tuple[int, int] = (256, 256)
    limits: tuple[int, int, int, int] | None = None

    @property
    def count(self) -> tuple[int, int]:
        """The number of columns and rows of tiles."""
        return -(-self.pixels.shape[2] // self.tile[0]), -(-self.pixels.shape[1] // self.tile[1])


class WmtsServer(LoopbackServer):
    """Serves levels; `unit` is a unit of the CRS in metres, and `turned` is True if it has north first."""

    def __init__(
        self, levels: tuple[Level, ...], queries: bool = True, crs: str = "EPSG::3857", unit: float = 1.0,
        turned: bool = False, corners: tuple[str, str] = ("-180 -85", "180 85"),
    ) -> None:  # fmt: skip
        super().__init__()
        self._levels = {level.name: level for level in levels}
        self._queries, self._crs, self._unit, self._turned, self._corners = queries, crs, unit, turned, corners
        self._lock = threading.Lock()
        # A later server may get the same port, and QGIS keeps the capabilities of an address.
        self._run = uuid.uuid4().hex
        self.failures: list[Any] = []
        self.time = "2020"
        self.edit = ("", "")

    @property
    def source(self) -> str:
        """The source of a WMTS layer."""
        known = "dpiMode=7&format=image/png&layers=top:scene%20%26%20more&styles=default&tileMatrixSet=set"
        return f"crs={self._crs.replace('::', ':').replace(':1.3:', ':')}&{known}&url={self.url}/{self._run}/wmts.xml"

    @property
    def tiles(self) -> list[tuple[str, int, int]]:
        """The matrix, column and row of each requested tile."""
        return [place for place in map(self._place, self.requests) if place]

    def answer(self, request: Request) -> Answer | None:
        """Answers a request for the capabilities or for a tile."""
        if request.path.endswith("/wmts.xml"):
            return self.capabilities()
        place = self._place(request)
        if place is None:
            return Answer(status=400)
        if self.failures:
            return self.failures.pop(0)
        name, column, row = place
        level = self._levels[name]
        left, top, right, bottom = level.limits or (0, 0, level.count[0] - 1, level.count[1] - 1)
        if not (left <= column <= right and top <= row <= bottom):
            return Answer(status=400)
        width, height = level.tile
        with self._lock:
            return png_of(part_of(level.pixels, column * width, row * height, width, height))

    def capabilities(self) -> Answer:
        """Answers with the capabilities."""
        return Answer(self._capabilities().replace(*self.edit, 1).encode(), kind="text/xml")

    def _place(self, request: Request) -> tuple[str, int, int] | None:
        """Returns the requested tile, None if the request is wrong."""
        query = {name.upper(): value for name, value in request.query.items()}
        if self._queries and request.path == "/queries":
            place = query.pop("TILEMATRIX", ""), int(query.pop("TILECOL", -1)), int(query.pop("TILEROW", -1))
            return place if query == {**QUERY, "TIME": self.time} else None
        parts = request.path.split("/")
        start = ["", "paths", "top:scene%20%26%20more", "default", self.time, "set"]
        if self._queries or parts[:6] != start or len(parts) != 9:
            return None
        return unquote(parts[6]), int(parts[8][:-4]), int(parts[7])

    def _capabilities(self) -> str:
        levels = self._levels.values()
        limits = [LIMITS.format(*level.limits, name=level.name) for level in levels if level.limits]
        return CAPABILITIES.format(
            operations=OPERATIONS.format(url=self.url) if self._queries else "",
            resource=RESOURCE.format(url=self.url),
            limits=f"<TileMatrixSetLimits>{''.join(limits)}</TileMatrixSetLimits>" if limits else "",
            matrices="".join(map(self._matrix, levels)),
            crs=f"urn:ogc:def:crs:{self._crs}",
            corners=self._corners,
        )

    def _matrix(self, level: Level) -> str:
        corner = level.corner[::-1] if self._turned else level.corner
        return MATRIX.format(
            name=level.name, scale=level.cell * self._unit / PIXEL, corner=f"{corner[0]!r} {corner[1]!r}",
            width=level.tile[0], height=level.tile[1], columns=level.count[0], rows=level.count[1],
        )  # fmt: skip
