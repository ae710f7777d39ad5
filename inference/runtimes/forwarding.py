# SPDX-License-Identifier: GPL-2.0-or-later
"""A backend that passes everything on to another one, for those that change only how it is called."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from numpy.typing import NDArray

from ..models import ModelDefinition, Normalization
from .backend import Backend, DeclaredArgument, Float32, NetworkInput, NetworkOutput
from .output_form import GivenOutput, OutputForm


class ForwardingBackend(Backend):
    """Does what the backend `behind` it does."""

    def __init__(self, behind: Backend) -> None:
        self.behind = behind

    @property
    def device(self) -> str:
        """The device of the backend behind."""
        return self.behind.device

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

    def describe(self, definition: ModelDefinition) -> ModelDefinition:
        """Returns the definition with what the network itself says of it."""
        return self.behind.describe(definition)

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
