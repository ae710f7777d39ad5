# SPDX-License-Identifier: GPL-2.0-or-later
"""Wrappers of a backend: the same network, with smaller batches or fewer concurrent calls."""

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

# Receives the new batch size.
Tell = Callable[[int], None]


class ForwardingBackend(Backend):
    """Forwards to the backend `behind`."""

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
        """The output of the network in use."""
        return self.behind.output

    @property
    def metadata(self) -> Mapping[str, str]:
        """The metadata of the network file."""
        return self.behind.metadata

    @property
    def arguments(self) -> tuple[DeclaredArgument, ...]:
        """The model arguments that the network itself declares."""
        return self.behind.arguments

    @property
    def imported(self) -> tuple[Path, ...]:
        """The program files loaded by the network's own program."""
        return self.behind.imported

    @property
    def first_steps(self) -> Normalization | None:
        """The normalisation at the start of the network."""
        return self.behind.first_steps

    @property
    def mixed_precision(self) -> bool:
        """True if the network runs in mixed precision."""
        return self.behind.mixed_precision

    @property
    def labels(self) -> tuple[int | str, ...]:
        """The network's own class names of its channels."""
        return self.behind.labels

    @property
    def function(self) -> FunctionBlock | None:
        """The block, bands and classes of a raster function."""
        return self.behind.function

    @property
    def form(self) -> OutputForm | None:
        """The form of the output."""
        return self.behind.form

    @property
    def asked_output(self) -> str:
        """The requested output."""
        return self.behind.asked_output

    def settle(self, form: OutputForm) -> None:
        """Fixes the form of the output for all later calls."""
        self.behind.settle(form)

    def compute(self, pixels: Float32, number: int) -> NDArray[Any]:
        """Returns the raw output of this number."""
        return self.behind.compute(pixels, number)

    def outputs(self, pixels: Float32) -> tuple[GivenOutput, ...]:
        """Returns name, shape and type of all outputs for pixels (N, bands, height, width)."""
        return self.behind.outputs(pixels)

    def expect(self, images: tuple[int, int, int, int]) -> None:
        """Prepares for many calls with images (N, bands, height, width)."""
        self.behind.expect(images)

    @property
    def decides(self) -> bool:
        """True if the backend behind takes the argmax on its device."""
        return self.behind.decides

    def run(self, pixels: Float32) -> NDArray[Any]:
        """Returns the output (N, channels, height, width) for pixels (N, bands, height, width)."""
        return self.behind.run(pixels)

    def run_precisely(self, pixels: Float32) -> NDArray[Any]:
        """Returns the output in single precision."""
        return self.behind.run_precisely(pixels)

    def run_argmax(self, pixels: Float32, never: Sequence[int] = ()) -> NDArray[Any]:
        """Returns the argmax of the scores (N, height, width)."""
        return self.behind.run_argmax(pixels, never)

    def interrupt(self) -> None:
        """Ends current calls."""
        self.behind.interrupt()

    def close(self) -> None:
        """Releases the network."""
        self.behind.close()


class ShrinkingBackend(ForwardingBackend):
    """Halves the batch permanently if a call runs out of memory, and reports it through `tell`.

    Results are unchanged: the tiles of a batch are processed independently.
    """

    def __init__(self, backend: Backend, tell: Tell) -> None:
        super().__init__(backend)
        self._tell = tell
        self._most: int | None = None

    def outputs(self, pixels: Float32) -> tuple[GivenOutput, ...]:
        """Returns name, shape and type of all outputs for pixels (N, bands, height, width)."""
        first, *others = self._parts(self.behind.outputs, pixels)
        if not others:
            return first
        # Outputs with a batch axis have as many images as the pixels.
        count = self._most or len(pixels)
        return tuple(
            replace(given, shape=(len(pixels), *given.shape[1:])) if given.shape[:1] == (count,) else given
            for given in first
        )

    def run(self, pixels: Float32) -> NDArray[Any]:
        """Returns the output (N, channels, height, width) for pixels (N, bands, height, width)."""
        return _joined(self._parts(self.behind.run, pixels))

    def run_argmax(self, pixels: Float32, never: Sequence[int] = ()) -> NDArray[Any]:
        """Returns the argmax of the scores (N, height, width)."""
        return _joined(self._parts(lambda part: self.behind.run_argmax(part, never), pixels))

    def _parts(self, call: Callable[[Float32], Given], pixels: Float32) -> list[Given]:
        count = min(len(pixels), self._most or len(pixels))
        try:
            return [call(part) for part in _portions(pixels, count)]
        except NetworkMemoryError:
            if count == 1 or self.input.batch is not None:
                raise
        # Outside the handler, so that the memory of the failed call is released.
        self._shrink(count // 2)
        return self._parts(call, pixels)

    def _shrink(self, count: int) -> None:
        if self._most is None or count < self._most:
            self._most = count
            self._tell(count)


class LimitedCalls(ForwardingBackend):
    """Limits the number of concurrent calls, each of which takes memory.

    Other threads read and take the argmax in the meantime.
    """

    def __init__(self, backend: Backend, calls: int) -> None:
        super().__init__(backend)
        self._turn = Semaphore(calls)

    def run(self, pixels: Float32) -> NDArray[Any]:
        """Returns the output (N, channels, height, width) for pixels (N, bands, height, width)."""
        with self._turn:
            return self.behind.run(pixels)

    def run_argmax(self, pixels: Float32, never: Sequence[int] = ()) -> NDArray[Any]:
        """Returns the argmax of the scores (N, height, width)."""
        with self._turn:
            return self.behind.run_argmax(pixels, never)


def _joined(parts: list[NDArray[Any]]) -> NDArray[Any]:
    return parts[0] if len(parts) == 1 else np.concatenate(parts)


def _portions(pixels: Float32, count: int) -> Iterator[Float32]:
    for first in range(0, len(pixels), count):
        last = first + count
        yield pixels[first:last]
