# SPDX-License-Identifier: GPL-2.0-or-later
"""From a network's output to class values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Union

import numpy as np
from numpy.typing import NDArray

from ..errors import NetworkMismatchError, ScoresError, UnlistedClassError
from ..model import BACKGROUND, ModelArguments, ModelClass, ModelDefinition
from ..phrase import Phrase
from .winners import winning_channel

Output = NDArray[Any]


@dataclass(frozen=True)
class LargestScore:
    """The class of the channel with the largest score; the channels of `never` have no class and never win."""

    classes: tuple[ModelClass, ...]
    never: tuple[int, ...] = ()

    def decide(self, output: Output) -> Output:
        """Returns class values (height, width) for scores (channels, height, width)."""
        return _values_at(self.classes, winning_channel(self.scores(output)))

    def decide_winners(self, winners: Output) -> Output:
        """Returns class values (height, width) for winning channels (height, width), as a backend decides on them."""
        if np.any(winners == np.iinfo(winners.dtype).max):
            raise ScoresError
        channels = len(self.classes) + len(self.never)
        places = np.cumsum(~np.isin(np.arange(channels), self.never)) - 1
        # Pixels that do not count come as channel 0, which may be one without a class.
        return _values_at(self.classes, np.maximum(places, 0)[winners])

    def scores(self, output: Output) -> Output:
        """Returns the scores of the classes that may win (classes, height, width)."""
        skipped = len(self.never)
        # Mostly it is background alone, and a slice copies nothing.
        if self.never == tuple(range(skipped)):
            return output[skipped:]
        return np.delete(output, self.never, axis=0)

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
        return _values_at(self.classes, (output[0] > self.threshold).view(np.uint8))

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
        return _largest_score(definition, classes, set())
    if channels == len(classes) + 1:
        return _largest_score(definition, (BACKGROUND, *classes), set() if arguments.predict_background else {0})
    counts = {"channels": channels, "classes": len(classes)}
    reason = Phrase("it gives {channels} channels for {classes} classes", counts)
    raise NetworkMismatchError(weights=definition.weights, reason=reason)


def _largest_score(definition: ModelDefinition, classes: tuple[ModelClass, ...], never: set[int]) -> LargestScore:
    """Returns the decision among all channels but those that the definition or the arguments rule out."""
    never = {channel for channel in never.union(definition.ignored_channels) if channel < len(classes)}
    left = tuple(c for channel, c in enumerate(classes) if channel not in never)
    if not left:
        raise NetworkMismatchError(weights=definition.weights, reason="ignore_mapped_class leaves no class")
    return LargestScore(left, tuple(sorted(never)))


def _threshold_decision(definition: ModelDefinition, threshold: float) -> AboveThreshold:
    classes = definition.classes
    if len(classes) == 2:
        return AboveThreshold(classes, threshold)
    if definition.has_background_value:
        reason = Phrase(
            "the value 0 of its only class {name} stands for background; the class needs another",
            {"name": classes[0].name},
        )
        raise NetworkMismatchError(weights=definition.weights, reason=reason)
    return AboveThreshold((BACKGROUND, *classes), threshold)


def _values_at(classes: tuple[ModelClass, ...], index: NDArray[Any]) -> Output:
    values = np.array([c.value for c in classes])
    smallest = np.promote_types(np.min_scalar_type(values.min()), np.min_scalar_type(values.max()))
    return np.take(values.astype(smallest), index)


def _check_finite(output: Output) -> None:
    if not np.isfinite(output).all():
        raise ScoresError
