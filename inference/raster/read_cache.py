# SPDX-License-Identifier: GPL-2.0-or-later
"""How much memory GDAL needs for blocks of a raster, so that it decodes none of them twice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from osgeo import gdal

from ..window import Window
from .gdal_call import GdalError, gdal_call
from .settings import LARGEST_CACHE, SMALLEST_CACHE, USUAL_CACHE
from .source import RasterSource


@dataclass(frozen=True)
class Blocks:
    """The blocks of a file, sizes in cells; `cell_bytes` are those of a cell in all bands.

    With `on_origin` the first one begins with the raster that is read; else nobody knows where they lie on it.
    """

    width: int
    height: int
    cell_bytes: int
    on_origin: bool

    def bytes_under(self, window: Window) -> int:
        """Returns the bytes of the blocks that a window of this size touches at most, wherever it lies."""
        columns, rows = (window.width - 1) // self.width + 2, (window.height - 1) // self.height + 2
        return columns * self.width * rows * self.height * self.cell_bytes

    def fill(self, window: Window, raster: Window) -> bool:
        """Tells whether a window is made of whole blocks."""
        ends = ((window.right, self.width, raster.right), (window.bottom, self.height, raster.bottom))
        whole = all(end >= last or end % size == 0 for end, size, last in ends)
        return self.on_origin and whole and window.x % self.width == 0 and window.y % self.height == 0


def cache_for(source: RasterSource, tiles: Sequence[Window]) -> int:
    """Returns the bytes of GDAL's cache for tiles that are read row by row, each row as long as the first.

    What neighbouring tiles share has to stay until the next row is read, unless they share nothing: a larger cache
    would fill with what is needed no more, and the process would grow by it.
    """
    blocks = _blocks_of(source)
    if blocks is None:
        return USUAL_CACHE
    needed = tiles[0]
    if not all(blocks.fill(tile, source.grid.window) for tile in tiles):
        # A row, and one tile more: a block waits while the rest of its row is read and the next one up to it.
        last = [tile for tile in tiles if tile.y == needed.y][-1]
        needed = Window(needed.x, needed.y, last.right + last.width - needed.x, needed.height)
    return min(LARGEST_CACHE, max(SMALLEST_CACHE, blocks.bytes_under(needed)))


def _blocks_of(source: RasterSource) -> Blocks | None:
    """Returns the blocks of the first file that pixels come from; mosaics and warped rasters have none of their own."""
    names = [name for name in source.files if not name.lower().endswith(".vrt")]
    try:
        dataset = gdal_call(gdal.OpenEx, names[0], gdal.OF_RASTER) if names else None
    except GdalError:
        return None
    if dataset is None or not dataset.RasterCount:
        return None
    grid = source.grid
    same = names[0] == source.files[0] and (dataset.RasterXSize, dataset.RasterYSize) == (grid.width, grid.height)
    width, height = dataset.GetRasterBand(1).GetBlockSize()
    return Blocks(width, height, _cell_bytes(dataset), same)


def _cell_bytes(dataset: Any) -> int:
    bands = [dataset.GetRasterBand(number) for number in range(1, dataset.RasterCount + 1)]
    return sum(gdal.GetDataTypeSize(band.DataType) // 8 for band in bands)
