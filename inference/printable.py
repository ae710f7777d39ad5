# SPDX-License-Identifier: GPL-2.0-or-later
"""Texts of strangers, made fit to be shown."""

from __future__ import annotations

LONGEST = 1000

# Persian and Indic scripts, and emoji, need these two; other invisible characters steer a terminal or turn lines round.
JOINERS = "\u200c\u200d"


def printable(text: str, longest: int = LONGEST) -> str:
    """Returns a text on one line, without control characters or marks of reading direction, and not endless."""
    shown = "".join(letter if letter.isprintable() or letter in JOINERS else " " for letter in text[:longest])
    return shown if len(text) <= longest else f"{shown}…"
