# SPDX-License-Identifier: GPL-2.0-or-later
"""Check of parameter values before they are read."""

from __future__ import annotations

import re
from collections.abc import Mapping
from numbers import Real
from pathlib import PurePath
from typing import Any

from ..inference.errors import ParameterValueError
from ..inference.phrase import Phrase
from ..inference.raster.read.unreadable import is_utf8

# Types of values from scripts, dialogs and the command line; QGIS's own types are recognised by module.
KINDS = (str, Real, PurePath, Mapping, list, tuple, set, frozenset)
MODULES = ("qgis.", "PyQt5.", "PyQt6.")

# Python cannot print integers of several thousand digits; parameters need at most 64 bits.
MOST_BITS = 1024
LONG_NUMBER = re.compile(r"\d{1001}")
# Depth of nested lists; polygons have four levels.
DEEPEST = 100
# Parts of a value; polygons may have many.
MOST_PARTS = 1_000_000


def check_value(name: str, value: Any) -> None:
    """Raises a ParameterValueError if a value or a part of it has an unsupported type, size or encoding."""
    waiting, parts = [(value, 0)], 0
    while waiting:
        part, depth = waiting.pop()
        parts += 1
        reason = _reason(part)
        if depth > DEEPEST or parts > MOST_PARTS:
            reason = Phrase("its lists are nested too deeply or too long")
        if reason:
            raise ParameterValueError(name=name, value=part if depth <= DEEPEST else "(a list)", reason=reason)
        waiting += [(inner, depth + 1) for inner in _inner(part)]


def _inner(part: Any) -> list[Any]:
    if isinstance(part, Mapping):
        return [*part.keys(), *part.values()]
    return list(part) if isinstance(part, (list, tuple, set, frozenset)) else []


def _reason(part: Any) -> Phrase | None:
    if part is None or type(part).__module__.startswith(MODULES):
        return None
    if not isinstance(part, KINDS):
        return Phrase("it is not text, a number, a list or a layer")
    if isinstance(part, int) and part.bit_length() > MOST_BITS:
        return Phrase("the number is too large")
    if isinstance(part, Mapping) and not all(isinstance(key, str) for key in part):
        return Phrase("one of its keys is not text")
    text = str(part) if isinstance(part, (str, PurePath)) else ""
    if LONG_NUMBER.search(text):
        return Phrase("the number is too large")
    if "\0" in text:
        return Phrase("it contains a null character")
    return None if is_utf8(text) else Phrase("it contains bytes that are not UTF-8")
