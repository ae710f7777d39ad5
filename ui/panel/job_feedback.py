# SPDX-License-Identifier: GPL-2.0-or-later
"""What a run tells, kept until the panel asks for it."""

from __future__ import annotations

from qgis.core import QgsProcessingFeedback

from .job import JobMessage


class JobFeedback(QgsProcessingFeedback):
    """Keeps the messages of a run and its newest text of progress.

    The run's thread writes and the main thread reads: lists only grow, so neither needs to wait.
    """

    def __init__(self) -> None:
        # False: the sentences go to the panel, not into QGIS's log as well.
        super().__init__(False)
        self.messages: list[JobMessage] = []
        self.text = ""

    def setProgressText(self, text: str) -> None:  # noqa: N802
        """Takes what the run says of its progress."""
        self.text = text

    def pushInfo(self, info: str) -> None:  # noqa: N802
        """Takes a sentence."""
        self.messages.append(JobMessage(info))

    def pushWarning(self, warning: str) -> None:  # noqa: N802
        """Takes a warning."""
        self.messages.append(JobMessage(warning, "warning"))

    def reportError(self, error: str, fatalError: bool = False) -> None:  # noqa: N802, N803
        """Takes an error."""
        self.messages.append(JobMessage(error, "error"))
