# SPDX-License-Identifier: GPL-2.0-or-later
"""What a WMTS says of a layer: its levels and the addresses of its tiles (OGC 07-057r7, sections 6.1, 7.1 and 10)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from qgis.core import QgsCoordinateReferenceSystem

from ...inference.phrase import Phrase
from ...inference.raster.scene.crs import spatial_reference
from ...inference.window import Window
from ..qgis_crs import wkt_of
from .tile_matrix import TileMatrix
from .xml_element import Element

# Metres on the screen that the scale denominators of the standard suppose for a cell.
PIXEL = 0.00028
# Cells and tiles along an edge.
LARGEST_TILE = 4096
LARGEST_MATRIX = 2**31 - 1
# Digits of a column or row; Python refuses thousands of them.
MOST_DIGITS = 10
# Map units: cells and coordinates beyond these are of no world, and their ratios no numbers.
SMALLEST, FARTHEST = 1e-12, 1e12
# Letters of what Python says of a word that is no number.
LONGEST = 200


class CapabilitiesError(Exception):
    """What is asked for is not there, or cannot be understood."""

    def __init__(self, reason: Phrase) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class AxisOrder:
    """Whether the coordinates of a CRS that has north or latitude first are written so, which is what they should."""

    ignored: bool = False
    inverted: bool = False

    def is_turned(self, crs: QgsCoordinateReferenceSystem) -> bool:
        """Tells whether north comes first."""
        return (not self.ignored and bool(crs.hasAxisInverted())) != self.inverted


@dataclass(frozen=True)
class WmtsLayer:
    """A layer of a WMTS, and the whole document that it comes from."""

    document: Element
    layer: Element

    def levels(self, matrix_set: str, axes: AxisOrder) -> tuple[TileMatrix, ...]:
        """Returns the levels of a set of tile matrices, each with the tiles that the layer has of it."""
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
        """Returns the address of a tile of this format with placeholders, empty where there is none."""
        for url in self.layer.all("ResourceURL"):
            if url.attributes.get("resourceType") == "tile" and url.attributes.get("format") == kind:
                return url.attributes.get("template", "")
        return ""

    def query_address(self) -> str:
        """Returns where GetTile is asked for as a query, empty where the service knows no queries."""
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
        reason = Phrase("its tile matrix {name} is not usable: {error}", {"name": name, "error": str(error)[:LONGEST]})
        raise CapabilitiesError(reason) from error
    whole = 0 < min(width, height) <= max(width, height) <= LARGEST_TILE
    whole = whole and 0 < min(columns, rows) <= max(columns, rows) <= LARGEST_MATRIX
    if not (whole and SMALLEST <= cell <= FARTHEST and abs(first) <= FARTHEST and abs(second) <= FARTHEST):
        raise CapabilitiesError(Phrase("its tile matrix {name} has impossible sizes", {"name": name}))
    origin = (second, first) if turned else (first, second)
    return TileMatrix(name, origin, cell, (width, height), Window(0, 0, columns, rows))


def _limited(matrix: TileMatrix, limits: Element | None) -> TileMatrix:
    """Returns a matrix within limits; those that are none, or lie outside, are passed over as in QGIS."""
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
