# SPDX-License-Identifier: GPL-2.0-or-later
"""Image services and tiled maps by plain values, which any process can read, also one without QGIS.

QGIS opens them, with its proxies and sign-in, and describes them (`WebInput`); processes of a cluster open the
description, with the proxies and the sign-in of their environment. Both read pixels by the same classes, which differ
in the functions that fetch an address and decode a tile.
"""

from .described import WebInput
from .fetch import SIGN_IN, esri_error, fetched, has_secret
from .hosts import AllowedHosts
from .picture import Picture, PictureError, read_picture
from .picture_source import COLOURS, PictureSource
from .service import ServiceInput, ServiceSource
from .tiles import TileCache, TileMatrix, TilesInput, TilesSource, filled, xyz_values

__all__ = [
    "COLOURS",
    "SIGN_IN",
    "AllowedHosts",
    "Picture",
    "PictureError",
    "PictureSource",
    "ServiceInput",
    "ServiceSource",
    "TileCache",
    "TileMatrix",
    "TilesInput",
    "TilesSource",
    "WebInput",
    "esri_error",
    "fetched",
    "filled",
    "has_secret",
    "read_picture",
    "xyz_values",
]
