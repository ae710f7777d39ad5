# SPDX-License-Identifier: GPL-2.0-or-later
"""Tiles that are fetched side by side and kept for a while, because the windows that are read overlap."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterable, Iterator
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor
from typing import Callable, Generic, TypeVar

from ...inference.errors import RunCancelledError
from .cancellation import cancelled_by, current_cancellation

# As many as browsers have open to one server.
AT_ONCE = 6

Place = tuple[int, int]
Tile = TypeVar("Tile")


class TileCache(Generic[Tile]):
    """Gives tiles by column and row; any number of threads may ask, and each tile is fetched by one of them.

    `fetch` runs in threads of the cache, whose requests end when the user cancels or the cache is closed. At most
    `most` tiles are kept, those that were asked for last.
    """

    def __init__(self, fetch: Callable[[int, int], Tile], most: int) -> None:
        self._fetch = fetch
        self._most = most
        self._is_cancelled = current_cancellation()
        self._lock = threading.Lock()
        self._open()

    def get(self, places: Iterable[Place]) -> Iterator[Tile]:
        """Yields the tiles in this order, or raises what fetching one of them raised."""
        waiting = [self._future(place) for place in places]
        waiting.reverse()
        while waiting:
            try:
                yield waiting.pop().result()
            except CancelledError as error:
                raise RunCancelledError from error

    def close(self) -> None:
        """Forgets all tiles, gives up those that are on their way, and ends the threads."""
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
