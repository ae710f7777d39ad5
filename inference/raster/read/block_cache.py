# SPDX-License-Identifier: GPL-2.0-or-later
"""GDAL's blocks of a raster, and the cache size for blocks shared by neighbouring tiles."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from osgeo import gdal

from ...window import Window
from ..gdal_call import GdalError, gdal_call
from ..gdal_options import BLOCK_CACHE, LARGEST_CACHE, SMALLEST_CACHE, THREADS, USUAL_CACHE

VRT, GEOTIFF = "VRT", "GTiff"
# Warped and pansharpened datasets have separate blocks above those of their files.
SUBCLASS = "subClass="

# Up to this number of workers one thread decodes as fast as networks take tiles; measured with two.
FEW_WORKERS = 4


@dataclass(frozen=True)
class Reading:
    """The bytes of GDAL's cache, and the threads in which it decodes files that are opened from then on.

    A small raster and its result fill `filled` bytes of the cache at most.
    """

    cache: int
    threads: int
    filled: int

    @contextmanager
    def settings(self) -> Iterator[None]:
        """Sets both for the duration of the block."""
        with BLOCK_CACHE.wanted(self.cache), THREADS.wanted(str(self.threads)):
            yield


@dataclass(frozen=True)
class Blocks:
    """Blocks of `width` x `height` cells that cover a raster, `columns` x `rows` of them; their bytes per cell.

    With `on_origin` the first one begins with the raster, otherwise their alignment is unknown. `past_cache` is true of
    files that GDAL decodes in several threads without its cache.
    """

    width: int
    height: int
    columns: int
    rows: int
    cell_bytes: int
    on_origin: bool
    past_cache: bool = False

    def bytes_under(self, width: int, height: int) -> int:
        """Returns the maximum bytes of the blocks under a window of this size, at any position."""
        columns, rows = (width - 1) // self.width + 2, (height - 1) // self.height + 2
        return min(columns, self.columns) * self.width * min(rows, self.rows) * self.height * self.cell_bytes

    @property
    def bytes(self) -> int:
        """The bytes of all blocks."""
        return self.columns * self.width * self.rows * self.height * self.cell_bytes

    def make_up(self, window: Window) -> bool:
        """True if a window consists of whole blocks."""
        ends = ((window.right, self.width, self.columns), (window.bottom, self.height, self.rows))
        whole = all(end % size == 0 or end > size * (count - 1) for end, size, count in ends)
        return self.on_origin and whole and window.x % self.width == 0 and window.y % self.height == 0


def blocks_of(dataset: Any, bands: int) -> Blocks | None:
    """Returns the blocks behind a dataset of which `bands` bands are read, None if unknown.

    A mosaic has the blocks of its first file.
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


def reading_for(source: object, row: Sequence[Window], apart: bool, written: int, workers: int) -> Reading:
    """Returns how GDAL best reads tiles row by row; this is the longest row.

    Tiles that are `apart` do not overlap. `written` bytes follow each row, through the same cache. A larger cache would
    fill with unneeded blocks and fragment the memory of the process.
    """
    # Sources other than GDAL's have none.
    blocks: Blocks | None = getattr(source, "blocks", None)
    if blocks is None:
        return Reading(USUAL_CACHE, workers, USUAL_CACHE)
    tile, most = row[0], blocks.bytes + written
    if apart and all(blocks.make_up(window) for window in row):
        cache = _limited(blocks.bytes_under(tile.width, tile.height))
        return Reading(cache, workers, min(cache, most))
    # A row, and one tile more: a block is kept until the next row has reached it.
    width = row[-1].right - tile.x + max(window.width for window in row)
    # Blocks that tiles share would be decoded for each of them, which few processors do not make up for.
    threads = 1 if blocks.past_cache and workers <= FEW_WORKERS else workers
    cache = _limited(blocks.bytes_under(width, tile.height) + written)
    return Reading(cache, threads, min(cache, most))


def _limited(size: int) -> int:
    return min(LARGEST_CACHE, max(SMALLEST_CACHE, size))


def _blocks(file: Any, raster: Any, bands: int, on_origin: bool) -> Blocks | None:
    if not file.RasterCount:
        return None
    band = file.GetRasterBand(1)
    width, height = band.GetBlockSize()
    # Interleaved bands are all decoded with the first one.
    together = file.RasterCount if file.GetMetadataItem("INTERLEAVE", "IMAGE_STRUCTURE") == "PIXEL" else 1
    cell_bytes = max(together, bands) * gdal.GetDataTypeSize(band.DataType) // 8
    columns, rows = -(-raster.RasterXSize // width), -(-raster.RasterYSize // height)
    # A mosaic's files need not align with each other's blocks.
    more = 0 if on_origin else 1
    past_cache = file.GetDriver().ShortName == GEOTIFF
    return Blocks(width, height, columns + more, rows + more, cell_bytes, on_origin, past_cache)
