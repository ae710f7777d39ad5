# SPDX-License-Identifier: GPL-2.0-or-later
"""Sign-in for rasters that GDAL reads from servers, with QGIS's authentication configurations."""

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

# A configuration in the source of a layer: after a space and in quotes, or after a bar.
MARK = re.compile(r"[ |]authcfg='?([0-9A-Za-z]{7})'?")
CURL = "/vsicurl/"
FOLDER = "/vsimem/classify_pixels/sign_in"


def split_sign_in(source: str) -> tuple[str, str]:
    """Returns a source without its authentication configuration, and the id of that, empty if it has none."""
    found = MARK.search(source)
    return (MARK.sub("", source, count=1), found.group(1)) if found else (source, "")


def gdal_input(name: str, authcfg: str = "", title: str = "") -> GdalInput:
    """Returns the GDAL input of a name, with the sign-in of a configuration, if any.

    GDAL reads the sign-in from a file in memory, so that no name or message contains it.
    """
    if not authcfg:
        return GdalInput(name, title=title)
    address = name.replace(CURL, "", 1)
    if not name.startswith(CURL):
        raise AddressError(
            address=name,
            reason=Phrase(
                "the authentication configuration {authcfg} is only for HTTP addresses", {"authcfg": authcfg}
            ),
        )
    # The same name in every run, so that a run with the same settings can resume.
    file = f"{FOLDER}/{authcfg}.txt"
    gdal.FileFromMemBuffer(file, _headers(address, authcfg))
    options = f"header_file={quote(file, safe='')}&list_dir=no&url={quote(address, safe='')}"
    return GdalInput(f"/vsicurl?{options}", title=title or without_query(address))


def _headers(address: str, authcfg: str) -> bytes:
    """Returns the header lines of the configuration's sign-in."""
    request = QNetworkRequest(QUrl(address))
    done = sign_in(request, authcfg)
    lines = [bytes(name) + b": " + bytes(request.rawHeader(name)) for name in request.rawHeaderList()]
    if not done or not lines or any(b"\n" in line or b"\r" in line for line in lines):
        reason = Phrase(
            "the authentication configuration {authcfg} provides no usable HTTP headers",
            {"authcfg": authcfg},
        )
        raise AddressError(address=without_query(address), reason=reason)
    return b"".join(line + b"\r\n" for line in lines)
