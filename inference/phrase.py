# SPDX-License-Identifier: GPL-2.0-or-later
"""Texts for users: the plugin's own, which are translated, and untrusted ones, which are sanitised."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import Any

LONGEST = 1000

# Persian and Indic scripts and emoji need these two; other invisible characters control a terminal or reverse lines.
JOINERS = "\u200c\u200d"


class Text(Enum):
    """English texts of one subject, by names that code and tests can compare."""

    def __str__(self) -> str:
        return str(self.value)


@dataclass(frozen=True)
class Phrase:
    """A translatable text of the plugin, and the values for its braces."""

    text: str | Text
    values: dict[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return str(self.text).format(**self.values)


def printable(text: str, longest: int = LONGEST) -> str:
    """Returns a text on one line, of limited length, without control characters or marks of reading direction."""
    shown = "".join(letter if letter.isprintable() or letter in JOINERS else " " for letter in text[:longest])
    return shown if len(text) <= longest else f"{shown}…"
