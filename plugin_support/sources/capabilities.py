# SPDX-License-Identifier: GPL-2.0-or-later
"""The description of a WMS or WMTS as QGIS requests it, and addresses of its images."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from qgis.core import QgsCoordinateReferenceSystem
from qgis.PyQt.QtCore import QUrl, QUrlQuery

from ...inference.errors import AddressError
from ...inference.phrase import Phrase
from ..http import Access, get_content, without_query
from .layer_uri import access_of, address_of
from .service_refusal import refusal
from .xml_element import Element, XmlError, read_element, read_root

# Root elements of a WMS, which may have separate tiles (WMS-C), and of a WMTS.
MAP_SERVICES = ("WMS_Capabilities", "WMT_MS_Capabilities")
TILE_SERVICE = "Capabilities"
# The layers of a WMS, which nothing here needs, may be thousands.
UNREAD = dict.fromkeys(MAP_SERVICES, ("Layer",))
# Characters in values that are not percent-encoded.
PLAIN = b":,/@"
# Limits of cells and coordinates in map units; ratios of larger ones may not be finite.
SMALLEST, FARTHEST = 1e-12, 1e12
# Cells and tiles along an edge.
LARGEST_TILE = 4096
LARGEST_MATRIX = 2**31 - 1
# Longest text of Python's message on an invalid number.
LONGEST = 200


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
class Service:
    """The source of a layer, the address and the capabilities of its service, and the sign-in for addresses in them."""

    query: QUrlQuery
    address: str
    document: Element
    access: Access

    @property
    def has_maps(self) -> bool:
        """True for a WMS, False for a WMTS."""
        return self.document.name in MAP_SERVICES

    @property
    def axes(self) -> AxisOrder:
        """The order of axes that the layer asks for."""
        return AxisOrder(
            self.query.hasQueryItem("IgnoreAxisOrientation"), self.query.hasQueryItem("InvertAxisOrientation")
        )

    def refuse_less_secure(self, address: str) -> None:
        """Raises a CapabilitiesError if an address of images would send the sign-in less securely."""
        if self.access != Access() and QUrl(address).scheme() not in ("https", QUrl(self.address).scheme()):
            raise CapabilitiesError(Phrase("its tiles have a less secure address than the service"))


def read_service(query: QUrlQuery) -> Service:
    """Requests the capabilities of the service in a layer's source; raises an AddressError."""
    address = address_of(query)
    content = get_content(address, capabilities_query(address), access_of(query))
    root = read_root(content.data)
    try:
        if root not in (*MAP_SERVICES, TILE_SERVICE):
            raise XmlError(refusal(content.data) or Phrase("its response is not a capabilities document"))
        return Service(query, address, read_element(content.data, UNREAD.get(root, ())), content.access)
    except XmlError as error:
        raise AddressError(address=without_query(address), reason=error.reason) from error


def capabilities_query(address: str) -> dict[str, str]:
    """Returns the missing parameters of a capabilities request, as in QGIS."""
    known = {name.upper() for name, _ in QUrlQuery(QUrl(address)).queryItems()}
    if "/wmtscapabilities.xml" in address.lower():
        return {}
    wanted = {"SERVICE": "WMS", "REQUEST": "GetCapabilities"}
    return {name: value for name, value in wanted.items() if name not in known}


def queried_address(base: str, values: Mapping[str, str], reserved: tuple[str, ...]) -> str:
    """Returns an address with these parameters instead of its own ones of the same or a reserved name.

    The caller appends the reserved ones.
    """
    address = QUrl(base)
    query = QUrlQuery(address)
    fixed = {name.upper(): value for name, value in values.items()}
    for name, _ in query.queryItems():
        if name.upper() in (*fixed, *reserved):
            query.removeAllQueryItems(name)
    for name, value in fixed.items():
        query.addQueryItem(name, quoted(value))
    address.setQuery(query)
    return str(address.toString(QUrl.ComponentFormattingOption.FullyEncoded))


def quoted(value: str) -> str:
    """Returns a value as part of an address."""
    return bytes(QUrl.toPercentEncoding(value, PLAIN)).decode()
