# SPDX-License-Identifier: GPL-2.0-or-later
"""Display of a run's events by Processing's feedback."""

from __future__ import annotations

import time

from qgis.core import QgsProcessingFeedback

from ..inference import Progress
from ..inference.events import Event, PolygonsProgressed, Progressed, RunStarted
from ..inference.run.partial_map import MapBegun, MapGrown, PartialMap
from ..plugin_support.translation import shown, tr

SECONDS_BETWEEN_TEXTS = 2.0


class FeedbackProgress(Progress):
    """Passes a run's events to Processing, with speed and remaining time.

    `items` is the number of rasters classified separately. `messages` and `warnings` are the translated sentences
    of the log, for the summary. A `partial_map` receives the unfinished map.
    """

    def __init__(self, feedback: QgsProcessingFeedback, items: int = 1, partial_map: PartialMap | None = None) -> None:
        self._map = partial_map
        self.shows_map = partial_map is not None
        self.messages: list[str] = []
        self.warnings: list[str] = []
        self._feedback = feedback
        self._items = items
        self._told = 0.0
        self._pace: tuple[float, float] | None = None
        self._started: RunStarted | None = None

    def emit(self, event: Event) -> None:
        """Shows the progress, or logs the sentences of the event."""
        if isinstance(event, Progressed):
            self._show(event.fraction)
            return
        if isinstance(event, PolygonsProgressed):
            self._show_polygons(event.fraction)
            return
        if self._map is not None and isinstance(event, (MapBegun, MapGrown)):
            self._map.take(event)
            return
        if isinstance(event, RunStarted):
            # Each raster has a separate pace.
            self._started, self._pace = event, None
        kept, push = (
            (self.warnings, self._feedback.pushWarning)
            if event.is_warning
            else (self.messages, self._feedback.pushInfo)
        )
        for sentence in map(shown, event.phrases):
            kept.append(sentence)
            push(sentence)

    def _show_polygons(self, fraction: float) -> None:
        now = time.monotonic()
        if now - self._told >= SECONDS_BETWEEN_TEXTS:
            self._told = now
            self._feedback.setProgressText(tr("Polygons: {percent} percent done").format(percent=int(100 * fraction)))

    def _show(self, fraction: float) -> None:
        """Shows the finished share, and periodically speed, remaining time and device."""
        self._feedback.setProgress(100 * fraction)
        now = time.monotonic()
        if self._pace is None:
            # The first of several rasters starts at 0, the others do not.
            self._pace, self._told = (now, fraction), now
        elif fraction > self._pace[1] and now - self._told >= SECONDS_BETWEEN_TEXTS:
            self._told = now
            self._feedback.setProgressText(self._text(fraction, (fraction - self._pace[1]) / (now - self._pace[0])))

    @property
    def cancelled(self) -> bool:
        """True after Cancel."""
        return bool(self._feedback.isCanceled())

    def _text(self, fraction: float, share_per_second: float) -> str:
        left = duration((1 - fraction) / share_per_second)
        run = self._started
        if run is None:
            return tr("{percent} percent done, about {left} left").format(percent=int(100 * fraction), left=left)
        rate = run.columns * run.rows * self._items * share_per_second / 1e6
        text = tr("{percent} percent done, {rate} megapixels per second, about {left} left, on {device}")
        return text.format(percent=int(100 * fraction), rate=f"{rate:.3g}", left=left, device=run.device)


def duration(seconds: float) -> str:
    """Returns a duration as 45 s, 3 min 20 s or 2 h 5 min."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return tr("{hours} h {minutes} min").format(hours=hours, minutes=minutes)
    if minutes:
        return tr("{minutes} min {seconds} s").format(minutes=minutes, seconds=rest)
    return tr("{seconds} s").format(seconds=rest)
