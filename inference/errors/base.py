# SPDX-License-Identifier: GPL-2.0-or-later
"""The base class of all errors, and cancellation."""

from __future__ import annotations

from typing import Any, ClassVar

from ..phrase import Phrase, printable
from ..redaction import without_secrets


class ClassifyPixelsError(Exception):
    """A failure reported to the user with a next step.

    `sentence` is the untranslated text; `values` fill its braces after a front end has translated it.
    """

    sentence: ClassVar[str] = ""

    def __init__(self, **values: object) -> None:
        self.values = {name: _shown(value) for name, value in values.items()}
        super().__init__(self.sentence.format(**self.values))

    def __reduce__(self) -> tuple[Any, ...]:
        """Returns class and values, from which pickle recreates the error in another process."""
        return _made, (type(self), {name: _plain(value) for name, value in self.values.items()})


class RunCancelledError(ClassifyPixelsError):
    """The user cancelled the run."""

    sentence = "The classification was cancelled; no output was written."


def _made(kind: type[ClassifyPixelsError], values: dict[str, object]) -> ClassifyPixelsError:
    return kind(**values)


def _plain(value: object) -> object:
    """Returns a value that any process can unpickle, even without the library that raised an error."""
    if isinstance(value, Phrase):
        return Phrase(value.text, {name: _plain(inner) for name, inner in value.values.items()})
    kept = value is None or isinstance(value, ClassifyPixelsError) or type(value) in (str, int, float, bool)
    return value if kept else str(value)


def _shown(value: object) -> object:
    """Returns a value, or its sanitised text if it differs: values come from models and services.

    Messages of libraries may contain credentials from a raster's address.
    """
    try:
        text = str(value)
    except (RecursionError, ValueError):
        # Deeply nested lists, and numbers of thousands of digits.
        return "that cannot be printed"
    shown = printable(without_secrets(text))
    # Nested values are printed here, because less of the stack may be left later.
    return value if shown == text and not isinstance(value, (list, dict, tuple)) else shown
