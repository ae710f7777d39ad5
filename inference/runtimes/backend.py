# SPDX-License-Identifier: GPL-2.0-or-later
"""The common interface of all backends."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from ..errors import NetworkRunError
from ..models import ModelDefinition, Normalization
from ..phrase import Phrase
from .output_form import NCHW, NHWC, GivenOutput, OutputForm, chosen_output, fitting_axes, takes_rows
from .raster_function.function_values import FunctionBlock

Float32 = NDArray[np.float32]

# From this many channels, indices and the mark for scores that are not finite do not fit into a byte.
MANY_CHANNELS = 256


@dataclass(frozen=True)
class NetworkInput:
    """The input of a network; None stands for any size.

    `layout` is the order of its axes, as in `input_form`; the `bands` are those of all its `times`. `limits` are the
    least and the largest accepted integers, None for floating-point input. For descriptions, `name` and `type` are
    those of the input, empty if unknown, and `why` is the reason for the layout.
    """

    batch: int | None = None
    bands: int | None = None
    height: int | None = None
    width: int | None = None
    layout: str = NCHW
    limits: tuple[int, int] | None = None
    times: int = 1
    name: str = field(default="", compare=False)
    type: str = field(default="", compare=False)
    why: str = field(default="", compare=False)

    @property
    def shape(self) -> tuple[int | None, ...]:
        """The sizes in the order of the layout, None for any."""
        bands = self.bands // self.times if self.bands is not None and "T" in self.layout else self.bands
        sizes = {"N": self.batch, "C": bands, "H": self.height, "W": self.width, "T": self.times}
        return tuple(sizes[axis] for axis in self.layout)


@dataclass(frozen=True)
class NetworkOutput:
    """The output in use: its number from 0 among the network's outputs, and the names of all."""

    number: int = 0
    names: tuple[str, ...] = ()


@dataclass(frozen=True)
class DeclaredArgument:
    """A model argument that the network itself declares: its default as user input, and its description."""

    name: str
    default: str = ""
    text: str = ""


