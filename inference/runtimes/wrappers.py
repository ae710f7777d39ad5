# SPDX-License-Identifier: GPL-2.0-or-later
"""Backends around another one: the same network, with smaller batches or fewer calls at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from threading import Semaphore
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from ..errors import NetworkMemoryError
from ..models import Normalization
from .backend import Backend, DeclaredArgument, Float32, NetworkInput, NetworkOutput
from .output_form import GivenOutput, OutputForm
from .raster_function.function_values import FunctionBlock

Given = TypeVar("Given")

# Takes the size of the batches that are used from now on.
Tell = Callable[[int], None]


class ForwardingBackend(Backend):
    """Does what the backend `behind` it does."""

    def __init__(self, behind: Backend) -> None:
        self.behind = behind

    @property
    def device(self) -> str:
        """The device of the backend behind."""
        return self.behind.device

    @property
    def runtime(self) -> str:
        """The library of the backend behind."""
        return self.behind.runtime

    @property
    def input(self) -> NetworkInput:
        """The input of the network."""
        return self.behind.input

    @property
    def output(self) -> NetworkOutput:
        """The output of the network that is used."""
        return self.behind.output

    @property
    def metadata(self) -> Mapping[str, str]:
        """What the file of the network says of itself."""
        return self.behind.metadata

    @property
    def arguments(self) -> tuple[DeclaredArgument, ...]:
        """The model arguments that the network itself declares."""
        return self.behind.arguments

    @property
    def imported(self) -> tuple[Path, ...]:
        """The files of programs that the network's own program has loaded."""
        return self.behind.imported

    @property
    def first_steps(self) -> Normalization | None:
        """The normalisation with which the network begins."""
        return self.behind.first_steps

    @property
    def mixed_precision(self) -> bool:
        """Tells whether the network runs in mixed precision."""
        return self.behind.mixed_precision

    @property
    def labels(self) -> tuple[int | str, ...]:
        """What the network calls the classes of its channels."""
        return self.behind.labels

    @property
    def function(self) -> FunctionBlock | None:
        """The block, bands and classes of a raster function."""
        return self.behind.function

    @property
    def form(self) -> OutputForm | None:
        """How the output is read."""
        return self.behind.form

    @property
    def asked_output(self) -> str:
        """The output that the user asks for."""
        return self.behind.asked_output

    def settle(self, form: OutputForm) -> None:
        """Decides how the output is read from now on."""
        self.behind.settle(form)

    def compute(self, pixels: Float32, number: int) -> NDArray[Any]:
        """Returns the output of this number as the network gives it."""
        return self.behind.compute(pixels, number)

    def outputs(self, pixels: Float32) -> tuple[GivenOutput, ...]:
        """Returns what all outputs are for pixels (N, bands, height, width)."""
        return self.behind.outputs(pixels)

    @property
    def decides(self) -> bool:
        """Tells whether the backend behind decides on its device."""
        return self.behind.decides

    def run(self, pixels: Float32) -> NDArray[Any]:
        """Returns the output (N, channels, height, width) for pixels (N, bands, height, width)."""
        return self.behind.run(pixels)

    def run_argmax(self, pixels: Float32, never: Sequence[int] = ()) -> NDArray[Any]:
        """Returns the channel with the largest score (N, height, width)."""
        return self.behind.run_argmax(pixels, never)

    def interrupt(self) -> None:
        """Ends the calls that are under way."""
        self.behind.interrupt()

    def close(self) -> None:
        """Lets the network go."""
        self.behind.close()


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


def _joined(parts: list[NDArray[Any]]) -> NDArray[Any]:
    return parts[0] if len(parts) == 1 else np.concatenate(parts)


def _portions(pixels: Float32, count: int) -> Iterator[Float32]:
    for first in range(0, len(pixels), count):
        last = first + count
        yield pixels[first:last]
