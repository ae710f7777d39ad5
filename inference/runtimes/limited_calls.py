# SPDX-License-Identifier: GPL-2.0-or-later
"""A backend that runs only so many calls at once."""

from __future__ import annotations

from collections.abc import Sequence
from threading import Semaphore
from typing import Any

from numpy.typing import NDArray

from .backend import Backend, Float32
from .forwarding import ForwardingBackend


class LimitedCalls(ForwardingBackend):
    """Lets no more than so many calls run at once, each of which takes memory.

    Other threads read and decide meanwhile.
    """

    def __init__(self, backend: Backend, calls: int) -> None:
        super().__init__(backend)
        self._turn = Semaphore(calls)

    def run(self, pixels: Float32) -> NDArray[Any]:
        """Returns the output (N, channels, height, width) for pixels (N, bands, height, width)."""
        with self._turn:
            return self.behind.run(pixels)

    def run_argmax(self, pixels: Float32, never: Sequence[int] = ()) -> NDArray[Any]:
        """Returns the channel with the largest score (N, height, width)."""
        with self._turn:
            return self.behind.run_argmax(pixels, never)
