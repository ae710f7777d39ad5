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

import threading
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor
from functools import partial
from typing import Callable, Generic, TypeVar

import numpy as np

from ...inference.errors import AddressError, RunCancelledError
from ...inference.raster import Channel
from ...inference.raster.read.source import BandReader, Float32, Valid, scale_channels
from ...inference.window import Window
from ..http import TIMEOUT, AbsentError, cancelled_by, current_cancellation, get_bytes, without_query
from .layer_pixels import COLOURS
from .tile_picture import Picture, PictureError, read_picture
from .tiled_map import TiledMap, TileMatrix

# Connections of browsers to one server.
AT_ONCE = 6
# Most bytes of a tile's image.
MOST = 32 * 1024**2
# Bytes of cached tiles: two rows of tiles below a lane of strips.
KEPT = 64 * 1024**2

Place = tuple[int, int]
Tile = TypeVar("Tile")


class TileCache(Generic[Tile]):
    """A thread-safe cache of tiles by column and row; a cached tile is fetched once.

    `fetch` runs in threads of the cache, whose requests end if the user cancels or the cache is closed. The `most`
    tiles requested last are kept.
    """

    def __init__(self, fetch: Callable[[int, int], Tile], most: int) -> None:
        self._fetch = fetch
        self._most = most
        self._is_cancelled = current_cancellation()
        self._lock = threading.Lock()
        self._open()

    def get(self, places: Iterable[Place]) -> Iterator[Tile]:
        """Yields the tiles in this order, or raises the error of a failed one."""
        waiting = [self._future(place) for place in places]
        waiting.reverse()
        while waiting:
            try:
                yield waiting.pop().result()
            except CancelledError as error:
                raise RunCancelledError from error

    def close(self) -> None:
        """Drops all tiles, cancels requests under way, and ends the threads."""
        with self._lock:
            pool = self._pool
            self._closed.set()
            self._open()
        pool.shutdown(cancel_futures=True)

    def _open(self) -> None:
        self._closed = threading.Event()
        self._pool = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="tiles")
        self._kept: OrderedDict[Place, Future[Tile]] = OrderedDict()

    def _future(self, place: Place) -> Future[Tile]:
        with self._lock:
            future = self._kept.pop(place, None)
            if future is None or _has_failed(future):
                future = self._pool.submit(self._watched_fetch, place, self._closed)
            self._kept[place] = future
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)
            return future

    def _watched_fetch(self, place: Place, closed: threading.Event) -> Tile:
        def is_cancelled() -> bool:
            return closed.is_set() or self._is_cancelled()

        if is_cancelled():
            raise RunCancelledError
        with cancelled_by(is_cancelled):
            return self._fetch(*place)


def _has_failed(future: Future[Tile]) -> bool:
    return future.done() and (future.cancelled() or future.exception() is not None)


class TiledMapSource(BandReader):
    """The colours of a level, one cell per pixel of its tile images; thread-safe.

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
        """Selects the channels for `read`, in this order."""
        self._channels = tuple(channels)

    def check(self, window: Window) -> None:
        """Fetches the tile in the middle of a window, to detect a refusal of the server before the run."""
        middle = Window(window.x + window.width // 2, window.y + window.height // 2, 1, 1)
        for column, row in self._level.tiles_of(middle.intersection(self.grid.window)):
            self._fetch(column, row)

    def read_bands(self, window: Window) -> tuple[Float32, Valid]:
        """Returns pixels (bands, height, width) and validity (1, height, width) of a window."""
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
        """Releases the cached tiles."""
        self._tiles.close()


def fetch_tile(tiled_map: TiledMap, level: TileMatrix, timeout: float, column: int, row: int) -> Picture | None:
    """Returns the image of a tile, None if it is empty; raises an AddressError."""
    address = tiled_map.address(level, column, row)
    try:
        content = get_bytes(address, {}, tiled_map.access, timeout, MOST)
    except AbsentError:
        return None
    try:
        return read_picture(content, level.tile_size) if content else None
    except PictureError as error:
        raise AddressError(address=without_query(address), reason=error.reason) from error
