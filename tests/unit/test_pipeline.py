# SPDX-License-Identifier: GPL-2.0-or-later
"""The loop alone: its source, network and sink are the smallest that its protocols allow."""

from __future__ import annotations

import threading
from typing import Any

import numpy as np
import pytest

from classify_pixels.inference.errors import RasterUnreadableError, RunCancelledError, ScoresError
from classify_pixels.inference.tiling import (
    CropMerger,
    Strip,
    Threads,
    Tile,
    TilePlan,
    TileShape,
    cut_strips,
    plan_tiles,
    run,
)
from classify_pixels.inference.tiling.pipeline import DEPTH, batches
from classify_pixels.inference.window import Window
from tests.unit.runs import Recorder

SCENE = Window(0, 0, 50, 70)


class ArraySource:
    """Reads from an array; fails from the given row on."""

    def __init__(self, scene: Window = SCENE, broken_from: int = 10**9) -> None:
        self.pixels = np.arange(scene.width * scene.height, dtype=np.float32).reshape(1, scene.height, scene.width)
        self.reads = 0
        self._scene, self._broken_from = scene, broken_from

    def read(self, _: Strip, tile: Tile) -> tuple[np.ndarray, np.ndarray]:
        window = tile.read
        self.reads += 1
        if window.bottom > self._broken_from:
            raise RasterUnreadableError(raster="scene.tif", reason="a block is broken")
        inside = window.intersection(self._scene)
        pixels = np.zeros((1, window.height, window.width), np.float32)
        pixels[(slice(None), *inside.within(window))] = self.pixels[(slice(None), *inside.within(self._scene))]
        return pixels, np.ones(pixels.shape[1:], bool)


class Doubling:
    """Twice the pixel; at a barrier a tile waits for the others."""

    def __init__(self, batch_size: int = 1, barrier: threading.Barrier | None = None, fails: bool = False) -> None:
        self.batch_size = batch_size
        self.sizes: list[int] = []
        self.interrupted = threading.Event()
        self._barrier, self._fails = barrier, fails

    def interrupt(self) -> None:
        self.interrupted.set()

    def process(self, tiles: list[Tile], blocks: list[Any]) -> list[np.ndarray]:
        self.sizes.append(len(tiles))
        if self._fails:
            raise ScoresError
        if self._barrier is not None:
            self._barrier.wait(timeout=300)
        return [2 * pixels[(slice(None), *t.core.within(t.read))] for t, (pixels, _) in zip(tiles, blocks)]


class Strips:
    """Keeps the strips, and how many reads were ahead of them."""

    def __init__(self, source: ArraySource) -> None:
        self.all = np.full_like(source.pixels, -1)
        self.count = 0
        self.ahead: list[int] = []
        self._source = source

    def write(self, strip: Strip, values: np.ndarray) -> None:
        self.ahead.append(self._source.reads - self.count)
        self.count += 1
        window = strip.window
        self.all[:, window.y : window.bottom, window.x : window.right] = values


def plan_of(tile: int = 12, scene: Window = SCENE) -> TilePlan:
    return plan_tiles(scene, scene, TileShape(tile, tile, 1, 2, fixed=False))


def strips_of(plan: TilePlan) -> tuple[Strip, ...]:
    """Strips of one row of tiles each."""
    rows, columns = plan.rows, plan.columns
    width = columns.stop - columns.start
    spans = [(row, rows.span(row)) for row in range(len(rows))]
    windows = [(row, Window(columns.start, s.core_start, width, s.core_stop - s.core_start)) for row, s in spans]
    return tuple(Strip(row, window, plan, range(row, row + 1), range(len(columns))) for row, window in windows)


def classify(
    plan: TilePlan, source: ArraySource, network: Doubling, sink: Strips, progress: Recorder, workers: int
) -> None:
    with Threads(workers) as threads:
        run(strips_of(plan), source, network, CropMerger(), sink, progress, threads)


@pytest.mark.parametrize("workers", [1, 2, 4])
@pytest.mark.parametrize("batch_size", [1, 3, 100])
def test_the_sink_gets_every_strip(workers: int, batch_size: int) -> None:
    source = ArraySource()
    rows = Strips(source)
    classify(plan_of(), source, Doubling(batch_size), rows, Recorder(), workers)
    assert (rows.all == 2 * source.pixels).all()


