# SPDX-License-Identifier: GPL-2.0-or-later
"""The blocks in which GDAL decodes a raster, and the cache that it needs for those that neighbouring tiles share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from osgeo import gdal

from ...window import Window
from ..gdal_call import GdalError, gdal_call
from ..gdal_options import LARGEST_CACHE, SMALLEST_CACHE, USUAL_CACHE

VRT = "VRT"
# A dataset that warps or sharpens has blocks of its own above those of its files.
SUBCLASS = "subClass="


@dataclass(frozen=True)
class Blocks:
    """Blocks of `width` x `height` cells that cover a raster, `columns` x `rows` of them; their bytes per cell.

    With `on_origin` the first one begins with the raster, else nobody knows where they lie on it.
    """

    width: int
    height: int
    columns: int
    rows: int
    cell_bytes: int
    on_origin: bool

    def bytes_under(self, width: int, height: int) -> int:
        """Returns the bytes of the blocks that a window of this size touches at most, wherever it lies."""
        columns, rows = (width - 1) // self.width + 2, (height - 1) // self.height + 2
        return min(columns, self.columns) * self.width * min(rows, self.rows) * self.height * self.cell_bytes

    def make_up(self, window: Window) -> bool:
        """Tells whether a window is made of whole blocks."""
        ends = ((window.right, self.width, self.columns), (window.bottom, self.height, self.rows))
        whole = all(end % size == 0 or end > size * (count - 1) for end, size, count in ends)
        return self.on_origin and whole and window.x % self.width == 0 and window.y % self.height == 0


def blocks_of(dataset: Any, bands: int) -> Blocks | None:
    """Returns the blocks behind a dataset of which so many bands are read, None where nobody knows them.

    Those of a mosaic are told by its first file.
    """
    if dataset.GetDriver().ShortName != VRT:
        return _blocks(dataset, dataset, bands, on_origin=True)
    text = (dataset.GetMetadata("xml:VRT") or [""])[0]
    files = [name for name in dataset.GetFileList() or () if name != dataset.GetDescription()]
    if SUBCLASS in text.partition(">")[0] or not files or any(name.lower().endswith(".vrt") for name in files):
        return None
    try:
        return _blocks(gdal_call(gdal.Open, files[0]), dataset, bands, on_origin=False)
    except GdalError:
        return None


def cache_for(source: object, row: Sequence[Window], apart: bool, written: int) -> int:
    """Returns the bytes of GDAL's cache for tiles that are read row by row, of which this is the longest row.

    Tiles that lie `apart` overlap nowhere. So many bytes are `written` after each row, through the same cache. It is
    no larger than it has to be: it would fill with what is needed no more, and the process would grow by the gaps
    that the blocks leave which it lets go.
    """
    # What is no raster of GDAL's has none.
    blocks: Blocks | None = getattr(source, "blocks", None)
    if blocks is None:
        return USUAL_CACHE
    tile = row[0]
    if apart and all(blocks.make_up(window) for window in row):
        return min(LARGEST_CACHE, max(SMALLEST_CACHE, blocks.bytes_under(tile.width, tile.height)))
    # A row, and one tile more: a block waits while the rest of its row is read and the next one up to it.
    width = row[-1].right - tile.x + max(window.width for window in row)
    return min(LARGEST_CACHE, max(SMALLEST_CACHE, blocks.bytes_under(width, tile.height) + written))


def _blocks(file: Any, raster: Any, bands: int, on_origin: bool) -> Blocks | None:
    if not file.RasterCount:
        return None
    band = file.GetRasterBand(1)
    width, height = band.GetBlockSize()
    # With the pixels of one band those of all others are decoded, where they are interleaved.
    together = file.RasterCount if file.GetMetadataItem("INTERLEAVE", "IMAGE_STRUCTURE") == "PIXEL" else 1
    cell_bytes = max(together, bands) * gdal.GetDataTypeSize(band.DataType) // 8
    columns, rows = -(-raster.RasterXSize // width), -(-raster.RasterYSize // height)
    # Of a mosaic's files one may begin anywhere within another one's block.
    more = 0 if on_origin else 1
    return Blocks(width, height, columns + more, rows + more, cell_bytes, on_origin)
