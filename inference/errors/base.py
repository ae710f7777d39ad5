# SPDX-License-Identifier: GPL-2.0-or-later
"""What all errors share, and the one that is no failure."""

from __future__ import annotations

from typing import Any, ClassVar

from ..phrase import Phrase, printable
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

    def __reduce__(self) -> tuple[Any, ...]:
        """Returns what pickle makes the same error of, in another process: class and values."""
        return _made, (type(self), {name: _plain(value) for name, value in self.values.items()})


class RunCancelledError(ClassifyPixelsError):
    """The user cancelled the run."""

    sentence = "The classification was cancelled; no output was written."


def _made(kind: type[ClassifyPixelsError], values: dict[str, object]) -> ClassifyPixelsError:
    return kind(**values)


def _plain(value: object) -> object:
    """Returns a value that any process can read: errors of libraries, for one, are known only where those are."""
    if isinstance(value, Phrase):
        return Phrase(value.text, {name: _plain(inner) for name, inner in value.values.items()})
    kept = value is None or isinstance(value, ClassifyPixelsError) or type(value) in (str, int, float, bool)
    return value if kept else str(value)


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
