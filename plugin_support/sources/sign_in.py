# SPDX-License-Identifier: GPL-2.0-or-later
"""Rasters on servers that GDAL reads itself, signed in with an authentication configuration of QGIS."""

from __future__ import annotations

import re
from urllib.parse import quote

from osgeo import gdal
from qgis.PyQt.QtCore import QUrl
from qgis.PyQt.QtNetwork import QNetworkRequest

from ...inference.errors import AddressError
from ...inference.phrase import Phrase
from ...inference.raster import GdalInput
from ..http import sign_in, without_query

# How QGIS writes a configuration into the source of a layer: after a space and in quotes, or after a bar.
MARK = re.compile(r"[ |]authcfg='?([0-9A-Za-z]{7})'?")
CURL = "/vsicurl/"
FOLDER = "/vsimem/classify_pixels/sign_in"


def split_sign_in(source: str) -> tuple[str, str]:
    """Returns a source without its authentication configuration, and the id of that; empty where it has none."""
    found = MARK.search(source)
    return (MARK.sub("", source, count=1), found.group(1)) if found else (source, "")


def gdal_input(name: str, authcfg: str = "", title: str = "") -> GdalInput:
    """Returns a raster as GDAL names it, signed in where a configuration is given.

    The sign-in itself stands in a file in memory that GDAL reads, so that no name and no message holds it.
    """
    if not authcfg:
        return GdalInput(name, title=title)
    address = name.replace(CURL, "", 1)
    if not name.startswith(CURL):
        raise AddressError(
            address=name,
            reason=Phrase("the authentication configuration {authcfg} is only for http", {"authcfg": authcfg}),
        )
    # The same name in every run: an equal run goes on where this one ends.
    file = f"{FOLDER}/{authcfg}.txt"
    gdal.FileFromMemBuffer(file, _headers(address, authcfg))
    options = f"header_file={quote(file, safe='')}&list_dir=no&url={quote(address, safe='')}"
    return GdalInput(f"/vsicurl?{options}", title=title or without_query(address))


def _headers(address: str, authcfg: str) -> bytes:
    """Returns the lines that sign a request in, as the configuration writes them."""
    request = QNetworkRequest(QUrl(address))
    done = sign_in(request, authcfg)
    lines = [bytes(name) + b": " + bytes(request.rawHeader(name)) for name in request.rawHeaderList()]
    if not done or not lines or any(b"\n" in line or b"\r" in line for line in lines):
        reason = Phrase(
            "the authentication configuration {authcfg} gives nothing that a request could be signed in with",
            {"authcfg": authcfg},
        )
        raise AddressError(address=without_query(address), reason=reason)
    return b"".join(line + b"\r\n" for line in lines)
