# SPDX-License-Identifier: GPL-2.0-or-later
"""The memory of a network's calls, measured with a tile of a run on a network that has just been opened."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass

import numpy as np

from ..errors import FunctionError, NetworkRunError
from ..runtimes import Backend
from .memory import Growth, release_unused

Size = tuple[int, int, int, int]


@dataclass(frozen=True)
class CallMemory:
    """Bytes by which calls of so many `pixels` grow the process: the `first` one, and each `further` one beside it.

    So many of the first one's do not depend on its pixels (`constant`). All are 0 if the system does not report memory.
    """

    pixels: int = 0
    first: int = 0
    further: int = 0
    constant: int = 0

    def needed(self, pixels: int, calls: int = 1) -> int:
        """Returns the bytes of concurrent calls with so many pixels each."""
        measured = self.first - self.constant + (calls - 1) * self.further
        return self.constant + measured * pixels // self.pixels if self.pixels else 0


def measure_calls(backend: Backend, sizes: Sequence[Size], calls_for: Callable[[int], int]) -> CallMemory:
    """Returns the memory of calls with images (N, bands, height, width) on a network without earlier calls.

    `sizes` are one or two, the larger one last. `calls_for` returns the number of concurrent calls of a run, for the
    bytes of one.
    """
    before, taken = None, []
    for size in sizes:
        images = np.zeros(size, np.float32)
        # What the C library keeps of another call would count for this one as well.
        release_unused()
        with Growth(backend.process) as growth, suppress(NetworkRunError, FunctionError, MemoryError):
            backend.expect(size)
            backend.run(images)
        before = growth.before if before is None else before
        taken.append(growth.before + growth.bytes - before)
    (smaller, fewer), (first, pixels) = ((taken[i], math.prod(sizes[i]) // sizes[i][1]) for i in (0, -1))
    # On the line through both: constant + share x pixels.
    constant = (smaller * pixels - first * fewer) // (pixels - fewer) if pixels > fewer else 0
    calls, further = calls_for(first) if first > 0 else 1, first
    if calls > 1:
        with Growth(backend.process) as growth, ThreadPoolExecutor(calls) as pool:
            running = [pool.submit(backend.run, images) for _ in range(calls)]
            for call in running:
                with suppress(NetworkRunError, FunctionError, MemoryError):
                    call.result()
        # The memory of the first call is used again, unless the library has given it back.
        further = max(0, growth.before + growth.bytes - (before or 0) - first) // (calls - 1)
    return CallMemory(pixels, max(0, first), further, min(max(0, constant), max(0, smaller)))
