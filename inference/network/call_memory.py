# SPDX-License-Identifier: GPL-2.0-or-later
"""The memory of a network's calls, measured with a tile of a run on a network that has just been opened."""

from __future__ import annotations

import math
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

import numpy as np

from ..errors import FunctionError, NetworkRunError
from ..runtimes import Backend
from .memory import Growth, fits, release_unused

Size = tuple[int, int, int, int]

# Share of a call's memory that each further one takes beside it in a long run, as their peaks rarely meet: 0.74 to 0.90
# with published networks in ONNX Runtime and OpenVINO. A few calls show anything between 0.1 and that.
BESIDE = 0.8


@dataclass(frozen=True)
class CallMemory:
    """Bytes (`first`) by which a call of so many `pixels` grows the process; `constant` ones do not depend on pixels.

    All are 0 if the system does not report memory.
    """

    pixels: int = 0
    first: int = 0
    constant: int = 0

    def needed(self, pixels: int, calls: int = 1) -> int:
        """Returns the bytes of concurrent calls with so many pixels each."""
        share = (1 + (calls - 1) * BESIDE) * (self.first - self.constant)
        return self.constant + round(share * pixels / self.pixels) if self.pixels else 0


def measure_calls(backend: Backend, sizes: Sequence[Size]) -> CallMemory:
    """Returns the memory of a call with images (N, bands, height, width) on a network without earlier calls.

    The `sizes` are in ascending order. The first one is run, and of the others as many as fit into the free memory if
    a call takes no more for each pixel than the one before.
    """
    before, taken = None, [(0, 0)]
    for size in sizes:
        pixels = math.prod(size) // size[1]
        # What the C library keeps of another call would count for this one as well.
        release_unused()
        known, found = taken[-1]
        if known and not fits(found * pixels // known):
            break
        with Growth(backend.process) as growth, suppress(NetworkRunError, FunctionError, MemoryError):
            backend.expect(size)
            backend.run(np.zeros(size, np.float32))
        before = growth.before if before is None else before
        taken.append((pixels, growth.before + growth.bytes - before))
    (fewer, smaller), (pixels, first) = taken[1], taken[-1]
    # On the line through both: constant + share x pixels.
    constant = (smaller * pixels - first * fewer) // (pixels - fewer) if pixels > fewer else 0
    return CallMemory(pixels, max(0, first), min(max(0, constant), max(0, smaller)))
