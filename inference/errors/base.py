# SPDX-License-Identifier: GPL-2.0-or-later
"""What all errors share, and the one that is no failure."""

from __future__ import annotations

from typing import ClassVar

from ..printable import printable
from ..redaction import without_secrets


class ClassifyPixelsError(Exception):
    """A failure that the user can understand and act upon.

    `sentence` is the untranslated text and `values` fill its braces, so that a front end can translate
    the sentence before it fills it in.
    """

    sentence: ClassVar[str] = ""

    def __init__(self, **values: object) -> None:
        self.values = {name: _shown(value) for name, value in values.items()}
        super().__init__(self.sentence.format(**self.values))


class RunCancelledError(ClassifyPixelsError):
    """The user cancelled the run."""

    sentence = "The classification was cancelled; no output was written."


def _shown(value: object) -> object:
    """Returns a value, or its text where that cannot be shown as it is: values come from models and services.

    What a library says of a raster may hold the sign-in that stands in its address.
    """
    try:
        text = str(value)
    except (RecursionError, ValueError):
        # Lists in lists in lists, and numbers of thousands of digits.
        return "that cannot be printed"
    shown = printable(without_secrets(text))
    # Whoever prints a nested value later may have less of the stack left.
    return value if shown == text and not isinstance(value, (list, dict, tuple)) else shown
