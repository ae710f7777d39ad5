# SPDX-License-Identifier: GPL-2.0-or-later
"""The maps of a WMS (OGC 01-068r3, 06-042), and their tiles if the service has any (WMS-C).

WMS-C: https://wiki.osgeo.org/wiki/WMS_Tile_Caching. Tile sets, their names and requests are those of QGIS.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from functools import partial

from qgis.core import QgsCoordinateReferenceSystem

from ...inference.grid import Bounds
from ...inference.phrase import Phrase
from ...inference.raster.web import TileMatrix
from ...inference.window import Window
from .capabilities import (
    FARTHEST,
    LARGEST_MATRIX,
    LARGEST_TILE,
    LONGEST,
    SMALLEST,
    CapabilitiesError,
    Service,
    queried_address,
)
from .layer_uri import text_of, texts_of, time_of
from .server_map import ServerMap
from .tiled_map import TiledMap
from .xml_element import Element

BOUNDS = ("minx", "miny", "maxx", "maxy")
REQUESTED = ("BBOX", "WIDTH", "HEIGHT")
# Most digits of a width; Python refuses to read thousands of them.
MOST_DIGITS = 9


def wms_map(service: Service) -> ServerMap:
    """Returns the map of a layer; raises a CapabilitiesError."""
    query, limits = service.query, service.document.all("Service")
    extra = {"OPACITIES": ",".join(texts_of(query, "opacities")), "FILTER": text_of(query, "filter")}
    template = _template(service, {name: value for name, value in extra.items() if value})
    edges = [text_of(query, "maxWidth"), text_of(query, "maxHeight")]
    edges += [limit.text_of(name) for limit in limits for name in ("MaxWidth", "MaxHeight")]
    largest = min((int(edge) for edge in edges if _is_number(edge) and int(edge) > 0), default=None)
    return ServerMap(partial(_address, template, _is_turned(service)), service.access, largest)


def wms_tiles(service: Service) -> TiledMap:
    """Returns the tiles of a layer; raises a CapabilitiesError."""
    levels = tuple(_levels(_tile_set(service)))
    template, turned = _template(service, {"TILED": "true"}), _is_turned(service)

    def address(level: TileMatrix, column: int, row: int) -> str:
        return _address(template, turned, level.bounds_of(column, row), *level.tile_size)

    return TiledMap(levels, address, service.access, complete=True)


def _template(service: Service, extra: dict[str, str]) -> str:
    """Returns the address of a map without extent and size."""
    query, kind = service.query, text_of(service.query, "format")
    base = service.address if query.hasQueryItem("IgnoreGetMapUrl") else _map_address(service)
    version = _version(service)
    fixed = {
        "SERVICE": "WMS",
        "VERSION": version,
        "REQUEST": "GetMap",
        "LAYERS": ",".join(texts_of(query, "layers")),
        "STYLES": ",".join(texts_of(query, "styles")),
        "FORMAT": kind,
        _crs_name(version): text_of(query, "crs"),
        **extra,
        **time_of(query),
    }
    if kind == "image/x-jpegorpng" or not any(word in kind.lower() for word in ("jpeg", "jpg")):
        fixed["TRANSPARENT"] = "TRUE"
    template = queried_address(base, fixed, REQUESTED)
    if not template.startswith(("http://", "https://")):
        raise CapabilitiesError(Phrase("its service declares no address of maps"))
    service.refuse_less_secure(template)
    return template


def _address(template: str, turned: bool, bounds: Bounds, width: int, height: int) -> str:
    xmin, ymin, xmax, ymax = bounds
    box = ",".join(map(repr, (ymin, xmin, ymax, xmax) if turned else bounds))
    return f"{template}&BBOX={box}&WIDTH={width}&HEIGHT={height}"


def _map_address(service: Service) -> str:
    path = ("Capability", "Request", "GetMap", "DCPType", "HTTP", "Get", "OnlineResource")
    found = service.document.all(*path)
    return found[0].attributes.get("href", "") if found else service.address


def _version(service: Service) -> str:
    return service.document.attributes.get("version", "")


def _crs_name(version: str) -> str:
    return "CRS" if version in ("1.3.0", "1.3") else "SRS"


def _is_turned(service: Service) -> bool:
    """Returns True if north comes first.

    Version 1.3 leaves that to the CRS. QGIS then inverts the axes only if it ignores those of the CRS.
    """
    axes = service.axes
    if _crs_name(_version(service)) == "SRS" or axes.ignored:
        return axes.inverted
    return bool(QgsCoordinateReferenceSystem.fromOgcWmsCrs(text_of(service.query, "crs")).hasAxisInverted())


def _tile_set(service: Service) -> Element:
    """Returns the tile set of a layer's source; QGIS names it by its layers and its place in the capabilities."""
    sets = service.document.all("Capability", "VendorSpecificCapabilities", "TileSet")
    wanted, layers = text_of(service.query, "tileMatrixSet"), text_of(service.query, "layers")
    names = [[each.text for each in tile_set.all("Layers")] for tile_set in sets]
    for index, (tile_set, own) in enumerate(zip(sets, names)):
        if ",".join(own) == layers and wanted in ("", f"{'_'.join(own)}-wmsc-{index}"):
            return tile_set
    raise CapabilitiesError(Phrase("its service has no tile matrix set {name}", {"name": wanted}))


def _levels(tile_set: Element) -> Iterator[TileMatrix]:
    try:
        cells = [float(word) for word in tile_set.text_of("Resolutions").split()]
        width, height = (int(tile_set.text_of(name)) for name in ("Width", "Height"))
        box = (tile_set.all("BoundingBox") or [Element("BoundingBox")])[0].attributes
        left, bottom, right, top = (float(box.get(name, "").replace(",", ".")) for name in BOUNDS)
    except ValueError as error:
        raise CapabilitiesError(Phrase("its tile set is invalid: {error}", {"error": str(error)[:LONGEST]})) from error
    bounded = all(abs(bound) <= FARTHEST for bound in (left, bottom, right, top)) and left < right and bottom < top
    bounded = bounded and 0 < min(width, height) <= max(width, height) <= LARGEST_TILE
    if not (cells and bounded and all(SMALLEST <= cell <= FARTHEST for cell in cells)):
        raise CapabilitiesError(Phrase("its tile set has impossible sizes"))
    for index, cell in enumerate(cells):
        columns = math.ceil((right - left) / width / cell)
        rows = math.ceil((top - bottom) / height / cell)
        if max(columns, rows) > LARGEST_MATRIX:
            raise CapabilitiesError(Phrase("its tile set has impossible sizes"))
        # Rows count from the top here, and from the bottom in the tile set.
        origin = left, bottom + rows * height * cell
        yield TileMatrix(str(index), origin, cell, (width, height), Window(0, 0, columns, rows))


def _is_number(text: str) -> bool:
    return text.isdecimal() and len(text) <= MOST_DIGITS
