# SPDX-License-Identifier: GPL-2.0-or-later
"""A network that runs on windows of a scene within a time limit."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...errors import NetworkRunError, RunCancelledError
from ...progress import Progress
from ...runtimes import Backend
from ...window import Window
from .busy_time import BusyTime

Float32 = NDArray[np.float32]


class OutOfTimeError(Exception):
    """The time for probing is over."""


@dataclass(frozen=True)
class ScoredTile:
    """The scores (channels, height, width) of the pixels in a window."""

    window: Window
    scores: NDArray[Any]


@dataclass(frozen=True)
class ProbeRunner:
    """A network with its batch and its margin, the pixels that its output lacks on each side.

    The limit in `seconds` is checked between two runs.
    """

    backend: Backend
    batch: int
    margin: int
    progress: Progress
    seconds: float
    spent: BusyTime = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "spent", BusyTime.of(self.backend))

    def expect(self, bands: int, window: Window) -> None:
        """Prepares for windows of this size, as a run does for its tiles."""
        whole = window.widened(self.margin)
        self.backend.expect((self.batch, bands, whole.height, whole.width))

    def score(self, scene: Float32, window: Window) -> ScoredTile | None:
        """Returns the scores of a window, None if the network does not run with its size.

        A scene is larger than what can be scored of it by the margin on each side. Raises RunCancelledError or
        OutOfTimeError.
        """
        if self.progress.cancelled:
            raise RunCancelledError
        if self.spent.seconds > self.seconds:
            raise OutOfTimeError
        rows, columns = window.widened(self.margin).within(Window(-self.margin, -self.margin, 0, 0))
        pixels = np.ascontiguousarray(scene[np.newaxis, :, rows, columns])
        try:
            # A network with a fixed batch takes no fewer tiles.
            scores = self.backend.run(pixels.repeat(self.batch, axis=0))[0]
        except (NetworkRunError, MemoryError):
            return None
        return ScoredTile(window, scores) if scores.shape[1:] == (window.height, window.width) else None
