# SPDX-License-Identifier: GPL-2.0-or-later
"""The listener of a run, which can also cancel it."""

from __future__ import annotations

from .events import Event, Noted, Progressed, Warned
from .notices import Caution, Note


class Progress:
    """Receives the events of a run; each front end has its own.

    One that `shows_map` receives the unfinished map as well (`run/partial_map.py`).
    """

    shows_map: bool = False

    def emit(self, event: Event) -> None:
        """Receives an event; this class ignores it."""

    @property
    def cancelled(self) -> bool:
        """True once the user has cancelled the run."""
        return False

    def report(self, fraction: float) -> None:
        """Emits the finished share of the work, 0 to 1."""
        self.emit(Progressed(fraction))

    def note(self, kind: Note, **values: object) -> None:
        """Emits a sentence for the log."""
        self.emit(Noted(kind, values))

    def warn(self, kind: Caution, **values: object) -> None:
        """Emits a warning for the user."""
        self.emit(Warned(kind, values))


class PartProgress(Progress):
    """Forwards the events of a part of the work, of a size `share`, which begins when the share `start` is finished."""

    def __init__(self, progress: Progress, start: float, share: float) -> None:
        self._progress, self._start, self._share = progress, start, share
        self.shows_map = progress.shows_map

    def emit(self, event: Event) -> None:
        """Forwards an event; a share of the part becomes a share of all work."""
        if isinstance(event, Progressed):
            event = Progressed(self._start + self._share * event.fraction)
        self._progress.emit(event)

    @property
    def cancelled(self) -> bool:
        """True once the user has cancelled the run."""
        return self._progress.cancelled


class SilentProgress(Progress):
    """Ignores all events; `cancelled` can be set."""

    cancelled: bool = False


SILENT = SilentProgress()
