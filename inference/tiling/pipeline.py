# SPDX-License-Identifier: GPL-2.0-or-later
"""The loop: tiles are read, classified and written at the same time."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import groupby, islice
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from ..errors import RunCancelledError
from ..progress import Progress
from ..window import Window
from .plan import Tile, TilePlan

Float32 = NDArray[np.float32]
Valid = NDArray[np.bool_]
Block = tuple[Float32, Valid]

# Batches under way per worker: one at work, one read ahead, one waiting for its turn to be written.
DEPTH = 3


class Source(Protocol):
    """Gives pixels (bands, height, width) and which of them count (height, width)."""

    def read(self, window: Window) -> Block:
        """Reads a window, which may reach beyond the raster."""


class Network(Protocol):
    """Turns raw pixels into the values that are kept."""

    @property
    def batch_size(self) -> int:
        """The number of tiles of one call."""

    def process(self, tiles: list[Tile], blocks: list[Block]) -> list[NDArray[Any]]:
        """Returns what the merger takes of each tile (bands, height, width)."""


class Merger(Protocol):
    """Puts tiles together that come in the order of the plan."""

    def add(self, tile: Tile, values: NDArray[Any]) -> NDArray[Any] | None:
        """Takes a tile and returns the rows (bands, height, width) that it completes, if any."""


class Sink(Protocol):
    """Takes the rows of the result from top to bottom."""

    def write(self, rows: NDArray[Any]) -> None:
        """Takes the next rows (bands, height, width)."""


def run(
    plan: TilePlan, source: Source, network: Network, merger: Merger, sink: Sink, progress: Progress, workers: int
) -> None:
    """Classifies all tiles of a plan; the result does not depend on the number of workers."""
    pending: deque[tuple[list[Tile], Future[list[NDArray[Any]]]]] = deque()

    def finish_oldest() -> None:
        tiles, future = pending.popleft()
        for tile, values in zip(tiles, future.result()):
            rows = merger.add(tile, values)
            if rows is not None:
                sink.write(rows)
        progress.report((tiles[-1].index + 1) / len(plan))

    with ThreadPoolExecutor(1, "read") as readers, ThreadPoolExecutor(workers, "classify") as classifiers:
        try:
            for tiles in batches(plan, network.batch_size):
                blocks = readers.submit(_read_all, source, tiles)
                pending.append((tiles, classifiers.submit(_classify, network, tiles, blocks)))
                if len(pending) >= DEPTH * workers:
                    finish_oldest()
                if progress.cancelled:
                    raise RunCancelledError
            while pending:
                finish_oldest()
                if progress.cancelled:
                    raise RunCancelledError
        finally:
            readers.shutdown(wait=False, cancel_futures=True)
            classifiers.shutdown(wait=False, cancel_futures=True)


def batches(plan: TilePlan, size: int) -> Iterator[list[Tile]]:
    """Yields neighbouring tiles of the same shape, at most so many at a time."""
    for _, group in groupby(plan, key=lambda tile: (tile.read.height, tile.read.width)):
        while batch := list(islice(group, size)):
            yield batch


def _read_all(source: Source, tiles: list[Tile]) -> list[Block]:
    return [source.read(tile.read) for tile in tiles]


def _classify(network: Network, tiles: list[Tile], blocks: Future[list[Block]]) -> list[NDArray[Any]]:
    return network.process(tiles, blocks.result())
