# SPDX-License-Identifier: GPL-2.0-or-later
"""A level of a tiled map as a raster. Tiles are fetched concurrently and cached, because windows overlap.

QGIS would draw them up to a pixel too wide (from 3.42 on), smooth them depending on the zoom, and show a tile that
failed to load as an empty one.

GDAL's drivers WMS and WMTS are no replacement (measured with 3.6.2; they use curl):
- They follow redirects to any host and send it all headers, sign-in included.
- A request under way cannot be cancelled: a server that hangs holds the thread until the timeout.
- GDAL_HTTP_MAX_RETRY does not apply: one busy answer (503) ends the run.
- An endless response is kept in memory until the timeout; no option limits its size.
- Truncated JPEG tiles are filled with grey, and tiles may have non-image formats.
- An empty response is an error, and so is an image of another size than declared (tilePixelRatio).
- They do not use QGIS's proxy, certificates and authentication configurations.
- The driver WMTS requests the capabilities in the same way, and has no option for dimensions or axis order.
MBTiles files, which need no request, are read by GDAL (mbtiles.py).
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Callable, TypeVar

import numpy as np
from numpy.typing import NDArray

from ...inference.new_files import new_token
from ...inference.phrase import Phrase
from ...inference.raster import Channel, RasterBand, web
from ...inference.raster.web import Picture, TileMatrix, TilesInput, TilesSource
from ...inference.raster.web.tiles import AT_ONCE, kept_tiles
from ...inference.window import Window
from ..http import TIMEOUT, cancelled_by, current_cancellation
from .portable import ONLY_HERE, described
from .tile_picture import fetch_picture, fetch_tile_picture
from .tiled_map import TiledMap

__all__ = ["AT_ONCE", "HEIGHTS", "HeightsSource", "TileCache", "TiledMapSource", "fetch_tile"]

# Height of black, and per unit of red, green and blue, by QGIS's names.
HEIGHTS = {
    "terrariumterrain": (-32768.0, (256.0, 1.0, 1 / 256)),
    "maptilerterrain": (-10000.0, (6553.6, 25.6, 0.1)),
}

Tile = TypeVar("Tile")


class TileCache(web.TileCache[Tile]):
    """A cache of tiles whose requests end if the user cancels."""

    def __init__(self, fetch: Callable[[int, int], Tile], most: int) -> None:
        super().__init__(fetch, most, current_cancellation(), cancelled_by)


class TiledMapSource(TilesSource):
    """A level of a tiled map with QGIS's network and decoders."""

    def __init__(self, tiled_map: TiledMap, level: TileMatrix, crs: str, name: str, timeout: float = TIMEOUT) -> None:
        self._fetch = partial(fetch_tile, tiled_map, level, timeout)
        super().__init__(level, crs, name, TileCache(self._fetch, kept_tiles(level)))
        self.described = _described(tiled_map, level, crs, name)

    def check(self, window: Window) -> None:
        """Fetches the tile in the middle of a window, to detect a refusal of the server before the run."""
        middle = Window(window.x + window.width // 2, window.y + window.height // 2, 1, 1)
        for place in self._level.tiles_of(middle.intersection(self.grid.window)):
            if self._fetch(*place) is not None and isinstance(self.described, TilesInput):
                self.described = replace(self.described, seen=place)


class HeightsSource(TiledMapSource):
    """The heights encoded in the colours of a level."""

    def __init__(
        self, tiled_map: TiledMap, level: TileMatrix, crs: str, name: str, bands: tuple[RasterBand, ...]
    ) -> None:
        super().__init__(tiled_map, level, crs, name)
        self.bands = bands
        self.described = ONLY_HERE
        self._start, self._weights = HEIGHTS[tiled_map.encoding]
        self.select([Channel(band.number) for band in self.bands])

    def numbers(self, colours: NDArray[np.uint8]) -> NDArray[np.float64]:
        """Returns the heights (1, height, width) in metres."""
        return self._start + np.tensordot(self._weights, colours.astype(np.float64), 1)[np.newaxis]


def _described(tiled_map: TiledMap, level: TileMatrix, crs: str, name: str) -> TilesInput | Phrase:
    if tiled_map.template is None:
        return ONLY_HERE
    template, zoom = tiled_map.template(level)
    return described(TilesInput(template, name, crs, level, zoom, new_token()), tiled_map.access)


def fetch_tile(tiled_map: TiledMap, level: TileMatrix, timeout: float, column: int, row: int) -> Picture | None:
    """Returns the image of a tile, None if it is empty; raises an AddressError."""
    address, access = tiled_map.address(level, column, row), tiled_map.access
    if tiled_map.complete:
        return fetch_picture(address, level.tile_size, access, timeout)
    return fetch_tile_picture(address, level.tile_size, access, timeout, smooth=not tiled_map.encoding)
