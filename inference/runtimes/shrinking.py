# SPDX-License-Identifier: GPL-2.0-or-later
"""A backend that goes on with smaller batches where memory runs out."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from ..errors import NetworkMemoryError
from .backend import Backend, Float32
from .forwarding import ForwardingBackend
from .output_form import GivenOutput

Given = TypeVar("Given")

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

    def outputs(self, pixels: Float32) -> tuple[GivenOutput, ...]:
        """Returns what all outputs are for pixels (N, bands, height, width)."""
        first, *others = self._parts(self.behind.outputs, pixels)
        if not others:
            return first
        # What has a place for the number of images has as many as the pixels.
        count = self._most or len(pixels)
        return tuple(
            replace(given, shape=(len(pixels), *given.shape[1:])) if given.shape[:1] == (count,) else given
            for given in first
        )

    def run(self, pixels: Float32) -> NDArray[Any]:
        """Returns the output (N, channels, height, width) for pixels (N, bands, height, width)."""
        return _joined(self._parts(self.behind.run, pixels))

    def run_argmax(self, pixels: Float32, never: Sequence[int] = ()) -> NDArray[Any]:
        """Returns the channel with the largest score (N, height, width)."""
        return _joined(self._parts(lambda part: self.behind.run_argmax(part, never), pixels))

    def _parts(self, call: Callable[[Float32], Given], pixels: Float32) -> list[Given]:
        count = min(len(pixels), self._most or len(pixels))
        try:
            return [call(part) for part in _portions(pixels, count)]
        except NetworkMemoryError:
            if count == 1 or self.input.batch is not None:
                raise
        # Outside the handler, so that what the failed call held is free again.
        self._shrink(count // 2)
        return self._parts(call, pixels)

    def _shrink(self, count: int) -> None:
        if self._most is None or count < self._most:
            self._most = count
            self._tell(count)


def _joined(parts: list[NDArray[Any]]) -> NDArray[Any]:
    return parts[0] if len(parts) == 1 else np.concatenate(parts)


def _portions(pixels: Float32, count: int) -> Iterator[Float32]:
    for first in range(0, len(pixels), count):
        last = first + count
        yield pixels[first:last]
