# SPDX-License-Identifier: GPL-2.0-or-later
"""A level of a tiled map as a raster, its tiles fetched by ourselves.

QGIS would draw them up to a pixel wider than they are (from 3.42 on), smooth them where it pleases, and show a
tile that could not be loaded as an empty one.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import numpy as np

from ...inference.errors import AddressError
from ...inference.raster import Channel
from ...inference.raster.read.source import BandReader, Float32, Valid, scale_channels
from ...inference.window import Window
from ..http import TIMEOUT, AbsentError, get_bytes, without_query
from .layer_bands import COLOURS
from .tile_cache import TileCache
from .tile_matrix import TileMatrix
from .tile_picture import Picture, PictureError, read_picture
from .tiled_map import TiledMap

# Bytes of a tile's picture.
MOST = 32 * 1024**2
# Bytes of tiles that are kept: two rows of them below a lane of strips.
KEPT = 64 * 1024**2


class TiledMapSource(BandReader):
    """The colours of a level's cells, which are its pictures' pixels; any number of threads may read.

    A tile that does not exist (404, 410) or has no content is empty. Any other failure is an AddressError.
    """

    files: tuple[str, ...] = ()

    def __init__(self, tiled_map: TiledMap, level: TileMatrix, crs: str, name: str, timeout: float = TIMEOUT) -> None:
        self.name = name
        self._level = level
        self._fetch = partial(fetch_tile, tiled_map, level, timeout)
        self.grid = level.grid(crs)
        self.bands = COLOURS
        width, height = level.tile_size
        self._tiles = TileCache(self._fetch, max(1, KEPT // ((len(COLOURS) + 1) * width * height)))
        self.select([Channel(band.number) for band in self.bands])

    def select(self, channels: Sequence[Channel]) -> None:
        """Chooses what `read` returns, in this order."""
        self._channels = tuple(channels)

    def check(self, window: Window) -> None:
        """Asks for the tile in the middle of a window, so that a server that refuses is known before the run."""
        middle = Window(window.x + window.width // 2, window.y + window.height // 2, 1, 1)
        for column, row in self._level.tiles_of(middle.intersection(self.grid.window)):
            self._fetch(column, row)

    def read_bands(self, window: Window) -> tuple[Float32, Valid]:
        """Returns pixels (bands, height, width) and which of them count (1, height, width)."""
        colours = np.zeros((len(COLOURS), window.height, window.width), np.uint8)
        valid = np.zeros((window.height, window.width), np.bool_)
        inside = window.intersection(self.grid.window)
        places = [] if inside.empty else list(self._level.tiles_of(inside))
        for place, picture in zip(places, self._tiles.get(places)):
            if picture is not None:
                tile = self._level.window_of(*place)
                part = tile.intersection(inside)
                target, source = part.within(window), part.within(tile)
                colours[(slice(None), *target)] = picture.colours[(slice(None), *source)]
                valid[target] = picture.visible[source]
        pixels = colours[[channel.number - 1 for channel in self._channels]].astype(np.float32)
        scale_channels(pixels, self._channels)
        pixels[:, ~valid] = 0
        return pixels, valid[np.newaxis]

    def close(self) -> None:
        """Lets go of the tiles that were kept."""
        self._tiles.close()


def fetch_tile(tiled_map: TiledMap, level: TileMatrix, timeout: float, column: int, row: int) -> Picture | None:
    """Returns the picture of a tile, None where it is empty; raises an AddressError."""
    address = tiled_map.address(level, column, row)
    try:
        content = get_bytes(address, {}, tiled_map.access, timeout, MOST)
    except AbsentError:
        return None
    try:
        return read_picture(content, level.tile_size) if content else None
    except PictureError as error:
        raise AddressError(address=without_query(address), reason=error.reason) from error
