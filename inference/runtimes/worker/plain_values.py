# SPDX-License-Identifier: GPL-2.0-or-later
"""Options and values of errors as JSON, and back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from string import Formatter
from typing import Any

from ...models.architecture import Architecture
from ...phrase import Phrase
from ..options import BackendOptions
from .messages import BrokenMessageError

PATH, TUPLE, ARCHITECTURE, PHRASE = "path", "tuple", "architecture", "phrase"


def options_to_json(options: BackendOptions) -> dict[str, Any]:
    """Returns the options as JSON; the worker opens the backend itself, so it gets no `python`."""
    values = {field.name: getattr(options, field.name) for field in fields(options)}
    return {name: _to_json(value) for name, value in values.items() if name != "python"}


def options_from_json(document: Mapping[str, Any]) -> BackendOptions:
    """Returns the options in a document."""
    return BackendOptions(**{name: _from_json(value) for name, value in document.items()})


def values_to_json(values: Mapping[str, object]) -> dict[str, Any]:
    """Returns an error's values; phrases are kept, other types that JSON lacks become text."""
    return {name: _value_to_json(value) for name, value in values.items()}


def _value_to_json(value: object) -> Any:
    if isinstance(value, Phrase):
        return {PHRASE: [str(value.text), values_to_json(value.values)]}
    return value if isinstance(value, (str, int, float, bool, type(None))) else str(value)


def values_from_json(document: Mapping[str, Any]) -> dict[str, Any]:
    """Returns the values of an error; raises BrokenMessageError if a phrase does not fit its values."""
    return {name: _phrase(*value[PHRASE]) if isinstance(value, dict) else value for name, value in document.items()}


def _phrase(text: str, document: Mapping[str, Any]) -> Phrase:
    """Returns a phrase of plain braces only: format specifications or lookups could be endless."""
    values = values_from_json(document)
    if not all(name in (None, *values) and not spec for _, name, spec, _ in Formatter().parse(text)):
        raise BrokenMessageError(f"{text!r:.120} does not fit its values")
    return Phrase(text, values)


def _to_json(value: Any) -> Any:
    """Marks types that JSON lacks: paths, which become absolute, and tuples."""
    if isinstance(value, Path):
        return {PATH: str(value.absolute())}
    if isinstance(value, tuple):
        return {TUPLE: [_to_json(item) for item in value]}
    if isinstance(value, Architecture):
        return {ARCHITECTURE: {field.name: _to_json(getattr(value, field.name)) for field in fields(value)}}
    if value is None or isinstance(value, (str, int, float, bool)):
        return value
    raise TypeError(f"{value!r} cannot be told to another process")


def _from_json(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    if list(value) == [PATH]:
        return Path(value[PATH])
    if list(value) == [TUPLE]:
        return tuple(_from_json(item) for item in value[TUPLE])
    if list(value) == [ARCHITECTURE]:
        return Architecture(**{name: _from_json(item) for name, item in value[ARCHITECTURE].items()})
    raise BrokenMessageError(f"{value!r:.120} is no option")
