# SPDX-License-Identifier: GPL-2.0-or-later
"""From a network's output to class values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Union

import numpy as np
from numpy.typing import NDArray

from ..errors import NetworkMismatchError, ProbabilityError, ScoresError, UnlistedClassError
from ..models import BACKGROUND, CLASS_NUMBERS, LOGITS, PROBABILITIES, ModelArguments, ModelClass, ModelDefinition
from ..phrase import Phrase
from .argmax import channel_argmax
from .output_values import SeenValues, beyond_probability

Output = NDArray[Any]


@dataclass(frozen=True)
class LargestScore:
    """The class of the channel with the largest score; the channels of `never` have no class and never win."""

    classes: tuple[ModelClass, ...]
    never: tuple[int, ...] = ()

    def decide(self, output: Output) -> Output:
        """Returns class values (height, width) for scores (channels, height, width)."""
        return _values_at(self.classes, channel_argmax(self.scores(output)))

    def decide_argmax(self, argmax: Output) -> Output:
        """Returns class values (height, width) for the argmax (height, width) that a backend has taken."""
        if np.any(argmax == np.iinfo(argmax.dtype).max):
            raise ScoresError
        channels = len(self.classes) + len(self.never)
        places = np.cumsum(~np.isin(np.arange(channels), self.never)) - 1
        # Pixels that do not count come as channel 0, which may be one without a class.
        return _values_at(self.classes, np.maximum(places, 0)[argmax])

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
    """The second class if the only channel exceeds the threshold, otherwise the first one.

    The network returns `logits`, whose sigmoids are compared, or probabilities.
    """

    classes: tuple[ModelClass, ...]
    threshold: float
    logits: bool = False

    def decide(self, output: Output) -> Output:
        """Returns class values (height, width) for probabilities (1, height, width)."""
        if not np.isfinite(output).all():
            raise ScoresError
        self._check_range(output)
        return _values_at(self.classes, (output[0] > self.threshold).view(np.uint8))

    def scores(self, output: Output) -> Output:
        """Returns the probability of the second class (1, height, width); NaN marks pixels that do not count."""
        self._check_range(output)
        return output

    @property
    def scored(self) -> tuple[ModelClass, ...]:
        """The class that has a score."""
        return self.classes[1:]

    def _check_range(self, output: Output) -> None:
        """Raises for values that are no probabilities: random images need not reveal all output of a network."""
        lowest, highest = np.fmin.reduce(output, axis=None), np.fmax.reduce(output, axis=None)
        if beyond_probability(lowest, highest):
            raise ProbabilityError(value=f"{lowest if lowest < 0 else highest:.6g}")


@dataclass(frozen=True)
class ReadyClasses:
    """Class numbers that the network returns, as Esri's TensorFlow models do."""

    classes: tuple[ModelClass, ...]

    def decide(self, output: Output) -> Output:
        """Returns class values (height, width) for class values (1, height, width)."""
        ready: Output = output[0]
        if not np.isfinite(ready).all():
            raise ScoresError
        unlisted = np.setdiff1d(ready, [c.value for c in self.classes])
        if unlisted.size:
            raise UnlistedClassError(value=unlisted[0])
        # Numbers of classes may come as floats.
        return ready if ready.dtype.kind in "iu" else ready.astype(np.int64)

    def scores(self, output: Output) -> Output:
        """Returns no scores (0, height, width): the network keeps them to itself."""
        return output[:0]

    @property
    def scored(self) -> tuple[ModelClass, ...]:
        """No class has a score."""
        return ()


Decision = Union[LargestScore, AboveThreshold, ReadyClasses]


def choose_decision(
    definition: ModelDefinition, arguments: ModelArguments, channels: int, dtype: Any, seen: SeenValues | None = None
) -> Decision:
    """Returns the decision for a network's output, from its channels, its type and the values `seen` of it.

    Every decision has the `classes` that a result may hold.

    With V the listed values: as many channels as V stand for V; one more stands for background and V. One
    channel of fractions is the probability, or the logit, of the only class, or of the second of two. One channel of
    whole numbers holds class values.
    """
    classes = definition.classes
    if channels == 1 and (np.issubdtype(dtype, np.integer) or len(classes) <= 2 or seen is not None):
        return _single_channel(definition, arguments, np.issubdtype(dtype, np.integer), seen)
    activation = definition.output_activation
    if activation == CLASS_NUMBERS:
        values = {"activation": activation, "channels": channels}
        reason = Phrase("OutputActivation is {activation}, but it has {channels} output channels", values)
        raise NetworkMismatchError(weights=definition.weights, reason=reason)
    if channels == len(classes):
        return _largest_score(definition, arguments, classes)
    if channels == len(classes) + 1:
        return _largest_score(definition, arguments, (BACKGROUND, *classes))
    raise _wrong_channels(definition, channels)


