# SPDX-License-Identifier: GPL-2.0-or-later
"""What all errors share, and the one that is no failure."""

from __future__ import annotations

from typing import ClassVar


class ClassifyPixelsError(Exception):
    """A failure that the user can understand and act upon.

    `sentence` is the untranslated text and `values` fill its braces, so that a front end can translate
    the sentence before it fills it in.
    """

    sentence: ClassVar[str] = ""

    def __init__(self, **values: object) -> None:
        super().__init__(self.sentence.format(**values))
        self.values = values


class RunCancelledError(ClassifyPixelsError):
    """The user cancelled the run."""

    sentence = "The classification was cancelled; no output was written."
