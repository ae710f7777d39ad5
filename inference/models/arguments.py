# SPDX-License-Identifier: GPL-2.0-or-later
"""Model arguments: names and values that the user may give, and what they become for one model."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..errors import ArgumentError, ArgumentsUnreadableError, ArgumentUnknownError
from ..phrase import Phrase
from .definition import ModelDefinition

NAMES = (
    "padding",
    "batch_size",
    "tile_size",
    "predict_background",
    "test_time_augmentation",
    "merge_policy",
    "threshold",
    "return_probability_raster",
    "mixed_precision",
    "output",
)
DEFAULT_POLICY = "mean"
MERGE_POLICIES = (DEFAULT_POLICY, "max", "min")

# Beyond these a typing error is more likely than a machine that could do it.
LARGEST_TILE = 16_384
LARGEST_BATCH = 4_096
TRUE_WORDS = ("true", "1", "t", "y", "yes")
FALSE_WORDS = ("false", "0", "f", "n", "no")


@dataclass(frozen=True)
class ModelArguments:
    """The arguments of one run, typed; None leaves the choice to the plan.

    `predict_background` concerns only networks with a channel for background that is not listed among
    the classes. `output` is the name or the number of the network's output to use, empty for the first image.
    `declared` holds names and values of arguments that the network itself declares.
    """

    padding: int | None
    batch_size: int | None
    tile_size: int | None
    predict_background: bool
    threshold: float
    test_time_augmentation: bool = False
    merge_policy: str = DEFAULT_POLICY
    return_probability_raster: bool = False
    mixed_precision: bool = False
    output: str = ""
    declared: tuple[tuple[str, str], ...] = ()


def read_arguments(value: object) -> dict[str, str]:
    """Returns names and values as texts from a mapping, JSON, or `padding 32;batch_size 4`."""
    if value is None:
        return {}
    if isinstance(value, str):
        value = _read_text(value)
    if not isinstance(value, Mapping):
        raise ArgumentsUnreadableError(text=value)
    return {str(name).strip().lower(): _as_text(item) for name, item in value.items()}


def _read_text(text: str) -> Mapping[str, Any]:
    if text.strip().startswith("{"):
        return _read_json(text)
    pairs = [pair.strip().split(maxsplit=1) for pair in text.split(";") if pair.strip()]
    if any(len(pair) != 2 for pair in pairs):
        raise ArgumentsUnreadableError(text=text)
    return dict(pairs)


def _read_json(text: str) -> Mapping[str, Any]:
    try:
        document: Mapping[str, Any] = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ArgumentsUnreadableError(text=text) from error
    return document


def _as_text(item: object) -> str:
    return str(item).strip()


def resolve_arguments(
    given: Mapping[str, str], definition: ModelDefinition, declared: Sequence[str] = ()
) -> ModelArguments:
    """Returns the arguments of a run: what the user gave, else what the definition says.

    Those that the network itself `declared` go to it, even where their names are known here too.
    """
    own = {name.lower() for name in declared}
    unknown = [name for name in given if name not in NAMES and name not in own]
    if unknown:
        known = dict.fromkeys((*NAMES, *declared))
        raise ArgumentUnknownError(name=unknown[0], known=", ".join(known))
    passed_on = tuple(sorted((name, value) for name, value in given.items() if name in own))
    given = {name: value for name, value in given.items() if name not in own}
    return ModelArguments(
        padding=_padding(given, definition),
        batch_size=_fixed(given, "batch_size", definition.batch_size, least=1, most=LARGEST_BATCH),
        tile_size=read_tile_size(given),
        predict_background=_truth(given, "predict_background", _predicts_background(definition)),
        threshold=_threshold(given, definition),
        test_time_augmentation=_truth(given, "test_time_augmentation", definition.test_time_augmentation),
        merge_policy=_merge_policy(given),
        return_probability_raster=_truth(given, "return_probability_raster", default=False),
        mixed_precision=_truth(given, "mixed_precision", default=False),
        output=given.get("output", ""),
        declared=passed_on,
    )


def read_tile_size(given: Mapping[str, str]) -> int | None:
    """Returns the argument tile_size, None where nobody gives it."""
    return _whole(given, "tile_size", least=1, most=LARGEST_TILE)


def _padding(given: Mapping[str, str], definition: ModelDefinition) -> int | None:
    if definition.model_padding is not None:
        return _fixed(given, "padding", definition.model_padding, least=0)
    if _is_auto(given, "padding"):
        return definition.halo
    asked = _whole(given, "padding", least=0)
    choices = (asked, definition.halo, definition.padding)
    return next((choice for choice in choices if choice is not None), None)


def _fixed(given: Mapping[str, str], name: str, fixed: int | None, least: int, most: int = LARGEST_TILE) -> int | None:
    """Reads an argument that the definition may fix: then only that very value is accepted."""
    asked = None if _is_auto(given, name) else _whole(given, name, least, most)
    if fixed is not None and asked is not None and asked != fixed:
        expected = Phrase("{value}, which the model fixes", {"value": fixed})
        raise ArgumentError(name=name, value=asked, expected=expected)
    return asked if fixed is None else fixed


def _is_auto(given: Mapping[str, str], name: str) -> bool:
    return name == "padding" and given.get(name, "").lower() == "auto"


def _whole(given: Mapping[str, str], name: str, least: int, most: int = LARGEST_TILE) -> int | None:
    text = given.get(name, "")
    if not text:
        return None
    try:
        number = float(text)
        # Through a float, because tables and scripts make 4.0 of 4.
        if number == int(number) and least <= number <= most:
            return int(number)
    except (ValueError, OverflowError):
        pass
    expected = Phrase("a whole number from {least} to {most}", {"least": least, "most": most})
    raise ArgumentError(name=name, value=text, expected=expected)


def _predicts_background(definition: ModelDefinition) -> bool:
    """Is false where several classes are listed and none has the value 0, as in Esri's."""
    return definition.has_background_value or len(definition.classes) == 1


def _truth(given: Mapping[str, str], name: str, default: bool) -> bool:
    return read_truth(given.get(name), name) if given.get(name) else default


def read_truth(value: object, name: str) -> bool:
    """Returns what a truth value or one of its words says, false for nothing; `name` names it in errors."""
    text = str("" if value is None else value).strip().lower()
    if text and text not in TRUE_WORDS and text not in FALSE_WORDS:
        raise ArgumentError(name=name, value=value, expected=Phrase("true or false"))
    return text in TRUE_WORDS


def _merge_policy(given: Mapping[str, str]) -> str:
    text = given.get("merge_policy", "").lower() or DEFAULT_POLICY
    if text not in MERGE_POLICIES:
        raise ArgumentError(name="merge_policy", value=text, expected=" or ".join(MERGE_POLICIES))
    return text


def _threshold(given: Mapping[str, str], definition: ModelDefinition) -> float:
    text = given.get("threshold", "")
    if not text:
        return definition.threshold
    try:
        # Some systems write a decimal comma, and values come as texts.
        number = float(text.replace(",", "."))
    except ValueError:
        number = -1.0
    if not 0 <= number <= 1:
        raise ArgumentError(name="threshold", value=text, expected=Phrase("a number from 0 to 1"))
    return number
