# SPDX-License-Identifier: GPL-2.0-or-later
"""The log of an algorithm."""

from __future__ import annotations

from qgis.core import QgsProcessingFeedback


class Log(QgsProcessingFeedback):
    """Keeps the log of an algorithm, and cancels it at a given progress."""

    def __init__(self, cancel_at: float = 1000.0) -> None:
        super().__init__(False)
        self.lines: list[str] = []
        self.warnings: list[str] = []
        self.errors: list[str] = []
        self.shares: list[float] = []
        self._cancel_at = cancel_at
        self.progressChanged.connect(self._progress)

    def _progress(self, share: float) -> None:
        self.shares.append(share)
        if share >= self._cancel_at:
            self.cancel()

    def pushInfo(self, info: str) -> None:
        """Keeps a sentence."""
        self.lines.append(info)

    def pushWarning(self, warning: str) -> None:
        """Keeps a warning."""
        self.warnings.append(warning)

    def reportError(self, error: str, fatalError: bool = False) -> None:
        """Keeps an error."""
        self.errors.append(error)
