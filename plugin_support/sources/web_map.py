# SPDX-License-Identifier: GPL-2.0-or-later
"""The images of a web map layer: tiles, or maps drawn on request."""

from __future__ import annotations

from qgis.core import QgsRasterLayer
from qgis.PyQt.QtCore import QUrlQuery

from ...inference.errors import LayerReadError
from .arcgis_map import map_service
from .capabilities import CapabilitiesError, Service, read_service
from .layer_uri import address_of, text_of
from .server_map import ServerMap
from .tiled_map import TiledMap, xyz_tiles
from .wms import wms_map, wms_tiles
from .wmts import wmts_tiles

ARCGIS, WEB = "arcgismapserver", "wms"
# Names in the source of a layer with tiles.
TILED = ("tileMatrixSet", "tileDimensions")


def web_map(layer: QgsRasterLayer) -> TiledMap | ServerMap | None:
    """Returns the images of a layer, None if it is no web map or QGIS must read it."""
    if layer.providerType() == ARCGIS:
        service = map_service(layer.source())
        return service.tiles() if service.is_tiled else service.map()
    if layer.providerType() == WEB:
        return xyz_tiles(layer.source()) or service_map(layer.source(), layer.name())
    return None


def service_map(source: str, name: str) -> TiledMap | ServerMap | None:
    """Returns the images of a WMS or WMTS, None for other sources; `name` is the layer in errors."""
    query = QUrlQuery(source)
    if not address_of(query) or text_of(query, "type") in ("xyz", "mbtiles"):
        return None
    service = read_service(query)
    try:
        return _images(service)
    except CapabilitiesError as error:
        raise LayerReadError(layer=name, reason=error.reason) from error


def _images(service: Service) -> TiledMap | ServerMap:
    if not service.has_maps:
        return wmts_tiles(service)
    return wms_tiles(service) if any(map(service.query.hasQueryItem, TILED)) else wms_map(service)
