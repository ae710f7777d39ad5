# SPDX-License-Identifier: GPL-2.0-or-later
"""What a run tells, told to Processing's feedback."""

from __future__ import annotations

import time

from qgis.core import QgsProcessingFeedback

from ..plugin_support.translation import filled, tr

SECONDS_BETWEEN_TEXTS = 2.0


class FeedbackProgress:
    """Passes a run's reports on to Processing and adds how fast it goes and how long is left.

    `items` is the number of rasters that are classified one by one. `messages` and `warnings` keep what was said,
    translated, for the summary.
    """

    def __init__(self, feedback: QgsProcessingFeedback, items: int = 1) -> None:
        self.messages: list[str] = []
        self.warnings: list[str] = []
        self._feedback = feedback
        self._items = items
        self._told = time.monotonic()
        self._pace: tuple[float, float] | None = None
        self._pixels = 0.0
        self._device = ""

    def report(self, fraction: float) -> None:
        """Shows the finished share, and from time to time the speed, the time left and the device."""
        self._feedback.setProgress(100 * fraction)
        now = time.monotonic()
        if self._pace is None:
            # A resumed run does not begin at nothing.
            self._pace = (now, fraction)
        elif fraction > self._pace[1] and now - self._told >= SECONDS_BETWEEN_TEXTS:
            self._told = now
            self._feedback.setProgressText(self._text(fraction, (fraction - self._pace[1]) / (now - self._pace[0])))

    def message(self, text: str, **values: object) -> None:
        """Writes a sentence into the log; the size and the device of the run are kept for the progress."""
        # A run says its size when it begins; of several rasters each has a pace of its own.
        if "columns" in values and "rows" in values:
            self._pixels = float(str(values["columns"])) * float(str(values["rows"]))
            self._pace = None
        self._device = str(values.get("device", self._device))
        self.messages.append(filled(text, values))
        self._feedback.pushInfo(self.messages[-1])

    def warning(self, text: str, **values: object) -> None:
        """Writes a warning into the log."""
        self.warnings.append(filled(text, values))
        self._feedback.pushWarning(self.warnings[-1])

    @property
    def cancelled(self) -> bool:
        """True once the user has pressed Cancel."""
        return bool(self._feedback.isCanceled())

    def _text(self, fraction: float, share_per_second: float) -> str:
        left = duration((1 - fraction) / share_per_second)
        if not self._pixels:
            return tr("{percent} percent done, about {left} left").format(percent=int(100 * fraction), left=left)
        rate = self._pixels * self._items * share_per_second / 1e6
        text = tr("{percent} percent done, {rate} megapixels a second, about {left} left, on {device}")
        return text.format(percent=int(100 * fraction), rate=f"{rate:.3g}", left=left, device=self._device)


def duration(seconds: float) -> str:
    """Returns a duration as 45 s, 3 min 20 s or 2 h 5 min."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return tr("{hours} h {minutes} min").format(hours=hours, minutes=minutes)
    if minutes:
        return tr("{minutes} min {seconds} s").format(minutes=minutes, seconds=rest)
    return tr("{seconds} s").format(seconds=rest)
