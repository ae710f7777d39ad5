# SPDX-License-Identifier: GPL-2.0-or-later
"""What a run tells, told to Processing's feedback."""

from __future__ import annotations

import time

from qgis.core import QgsProcessingFeedback

from .translation import tr

SECONDS_BETWEEN_TEXTS = 2.0


class FeedbackProgress:
    """Passes a run's reports on to Processing and adds how long is left."""

    def __init__(self, feedback: QgsProcessingFeedback) -> None:
        self._feedback = feedback
        self._started = self._told = time.monotonic()

    def report(self, fraction: float) -> None:
        """Shows the finished share, and from time to time the seconds left."""
        self._feedback.setProgress(100 * fraction)
        now = time.monotonic()
        if fraction > 0 and now - self._told >= SECONDS_BETWEEN_TEXTS:
            self._told = now
            left = (now - self._started) / fraction * (1 - fraction)
            text = tr("{percent} percent done, about {left} left")
            self._feedback.setProgressText(text.format(percent=round(100 * fraction), left=duration(left)))

    def message(self, text: str, **values: object) -> None:
        """Writes a sentence into the log."""
        self._feedback.pushInfo(tr(text).format(**values))

    def warning(self, text: str, **values: object) -> None:
        """Writes a warning into the log."""
        self._feedback.pushWarning(tr(text).format(**values))

    @property
    def cancelled(self) -> bool:
        """True once the user has pressed Cancel."""
        return bool(self._feedback.isCanceled())


def duration(seconds: float) -> str:
    """Returns a duration as 45 s, 3 min 20 s or 2 h 5 min."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return tr("{hours} h {minutes} min").format(hours=hours, minutes=minutes)
    if minutes:
        return tr("{minutes} min {seconds} s").format(minutes=minutes, seconds=rest)
    return tr("{seconds} s").format(seconds=rest)
