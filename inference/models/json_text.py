# SPDX-License-Identifier: GPL-2.0-or-later
"""JSON as other programs write it, and values in the metadata of a network, which are all texts."""

from __future__ import annotations

import json
import re
from typing import Any

# Longer numbers are beyond any float, and reading them takes Python a time that grows with the square.
MOST_DIGITS = 400
SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")

# Longer texts are no values of these models.
LONGEST = 1024**2

# A number and a quoted name, and a quote that a backslash precedes.
PRINTED_ENTRY = re.compile(r"""\s*(\d+)\s*:\s*('(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")\s*(?:,\s*|$)""")
ESCAPED = re.compile(r"\\(['\"\\])")


def read_json(text: str) -> Any:
    """Returns what a text stands for; raises ValueError or RecursionError.

    NaN and Infinity tokens are accepted. Halves of characters, which no file and no screen takes, become question
    marks.
    """
    document = json.loads(text, parse_int=_whole)
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
    """Reads {0: 'name', 1: "name"}, empty where the text is none; no expression is parsed, since those may nest."""
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
