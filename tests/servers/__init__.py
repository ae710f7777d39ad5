# SPDX-License-Identifier: GPL-2.0-or-later
"""Small servers on loopback that tests start and stop."""

from .catalogs import CatalogServer
from .failing import Failures
from .features import FeatureServer
from .image_service import ImageServiceServer
from .loopback import Answer, LoopbackServer, Query
from .portal import PortalServer
from .tiles import TileServer
from .wcs import WcsServer
from .wms import WmsServer
from .wmts import WmtsServer

__all__ = [
    "Answer", "CatalogServer", "Failures", "FeatureServer", "ImageServiceServer", "LoopbackServer", "PortalServer",
    "Query", "TileServer", "WcsServer", "WmsServer", "WmtsServer",
]  # fmt: skip
