# SPDX-License-Identifier: GPL-2.0-or-later
"""The source of a web layer: a query of names and values, including an address."""

from __future__ import annotations

import base64
from collections.abc import Iterator

from qgis.PyQt.QtCore import QUrl, QUrlQuery

from ..http import Access

HEADER = "http-header:"
REFERER = "referer"


def address_of(query: QUrlQuery) -> str:
    """Returns the address, empty if it is not HTTP."""
    url = query.queryItemValue("url", QUrl.ComponentFormattingOption.FullyEncoded)
    address = QUrl.fromPercentEncoding(url.encode())
    return str(address) if address.startswith(("http://", "https://")) else ""


def text_of(query: QUrlQuery, name: str) -> str:
    """Returns the value of a name, empty if there is none."""
    return str(query.queryItemValue(name, QUrl.ComponentFormattingOption.FullyDecoded))


def access_of(query: QUrlQuery) -> Access:
    """Returns QGIS's sign-in and headers for the layer."""
    return Access(text_of(query, "authcfg"), headers=tuple(_headers(query)))


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
