# SPDX-License-Identifier: GPL-2.0-or-later
"""Lenient JSON parsing, also of text values in the metadata of a network."""

from __future__ import annotations

import json
import re
from typing import Any

from ..unique_keys import object_of_unique_keys

# Longer numbers exceed any float, and Python parses them in quadratic time.
MOST_DIGITS = 400
SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")

# Maximum length of a value in these models.
LONGEST = 1024**2

# A number with a quoted name, and an escaped quote.
PRINTED_ENTRY = re.compile(r"""\s*(\d+)\s*:\s*('(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")\s*(?:,\s*|$)""")
ESCAPED = re.compile(r"\\(['\"\\])")


def read_json(text: str, unique: bool = False) -> Any:
    """Returns the value of a JSON text; raises ValueError or RecursionError.

    Accepts NaN and Infinity tokens. Unpaired surrogates, which cannot be written or displayed, become question marks.
    With `unique` a key with two values raises a TwoValuesError; otherwise the last one counts.
    """
    document = json.loads(text, parse_int=_whole, object_pairs_hook=object_of_unique_keys if unique else None)
    if SURROGATE.search(text):
        whole = json.dumps(document, ensure_ascii=False).encode("utf-8", "replace")
        document = json.loads(whole, parse_int=_whole)
    return document


def read_value(text: str) -> Any:
    """Reads JSON; some exporters write a dictionary as Python prints it, or a bare text."""
    if len(text) > LONGEST:
        return text
    try:
        return read_json(text)
    except (ValueError, RecursionError):
        return _printed(text.strip()) or text


def _whole(digits: str) -> int | float:
    return int(digits) if len(digits) <= MOST_DIGITS else float(digits)


def _printed(text: str) -> dict[str, str]:
    """Reads {0: 'name', 1: "name"}, empty for any other text; does not parse expressions, since those may nest."""
    if not (text.startswith("{") and text.endswith("}")):
        return {}
    names: dict[str, str] = {}
    place, end = 1, len(text) - 1
    while place < end:
        entry = PRINTED_ENTRY.match(text, place, end)
        if entry is None:
            return {}
        names[entry[1]] = ESCAPED.sub(r"\1", entry[2][1:-1])
        place = entry.end()
    return names
