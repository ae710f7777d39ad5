# SPDX-License-Identifier: GPL-2.0-or-later
"""Options and values of errors as JSON, and back."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

from ...models.architecture import Architecture
from ...phrase import Phrase
from ..options import BackendOptions
from .messages import BrokenMessageError

PATH, TUPLE, ARCHITECTURE, PHRASE = "path", "tuple", "architecture", "phrase"
BRACES = re.compile(r"(?:[^{}]|\{\{|\}\}|\{\w+\})*")


def options_to_json(options: BackendOptions) -> dict[str, Any]:
    """Returns the options as JSON has them; the worker opens the backend itself, so it gets no `python`."""
    values = {field.name: getattr(options, field.name) for field in fields(options)}
    return {name: _to_json(value) for name, value in values.items() if name != "python"}


def options_from_json(document: Mapping[str, Any]) -> BackendOptions:
    """Returns the options of a document."""
    return BackendOptions(**{name: _from_json(value) for name, value in document.items()})


def values_to_json(values: Mapping[str, object]) -> dict[str, Any]:
    """Returns what fills the sentence of an error; what JSON lacks becomes text."""
    return {name: _value_to_json(value) for name, value in values.items()}


def values_from_json(document: Mapping[str, Any]) -> dict[str, Any]:
    """Returns what fills the sentence of an error."""
    return {name: _value_from_json(value) for name, value in document.items()}


def _value_to_json(value: object) -> Any:
    if isinstance(value, Phrase):
        return {PHRASE: [value.text, values_to_json(value.values)]}
    return value if isinstance(value, (str, int, float, bool, type(None))) else str(value)


def _value_from_json(value: Any) -> Any:
    """Returns a value; the text of a phrase may have names in its braces and nothing that formats them."""
    if not isinstance(value, dict):
        return value
    content = value.get(PHRASE, ())
    if len(value) != 1 or len(content) != 2 or not BRACES.fullmatch(str(content[0])):
        raise BrokenMessageError(f"{value!r:.120} is no value of an error")
    return Phrase(str(content[0]), values_from_json(content[1]))


def _to_json(value: Any) -> Any:
    """Marks what JSON lacks: paths, which are made absolute, and tuples."""
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