class Backend(Protocol):
    """A network opened by its runtime library.

    Subclasses inherit defaults for networks without metadata. Outputs are read according to `form`, fixed by `settle`;
    until then each call determines it.
    """

    _form: OutputForm | None = None
    # The name or the number of the requested output, if still to be looked up.
    _asked_output: str = ""

    @property
    def device(self) -> str:
        """The device that runs the network, in words, for the log."""

    @property
    def runtime(self) -> str:
        """The library that runs the network, as the argument `runtime` names it; empty if there is no choice."""
        return ""

    @property
    def input(self) -> NetworkInput:
        """The input of the network."""

    @property
    def output(self) -> NetworkOutput:
        """The output in use."""
        return NetworkOutput()

    @property
    def metadata(self) -> Mapping[str, str]:
        """The raw metadata of the network file: keys and texts."""
        return {}

    @property
    def arguments(self) -> tuple[DeclaredArgument, ...]:
        """The model arguments that the network itself declares and validates."""
        return ()

    @property
    def imported(self) -> tuple[Path, ...]:
        """The program files loaded by the network's own program, except installed libraries."""
        return ()

    @property
    def first_steps(self) -> Normalization | None:
        """The normalisation at the start of the network, None if absent or unknown."""
        return None

    @property
    def mixed_precision(self) -> bool:
        """True if the network runs in mixed precision: mostly 16-bit floats, 32-bit for sensitive operations."""
        return False

    def run_precisely(self, pixels: Float32) -> NDArray[Any]:
        """Returns the output of `run` in single precision."""
        return self._run(pixels, self.compute_precisely)

    def compute_precisely(self, pixels: Float32, number: int) -> NDArray[Any]:
        """Returns `compute` in single precision; to be overridden by networks in mixed precision."""
        return self.compute(pixels, number)

    @property
    def labels(self) -> tuple[int | str, ...]:
        """The network's own class names of its channels, empty if unknown."""
        return ()

    @property
    def function(self) -> FunctionBlock | None:
        """The block, bands and classes of a raster function, None for a network."""
        return None

    def describe(self, definition: ModelDefinition) -> ModelDefinition:
        """Returns the definition completed by a raster function's own information."""
        return definition if self.function is None else self.function.describe(definition)

    @property
    def form(self) -> OutputForm | None:
        """The form of the output, None until settled."""
        return self._form

    @property
    def asked_output(self) -> str:
        """The name or the number of the requested output, empty for the best one."""
        return self._asked_output

    def settle(self, form: OutputForm) -> None:
        """Fixes the form of the output for all later calls."""
        self._form = form

    def run(self, pixels: Float32) -> NDArray[Any]:
        """Returns the network's scores or classes (N, channels, height, width) for pixels (N, bands, height, width).

        Thread-safe.
        """
        return self._run(pixels, self.compute)

    def _run(self, pixels: Float32, compute: Callable[[Float32, int], NDArray[Any]]) -> NDArray[Any]:
        form = self.form or self._form_of(pixels)
        if len(pixels) > 1 and not form.takes_batches:
            return np.concatenate([self._run(image[np.newaxis], compute) for image in pixels])
        output = compute(pixels, form.number)
        image = len(pixels), pixels.shape[2], pixels.shape[3]
        if output.ndim != len(form.axes) or not form.is_of(output.shape, image):
            shape = {"shape": " x ".join(map(str, output.shape))}
            raise NetworkRunError(size=_size(pixels), reason=Phrase("its output has the shape {shape}", shape))
        return form.read(output, image)

    def compute(self, pixels: Float32, number: int) -> NDArray[Any]:
        """Returns the raw output of this number for pixels (N, bands, height, width).

        Thread-safe.
        """

    def outputs(self, pixels: Float32) -> tuple[GivenOutput, ...]:
        """Returns name, shape and type of all outputs for pixels (N, bands, height, width)."""
        output = self.compute(pixels, 0)
        return (GivenOutput((*self.output.names, "0")[0], output.shape, output.dtype.str),)

    def expect(self, images: tuple[int, int, int, int]) -> None:
        """Prepares for many calls with images (N, bands, height, width); scores may differ from others' by rounding."""
        return

    @property
    def decides(self) -> bool:
        """True if `run_argmax` is faster, because scores need not leave the device."""
        return False

    def run_argmax(self, pixels: Float32, never: Sequence[int] = ()) -> NDArray[Any]:
        """Returns the argmax of the scores (N, height, width), for backends that decide on the device.

        Ties go to the first channel; channels in `never` are excluded. The result is the type's largest value where a
        score is not finite.
        """
        reason = f"{type(self).__name__} gives scores only"
        raise NotImplementedError(reason)

    def interrupt(self) -> None:
        """Ends current and all later calls of `run`, if the library supports it.

        They raise RunCancelledError. May be called repeatedly from any thread.
        """
        return

    def close(self) -> None:
        """Releases the network and its memory."""

    def _form_of(self, pixels: Float32) -> OutputForm:
        """Returns the likely form of the outputs of one call."""
        image = len(pixels), pixels.shape[2], pixels.shape[3]
        outputs = self.outputs(pixels)
        number = chosen_output(outputs, image, self.asked_output)
        return OutputForm(number, likely_axes(outputs[number], image, self.input.layout))


def likely_axes(output: GivenOutput, image: tuple[int, int, int], layout: str) -> str:
    """Returns the likely axes of an output; if several fit, those of the input's layout.

    `image` is (images, rows, columns).
    """
    fitting = fitting_axes(output.shape, image)
    if takes_rows(layout):
        usual = {3: "NTC", 2: "NC", 1: "N"}.get(len(output.shape), NCHW)
    else:
        usual = {4: NHWC if layout.endswith("C") else NCHW, 3: "NHW", 2: "HW"}.get(len(output.shape), NCHW)
    return usual if usual in fitting or not fitting else fitting[0]


def _size(pixels: Float32) -> str:
    return f"{pixels.shape[3]} x {pixels.shape[2]}"
