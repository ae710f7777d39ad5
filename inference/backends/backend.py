# SPDX-License-Identifier: GPL-2.0-or-later
"""What every backend offers, whatever library runs the network."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

Float32 = NDArray[np.float32]
NCHW, NHWC = "NCHW", "NHWC"


@dataclass(frozen=True)
class NetworkInput:
    """The input that a network takes; None stands for any size."""

    batch: int | None = None
    bands: int | None = None
    height: int | None = None
    width: int | None = None
    layout: str = NCHW


class Backend(Protocol):
    """A network held by the library that runs it."""

    @property
    def device(self) -> str:
        """What the network runs on, in words, for the log."""

    @property
    def input(self) -> NetworkInput:
        """The input that the network takes."""

    def run(self, pixels: Float32) -> NDArray[Any]:
        """Returns the network's output (N, channels, height, width) for pixels (N, bands, height, width).

        May be called from several threads at once.
        """

    def close(self) -> None:
        """Lets the network and its memory go."""


def to_layout(pixels: Float32, layout: str) -> Float32:
    """Returns pixels (N, bands, H, W) in the layout that the network takes."""
    return pixels if layout == NCHW else np.ascontiguousarray(pixels.transpose(0, 2, 3, 1))


def to_nchw(output: NDArray[Any], layout: str, height: int, width: int) -> NDArray[Any]:
    """Returns an output with its channels in the second place; (N, H, W) becomes one channel.

    The layout of the output is told from its shape where that is possible (height and width are the
    input's), else it is that of the input.
    """
    if output.ndim == 3:
        return output[:, np.newaxis]
    if output.ndim != 4:
        return output
    channels_first = output.shape[2:] == (height, width)
    channels_last = output.shape[1:3] == (height, width)
    if channels_last != channels_first:
        return output.transpose(0, 3, 1, 2) if channels_last else output
    return output if layout == NCHW else output.transpose(0, 3, 1, 2)
