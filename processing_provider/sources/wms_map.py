# SPDX-License-Identifier: GPL-2.0-or-later
"""The map of a WMS layer, asked for by ourselves where QGIS shows nothing: QGIS keeps a failure to itself."""

from __future__ import annotations

from dataclasses import dataclass

from qgis.PyQt.QtCore import QUrl, QUrlQuery

from ...inference.grid import Grid
from ...inference.raster.source import Valid
from .network import Access, get_bytes

# The picture itself is of no interest.
SIZE = 16


@dataclass(frozen=True)
class WmsMap:
    """The address of a WMS, what a map of it is asked for with, and how to sign in."""

    url: str
    parameters: tuple[tuple[str, str], ...]
    access: Access

    def ask(self, block: Grid, visible: Valid) -> bool:
        """Asks for a small map of the block; raises an AddressError where the server fails or refuses.

        An answer in XML is left alone: it may only say that the server speaks another version of WMS.
        """
        bounds = ",".join(repr(bound) for bound in block.bounds)
        size = {"WIDTH": str(SIZE), "HEIGHT": str(SIZE)}
        get_bytes(self.url, {**dict(self.parameters), "BBOX": bounds, **size}, self.access)
        return True


def wms_map(source: str) -> WmsMap | None:
    """Returns the map that the source of a layer names, None for tiled services and anything else."""
    query = QUrlQuery(source)
    url = QUrl.fromPercentEncoding(query.queryItemValue("url", QUrl.ComponentFormattingOption.FullyEncoded).encode())
    if not url.startswith("http") or query.hasQueryItem("tileMatrixSet") or query.hasQueryItem("type"):
        return None
    parameters = {
        "SERVICE": "WMS",
        "VERSION": "1.1.1",
        "REQUEST": "GetMap",
        "LAYERS": ",".join(query.allQueryItemValues("layers")),
        "STYLES": ",".join(query.allQueryItemValues("styles")),
        "SRS": query.queryItemValue("crs"),
        "FORMAT": query.queryItemValue("format"),
        "TRANSPARENT": "TRUE",
    }
    return WmsMap(url, tuple(parameters.items()), Access(query.queryItemValue("authcfg")))