def _single_channel(
    definition: ModelDefinition, arguments: ModelArguments, whole: bool, seen: SeenValues | None
) -> Decision:
    """Returns the decision on one channel: from the definition, otherwise from its values."""
    classes = definition.classes
    told = CLASS_NUMBERS if whole else seen.meaning([c.value for c in classes]) if seen else PROBABILITIES
    meaning = definition.output_activation or told
    _check_meaning(definition, meaning, whole, seen)
    if seen is not None and meaning == LOGITS and not definition.output_activation and seen.multiplied:
        reason = Phrase(
            "its output ranges from {lowest} to {highest}, apparently scaled probabilities; it must output "
            "probabilities or logits",
            {"lowest": f"{seen.lowest:.6g}", "highest": f"{seen.highest:.6g}"},
        )
        raise NetworkMismatchError(weights=definition.weights, reason=reason)
    if meaning == CLASS_NUMBERS:
        return ReadyClasses(classes if definition.has_background_value else (BACKGROUND, *classes))
    if len(classes) > 2:  # noqa: PLR2004
        raise _wrong_channels(definition, 1)
    return _threshold_decision(definition, arguments.threshold, meaning == LOGITS)


def _check_meaning(definition: ModelDefinition, meaning: str, whole: bool, seen: SeenValues | None) -> None:
    """Raises for values that contradict the definition."""
    if whole and meaning != CLASS_NUMBERS:
        reason = Phrase("it outputs integers, but OutputActivation is {meaning}", {"meaning": meaning})
        raise NetworkMismatchError(weights=definition.weights, reason=reason)
    if seen is None:
        return
    fractions = meaning == CLASS_NUMBERS and seen.numbers is None
    if fractions or (meaning == PROBABILITIES and beyond_probability(seen.lowest, seen.highest)):
        values = {"meaning": meaning, "lowest": f"{seen.lowest:.6g}", "highest": f"{seen.highest:.6g}"}
        reason = Phrase(
            "OutputActivation is {meaning}, but random images produced values from {lowest} to {highest}", values
        )
        raise NetworkMismatchError(weights=definition.weights, reason=reason)


def _wrong_channels(definition: ModelDefinition, channels: int) -> NetworkMismatchError:
    counts = {"channels": channels, "classes": len(definition.classes)}
    reason = Phrase("it returns {channels} channels for {classes} classes", counts)
    return NetworkMismatchError(weights=definition.weights, reason=reason)


def _largest_score(
    definition: ModelDefinition, arguments: ModelArguments, classes: tuple[ModelClass, ...]
) -> LargestScore:
    """Returns the decision among all channels but those that the definition or the arguments rule out."""
    background = {channel for channel, c in enumerate(classes) if c.value == BACKGROUND.value}
    never = set(definition.ignored_channels) | (set() if arguments.predict_background else background)
    never = {channel for channel in never if channel < len(classes)}
    left = tuple(c for channel, c in enumerate(classes) if channel not in never)
    if not left:
        raise NetworkMismatchError(
            weights=definition.weights, reason=Phrase("ignore_mapped_class and predict_background exclude every class")
        )
    return LargestScore(left, tuple(sorted(never)))


def _threshold_decision(definition: ModelDefinition, threshold: float, logits: bool) -> AboveThreshold:
    classes = definition.classes
    if len(classes) == 2:
        return AboveThreshold(classes, threshold, logits)
    if definition.has_background_value:
        reason = Phrase(
            "its only class {name} has the value 0, which means background; assign it a non-zero value",
            {"name": classes[0].name},
        )
        raise NetworkMismatchError(weights=definition.weights, reason=reason)
    return AboveThreshold((BACKGROUND, *classes), threshold, logits)


def _values_at(classes: tuple[ModelClass, ...], index: NDArray[Any]) -> Output:
    values = np.array([c.value for c in classes])
    smallest = np.promote_types(np.min_scalar_type(values.min()), np.min_scalar_type(values.max()))
    return np.take(values.astype(smallest), index)
