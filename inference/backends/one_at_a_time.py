# SPDX-License-Identifier: GPL-2.0-or-later
"""A backend that runs one call after the other, each with all threads."""

from __future__ import annotations

from collections.abc import Sequence
from threading import Lock
from typing import Any

from numpy.typing import NDArray

from .backend import Backend, Float32
from .forwarding import ForwardingBackend


class OneAtATime(ForwardingBackend):
    """Lets no two calls run at once: on large tiles that is as fast, and takes the memory of one call.

    Other threads read and decide meanwhile.
    """

    def __init__(self, backend: Backend) -> None:
        super().__init__(backend)
        self._turn = Lock()

    def run(self, pixels: Float32) -> NDArray[Any]:
        """Returns the output (N, channels, height, width) for pixels (N, bands, height, width)."""
        with self._turn:
            return self.behind.run(pixels)

    def run_winners(self, pixels: Float32, never: Sequence[int] = ()) -> NDArray[Any]:
        """Returns the channel with the largest score (N, height, width)."""
        with self._turn:
            return self.behind.run_winners(pixels, never)
