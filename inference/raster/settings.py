# SPDX-License-Identifier: GPL-2.0-or-later
"""GDAL's settings for a run: memory that it plans with instead of a share of the machine's, and threads."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from osgeo import gdal

from .shared_setting import SharedSetting

# Bytes: the blocks under a row of tiles of 1024 cells with their halo, in a lane of strips, for six bands of 16 bits.
LARGEST_CACHE = 128 * 2**20

# Bytes where nobody knows the blocks, as in rasters that are warped.
USUAL_CACHE = 64 * 2**20

# Bytes: enough where each block is read once; GDAL would fill a larger cache with what it needs no more.
SMALLEST_CACHE = 16 * 2**20

BLOCK_CACHE = SharedSetting(gdal.GetCacheMax, gdal.SetCacheMax, lambda before, wanted: min(before, max(wanted)))
THREADS = SharedSetting(
    lambda: gdal.GetConfigOption("GDAL_NUM_THREADS"),
    lambda value: gdal.SetConfigOption("GDAL_NUM_THREADS", value),
    lambda before, wanted: wanted[-1],
)


@contextmanager
def gdal_settings(threads: int) -> Iterator[None]:
    """Bounds GDAL's cache and lets it decode with so many threads while a run goes on; then all is as before."""
    with THREADS.wanted(str(threads)), BLOCK_CACHE.wanted(SMALLEST_CACHE):
        yield
