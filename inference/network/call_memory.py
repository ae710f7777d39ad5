# SPDX-License-Identifier: GPL-2.0-or-later
"""The memory of a network's calls, measured with a tile of a run on a network that has just been opened."""

from __future__ import annotations

import math
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass

import numpy as np

from ..errors import FunctionError, NetworkRunError
from ..runtimes import Backend
from .memory import Growth

Size = tuple[int, int, int, int]


@dataclass(frozen=True)
class CallMemory:
    """Bytes by which calls of so many `pixels` grow the process: the `first` one, and each `further` one beside it.

    They are 0 if the system does not report memory.
    """

    pixels: int = 0
    first: int = 0
    further: int = 0

    def needed(self, pixels: int, calls: int = 1) -> int:
        """Returns the bytes of concurrent calls with so many pixels each."""
        measured = self.first + (calls - 1) * self.further
        return measured * pixels // self.pixels if self.pixels else 0


def measure_calls(backend: Backend, size: Size, calls_for: Callable[[int], int]) -> CallMemory:
    """Returns the memory of calls with images (N, bands, height, width) on a network without earlier calls.

    `calls_for` returns the number of concurrent calls of a run, for the bytes of one.
    """
    images = np.zeros(size, np.float32)
    with Growth(backend.process) as growth, suppress(NetworkRunError, FunctionError, MemoryError):
        backend.expect(size)
        backend.run(images)
    first = further = growth.bytes
    calls = calls_for(first) if first else 1
    if calls > 1:
        with Growth(backend.process) as more, ThreadPoolExecutor(calls) as pool:
            running = [pool.submit(backend.run, images) for _ in range(calls)]
            for call in running:
                with suppress(NetworkRunError, FunctionError, MemoryError):
                    call.result()
        # The memory of the first call is used again, unless the library has given it back.
        further = max(0, more.before + more.bytes - growth.before - first) // (calls - 1)
    return CallMemory(math.prod(size) // size[1], first, further)
