# SPDX-License-Identifier: GPL-2.0-or-later
"""The tiles of a WMTS layer: its levels and their addresses (OGC 07-057r7, sections 6.1, 7.1 and 10)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

from qgis.core import QgsCoordinateReferenceSystem
from qgis.PyQt.QtCore import QUrl, QUrlQuery

from ...inference.errors import AddressError, LayerReadError
from ...inference.phrase import Phrase
from ...inference.raster.scene.crs import spatial_reference
from ...inference.raster.web import TileMatrix, filled
from ...inference.window import Window
from ..http import Access, get_content, without_query
from ..qgis_crs import wkt_of
from .layer_failures import refusal
from .layer_uri import access_of, address_of, text_of
from .tiled_map import TiledMap
from .xml_element import Element, XmlError, read_element, read_root

# Metres of a screen pixel, assumed by the standard's scale denominators.
PIXEL = 0.00028
# Cells and tiles along an edge.
LARGEST_TILE = 4096
LARGEST_MATRIX = 2**31 - 1
# Most digits of a column or row; Python refuses to read thousands of them.
MOST_DIGITS = 10
# Limits of cells and coordinates in map units; ratios of larger ones may not be finite.
SMALLEST, FARTHEST = 1e-12, 1e12
# Longest text of Python's message on an invalid number.
LONGEST = 200
# Characters in values that are not percent-encoded.
PLAIN = b":,/@"
# Root elements of a WMS, which may have separate tiles (WMS-C).
MAP_SERVICES = ("WMS_Capabilities", "WMT_MS_Capabilities")
QUERIED = ("TILEMATRIX", "TILEROW", "TILECOL")


class CapabilitiesError(Exception):
    """The capabilities lack an element named by the layer, or are invalid."""

    def __init__(self, reason: Phrase) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class AxisOrder:
    """Axis order of a service; by default that of the CRS, which may have north first."""

    ignored: bool = False
    inverted: bool = False

    def is_turned(self, crs: QgsCoordinateReferenceSystem) -> bool:
        """Returns True if north comes first."""
        return (not self.ignored and bool(crs.hasAxisInverted())) != self.inverted


@dataclass(frozen=True)
class WmtsLayer:
    """A layer of a WMTS, with the complete document."""

    document: Element
    layer: Element

    def levels(self, matrix_set: str, axes: AxisOrder) -> tuple[TileMatrix, ...]:
        """Returns the levels of a tile matrix set, each limited to the tiles of the layer."""
        element = _identified(self.document.all("Contents", "TileMatrixSet"), matrix_set)
        if element is None:
            raise CapabilitiesError(Phrase("its service has no tile matrix set {name}", {"name": matrix_set}))
        name = element.text_of("SupportedCRS")
        crs = QgsCoordinateReferenceSystem.fromOgcWmsCrs(name)
        if not crs.isValid():
            raise CapabilitiesError(Phrase("the CRS {name} of its tile matrix set is unknown", {"name": name}))
        unit, turned, limits = _metres_per_unit(crs), axes.is_turned(crs), self._limits(matrix_set)
        matrices = (_matrix(matrix, unit, turned) for matrix in element.all("TileMatrix"))
        found = tuple(_limited(matrix, limits.get(matrix.name)) for matrix in matrices)
        if not found:
            raise CapabilitiesError(Phrase("its tile matrix set {name} is empty", {"name": matrix_set}))
        return found

    def template(self, kind: str) -> str:
        """Returns the address of a tile of this format with placeholders, empty if there is none."""
        for url in self.layer.all("ResourceURL"):
            if url.attributes.get("resourceType") == "tile" and url.attributes.get("format") == kind:
                return url.attributes.get("template", "")
        return ""

    def query_address(self) -> str:
        """Returns the address of GetTile queries, empty if unsupported."""
        for operation in self.document.all("OperationsMetadata", "Operation"):
            if operation.attributes.get("name") == "GetTile":
                for get in operation.all("DCP", "HTTP", "Get"):
                    ways = [value.text.upper() for value in get.all("Constraint", "AllowedValues", "Value")]
                    if not ways or "KVP" in ways:
                        return get.attributes.get("href", "")
        return ""

    def style(self) -> str:
        """Returns the default style."""
        styles = self.layer.all("Style")
        default = [style for style in styles if style.attributes.get("isDefault") == "true"]
        return (default or styles or [Element("Style")])[0].text_of("Identifier")

    def dimensions(self) -> Mapping[str, str]:
        """Returns the default values of the layer's dimensions."""
        return {each.text_of("Identifier"): each.text_of("Default") for each in self.layer.all("Dimension")}

    def _limits(self, matrix_set: str) -> Mapping[str, Element]:
        return {
            limits.text_of("TileMatrix"): limits
            for link in self.layer.all("TileMatrixSetLink")
            if link.text_of("TileMatrixSet") == matrix_set
            for limits in link.all("TileMatrixSetLimits", "TileMatrixLimits")
        }


def wmts_layer(document: Element, identifier: str) -> WmtsLayer:
    """Returns the layer of this identifier; raises a CapabilitiesError."""
    element = _identified(document.all("Contents", "Layer"), identifier)
    if element is None:
        raise CapabilitiesError(Phrase("its service has no layer {name}", {"name": identifier}))
    return WmtsLayer(document, element)


