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
    """The class of the channel with the largest score; `skipped` channels before the first class never win."""

    classes: tuple[ModelClass, ...]
    skipped: int = 0

    def decide(self, output: Output) -> Output:
        """Returns class values (height, width) for scores (channels, height, width)."""
        _check_finite(output)
        return _values_at(self.classes, self.scores(output).argmax(axis=0))

    def scores(self, output: Output) -> Output:
        """Returns the scores of the classes that may win (classes, height, width)."""
        return output[self.skipped:]

    @property
    def scored(self) -> tuple[ModelClass, ...]:
        """The classes that have scores, in the order of `scores`."""
        return self.classes


@dataclass(frozen=True)
class AboveThreshold:
    """The second class where the only channel exceeds the threshold, else the first one."""

    classes: tuple[ModelClass, ...]
    threshold: float

    def decide(self, output: Output) -> Output:
        """Returns class values (height, width) for probabilities (1, height, width)."""
        _check_finite(output)
        return _values_at(self.classes, (output[0] > self.threshold).astype(np.intp))

    def scores(self, output: Output) -> Output:
        """Returns the probability of the second class (1, height, width)."""
        return output

    @property
    def scored(self) -> tuple[ModelClass, ...]:
        """The class that has a score."""
        return self.classes[1:]


@dataclass(frozen=True)
class ReadyClasses:
    """Class values that the network itself decided upon, as Esri's TensorFlow models give them."""

    classes: tuple[ModelClass, ...]

    def decide(self, output: Output) -> Output:
        """Returns class values (height, width) for class values (1, height, width)."""
        ready: Output = output[0]
        unlisted = np.setdiff1d(ready, [c.value for c in self.classes])
        if unlisted.size:
            raise UnlistedClassError(value=unlisted[0])
        return ready

    def scores(self, output: Output) -> Output:
        """Returns no scores (0, height, width): the network keeps them to itself."""
        return output[:0]

    @property
    def scored(self) -> tuple[ModelClass, ...]:
        """No class has a score."""
        return ()


Decision = Union[LargestScore, AboveThreshold, ReadyClasses]


def choose_decision(definition: ModelDefinition, arguments: ModelArguments, channels: int, dtype: Any) -> Decision:
    """Returns how this network's output becomes classes, told from its channels and its type.

    Every decision has the `classes` that a result may hold.

    With V the listed values: as many channels as V stand for V; one more stands for background and V. One
    channel of floats is the probability of the only class, or of the second of two. One channel of
    integers holds class values.
    """
    classes = definition.classes
    with_background = classes if definition.has_background_value else (BACKGROUND, *classes)
    if channels == 1 and np.issubdtype(dtype, np.integer):
        return ReadyClasses(with_background)
    if channels == 1 and len(classes) <= 2:
        return _threshold_decision(definition, arguments.threshold)
    if channels == len(classes):
        return LargestScore(classes)
    if channels == len(classes) + 1:
        background_too = LargestScore((BACKGROUND, *classes))
        return background_too if arguments.predict_background else LargestScore(classes, skipped=1)
    raise NetworkMismatchError(
        weights=definition.weights, reason=f"it gives {channels} channels for {len(classes)} classes"
    )


def _threshold_decision(definition: ModelDefinition, threshold: float) -> AboveThreshold:
    classes = definition.classes
    if len(classes) == 2:
        return AboveThreshold(classes, threshold)
    if definition.has_background_value:
        reason = f"the value 0 of its only class {classes[0].name} stands for background; the class needs another"
        raise NetworkMismatchError(weights=definition.weights, reason=reason)
    return AboveThreshold((BACKGROUND, *classes), threshold)


def _values_at(classes: tuple[ModelClass, ...], index: NDArray[np.intp]) -> Output:
    values: Output = np.array([c.value for c in classes])[index]
    return values


def _check_finite(output: Output) -> None:
    if not np.isfinite(output).all():
        raise ScoresError
