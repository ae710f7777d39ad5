# SPDX-License-Identifier: GPL-2.0-or-later
"""How much memory GDAL needs for the blocks that neighbouring tiles share, so that they are decoded once."""

from __future__ import annotations

from collections.abc import Sequence

from ...window import Window
from ..settings import LARGEST_CACHE, SMALLEST_CACHE, USUAL_CACHE
from .source import GdalSource, RasterSource


def cache_for(source: RasterSource, row: Sequence[Window], apart: bool, written: int) -> int:
    """Returns the bytes of GDAL's cache for tiles that are read row by row, of which this is the longest row.

    Tiles that lie `apart` overlap nowhere. So many bytes are `written` after each row, through the same cache. It is
    no larger than it has to be: it would fill with what is needed no more, and the process would grow by the gaps
    that the blocks leave which it lets go.
    """
    blocks = source.blocks if isinstance(source, GdalSource) else None
    if blocks is None:
        return USUAL_CACHE
    tile = row[0]
    if apart and all(blocks.make_up(window) for window in row):
        return min(LARGEST_CACHE, max(SMALLEST_CACHE, blocks.bytes_under(tile.width, tile.height)))
    # A row, and one tile more: a block waits while the rest of its row is read and the next one up to it.
    width = row[-1].right - tile.x + max(window.width for window in row)
    return min(LARGEST_CACHE, max(SMALLEST_CACHE, blocks.bytes_under(width, tile.height) + written))
