# SPDX-License-Identifier: GPL-2.0-or-later
"""The loop: tiles are read, classified and written at the same time."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import groupby, islice
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from ..errors import RunCancelledError
from ..progress import Progress
from .plan import Tile
from .strips import Strip, count_tiles

Float32 = NDArray[np.float32]
Valid = NDArray[np.bool_]
Block = tuple[Float32, Valid]

# Batches under way per worker: one at work, and one read ahead or waiting for its turn to be written.
DEPTH = 2

# Seconds between two looks at Cancel while a network works.
PATIENCE = 0.2


class Source(Protocol):
    """A source of pixels (bands, height, width) and their validity (height, width)."""

    def read(self, strip: Strip, tile: Tile) -> Block:
        """Reads the window of a tile, which may reach beyond the raster.

        The arrays are the caller's, who may change them.
        """


class TileProcessor(Protocol):
    """Turns raw pixels into the values that are kept."""

    @property
    def batch_size(self) -> int:
        """The number of tiles of one call."""

    def process(self, tiles: list[Tile], blocks: list[Block]) -> list[NDArray[Any]]:
        """Returns the values of each tile for the merger (bands, height, width)."""

    def interrupt(self) -> None:
        """Ends the calls that are under way as soon as possible."""


class Merger(Protocol):
    """Puts tiles together that come in the order of their strip."""

    def add(self, strip: Strip, tile: Tile, values: NDArray[Any]) -> NDArray[Any] | None:
        """Takes a tile and returns the values (bands, height, width) of the strip if it completes it."""


class Sink(Protocol):
    """Takes the strips of the result."""

    def write(self, strip: Strip, values: NDArray[Any]) -> None:
        """Takes the values (bands, height, width) of a strip."""


@dataclass(frozen=True)
class Batch:
    """The tiles of one call of the network, and their results."""

    strip: Strip
    tiles: list[Tile]
    results: Future[list[NDArray[Any]]]


class Threads:
    """The threads of runs in turn: one that reads, and one for each worker; what a thread has open stays so.

    A context manager that ends them.
    """

    def __init__(self, workers: int) -> None:
        self.workers = workers
        self._begin()

    def __enter__(self) -> Threads:
        return self

    def __exit__(self, *_: object) -> None:
        self.end()

    def end(self) -> None:
        """Cancels what has not begun, and waits for the rest; another run begins with new threads."""
        ended = self.readers, self.classifiers
        self._begin()
        for pool in ended:
            pool.shutdown(wait=False, cancel_futures=True)
        for pool in ended:
            pool.shutdown()

    def _begin(self) -> None:
        # No thread starts before it is needed.
        self.readers = ThreadPoolExecutor(1, "read")
        self.classifiers = ThreadPoolExecutor(self.workers, "classify")


def run(
    strips: Sequence[Strip],
    source: Source,
    processor: TileProcessor,
    merger: Merger,
    sink: Sink,
    progress: Progress,
    threads: Threads,
) -> None:
    """Classifies the tiles of these strips; the result does not depend on the number of workers.

    The threads go on for another run, unless this one fails.
    """
    most = DEPTH * threads.workers
    pending: deque[Batch] = deque()
    count, done = count_tiles(strips), 0

    def finish_oldest() -> None:
        nonlocal done
        _check_cancelled(processor, progress)
        batch = pending.popleft()
        for tile, values in zip(batch.tiles, _result(batch.results, processor, progress)):
            finished = merger.add(batch.strip, tile, values)
            if finished is not None:
                sink.write(batch.strip, finished)
        done += len(batch.tiles)
        progress.report(done / count)

    # Speed and remaining time are measured from here.
    progress.report(0.0)
    with ExitStack() as failed:
        failed.callback(threads.end)
        for strip, tiles in batches(strips, processor.batch_size):
            blocks = threads.readers.submit(_read_all, source, strip, tiles)
            pending.append(Batch(strip, tiles, threads.classifiers.submit(_classify, processor, tiles, blocks)))
            if len(pending) >= most:
                finish_oldest()
        while pending:
            finish_oldest()
        failed.pop_all()


def batches(strips: Sequence[Strip], size: int) -> Iterator[tuple[Strip, list[Tile]]]:
    """Yields neighbouring tiles of the same strip and shape, at most `size` at a time."""
    for strip in strips:
        for _, group in groupby(strip, key=lambda tile: (tile.read.height, tile.read.width)):
            while batch := list(islice(group, size)):
                yield strip, batch


def _result(results: Future[list[NDArray[Any]]], processor: TileProcessor, progress: Progress) -> list[NDArray[Any]]:
    """Waits for a batch, and for Cancel: a network may take minutes, or never return."""
    while not wait([results], PATIENCE).done:
        _check_cancelled(processor, progress)
    return results.result()


def _check_cancelled(processor: TileProcessor, progress: Progress) -> None:
    if progress.cancelled:
        processor.interrupt()
        raise RunCancelledError


def _read_all(source: Source, strip: Strip, tiles: list[Tile]) -> list[Block]:
    return [source.read(strip, tile) for tile in tiles]


def _classify(processor: TileProcessor, tiles: list[Tile], blocks: Future[list[Block]]) -> list[NDArray[Any]]:
    return processor.process(tiles, blocks.result())
