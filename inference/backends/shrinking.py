# SPDX-License-Identifier: GPL-2.0-or-later
"""A backend that goes on with smaller batches where memory runs out."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..errors import NetworkMemoryError
from .backend import Backend, Float32
from .forwarding import ForwardingBackend

# Takes the size of the batches that are used from now on.
Tell = Callable[[int], None]


class ShrinkingBackend(ForwardingBackend):
    """Halves the batch for good where a call runs out of memory, and says so through `tell`.

    The pixels stay the same: the tiles of a batch do not know of each other.
    """

    def __init__(self, backend: Backend, tell: Tell) -> None:
        super().__init__(backend)
        self._tell = tell
        self._most: int | None = None

    def run(self, pixels: Float32) -> NDArray[Any]:
        """Returns the output (N, channels, height, width) for pixels (N, bands, height, width)."""
        return self._in_parts(self.behind.run, pixels)

    def run_winners(self, pixels: Float32, never: Sequence[int] = ()) -> NDArray[Any]:
        """Returns the channel with the largest score (N, height, width)."""
        return self._in_parts(lambda part: self.behind.run_winners(part, never), pixels)

    def _in_parts(self, call: Callable[[Float32], NDArray[Any]], pixels: Float32) -> NDArray[Any]:
        count = min(len(pixels), self._most or len(pixels))
        try:
            parts = [call(part) for part in _portions(pixels, count)]
        except NetworkMemoryError:
            if count == 1 or self.input.batch is not None:
                raise
        else:
            return parts[0] if len(parts) == 1 else np.concatenate(parts)
        # Outside the handler, so that what the failed call held is free again.
        self._shrink(count // 2)
        return self._in_parts(call, pixels)

    def _shrink(self, count: int) -> None:
        if self._most is None or count < self._most:
            self._most = count
            self._tell(count)


def _portions(pixels: Float32, count: int) -> Iterator[Float32]:
    for first in range(0, len(pixels), count):
        last = first + count
        yield pixels[first:last]