def test_workers_classify_at_the_same_time() -> None:
    """Each tile waits for another one, so that a single worker would never end."""
    source = ArraySource(Window(0, 0, 8, 32))
    plan = plan_tiles(Window(0, 0, 8, 32), Window(0, 0, 8, 32), TileShape(8, 8, 1, 0, fixed=True))
    rows = Strips(source)
    classify(plan, source, Doubling(barrier=threading.Barrier(2)), rows, Recorder(), 2)
    assert (rows.all == 2 * source.pixels).all()


@pytest.mark.parametrize("workers", [1, 3])
def test_reading_ahead_is_bounded(workers: int) -> None:
    scene = Window(0, 0, 4, 800)
    source = ArraySource(scene)
    rows = Strips(source)
    plan = plan_tiles(scene, scene, TileShape(4, 4, 1, 0, fixed=True))
    classify(plan, source, Doubling(), rows, Recorder(), workers)
    assert rows.count == len(plan) == 200
    assert max(rows.ahead) <= DEPTH * workers


def test_progress_grows_to_one() -> None:
    source, progress = ArraySource(), Recorder()
    classify(plan_of(), source, Doubling(2), Strips(source), progress, 2)
    assert progress.fractions == sorted(progress.fractions)
    assert progress.fractions[0] == 0
    assert progress.fractions[-1] == 1


@pytest.mark.parametrize("workers", [1, 4])
@pytest.mark.parametrize("after", [1, 5, 20])
def test_a_cancelled_run_ends_soon(workers: int, after: int) -> None:
    source, progress = ArraySource(), Recorder(cancel_after=after)
    plan = plan_of(tile=8)
    with pytest.raises(RunCancelledError):
        classify(plan, source, Doubling(), Strips(source), progress, workers)
    assert len(progress.fractions) == after
    assert source.reads <= after + DEPTH * workers < len(plan)


@pytest.mark.parametrize("workers", [1, 4])
def test_the_error_of_a_read_reaches_the_caller(workers: int) -> None:
    source = ArraySource(broken_from=30)
    with pytest.raises(RasterUnreadableError, match="a block is broken"):
        classify(plan_of(), source, Doubling(), Strips(source), Recorder(), workers)


def test_after_an_error_nothing_more_is_read_and_no_thread_stays() -> None:
    before = set(threading.enumerate())
    source, plan = ArraySource(), plan_of(tile=6)
    with pytest.raises(ScoresError):
        classify(plan, source, Doubling(fails=True), Strips(source), Recorder(), 2)
    assert source.reads <= DEPTH * 2 < len(plan)
    assert set(threading.enumerate()) == before


def test_the_rows_before_an_error_are_written() -> None:
    source = ArraySource(broken_from=40)
    rows = Strips(source)
    with pytest.raises(RasterUnreadableError):
        classify(plan_of(), source, Doubling(), rows, Recorder(), 2)
    assert 0 < rows.count < len(plan_of().rows)
    done = rows.all >= 0
    assert (rows.all == 2 * source.pixels)[done].all()
    assert done.sum() == 50 * 8 * rows.count


@pytest.mark.parametrize("size", [1, 2, 5, 1000])
def test_a_batch_has_tiles_of_one_shape(size: int) -> None:
    plan = plan_of()
    parts = [tiles for _, tiles in batches(strips_of(plan), size)]
    assert [tile for part in parts for tile in part] == list(plan)
    assert all(len({(tile.read.height, tile.read.width) for tile in part}) == 1 for part in parts)
    assert max(map(len, parts)) <= size


def test_tiles_of_a_fixed_size_fill_their_batches() -> None:
    plan = plan_tiles(SCENE, SCENE, TileShape(16, 16, 1, 2, fixed=True))
    (strip,) = cut_strips(plan, 1, blended=False)
    sizes = [len(tiles) for _, tiles in batches([strip], 4)]
    assert sizes[:-1] == [4] * (len(plan) // 4)
    assert sizes[-1] in (4, len(plan) % 4)


def test_cancel_reaches_a_network_that_does_not_return() -> None:
    class Endless(Doubling):
        def process(self, tiles: list[Tile], blocks: list[Any]) -> list[np.ndarray]:
            progress.cancelled = True
            assert self.interrupted.wait(timeout=300)
            raise ScoresError

    source, progress = ArraySource(), Recorder()
    with pytest.raises(RunCancelledError):
        classify(plan_of(), source, Endless(), Strips(source), progress, 2)
