# SPDX-License-Identifier: GPL-2.0-or-later
"""GDAL's settings for a run: a cache that it plans with instead of a share of the machine's memory, and threads."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from osgeo import gdal

# Bytes: two rows of blocks of a lane of strips, for six bands of 16 bits.
READ_CACHE = 64 * 2**20


THREADS = "GDAL_NUM_THREADS"


@contextmanager
def gdal_settings(threads: int) -> Iterator[None]:
    """Bounds GDAL's cache and lets it decode with so many threads while a run goes on; then all is as before."""
    cache, threads_before = gdal.GetCacheMax(), gdal.GetConfigOption(THREADS)
    gdal.SetCacheMax(min(cache, READ_CACHE))
    gdal.SetConfigOption(THREADS, str(threads))
    try:
        yield
    finally:
        gdal.SetCacheMax(cache)
        gdal.SetConfigOption(THREADS, threads_before)
