# SPDX-License-Identifier: GPL-2.0-or-later
"""What every backend offers, whatever library runs the network."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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

# So many channels and the mark for scores that are not finite no longer fit into a byte.
MANY_CHANNELS = 256


@dataclass(frozen=True)
class NetworkInput:
    """The input that a network takes; None stands for any size.

    `layout` has the order of its axes, as in `input_form`; the `bands` are those of all its `times`. `limits` are the
    least and the largest of the whole numbers that it takes, None for one that takes fractions. For descriptions,
    `name` and `type` are those of the input, empty where the file does not name them, and `why` says
    why it has this layout.
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

    A class that derives from this one inherits what has an answer for networks that say nothing. What it gives is read
    as its `form` says, which `settle` decides once; until then each call decides for itself.
    """

    _form: OutputForm | None = None
    # The name or the number of the output that the user asks for, where that is still to be looked up.
    _asked_output: str = ""

    @property
    def device(self) -> str:
        """What the network runs on, in words, for the log."""

    @property
    def runtime(self) -> str:
        """The library that runs the network, as the argument `runtime` names it; empty where there is no choice."""
        return ""

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
    def first_steps(self) -> Normalization | None:
        """The normalisation with which the network itself begins, None where it has none or nobody can tell."""
        return None

    @property
    def mixed_precision(self) -> bool:
        """True where the network runs in mixed precision: most of it in 16-bit floats, what suffers from that in 32."""
        return False

    @property
    def labels(self) -> tuple[int | str, ...]:
        """What the network calls the classes of its channels, empty where it does not say."""
        return ()

    @property
    def function(self) -> FunctionBlock | None:
        """The block, bands and classes of a raster function, None for a network."""
        return None

    def describe(self, definition: ModelDefinition) -> ModelDefinition:
        """Returns the definition with what a raster function says of itself."""
        return definition if self.function is None else self.function.describe(definition)

    @property
    def form(self) -> OutputForm | None:
        """How the output is read, None as long as nobody has decided."""
        return self._form

    @property
    def asked_output(self) -> str:
        """The name or the number of the output that the user asks for, empty where the best one is to be used."""
        return self._asked_output

    def settle(self, form: OutputForm) -> None:
        """Decides how the output is read from now on."""
        self._form = form

    def run(self, pixels: Float32) -> NDArray[Any]:
        """Returns the network's scores or classes (N, channels, height, width) for pixels (N, bands, height, width).

        May be called from several threads at once.
        """
        form = self.form or self._form_of(pixels)
        if len(pixels) > 1 and not form.takes_batches:
            return np.concatenate([self.run(image[np.newaxis]) for image in pixels])
        output = self.compute(pixels, form.number)
        image = len(pixels), pixels.shape[2], pixels.shape[3]
        if output.ndim != len(form.axes) or not form.is_of(output.shape, image):
            shape = {"shape": " x ".join(map(str, output.shape))}
            raise NetworkRunError(size=_size(pixels), reason=Phrase("its output has the shape {shape}", shape))
        return form.read(output, image)

    def compute(self, pixels: Float32, number: int) -> NDArray[Any]:
        """Returns the output of this number for pixels (N, bands, height, width), as the network gives it.

        May be called from several threads at once.
        """

    def outputs(self, pixels: Float32) -> tuple[GivenOutput, ...]:
        """Returns what all outputs are for pixels (N, bands, height, width)."""
        output = self.compute(pixels, 0)
        return (GivenOutput((*self.output.names, "0")[0], output.shape, output.dtype.str),)

    @property
    def decides(self) -> bool:
        """True where `run_argmax` is the faster way to classes: scores need not leave the device then."""
        return False

    def run_argmax(self, pixels: Float32, never: Sequence[int] = ()) -> NDArray[Any]:
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

    def _form_of(self, pixels: Float32) -> OutputForm:
        """Returns the form that the outputs of one call seem to have."""
        image = len(pixels), pixels.shape[2], pixels.shape[3]
        outputs = self.outputs(pixels)
        number = chosen_output(outputs, image, self.asked_output)
        return OutputForm(number, likely_axes(outputs[number], image, self.input.layout))


def likely_axes(output: GivenOutput, image: tuple[int, int, int], layout: str) -> str:
    """Returns the axes that an output seems to have: where several fit, those of the input's layout.

    `image` has so many images, rows and columns.
    """
    fitting = fitting_axes(output.shape, image)
    if takes_rows(layout):
        usual = {3: "NTC", 2: "NC", 1: "N"}.get(len(output.shape), NCHW)
    else:
        usual = {4: NHWC if layout.endswith("C") else NCHW, 3: "NHW", 2: "HW"}.get(len(output.shape), NCHW)
    return usual if usual in fitting or not fitting else fitting[0]


def _size(pixels: Float32) -> str:
    return f"{pixels.shape[3]} x {pixels.shape[2]}"
