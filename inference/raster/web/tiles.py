# SPDX-License-Identifier: GPL-2.0-or-later
"""A level of a tiled map as a raster. Tiles are fetched concurrently and cached, because windows overlap."""

from __future__ import annotations

import re
import threading
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from typing import Callable, Generic, TypeVar

from ...errors import AddressError, RunCancelledError
from ...grid import Bounds, Grid
from ...phrase import Phrase
from ...redaction import without_secrets
from ...window import Window
from .described import WebInput
from .fetch import fetched
from .picture import Picture, PictureError, read_picture
from .picture_source import COLOURS, PictureSource

PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
# Connections of browsers to one server.
AT_ONCE = 6
# Most bytes of a tile's image.
MOST = 32 * 1024**2
# Bytes of cached tiles: two rows of tiles below a lane of strips.
KEPT = 64 * 1024**2

Place = tuple[int, int]
Tile = TypeVar("Tile")
IsCancelled = Callable[[], bool]


@dataclass(frozen=True)
class TileMatrix:
    """A lattice of square cells, divided into tiles of one size.

    `origin` is the corner of column 0 and row 0 in map coordinates, `cell` the edge of a cell in map units and
    `tile_size` the width and height of a tile in cells. `tiles` are the existing columns and rows; windows of cells
    count from the first one of these.
    """

    name: str
    origin: tuple[float, float]
    cell: float
    tile_size: tuple[int, int]
    tiles: Window

    def grid(self, crs: str) -> Grid:
        """Returns the grid of the existing cells; its CRS is WKT."""
        (x, y), (width, height), tiles = self.origin, self.tile_size, self.tiles
        lattice = Grid(0, 0, (x, self.cell, 0.0, y, 0.0, -self.cell), crs)
        return lattice.crop(Window(tiles.x * width, tiles.y * height, tiles.width * width, tiles.height * height))

    def within(self, bounds: Bounds) -> TileMatrix:
        """Returns the level without the tiles outside of bounds (xmin, ymin, xmax, ymax)."""
        (x, y), (width, height) = self.origin, self.tile_size
        lattice = Grid(1, 1, (x, self.cell * width, 0.0, y, 0.0, -self.cell * height))
        return replace(self, tiles=lattice.cover(bounds).intersection(self.tiles))

    def tiles_of(self, window: Window) -> Iterator[Place]:
        """Yields column and row of each tile that intersects a window of cells."""
        width, height = self.tile_size
        for row in range(window.y // height, -(-window.bottom // height)):
            for column in range(window.x // width, -(-window.right // width)):
                yield self.tiles.x + column, self.tiles.y + row

    def window_of(self, column: int, row: int) -> Window:
        """Returns the cells of a tile."""
        width, height = self.tile_size
        return Window((column - self.tiles.x) * width, (row - self.tiles.y) * height, width, height)

    def bounds_of(self, column: int, row: int) -> Bounds:
        """Returns the bounds of a tile in map coordinates."""
        (x, y), (width, height) = self.origin, (self.cell * edge for edge in self.tile_size)
        return x + column * width, y - (row + 1) * height, x + (column + 1) * width, y - row * height


class TileCache(Generic[Tile]):
    """A thread-safe cache of tiles by column and row; a cached tile is fetched once.

    `fetch` runs in threads of the cache, within `watched`, whose requests end if the user cancels or the cache is
    closed. The `most` tiles requested last are kept.
    """

    def __init__(
        self,
        fetch: Callable[[int, int], Tile],
        most: int,
        is_cancelled: IsCancelled = lambda: False,
        watched: Callable[[IsCancelled], AbstractContextManager[None]] = lambda _: nullcontext(),
    ) -> None:
        self._fetch = fetch
        self._most = most
        self._is_cancelled, self._watched = is_cancelled, watched
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
        with self._watched(is_cancelled):
            return self._fetch(*place)


def _has_failed(future: Future[Tile]) -> bool:
    return future.done() and (future.cancelled() or future.exception() is not None)


class TilesSource(PictureSource):
    """The colours of a level, one cell per pixel of its tile images; thread-safe.

    A tile that does not exist (404, 410) or has no content is empty. Any other failure is an AddressError.
    """

    def __init__(self, level: TileMatrix, crs: str, name: str, tiles: TileCache[Picture | None]) -> None:
        super().__init__(level.grid(crs), name)
        self._level, self._tiles = level, tiles

    def pictures(self, window: Window) -> Iterator[tuple[Window, Picture]]:
        """Yields the existing tiles that intersect a window."""
        places = list(self._level.tiles_of(window))
        for place, picture in zip(places, self._tiles.get(places)):
            if picture is not None:
                yield self._level.window_of(*place), picture

    def close(self) -> None:
        """Releases the cached tiles."""
        self._tiles.close()


@dataclass(frozen=True)
class TilesInput(WebInput):
    """A level of a tiled map by plain values.

    `url` is the address of a tile, with placeholders for its column and row: those of XYZ layers of this `zoom`, or
    without one those of a WMTS. The CRS is WKT. `run` differs from run to run. `seen` is the column and row of a tile
    that had content when the job was begun, if one is known.
    """

    url: str
    name: str
    crs: str
    level: TileMatrix
    zoom: int | None
    run: str
    signed_in: bool = False
    seen: Place | None = None

    def open(self) -> TilesSource:
        """Returns the level, which any process can read; raises if a known tile of it is missing.

        A server may report tiles as missing that it refuses, which would become NoData.
        """
        if self.seen is not None and self._fetch(*self.seen) is None:
            reason = Phrase("this tile had content when the job was begun, and is missing now")
            raise AddressError(address=without_secrets(self._address(*self.seen)), reason=reason)
        return TilesSource(self.level, self.crs, self.name, TileCache(self._fetch, kept_tiles(self.level)))

    def _fetch(self, column: int, row: int) -> Picture | None:
        address = self._address(column, row)
        content = fetched(address, {}, MOST, self.signed_in)
        try:
            return read_picture(content, self.level.tile_size) if content else None
        except PictureError as error:
            raise AddressError(address=without_secrets(address), reason=error.reason) from error

    def _address(self, column: int, row: int) -> str:
        values: Mapping[str, object] = {"tilecol": column, "tilerow": row}
        return filled(self.url, values if self.zoom is None else xyz_values(self.zoom, column, row))


def kept_tiles(level: TileMatrix) -> int:
    """Returns the number of tiles that a cache keeps."""
    width, height = level.tile_size
    return max(1, KEPT // ((len(COLOURS) + 1) * width * height))


def filled(template: str, values: Mapping[str, object]) -> str:
    """Returns a template with its placeholders filled, ignoring case; unknown ones are kept."""
    return PLACEHOLDER.sub(lambda found: str(values.get(found[1].lower(), found[0])), template)


def xyz_values(zoom: int, column: int, row: int) -> Mapping[str, object]:
    """Returns the values of the placeholders of an XYZ layer's address for a tile."""
    digits = ((column >> bit & 1) + 2 * (row >> bit & 1) for bit in range(zoom - 1, -1, -1))
    quadkey = "".join(map(str, digits))
    return {"x": column, "y": row, "-y": 2**zoom - 1 - row, "z": zoom, "q": quadkey, "usage": ""}
