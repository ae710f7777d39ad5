# SPDX-License-Identifier: GPL-2.0-or-later
"""Failures of web layers, which QGIS shows as empty tiles or maps without an error.

A WMS is checked by a small map if QGIS shows nothing, tiles drawn by QGIS by their replies.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from html import unescape
from typing import Callable, TypeVar

from qgis.core import QgsCoordinateReferenceSystem, QgsNetworkAccessManager, QgsNetworkReplyContent
from qgis.PyQt.QtCore import Qt, QUrlQuery
from qgis.PyQt.QtNetwork import QNetworkReply, QNetworkRequest

from ...inference.errors import AddressError
from ...inference.grid import Bounds, Grid
from ...inference.phrase import Phrase
from ...inference.raster.read.source import Valid
from ..http import ABSENT, PASSING, PAUSES, Access, get_bytes, wait, without_query
from .layer_uri import access_of, address_of

# Pixels of the small map, whose content is not used.
SIZE = 16

# White space and byte order mark before XML.
MARKUP_BEFORE = b" \t\r\n\xef\xbb\xbf"
EXCEPTION = re.compile(r"<(?:\w+:)?(?:ServiceException|ExceptionText)\b[^>]*>(?:\s*<!\[CDATA\[)?([^<\]]*)")
LONGEST_REASON = 200

Result = TypeVar("Result")


@dataclass(frozen=True)
class WmsMap:
    """The address of a WMS, the parameters of its map, and the sign-in."""

    url: str
    crs: str
    parameters: tuple[tuple[str, str], ...]
    access: Access

    def ask(self, block: Grid, visible: Valid) -> bool:
        """Requests a small map of the block; raises an AddressError if the server fails or refuses.

        A refusal is XML sent as a success, possibly only of the WMS version, so both versions are tried.
        """
        size = {"WIDTH": str(SIZE), "HEIGHT": str(SIZE)}
        crs = QgsCoordinateReferenceSystem(self.crs)
        xmin, ymin, xmax, ymax = block.bounds
        turned = (ymin, xmin, ymax, xmax) if crs.hasAxisInverted() else block.bounds
        older = {"VERSION": "1.1.1", "SRS": self.crs, "BBOX": _text(block.bounds)}
        newer = {"VERSION": "1.3.0", "CRS": self.crs, "BBOX": _text(turned)}
        for version in (older, newer):
            content = get_bytes(self.url, {**dict(self.parameters), **version, **size}, self.access)
            if content.lstrip(MARKUP_BEFORE)[:1] not in (b"<", b""):
                return True
        raise AddressError(
            address=without_query(self.url),
            reason=refusal(content) or Phrase("its response is not an image"),
        )


def wms_map(source: str) -> WmsMap | None:
    """Returns the map of a layer's source, None for tiled services and other sources."""
    query = QUrlQuery(source)
    url = address_of(query)
    if not url or query.hasQueryItem("tileMatrixSet") or query.hasQueryItem("type"):
        return None
    parameters = {
        "SERVICE": "WMS",
        "REQUEST": "GetMap",
        "LAYERS": ",".join(query.allQueryItemValues("layers")),
        "STYLES": ",".join(query.allQueryItemValues("styles")),
        "FORMAT": query.queryItemValue("format"),
        "TRANSPARENT": "TRUE",
    }
    return WmsMap(url, query.queryItemValue("crs"), tuple(parameters.items()), access_of(query))


def _text(bounds: Bounds) -> str:
    return ",".join(repr(bound) for bound in bounds)


def refusal(content: bytes) -> Phrase | None:
    """Returns the message of a WMS or WMTS exception, None for other content."""
    found = EXCEPTION.search(content.decode("utf-8", "replace"))
    text = " ".join(unescape(found.group(1)).split())[:LONGEST_REASON] if found else ""
    return Phrase("it responded: {text}", {"text": text}) if text else None


@dataclass(frozen=True)
class Reply:
    """An address, and the reason of its failure; a missing tile is not a failure."""

    address: str
    reason: str = ""
    passing: bool = False


def read_checked(read: Callable[[], Result]) -> Result:
    """Returns the result of `read`, repeated after temporary failures of QGIS's requests; raises an AddressError."""
    for pause in (*PAUSES, None):
        with _collected_replies() as replies:
            result = read()
        failed = [reply for reply in replies.values() if reply.reason]
        if not failed:
            break
        if pause is None or not all(reply.passing for reply in failed):
            raise AddressError(address=failed[0].address, reason=failed[0].reason)
        wait(pause)
    return result


@contextmanager
def _collected_replies() -> Iterator[dict[str, Reply]]:
    """Collects the last reply of each address requested by this thread in the block."""
    replies: dict[str, Reply] = {}

    def collect(content: QgsNetworkReplyContent) -> None:
        replies[content.request().url().toString()] = _reply(content)

    # The manager of this thread receives no replies of other threads.
    finished = QgsNetworkAccessManager.instance().finished[QgsNetworkReplyContent]
    finished.connect(collect, Qt.ConnectionType.DirectConnection)
    try:
        yield replies
    finally:
        finished.disconnect(collect)


def _reply(content: QgsNetworkReplyContent) -> Reply:
    address = without_query(content.request().url().toString())
    status = int(content.attribute(QNetworkRequest.Attribute.HttpStatusCodeAttribute) or 0)
    kind = bytes(content.rawHeader(b"Content-Type")).decode("latin-1")
    if status in ABSENT:
        return Reply(address)
    if status >= 400:
        return Reply(address, f"it returned {status}", status in PASSING)
    if content.error() != QNetworkReply.NetworkError.NoError:
        return Reply(address, content.errorString())
    if kind and not kind.startswith(("image/", "application/octet-stream")):
        return Reply(address, f"it returned {kind.split(';')[0]} instead of an image")
    return Reply(address)
