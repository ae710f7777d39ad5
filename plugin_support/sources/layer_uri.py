# SPDX-License-Identifier: GPL-2.0-or-later
"""The source of a web layer: a query of names and values, including an address."""

from __future__ import annotations

import base64
from collections.abc import Iterator

from qgis.core import QgsDataSourceUri
from qgis.PyQt.QtCore import QDateTime, Qt, QUrl, QUrlQuery

from ..http import Access

WEB, LOCAL = ("http://", "https://"), "file://"
HEADER = "http-header:"
REFERER = "referer"
# Texts that QGIS reads as False.
NEGATIVE = ("false", "0")
# Formats of times in requests, as in QGIS.
MOMENT, DAY = "yyyy-MM-ddThh:mm:ssZ", "yyyy-MM-dd"


def address_of(query: QUrlQuery, starts: tuple[str, ...] = WEB) -> str:
    """Returns the address, empty if it has none of these protocols."""
    url = query.queryItemValue("url", QUrl.ComponentFormattingOption.FullyEncoded)
    address = QUrl.fromPercentEncoding(url.encode())
    return str(address) if address.startswith(starts) else ""


def text_of(query: QUrlQuery, name: str) -> str:
    """Returns the value of a name, empty if there is none."""
    return str(query.queryItemValue(name, QUrl.ComponentFormattingOption.FullyDecoded))


def texts_of(query: QUrlQuery, name: str) -> list[str]:
    """Returns all values of a name in QGIS's order, which is not that of the source."""
    uri = QgsDataSourceUri()
    uri.setEncodedUri(query.toString(QUrl.ComponentFormattingOption.FullyEncoded))
    return [str(value) for value in uri.params(name)]


def access_of(query: QUrlQuery) -> Access:
    """Returns QGIS's sign-in and headers for the layer."""
    return Access(text_of(query, "authcfg"), headers=tuple(_headers(query)))


def time_of(query: QUrlQuery) -> dict[str, str]:
    """Returns the parameters of the time set in the properties of a temporal layer; QGIS sends the start of a range."""
    if text_of(query, "type") != "wmst" or text_of(query, "allowTemporalUpdates") in NEGATIVE:
        return {}
    kind = DAY if text_of(query, "enableTime") in NEGATIVE else MOMENT
    texts = {"TIME": text_of(query, "time").partition("/")[0], "DIM_REFERENCE_TIME": text_of(query, "referenceTime")}
    moments = {name: QDateTime.fromString(text, Qt.DateFormat.ISODateWithMs) for name, text in texts.items()}
    return {name: moment.toString(kind) for name, moment in moments.items() if moment.isValid()}


def _headers(query: QUrlQuery) -> Iterator[tuple[str, str]]:
    for name, value in query.queryItems(QUrl.ComponentFormattingOption.FullyDecoded):
        if name.startswith(HEADER) and value:
            yield name[len(HEADER) :], value
        if name == REFERER and value:
            yield "Referer", value
    user = text_of(query, "username")
    if user:
        words = f"{user}:{text_of(query, 'password')}".encode()
        yield "Authorization", "Basic " + base64.b64encode(words).decode()
