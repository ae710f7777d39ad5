# SPDX-License-Identifier: GPL-2.0-or-later
"""Messages of a run, kept for the panel."""

from __future__ import annotations

from qgis.core import QgsProcessingFeedback

from .job import JobMessage


class JobFeedback(QgsProcessingFeedback):
    """Keeps the messages of a run and its latest progress text.

    The run's thread writes and the main thread reads without a lock, because the list only grows.
    """

    def __init__(self) -> None:
        # False: messages go to the panel only, not to QGIS's log.
        super().__init__(False)
        self.messages: list[JobMessage] = []
        self.text = ""

    def setProgressText(self, text: str) -> None:  # noqa: N802
        """Keeps the progress text."""
        self.text = text

    def pushInfo(self, info: str) -> None:  # noqa: N802
        """Keeps a message."""
        self.messages.append(JobMessage(info))

    def pushWarning(self, warning: str) -> None:  # noqa: N802
        """Keeps a warning."""
        self.messages.append(JobMessage(warning, "warning"))

    def reportError(self, error: str, fatalError: bool = False) -> None:  # noqa: N802, N803
        """Keeps an error."""
        self.messages.append(JobMessage(error, "error"))
