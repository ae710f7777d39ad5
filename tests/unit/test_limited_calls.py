# SPDX-License-Identifier: GPL-2.0-or-later
"""How many calls of a network run at once."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from threading import Condition
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from classify_pixels.inference.network.open_network import CALLS_MEMORY, calls_at_once
from classify_pixels.inference.runtimes import LimitedCalls
from classify_pixels.inference.runtimes.wrappers import ForwardingBackend


class CountingBackend(ForwardingBackend):
    """Counts the calls that are under way at the same time; none returns before so many were."""

    def __init__(self, together: int = 1) -> None:
        self.now = self.most = 0
        self._together, self._changed = together, Condition()

    def run(self, pixels: Any) -> Any:
        with self._changed:
            self.now += 1
            self.most = max(self.most, self.now)
            self._changed.notify_all()
            assert self._changed.wait_for(lambda: self.most >= self._together, timeout=300)
        # Others could come in, were it allowed.
        time.sleep(0.02)
        with self._changed:
            self.now -= 1
        if pixels.any():
            raise ValueError("a call that fails")
        return pixels

    def run_argmax(self, pixels: Any, never: Any = ()) -> Any:
        return self.run(pixels)


@pytest.mark.parametrize("calls", [1, 2, 3])
@pytest.mark.parametrize("method", ["run", "run_argmax"])
def test_no_more_calls_than_allowed_run_at_once(calls: int, method: str) -> None:
    counting = CountingBackend(calls)
    limited = LimitedCalls(counting, calls)
    with ThreadPoolExecutor(6) as pool:
        list(pool.map(getattr(limited, method), [np.zeros(1)] * 12))
    assert counting.most == calls


def test_a_call_that_fails_makes_room_for_the_next() -> None:
    limited = LimitedCalls(CountingBackend(), 1)
    for _ in range(3):
        with pytest.raises(ValueError, match="a call that fails"):
            limited.run(np.ones(1, np.float32))
    assert not limited.run(np.zeros(1, np.float32)).any()


@given(st.integers(1, 64), st.integers(1, 2**36))
def test_calls_keep_within_their_memory_and_there_is_at_least_one(workers: int, memory: int) -> None:
    calls = calls_at_once(workers, memory)
    assert 1 <= calls <= workers
    assert calls == 1 or calls * memory <= CALLS_MEMORY
    assert calls == workers or (calls + 1) * memory > CALLS_MEMORY
