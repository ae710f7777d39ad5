# SPDX-License-Identifier: GPL-2.0-or-later
"""Model arguments: read once from the user's input, and resolved against one model."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum
from typing import Any, Callable

from ..errors import ArgumentError, ArgumentsUnreadableError, ArgumentUnknownError
from ..phrase import Phrase
from .definition import ModelDefinition
from .model import Model

DEFAULT_POLICY = "mean"
MERGE_POLICIES = (DEFAULT_POLICY, "max", "min")

# The libraries that run networks, of which `auto` takes the fastest that is installed and right.
AUTO_RUNTIME = "auto"
RUNTIMES = (AUTO_RUNTIME, "onnxruntime", "openvino", "torch")

# Larger values are more likely typing errors than within any machine's capacity.
LARGEST_TILE = 16_384
LARGEST_BATCH = 4_096
TRUE_WORDS = ("true", "1", "t", "y", "yes")
FALSE_WORDS = ("false", "0", "f", "n", "no")


class Auto(Enum):
    """The value of an argument to be measured by running the network."""

    AUTO = "auto"


@dataclass(frozen=True)
class GivenArguments:
    """Model arguments from the user, each read once; None if absent.

    `texts` holds all original names and values, sorted by name. A Python raster function declares its own arguments,
    possibly with known names, and their meaning is known only once it is open. So `faults`, the unreadable values,
    count only if no such function declares their names.
    """

    padding: int | Auto | None = None
    batch_size: int | None = None
    tile_size: int | None = None
    predict_background: bool | None = None
    test_time_augmentation: bool | None = None
    merge_policy: str | None = None
    threshold: float | None = None
    return_probability_raster: bool | None = None
    mixed_precision: bool | None = None
    output: str | None = None
    runtime: str | None = None
    texts: tuple[tuple[str, str], ...] = ()
    faults: tuple[ArgumentError, ...] = field(default=(), compare=False, repr=False)

    def without(self, declared: Sequence[str]) -> GivenArguments:
        """Returns the arguments except those that the network itself declares."""
        own = {name.lower() for name in declared}
        texts = tuple((name, text) for name, text in self.texts if name not in own)
        faults = tuple(fault for fault in self.faults if fault.values["name"] not in own)
        none: dict[str, Any] = dict.fromkeys(own & READERS.keys())
        return replace(self, **none, texts=texts, faults=faults)

    def check(self, declared: Sequence[str] = ()) -> None:
        """Raises for a name that neither the plugin nor the network knows, and for an unreadable value."""
        rest = self.without(declared)
        unknown = next((name for name, _ in rest.texts if name not in READERS), None)
        if unknown is not None:
            raise ArgumentUnknownError(name=unknown, known=", ".join(dict.fromkeys((*READERS, *declared))))
        if rest.faults:
            raise rest.faults[0]


@dataclass(frozen=True)
class ModelArguments:
    """The arguments of one run; None and AUTO leave the choice to the plan, AUTO by running the network.

    `predict_background` concerns only networks with an unlisted background channel. `output` is the name or the number
    of the network's output to use, empty for the first image. `declared` holds names and values of arguments that the
    network itself declares.
    """

    padding: int | Auto | None
    batch_size: int | None
    tile_size: int | None
    predict_background: bool
    threshold: float
    test_time_augmentation: bool = False
    merge_policy: str = DEFAULT_POLICY
    return_probability_raster: bool = False
    mixed_precision: bool = False
    output: str = ""
    runtime: str = AUTO_RUNTIME
    declared: tuple[tuple[str, str], ...] = ()


def read_arguments(value: object) -> GivenArguments:
    """Returns the arguments in a mapping, JSON, or `padding 32;batch_size 4`, with the faults of their values.

    Raises if the form cannot be read, or an argument has two values.
    """
    texts: dict[str, str] = {}
    for key, item in _pairs(value):
        name, text = str(key).strip().lower(), "" if item is None else str(item).strip()
        if texts.setdefault(name, text) != text:
            raise ArgumentError(name=name, value=text, expected=Phrase("set only once"))
    values: dict[str, Any] = {}
    faults: list[ArgumentError] = []
    for name, read in READERS.items():
        text = texts.get(name, "")
        try:
            values[name] = read(name, text) if text else None
        except ArgumentError as fault:
            faults.append(fault)
    return GivenArguments(**values, texts=tuple(sorted(texts.items())), faults=tuple(faults))


def check_arguments(given: GivenArguments, model: Model) -> None:
    """Raises for arguments that a model does not accept; those of a raster function are known only once it is open."""
    if model.function is not None and model.function.allowed:
        return
    given.check()
    if model.definition is not None:
        resolve_arguments(given, model.definition)


def resolve_arguments(
    given: GivenArguments, definition: ModelDefinition, declared: Sequence[str] = ()
) -> ModelArguments:
    """Returns the arguments of a run: the user's, otherwise the definition's.

    Arguments `declared` by the network itself go to it, even if the plugin has the same names.
    """
    given.check(declared)
    own = {name.lower() for name in declared}
    passed_on = tuple((name, text) for name, text in given.texts if name in own)
    given = given.without(declared)
    return ModelArguments(
        padding=_padding(given, definition),
        batch_size=_fixed("batch_size", given.batch_size, definition.batch_size),
        tile_size=given.tile_size,
        predict_background=_or(given.predict_background, _predicts_background(definition)),
        threshold=definition.threshold if given.threshold is None else given.threshold,
        test_time_augmentation=_or(given.test_time_augmentation, definition.test_time_augmentation),
        merge_policy=given.merge_policy or DEFAULT_POLICY,
        return_probability_raster=bool(given.return_probability_raster),
        mixed_precision=bool(given.mixed_precision),
        output=given.output or "",
        runtime=given.runtime or AUTO_RUNTIME,
        declared=passed_on,
    )


def default_padding(definition: ModelDefinition) -> int | None:
    """Returns the definition's padding, None if absent."""
    choices = (definition.model_padding, definition.halo, definition.padding)
    return next((choice for choice in choices if choice is not None), None)


