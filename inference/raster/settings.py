# SPDX-License-Identifier: GPL-2.0-or-later
"""GDAL's settings for a run: memory that it plans with instead of a share of the machine's, and threads."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from osgeo import gdal

from .format import BLOCK
from .shared_setting import SharedSetting

# Bytes: two rows of blocks of a lane of strips, for six bands of 16 bits.
READ_CACHE = 64 * 2**20

# Bytes: GDAL would fill a larger cache with rows that it needs no more.
SMALLEST_CACHE = 16 * 2**20

# Cells of a file with a colour table that GDAL takes at once for overviews: it holds several of these in memory.
OVERVIEW_CELLS, LEAST_ROWS = 2**22, 64
CHUNK = "GDAL_OVR_CHUNKYSIZE"


CACHE = SharedSetting(gdal.GetCacheMax, gdal.SetCacheMax, lambda before, wanted: min(before, *wanted))
THREADS = SharedSetting(
    lambda: gdal.GetConfigOption("GDAL_NUM_THREADS"),
    lambda value: gdal.SetConfigOption("GDAL_NUM_THREADS", value),
    lambda before, wanted: wanted[-1],
)


@contextmanager
def gdal_settings(threads: int) -> Iterator[None]:
    """Bounds GDAL's cache and lets it decode with so many threads while a run goes on; then all is as before."""
    with THREADS.wanted(str(threads)), CACHE.wanted(READ_CACHE):
        yield


@contextmanager
def overview_settings(width: int, pixel_bytes: int) -> Iterator[None]:
    """Bounds what GDAL takes to build the overviews of a file; by itself it takes more for wider files.

    `pixel_bytes` are those of a cell in all bands, which lie side by side in a block.
    """
    # A row of blocks is decoded once for all the rows of cells in it, and the next one begins before it ends.
    rows_of_blocks = 5 * BLOCK * width * pixel_bytes // 4
    rows = max(LEAST_ROWS, OVERVIEW_CELLS // width)
    with _chunk(str(rows)), CACHE.wanted(min(READ_CACHE, max(SMALLEST_CACHE, rows_of_blocks))):
        yield


@contextmanager
def _chunk(rows: str) -> Iterator[None]:
    """Sets how many rows GDAL takes at once for the overviews that this thread builds."""
    before = gdal.GetThreadLocalConfigOption(CHUNK)
    gdal.SetThreadLocalConfigOption(CHUNK, rows)
    try:
        yield
    finally:
        gdal.SetThreadLocalConfigOption(CHUNK, before)
