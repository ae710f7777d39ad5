# SPDX-License-Identifier: GPL-2.0-or-later
"""The tiles of a WMTS layer: its levels and their addresses (OGC 07-057r7, sections 6.1, 7.1 and 10)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

from qgis.core import QgsCoordinateReferenceSystem

from ...inference.phrase import Phrase
from ...inference.raster.scene.crs import spatial_reference
from ...inference.raster.web import TileMatrix, filled
from ...inference.window import Window
from ..qgis_crs import wkt_of
from .capabilities import (
    FARTHEST,
    LARGEST_MATRIX,
    LARGEST_TILE,
    LONGEST,
    SMALLEST,
    AxisOrder,
    CapabilitiesError,
    Service,
    queried_address,
    quoted,
)
from .layer_uri import text_of, time_of
from .tiled_map import TiledMap
from .xml_element import Element

# Metres of a screen pixel, assumed by the standard's scale denominators.
PIXEL = 0.00028
# Most digits of a column or row; Python refuses to read thousands of them.
MOST_DIGITS = 10
QUERIED = ("TILEMATRIX", "TILEROW", "TILECOL")


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


def wmts_tiles(service: Service) -> TiledMap:
    """Returns the tiles of a layer of a WMTS; raises a CapabilitiesError."""
    query = service.query
    if time_of(query):
        raise CapabilitiesError(Phrase("only QGIS can choose its time; remove it from the layer's properties"))
    layer = wmts_layer(service.document, text_of(query, "layers"))
    levels, template = layer.levels(text_of(query, "tileMatrixSet"), service.axes), tile_template(layer, service)
    service.refuse_less_secure(template)
    return TiledMap(levels, partial(_address, template), service.access, partial(_of_level, template))


def tile_template(layer: WmtsLayer, service: Service) -> str:
    """Returns the address of a tile, with placeholders only for matrix, row and column.

    Queries take precedence over paths, as in QGIS. Raises a CapabilitiesError.
    """
    query = service.query
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
        base = service.address if query.hasQueryItem("IgnoreGetMapUrl") else queried
        version = layer.document.attributes.get("version", "1.0.0")
        fixed = {"Service": "WMTS", "Request": "GetTile", "Version": version, **values, **dimensions}
        template = _queried_template(base, fixed)
    else:
        filling = {name.lower(): quoted(value) for name, value in {**values, **dimensions}.items()}
        template = filled(layer.template(kind), filling)
    if not template.startswith(("http://", "https://")):
        raise CapabilitiesError(Phrase("its service declares no tile address for {format}", {"format": kind}))
    return template


def _queried_template(base: str, values: Mapping[str, str]) -> str:
    places = "".join(f"&{name}={{{name}}}" for name in QUERIED)
    return queried_address(base, values, QUERIED) + places


def _of_level(template: str, level: TileMatrix) -> tuple[str, None]:
    return filled(template, {"tilematrix": quoted(level.name)}), None


def _address(template: str, level: TileMatrix, column: int, row: int) -> str:
    return filled(template, {"tilematrix": quoted(level.name), "tilecol": column, "tilerow": row})


def _dimensions(text: str) -> dict[str, str]:
    """Parses QGIS's name=value;name=value."""
    pairs = (part.partition("=") for part in text.split(";") if part)
    return {name: value for name, _, value in pairs}
