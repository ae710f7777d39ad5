# SPDX-License-Identifier: GPL-2.0-or-later
"""From a network's output to class values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Union

import numpy as np
from numpy.typing import NDArray

from .errors import NetworkMismatchError, ScoresError, UnlistedClassError
from .model import BACKGROUND, ModelArguments, ModelClass, ModelDefinition

Output = NDArray[Any]


@dataclass(frozen=True)
class LargestScore:
    """The class of the channel with the largest score; `skip_first` leaves channel 0 out of the choice."""

    classes: tuple[ModelClass, ...]
    skip_first: bool = False

    def decide(self, output: Output) -> Output:
        """Returns class values (height, width) for scores (channels, height, width)."""
        _check_finite(output)
        values = np.array([c.value for c in self.classes])
        if self.skip_first:
            return values[output[1:].argmax(axis=0) + 1]
        return values[output.argmax(axis=0)]

    @property
    def possible(self) -> tuple[ModelClass, ...]:
        """The classes that a result may hold."""
        return self.classes[1:] if self.skip_first else self.classes


@dataclass(frozen=True)
class AboveThreshold:
    """The second class where the only channel exceeds the threshold, else the first one."""

    classes: tuple[ModelClass, ...]
    threshold: float

    def decide(self, output: Output) -> Output:
        """Returns class values (height, width) for probabilities (1, height, width)."""
        _check_finite(output)
        below, above = (c.value for c in self.classes)
        return np.where(output[0] > self.threshold, above, below)

    @property
    def possible(self) -> tuple[ModelClass, ...]:
        """The classes that a result may hold."""
        return self.classes


@dataclass(frozen=True)
class ReadyClasses:
    """Class values that the network itself decided upon, as Esri's TensorFlow models give them."""

    classes: tuple[ModelClass, ...]

    def decide(self, output: Output) -> Output:
        """Returns class values (height, width) for class values (1, height, width)."""
        unlisted = np.setdiff1d(output[0], [c.value for c in self.classes])
        if unlisted.size:
            raise UnlistedClassError(value=unlisted[0])
        return output[0]

    @property
    def possible(self) -> tuple[ModelClass, ...]:
        """The classes that a result may hold."""
        return self.classes


Decision = Union[LargestScore, AboveThreshold, ReadyClasses]


def choose_decision(definition: ModelDefinition, arguments: ModelArguments, channels: int, dtype: Any) -> Decision:
    """Returns how this network's output becomes classes, told from its channels and its type.

    With V the listed values: as many channels as V stand for V; one more stands for background and V. One
    channel of floats is the probability of the only class, or of the second of two. One channel of
    integers holds class values.
    """
    classes = definition.classes
    with_background = classes if definition.has_background_value else (BACKGROUND, *classes)
    if channels == 1 and np.issubdtype(dtype, np.integer):
        return ReadyClasses(with_background)
    if channels == 1 and len(classes) <= 2:
        return AboveThreshold(classes if len(classes) == 2 else (BACKGROUND, *classes), arguments.threshold)
    if channels == len(classes):
        return LargestScore(classes)
    if channels == len(classes) + 1:
        return LargestScore((BACKGROUND, *classes), skip_first=not arguments.predict_background)
    raise NetworkMismatchError(
        weights=definition.weights, reason=f"it gives {channels} channels for {len(classes)} classes"
    )


def _check_finite(output: Output) -> None:
    if not np.isfinite(output).all():
        raise ScoresError
