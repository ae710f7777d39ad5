# SPDX-License-Identifier: GPL-2.0-or-later
"""A value in the metadata of an ONNX network, which are all texts."""

from __future__ import annotations

import re
from typing import Any

from .json_text import read_json

# Longer texts are no values of these models.
LONGEST = 1024**2

# A number and a quoted name, and a quote that a backslash precedes.
PRINTED_ENTRY = re.compile(r"""\s*(\d+)\s*:\s*('(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")\s*(?:,\s*|$)""")
ESCAPED = re.compile(r"\\(['\"\\])")


def read_value(text: str) -> Any:
    """Reads JSON; some exporters write a dictionary as Python prints it, or a bare text."""
    if len(text) > LONGEST:
        return text
    try:
        return read_json(text)
    except (ValueError, RecursionError):
        return _printed(text.strip()) or text


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
