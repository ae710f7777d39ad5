# SPDX-License-Identifier: GPL-2.0-or-later
"""What a run tells its caller, and how the caller stops it."""

from __future__ import annotations

from typing import Protocol


class Progress(Protocol):
    """Listens to a run; every front end has its own.

    Texts come untranslated with `values` for their braces, so that a front end can translate them.
    """

    def report(self, fraction: float) -> None:
        """Takes the finished share of the work, 0 to 1."""

    def message(self, text: str, **values: object) -> None:
        """Takes a sentence for the log."""

    def warning(self, text: str, **values: object) -> None:
        """Takes a sentence that the user should not miss."""

    @property
    def cancelled(self) -> bool:
        """True as soon as the user wants the run to end."""


class SilentProgress:
    """Ignores all reports and never cancels."""

    cancelled: bool = False

    def report(self, fraction: float) -> None:
        """Ignores the share of the work."""

    def message(self, text: str, **values: object) -> None:
        """Ignores the sentence."""

    def warning(self, text: str, **values: object) -> None:
        """Ignores the sentence."""


SILENT = SilentProgress()
