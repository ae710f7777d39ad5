# SPDX-License-Identifier: GPL-2.0-or-later
"""GDAL's options during a run, per process or per thread; they override the environment."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager

from osgeo import gdal

from ..shared_setting import SharedSetting

# Bytes: the blocks under a row of tiles of 1024 cells with their halo, in a lane of strips, for six bands of 16 bits.
LARGEST_CACHE = 128 * 2**20

# Bytes for unknown blocks, as in warped rasters.
USUAL_CACHE = 64 * 2**20

# Bytes: enough if each block is read once; GDAL would fill a larger cache with unneeded blocks.
SMALLEST_CACHE = 16 * 2**20

# With other values GDAL omits pixels, overviews or names, writes them elsewhere, or reads files back without
# georeference (gdal.org/drivers/raster/gtiff.html; GTIFF_DONT_WRITE_BLOCKS is in GDAL's source only).
WRITING = {
    "GDAL_PAM_ENABLED": "YES",
    "GDAL_GEOREF_SOURCES": "PAM,INTERNAL,TABFILE,WORLDFILE",
    "GTIFF_DONT_WRITE_BLOCKS": "NO",
    "GTIFF_POINT_GEO_IGNORE": "NO",
    "TIFF_USE_OVR": "NO",
    "USE_RRD": "NO",
}

# Without them GDAL has no timeout and no retries. The pause doubles with every retry.
HTTP_OPTIONS = {
    "GDAL_HTTP_CONNECTTIMEOUT": "30",
    "GDAL_HTTP_LOW_SPEED_TIME": "60",
    "GDAL_HTTP_LOW_SPEED_LIMIT": "1",
    "GDAL_HTTP_MAX_RETRY": "3",
    "GDAL_HTTP_RETRY_DELAY": "0.5",
}

# GDAL 3.4 may support only process-wide options.
_get = getattr(gdal, "GetThreadLocalConfigOption", gdal.GetConfigOption)
_set = getattr(gdal, "SetThreadLocalConfigOption", gdal.SetConfigOption)


BLOCK_CACHE = SharedSetting(gdal.GetCacheMax, gdal.SetCacheMax, lambda before, wanted: min(before, max(wanted)))


def _option(name: str) -> SharedSetting:
    """Returns an option of GDAL with the most recently requested value."""
    return SharedSetting(
        lambda: gdal.GetConfigOption(name),
        lambda value: gdal.SetConfigOption(name, value),
        lambda before, wanted: wanted[-1],
    )


THREADS = _option("GDAL_NUM_THREADS")

# They turn unreadable blocks into zeros (truncated PNGs silently since GDAL 3.7), and the bands of a TIFF into colours.
HARMFUL = tuple(
    _option(name) for name in ("GTIFF_IGNORE_READ_ERRORS", "GDAL_PNG_WHOLE_IMAGE_OPTIM", "GTIFF_FORCE_RGBA")
)


@contextmanager
def complete_reads() -> Iterator[None]:
    """Keeps GDAL from skipping unreadable blocks for the duration of the block, whatever the environment says."""
    with ExitStack() as stack:
        for option in HARMFUL:
            stack.enter_context(option.wanted("NO"))
        yield


@contextmanager
def gdal_settings(threads: int) -> Iterator[None]:
    """Sets GDAL's cache size and number of decoding threads during a run, for complete reads; then restores them."""
    with ExitStack() as stack:
        stack.enter_context(complete_reads())
        stack.enter_context(THREADS.wanted(str(threads)))
        stack.enter_context(BLOCK_CACHE.wanted(SMALLEST_CACHE))
        yield


@contextmanager
def thread_options(options: Mapping[str, str]) -> Iterator[None]:
    """Sets the options in this thread for the duration of the block."""
    with ExitStack() as stack:
        for name, value in options.items():
            stack.callback(_set, name, _get(name))
            _set(name, value)
        yield


def overview_options(compression: str, predictor: str = "1") -> dict[str, str]:
    """Returns options for this overview compression; the environment's COMPRESS_OVERVIEW=JPEG would be lossy."""
    own = {"COMPRESS_OVERVIEW": compression, "PREDICTOR_OVERVIEW": predictor, "PHOTOMETRIC_OVERVIEW": ""}
    return {name: value for name, value in own.items() if gdal.GetConfigOption(name) is not None}


def set_http_options() -> None:
    """Sets GDAL's HTTP timeouts and retries in this thread; the user's own settings remain."""
    for name, value in HTTP_OPTIONS.items():
        if gdal.GetConfigOption(name) is None:
            gdal.SetThreadLocalConfigOption(name, value)