def read_truth(value: object, name: str) -> bool:
    """Returns the truth value of a Boolean or one of its words, false if empty; `name` names it in errors."""
    text = str("" if value is None else value).strip().lower()
    if text and text not in TRUE_WORDS and text not in FALSE_WORDS:
        raise ArgumentError(name=name, value=value, expected=Phrase("true or false"))
    return text in TRUE_WORDS


def _pairs(value: object) -> Iterable[tuple[Any, Any]]:
    if value is None:
        return ()
    if isinstance(value, str):
        return _pairs_of_json(value) if value.strip().startswith("{") else _pairs_of_text(value)
    if not isinstance(value, Mapping):
        raise ArgumentsUnreadableError(text=value)
    return value.items()


def _pairs_of_json(text: str) -> list[tuple[Any, Any]]:
    try:
        # As pairs, because a dictionary would keep the last of two equal names.
        pairs: list[tuple[Any, Any]] = json.loads(text, object_pairs_hook=list)
    except (ValueError, RecursionError) as error:
        raise ArgumentsUnreadableError(text=text) from error
    return pairs


def _pairs_of_text(text: str) -> list[tuple[Any, Any]]:
    pairs = [pair.strip().split(maxsplit=1) for pair in text.split(";") if pair.strip()]
    if any(len(pair) != 2 for pair in pairs):
        raise ArgumentsUnreadableError(text=text)
    return [(name, value) for name, value in pairs]


def _read_padding(name: str, text: str) -> int | Auto:
    return Auto.AUTO if text.lower() == Auto.AUTO.value else _whole(name, text, 0, LARGEST_TILE)


def _read_batch_size(name: str, text: str) -> int:
    return _whole(name, text, 1, LARGEST_BATCH)


def _read_tile_size(name: str, text: str) -> int:
    return _whole(name, text, 1, LARGEST_TILE)


def _read_truth(name: str, text: str) -> bool:
    return read_truth(text, name)


def _read_merge_policy(name: str, text: str) -> str:
    policy = text.lower()
    if policy not in MERGE_POLICIES:
        raise ArgumentError(name=name, value=policy, expected=" or ".join(MERGE_POLICIES))
    return policy


def _read_runtime(name: str, text: str) -> str:
    runtime = text.lower()
    if runtime not in RUNTIMES:
        raise ArgumentError(name=name, value=text, expected=", ".join(RUNTIMES))
    return runtime


def _read_threshold(name: str, text: str) -> float:
    try:
        # Some systems write a decimal comma, and values come as texts.
        number = float(text.replace(",", "."))
    except ValueError:
        number = -1.0
    if not 0 <= number <= 1:
        raise ArgumentError(name=name, value=text, expected=Phrase("a number from 0 to 1"))
    return number


def _read_output(_: str, text: str) -> str:
    return text


def _whole(name: str, text: str, least: int, most: int) -> int:
    try:
        number = float(text)
        # Through a float, because tables and scripts turn 4 into 4.0.
        if number == int(number) and least <= number <= most:
            return int(number)
    except (ValueError, OverflowError):
        pass
    expected = Phrase("an integer from {least} to {most}", {"least": least, "most": most})
    raise ArgumentError(name=name, value=text, expected=expected)


# All model arguments with the readers of their texts.
READERS: Mapping[str, Callable[[str, str], object]] = {
    "padding": _read_padding,
    "batch_size": _read_batch_size,
    "tile_size": _read_tile_size,
    "predict_background": _read_truth,
    "test_time_augmentation": _read_truth,
    "merge_policy": _read_merge_policy,
    "threshold": _read_threshold,
    "return_probability_raster": _read_truth,
    "mixed_precision": _read_truth,
    "output": _read_output,
    "runtime": _read_runtime,
}
NAMES = tuple(READERS)


def _padding(given: GivenArguments, definition: ModelDefinition) -> int | Auto | None:
    asked = None if given.padding is Auto.AUTO else given.padding
    if definition.model_padding is not None:
        return _fixed("padding", asked, definition.model_padding)
    if given.padding is Auto.AUTO:
        return Auto.AUTO if definition.halo is None else definition.halo
    return default_padding(definition) if asked is None else asked


def _fixed(name: str, asked: int | None, fixed: int | None) -> int | None:
    """Returns the value of an argument; if the definition fixes it, no other value is accepted."""
    if fixed is not None and asked is not None and asked != fixed:
        expected = Phrase("{value} (fixed by the model)", {"value": fixed})
        raise ArgumentError(name=name, value=asked, expected=expected)
    return asked if fixed is None else fixed


def _or(asked: bool | None, default: bool) -> bool:
    return default if asked is None else asked


def _predicts_background(definition: ModelDefinition) -> bool:
    """False if several classes are listed and none has the value 0, as in Esri's implementation."""
    return definition.has_background_value or len(definition.classes) == 1
