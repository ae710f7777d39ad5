# SPDX-License-Identifier: GPL-2.0-or-later
"""Options of GDAL that hold in one thread for a while, whatever the environment or another plugin has set."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager

from osgeo import gdal

# With other values GDAL writes no pixels, overviews or names into our files, puts them elsewhere, or reads them back
# without their place (gdal.org/drivers/raster/gtiff.html; GTIFF_DONT_WRITE_BLOCKS is in GDAL's source only).
WRITING = {
    "GDAL_PAM_ENABLED": "YES",
    "GDAL_GEOREF_SOURCES": "PAM,INTERNAL,TABFILE,WORLDFILE",
    "GTIFF_DONT_WRITE_BLOCKS": "NO",
    "GTIFF_POINT_GEO_IGNORE": "NO",
    "TIFF_USE_OVR": "NO",
    "USE_RRD": "NO",
}

# GDAL 3.4 may know only options of the whole process.
_get = getattr(gdal, "GetThreadLocalConfigOption", gdal.GetConfigOption)
_set = getattr(gdal, "SetThreadLocalConfigOption", gdal.SetConfigOption)


@contextmanager
def thread_options(options: Mapping[str, str]) -> Iterator[None]:
    """Sets the options in this thread as long as the block runs."""
    with ExitStack() as stack:
        for name, value in options.items():
            stack.callback(_set, name, _get(name))
            _set(name, value)
        yield


def overview_options(compression: str, predictor: str = "1") -> dict[str, str]:
    """Returns options that compress overviews so, where the environment has others: COMPRESS_OVERVIEW=JPEG is lossy."""
    own = {"COMPRESS_OVERVIEW": compression, "PREDICTOR_OVERVIEW": predictor, "PHOTOMETRIC_OVERVIEW": ""}
    return {name: value for name, value in own.items() if gdal.GetConfigOption(name) is not None}
