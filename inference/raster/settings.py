# SPDX-License-Identifier: GPL-2.0-or-later
"""GDAL's settings for a run: memory that it plans with instead of a share of the machine's, and threads."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from osgeo import gdal

from .shared_setting import SharedSetting

# Bytes: the blocks under a row of tiles of 1024 cells with their halo, in a lane of strips, for six bands of 16 bits.
LARGEST_CACHE = 128 * 2**20

# Bytes where nobody knows the blocks, as in rasters that are warped.
USUAL_CACHE = 64 * 2**20

# Bytes: enough where each block is read once; GDAL would fill a larger cache with what it needs no more.
SMALLEST_CACHE = 16 * 2**20

BLOCK_CACHE = SharedSetting(gdal.GetCacheMax, gdal.SetCacheMax, lambda before, wanted: min(before, max(wanted)))


def _option(name: str) -> SharedSetting:
    """Returns an option of GDAL that has the value that was wanted last."""
    return SharedSetting(
        lambda: gdal.GetConfigOption(name),
        lambda value: gdal.SetConfigOption(name, value),
        lambda before, wanted: wanted[-1],
    )


THREADS = _option("GDAL_NUM_THREADS")

# With them blocks that cannot be read count as zeros, and the bands of a TIFF as colours.
HARMFUL = tuple(_option(name) for name in ("GTIFF_IGNORE_READ_ERRORS", "GTIFF_FORCE_RGBA"))


@contextmanager
def gdal_settings(threads: int) -> Iterator[None]:
    """Bounds GDAL's cache and lets it decode with so many threads while a run goes on; then all is as before.

    Nor does GDAL pass over what it cannot read, whatever the environment says.
    """
    with ExitStack() as stack:
        for option in HARMFUL:
            stack.enter_context(option.wanted("NO"))
        stack.enter_context(THREADS.wanted(str(threads)))
        stack.enter_context(BLOCK_CACHE.wanted(SMALLEST_CACHE))
        yield
