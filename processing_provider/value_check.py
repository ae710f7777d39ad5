# SPDX-License-Identifier: GPL-2.0-or-later
"""Values that no parameter takes, refused in one place before anything reads them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from numbers import Real
from pathlib import PurePath
from typing import Any

from ..inference.errors import ParameterValueError
from ..inference.phrase import Phrase
from ..inference.raster.read.unreadable import is_utf8

# What scripts, dialogs and the command line hand over; QGIS's own kinds are told by their module.
KINDS = (str, Real, PurePath, Mapping, list, tuple, set, frozenset)
MODULES = ("qgis.", "PyQt5.", "PyQt6.")

# Python refuses to write whole numbers of some thousand digits, and nothing here is beyond a 64-bit one.
MOST_BITS = 1024
LONG_NUMBER = re.compile(r"\d{1001}")
# Lists in lists; those of a polygon go four deep.
DEEPEST = 100
# Parts of a value, which polygons may have many of.
MOST_PARTS = 1_000_000


def check_value(name: str, value: Any) -> None:
    """Raises a ParameterValueError for a value, or a part of one, that is of no kind which parameters have."""
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