def _identified(elements: list[Element], identifier: str) -> Element | None:
    return next((element for element in elements if element.text_of("Identifier") == identifier), None)


def _matrix(element: Element, unit: float, turned: bool) -> TileMatrix:
    name = element.text_of("Identifier")
    try:
        cell = float(element.text_of("ScaleDenominator")) * PIXEL / unit
        first, second = (float(word) for word in element.text_of("TopLeftCorner").split())
        width, height = (int(element.text_of(key)) for key in ("TileWidth", "TileHeight"))
        columns, rows = (int(element.text_of(key)) for key in ("MatrixWidth", "MatrixHeight"))
    except ValueError as error:
        reason = Phrase("its tile matrix {name} is invalid: {error}", {"name": name, "error": str(error)[:LONGEST]})
        raise CapabilitiesError(reason) from error
    whole = 0 < min(width, height) <= max(width, height) <= LARGEST_TILE
    whole = whole and 0 < min(columns, rows) <= max(columns, rows) <= LARGEST_MATRIX
    if not (whole and SMALLEST <= cell <= FARTHEST and abs(first) <= FARTHEST and abs(second) <= FARTHEST):
        raise CapabilitiesError(Phrase("its tile matrix {name} has impossible sizes", {"name": name}))
    origin = (second, first) if turned else (first, second)
    return TileMatrix(name, origin, cell, (width, height), Window(0, 0, columns, rows))


def _limited(matrix: TileMatrix, limits: Element | None) -> TileMatrix:
    """Returns a matrix within limits; invalid limits, and those outside of it, are ignored, as in QGIS."""
    keys = ("MinTileCol", "MinTileRow", "MaxTileCol", "MaxTileRow")
    words = [limits.text_of(key) for key in keys] if limits is not None else [""]
    if not all(word.isdecimal() and len(word) <= MOST_DIGITS for word in words):
        return matrix
    left, top, right, bottom = map(int, words)
    tiles = Window(left, top, right - left + 1, bottom - top + 1)
    if tiles.empty or tiles.intersection(matrix.tiles) != tiles:
        return matrix
    return TileMatrix(matrix.name, matrix.origin, matrix.cell, matrix.tile_size, tiles)


def _metres_per_unit(crs: QgsCoordinateReferenceSystem) -> float:
    """Returns 1 for metres, and 2 pi a / 360 for degrees, with the largest radius a of the ellipsoid."""
    reference = spatial_reference(wkt_of(crs))
    if reference.IsGeographic():
        return float(reference.GetSemiMajor() * reference.GetAngularUnits())
    return float(reference.GetLinearUnits())


def wmts_tiles(source: str, name: str) -> TiledMap | None:
    """Returns the tiles of a layer's source, None if QGIS must read the layer.

    That applies to all but WMTS tiles, and to a time chosen by QGIS. `name` is the layer in errors.
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
        reason = refusal(content.data) or Phrase("its response is not a capabilities document")
        raise AddressError(address=without_query(address), reason=reason)
    try:
        layer = wmts_layer(read_element(content.data), text_of(query, "layers"))
        axes = AxisOrder(query.hasQueryItem("IgnoreAxisOrientation"), query.hasQueryItem("InvertAxisOrientation"))
        levels, template = layer.levels(matrix_set, axes), tile_template(layer, query, address)
        if access != Access() and QUrl(template).scheme() not in ("https", QUrl(address).scheme()):
            raise CapabilitiesError(Phrase("its tiles have a less secure address than the service"))
    except XmlError as error:
        raise AddressError(address=without_query(address), reason=error.reason) from error
    except CapabilitiesError as error:
        raise LayerReadError(layer=name, reason=error.reason) from error
    return TiledMap(levels, partial(_address, template), lambda level: (_of_level(template, level), None), access)


def capabilities_query(address: str) -> dict[str, str]:
    """Returns the missing parameters of a capabilities request, as in QGIS."""
    known = {name.upper() for name, _ in QUrlQuery(QUrl(address)).queryItems()}
    if "/wmtscapabilities.xml" in address.lower():
        return {}
    wanted = {"SERVICE": "WMS", "REQUEST": "GetCapabilities"}
    return {name: value for name, value in wanted.items() if name not in known}


def tile_template(layer: WmtsLayer, query: QUrlQuery, service: str) -> str:
    """Returns the address of a tile, with placeholders only for matrix, row and column.

    Queries take precedence over paths, as in QGIS. Raises a CapabilitiesError.
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
        raise CapabilitiesError(Phrase("its service declares no tile address for {format}", {"format": kind}))
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


def _of_level(template: str, level: TileMatrix) -> str:
    return filled(template, {"tilematrix": _quoted(level.name)})


def _address(template: str, level: TileMatrix, column: int, row: int) -> str:
    return filled(template, {"tilematrix": _quoted(level.name), "tilecol": column, "tilerow": row})


def _dimensions(text: str) -> dict[str, str]:
    """Parses QGIS's name=value;name=value."""
    pairs = (part.partition("=") for part in text.split(";") if part)
    return {name: value for name, _, value in pairs}


def _quoted(value: str) -> str:
    return bytes(QUrl.toPercentEncoding(value, PLAIN)).decode()
