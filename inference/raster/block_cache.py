# SPDX-License-Identifier: GPL-2.0-or-later
"""GDAL's cache of blocks, of a size that a run plans with instead of a share of the machine's memory."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from osgeo import gdal

# Bytes: two rows of blocks of a lane of strips, for six bands of 16 bits.
READ_CACHE = 128 * 2**20


@contextmanager
def bounded_block_cache() -> Iterator[None]:
    """Bounds GDAL's cache while a run goes on; whoever set it before gets it back."""
    before = gdal.GetCacheMax()
    gdal.SetCacheMax(min(before, READ_CACHE))
    try:
        yield
    finally:
        gdal.SetCacheMax(before)
