# SPDX-License-Identifier: GPL-2.0-or-later
"""The images of an ArcGIS map service: its tiles, or maps drawn on request, as QGIS requests them.

https://developers.arcgis.com/rest/services-reference/enterprise/map-service/
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from qgis.core import Qgis, QgsDataSourceUri

from ...inference.errors import AddressError
from ...inference.grid import Bounds
from ...inference.phrase import Phrase
from ...inference.raster.web import TileMatrix, filled
from ...inference.window import Window
from ..http import Access, get_json, without_query
from .capabilities import FARTHEST, LARGEST_MATRIX, LARGEST_TILE, SMALLEST, quoted
from .layer_uri import NEGATIVE
from .server_map import ServerMap
from .tiled_map import TiledMap

# The first version of QGIS with headers in sources.
HEADERS = 32400
TILE = "/tile/{level}/{tilerow}/{tilecol}"


@dataclass(frozen=True)
class MapService:
    """The source of a layer, and the description of its service."""

    uri: QgsDataSourceUri
    document: Mapping[str, Any]

    @property
    def is_tiled(self) -> bool:
        """True if QGIS reads the cached tiles."""
        return bool(self.document.get("singleFusedMapCache")) and self.uri.param("tiled").lower() not in NEGATIVE

    @property
    def access(self) -> Access:
        """The sign-in and headers of the layer."""
        return _access(self.uri)

    def tiles(self) -> TiledMap:
        """Returns the cached tiles; raises an AddressError."""
        template = _url(self.uri) + TILE

        def of_level(level: TileMatrix) -> tuple[str, None]:
            return filled(template, {"level": level.name}), None

        def address(level: TileMatrix, column: int, row: int) -> str:
            return filled(template, {"level": level.name, "tilecol": column, "tilerow": row})

        try:
            levels = tuple(_levels(self.document["tileInfo"]))
        except (KeyError, TypeError, ValueError, OverflowError):
            levels = ()
        if not levels:
            raise AddressError(
                address=without_query(_url(self.uri)), reason=Phrase("its description of tiles is invalid")
            )
        return TiledMap(levels, address, self.access, of_level)

    def map(self) -> ServerMap:
        """Returns the map drawn on request."""
        known = {
            "format": self.uri.param("format"),
            "layers": f"show:{self.uri.param('layer')}",
            "transparent": "true",
            "f": "image",
        }
        start = f"{_url(self.uri)}/export?" + "&".join(f"{name}={quoted(value)}" for name, value in known.items())

        def address(bounds: Bounds, width: int, height: int) -> str:
            return f"{start}&bbox={','.join(map(repr, bounds))}&size={width},{height}"

        edges = [self.document.get(name) for name in ("maxImageWidth", "maxImageHeight")]
        return ServerMap(address, self.access, min((e for e in edges if isinstance(e, int) and e > 0), default=None))


def map_service(source: str) -> MapService:
    """Returns the map service of a layer's source; raises an AddressError."""
    uri = QgsDataSourceUri(source)
    return MapService(uri, get_json(f"{_url(uri)}?f=json", {}, _access(uri)))


def _url(uri: QgsDataSourceUri) -> str:
    return str(uri.param("urlprefix")) + str(uri.param("url")).rstrip("/")


def _access(uri: QgsDataSourceUri) -> Access:
    if Qgis.QGIS_VERSION_INT >= HEADERS:
        known = {str(name): str(value) for name, value in uri.httpHeaders().headers().items()}
    else:
        known = {"Referer": str(uri.param("referer"))}
    return Access(uri.authConfigId(), headers=tuple((name, value) for name, value in known.items() if value))


def _levels(tiling: Mapping[str, Any]) -> Iterator[TileMatrix]:
    """Yields the levels, whose tiles the caller limits to the extent of the layer."""
    width, height = int(tiling["cols"]), int(tiling["rows"])
    origin = float(tiling["origin"]["x"]), float(tiling["origin"]["y"])
    whole = 0 < min(width, height) <= max(width, height) <= LARGEST_TILE
    for lod in tiling["lods"]:
        cell = float(lod["resolution"])
        if not (whole and SMALLEST <= cell <= FARTHEST and max(map(abs, origin)) <= FARTHEST):
            raise ValueError(cell)
        tiles = Window(0, 0, LARGEST_MATRIX, LARGEST_MATRIX)
        yield TileMatrix(str(int(lod["level"])), origin, cell, (width, height), tiles)
