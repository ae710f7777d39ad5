# SPDX-License-Identifier: GPL-2.0-or-later
"""What every backend offers, whatever library runs the network."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from ..model import ModelDefinition

Float32 = NDArray[np.float32]
NCHW, NHWC = "NCHW", "NHWC"

# So many channels and the mark for scores that are not finite no longer fit into a byte.
MANY_CHANNELS = 256


@dataclass(frozen=True)
class NetworkInput:
    """The input that a network takes; None stands for any size.

    `limits` are the least and the largest of the whole numbers that it takes, None for one that takes fractions.
    """

    batch: int | None = None
    bands: int | None = None
    height: int | None = None
    width: int | None = None
    layout: str = NCHW
    limits: tuple[int, int] | None = None


@dataclass(frozen=True)
class NetworkOutput:
    """The output that is used: its number from 0 among those that the network gives, and the names of all."""

    number: int = 0
    names: tuple[str, ...] = ()


@dataclass(frozen=True)
class DeclaredArgument:
    """A model argument that the network itself declares: its default as a user would write it, and its maker's text."""

    name: str
    default: str = ""
    text: str = ""


class Backend(Protocol):
    """A network held by the library that runs it.

    A class that derives from this one inherits what has an answer for networks that say nothing.
    """

    @property
    def device(self) -> str:
        """What the network runs on, in words, for the log."""

    @property
    def input(self) -> NetworkInput:
        """The input that the network takes."""

    @property
    def output(self) -> NetworkOutput:
        """The output that is used."""
        return NetworkOutput()

    @property
    def metadata(self) -> Mapping[str, str]:
        """What the file of the network says of itself: keys and texts, as they are."""
        return {}

    @property
    def arguments(self) -> tuple[DeclaredArgument, ...]:
        """The model arguments that the network itself declares; their values are its own affair."""
        return ()

    @property
    def imported(self) -> tuple[Path, ...]:
        """The files of programs that the network's own program has loaded, installed libraries apart."""
        return ()

    @property
    def mixed_precision(self) -> bool:
        """True where the network runs in mixed precision: most of it in 16-bit floats, what suffers from that in 32."""
        return False

    def describe(self, definition: ModelDefinition) -> ModelDefinition:
        """Returns the definition with what the network itself says of it."""
        return definition

    def run(self, pixels: Float32) -> NDArray[Any]:
        """Returns the network's output (N, channels, height, width) for pixels (N, bands, height, width).

        May be called from several threads at once.
        """

    @property
    def decides(self) -> bool:
        """True where `run_winners` is the faster way to classes: scores need not leave the device then."""
        return False

    def run_winners(self, pixels: Float32, never: Sequence[int] = ()) -> NDArray[Any]:
        """Returns the channel with the largest score (N, height, width), for backends that decide.

        The first of equals wins, and none of `never`. Where a score is not finite it is the type's largest value.
        """
        reason = f"{type(self).__name__} gives scores only"
        raise NotImplementedError(reason)

    def interrupt(self) -> None:
        """Ends the calls of `run` that are under way, and all later ones, where the library can do that.

        They raise RunCancelledError. May be called from any thread, again and again.
        """
        return

    def close(self) -> None:
        """Lets the network and its memory go."""


def to_layout(pixels: Float32, layout: str) -> Float32:
    """Returns pixels (N, bands, H, W) in the layout that the network takes."""
    return pixels if layout == NCHW else np.ascontiguousarray(pixels.transpose(0, 2, 3, 1))


def to_nchw(output: NDArray[Any], layout: str, height: int, width: int) -> NDArray[Any]:
    """Returns an output with its channels in the second place; (N, H, W) becomes one channel."""
    if output.ndim == 3:
        return output[:, np.newaxis]
    if output.ndim != 4:
        return output
    return output if channels_axis(output.shape, layout, height, width) == 1 else output.transpose(0, 3, 1, 2)


def channels_axis(shape: Sequence[int], layout: str, height: int, width: int) -> int:
    """Returns which of an output's 4 dimensions is that of the channels: 1 or 3.

    It is told from the shape where that is possible (height and width are the input's), else from the layout of
    the input.
    """
    first, last = tuple(shape[2:]) == (height, width), tuple(shape[1:3]) == (height, width)
    is_last = last if first != last else layout == NHWC
    return 3 if is_last else 1
