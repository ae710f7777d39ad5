# SPDX-License-Identifier: GPL-2.0-or-later
"""How patient GDAL is with rasters that lie on a server."""

from __future__ import annotations

from osgeo import gdal

# Without them GDAL waits for ever and gives up at the first failure. The pause doubles with every retry.
OPTIONS = {
    "GDAL_HTTP_CONNECTTIMEOUT": "30",
    "GDAL_HTTP_LOW_SPEED_TIME": "60",
    "GDAL_HTTP_LOW_SPEED_LIMIT": "1",
    "GDAL_HTTP_MAX_RETRY": "3",
    "GDAL_HTTP_RETRY_DELAY": "0.5",
}


def set_http_options() -> None:
    """Has GDAL time out and try again in this thread; what the user has set stays."""
    for name, value in OPTIONS.items():
        if gdal.GetConfigOption(name) is None:
            gdal.SetThreadLocalConfigOption(name, value)
