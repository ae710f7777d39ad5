# SPDX-License-Identifier: GPL-2.0-or-later
"""The tiles of a WMTS layer."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from qgis.PyQt.QtCore import QUrl, QUrlQuery

from ...inference.errors import AddressError, LayerReadError
from ...inference.phrase import Phrase
from ..http import Access, get_content, without_query
from .layer_uri import access_of, address_of, text_of
from .tile_matrix import TileMatrix
from .tiled_map import TiledMap, filled
from .wms_map import refusal
from .wmts_capabilities import AxisOrder, CapabilitiesError, WmtsLayer, wmts_layer
from .xml_element import XmlError, read_element, read_root

# Letters of values that servers want to see as they are.
PLAIN = b":,/@"
# The outermost elements of a WMS, which may have tiles of its own (WMS-C).
MAP_SERVICES = ("WMS_Capabilities", "WMT_MS_Capabilities")
QUERIED = ("TILEMATRIX", "TILEROW", "TILECOL")


def wmts_tiles(source: str, name: str) -> TiledMap | None:
    """Returns the tiles that the source of a layer names, None where QGIS has to read them.

    Those are no tiles of a WMTS, or QGIS chooses their time. The name stands for the layer in errors.
    """
    query = QUrlQuery(source)
    address, matrix_set = address_of(query), text_of(query, "tileMatrixSet")
    if not address or not matrix_set or query.hasQueryItem("type"):
        return None
    content = get_content(address, capabilities_query(address), access_of(query))
    root, access = read_root(content.data), content.access
    if root in MAP_SERVICES:
        return None
    if root != "Capabilities":
        reason = refusal(content.data) or Phrase("it answered with something else than capabilities")
        raise AddressError(address=without_query(address), reason=reason)
    try:
        layer = wmts_layer(read_element(content.data), text_of(query, "layers"))
        axes = AxisOrder(query.hasQueryItem("IgnoreAxisOrientation"), query.hasQueryItem("InvertAxisOrientation"))
        levels, template = layer.levels(matrix_set, axes), tile_template(layer, query, address)
        if access != Access() and QUrl(template).scheme() not in ("https", QUrl(address).scheme()):
            raise CapabilitiesError(Phrase("its tiles are at an address that is less safe than the service"))
    except XmlError as error:
        raise AddressError(address=without_query(address), reason=error.reason) from error
    except CapabilitiesError as error:
        raise LayerReadError(layer=name, reason=error.reason) from error
    return TiledMap(levels, partial(_address, template), access)


def capabilities_query(address: str) -> dict[str, str]:
    """Returns what the address of a service lacks to ask for its capabilities, as QGIS asks for them."""
    known = {name.upper() for name, _ in QUrlQuery(QUrl(address)).queryItems()}
    if "/wmtscapabilities.xml" in address.lower():
        return {}
    wanted = {"SERVICE": "WMS", "REQUEST": "GetCapabilities"}
    return {name: value for name, value in wanted.items() if name not in known}


def tile_template(layer: WmtsLayer, query: QUrlQuery, service: str) -> str:
    """Returns the address of a tile, in which only its matrix, row and column are still placeholders.

    Where a service takes queries and paths, QGIS asks with queries. Raises a CapabilitiesError.
    """
    kind = text_of(query, "format")
    values = {
        "Layer": text_of(query, "layers"),
        "Style": text_of(query, "styles") or layer.style(),
        "Format": kind,
        "TileMatrixSet": text_of(query, "tileMatrixSet"),
    }
    dimensions = {**layer.dimensions(), **_dimensions(text_of(query, "tileDimensions"))}
    queried = layer.query_address()
    if queried:
        base = service if query.hasQueryItem("IgnoreGetMapUrl") else queried
        version = layer.document.attributes.get("version", "1.0.0")
        fixed = {"Service": "WMTS", "Request": "GetTile", "Version": version, **values, **dimensions}
        template = _queried_template(base, fixed)
    else:
        filling = {name.lower(): _quoted(value) for name, value in {**values, **dimensions}.items()}
        template = filled(layer.template(kind), filling)
    if not template.startswith(("http://", "https://")):
        raise CapabilitiesError(Phrase("its service names no address of tiles as {format}", {"format": kind}))
    return template


def _queried_template(base: str, values: Mapping[str, str]) -> str:
    address = QUrl(base)
    query = QUrlQuery(address)
    fixed = {name.upper(): value for name, value in values.items()}
    for name, _ in query.queryItems():
        if name.upper() in (*fixed, *QUERIED):
            query.removeAllQueryItems(name)
    for name, value in fixed.items():
        query.addQueryItem(name, _quoted(value))
    address.setQuery(query)
    places = "".join(f"&{name}={{{name}}}" for name in QUERIED)
    return str(address.toString(QUrl.ComponentFormattingOption.FullyEncoded)) + places


def _address(template: str, level: TileMatrix, column: int, row: int) -> str:
    return filled(template, {"tilematrix": _quoted(level.name), "tilecol": column, "tilerow": row})


def _dimensions(text: str) -> dict[str, str]:
    """Reads QGIS's name=value;name=value."""
    pairs = (part.partition("=") for part in text.split(";") if part)
    return {name: value for name, _, value in pairs}


def _quoted(value: str) -> str:
    return bytes(QUrl.toPercentEncoding(value, PLAIN)).decode()
