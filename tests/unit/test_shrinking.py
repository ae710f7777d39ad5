# SPDX-License-Identifier: GPL-2.0-or-later
"""Batches shrink where memory runs out, and the pixels stay the same."""

from __future__ import annotations

import threading

import numpy as np
import pytest

from classify_pixels.inference.errors import NetworkMemoryError, NetworkRunError
from classify_pixels.inference.runtimes import NetworkInput, ShrinkingBackend
from classify_pixels.inference.runtimes.failure import SIGNS, run_failure


class Narrow:
    """Doubles at most so many tiles at once."""

    device = "test"

    def __init__(self, most: int, batch: int | None = None) -> None:
        self.most = most
        self.input = NetworkInput(batch=batch)
        self.sizes: list[int] = []

    def run(self, pixels: np.ndarray) -> np.ndarray:
        self.sizes.append(len(pixels))
        if len(pixels) > self.most:
            raise NetworkMemoryError(size="8 x 8", reason="it is full")
        return 2 * pixels

    def close(self) -> None:
        self.sizes.clear()


PIXELS = np.random.default_rng(0).random((13, 2, 8, 8), np.float32)


@pytest.mark.parametrize("most", [1, 2, 3, 6, 12, 13])
def test_the_result_is_that_of_the_whole_batch(most: int) -> None:
    told: list[int] = []
    narrow = Narrow(most)
    backend = ShrinkingBackend(narrow, told.append)
    assert np.array_equal(backend.run(PIXELS), 2 * PIXELS)
    assert all(size <= most for size in told[-1:])
    narrow.sizes.clear()
    assert np.array_equal(backend.run(PIXELS), 2 * PIXELS)
    assert max(narrow.sizes) <= most
    assert told == sorted(set(told), reverse=True)


def test_one_tile_that_does_not_fit_is_an_error() -> None:
    with pytest.raises(NetworkMemoryError):
        ShrinkingBackend(Narrow(0), lambda count: None).run(PIXELS)


def test_a_batch_that_the_network_fixes_does_not_shrink() -> None:
    narrow = Narrow(2, batch=4)
    with pytest.raises(NetworkMemoryError):
        ShrinkingBackend(narrow, lambda count: None).run(PIXELS[:4])
    assert narrow.sizes == [4]


def test_each_size_is_told_once_however_many_threads_call() -> None:
    told: list[int] = []
    backend = ShrinkingBackend(Narrow(2), told.append)
    threads = [threading.Thread(target=backend.run, args=(PIXELS,)) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(told, reverse=True) == [6, 3, 1]


@pytest.mark.parametrize("sign", SIGNS)
def test_a_lack_of_memory_is_told_from_other_failures(sign: str) -> None:
    assert isinstance(run_failure("8 x 8", RuntimeError(f"x: {sign.title()}!"), "x"), NetworkMemoryError)
    assert isinstance(run_failure("8 x 8", MemoryError(), "x"), NetworkMemoryError)
    assert type(run_failure("8 x 8", RuntimeError("shapes differ"), "x")) is NetworkRunError


def test_a_lack_of_memory_that_says_nothing_is_told_in_words() -> None:
    """Python's own MemoryError has no text, and its name is no reason."""
    assert "8 x 8 pixels: there is not enough memory. " in str(run_failure("8 x 8", MemoryError(), "MemoryError"))
    assert "8 x 8 pixels: 2 GiB are missing. " in str(run_failure("8 x 8", MemoryError("2 GiB"), "2 GiB are missing"))
