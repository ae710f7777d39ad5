# SPDX-License-Identifier: GPL-2.0-or-later
"""A backend that goes on with smaller batches where memory runs out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..errors import NetworkMemoryError
from ..model import ModelDefinition
from .backend import Backend, Float32, NetworkInput, NetworkOutput

# Takes the size of the batches that are used from now on.
Tell = Callable[[int], None]


class ShrinkingBackend(Backend):
    """Halves the batch for good where a call runs out of memory, and says so through `tell`.

    The pixels stay the same: the tiles of a batch do not know of each other.
    """

    def __init__(self, backend: Backend, tell: Tell) -> None:
        self._backend, self._tell = backend, tell
        self._most: int | None = None

    @property
    def device(self) -> str:
        """The device of the backend behind."""
        return self._backend.device

    @property
    def input(self) -> NetworkInput:
        """The input of the network."""
        return self._backend.input

    @property
    def output(self) -> NetworkOutput:
        """The output of the network that is used."""
        return self._backend.output

    @property
    def metadata(self) -> Mapping[str, str]:
        """What the file of the network says of itself."""
        return self._backend.metadata

    @property
    def arguments(self) -> tuple[str, ...]:
        """The names of the model arguments that the network itself declares."""
        return self._backend.arguments

    def describe(self, definition: ModelDefinition) -> ModelDefinition:
        """Returns the definition with what the network itself says of it."""
        return self._backend.describe(definition)

    def run(self, pixels: Float32) -> NDArray[Any]:
        """Returns the output (N, channels, height, width) for pixels (N, bands, height, width)."""
        count = min(len(pixels), self._most or len(pixels))
        try:
            parts = [self._backend.run(pixels[first : first + count]) for first in range(0, len(pixels), count)]
        except NetworkMemoryError:
            if count == 1 or self.input.batch is not None:
                raise
        else:
            return parts[0] if len(parts) == 1 else np.concatenate(parts)
        # Outside the handler, so that what the failed call held is free again.
        self._shrink(count // 2)
        return self.run(pixels)

    def interrupt(self) -> None:
        """Ends the calls that are under way."""
        self._backend.interrupt()

    def close(self) -> None:
        """Lets the network go."""
        self._backend.close()

    def _shrink(self, count: int) -> None:
        if self._most is None or count < self._most:
            self._most = count
            self._tell(count)
