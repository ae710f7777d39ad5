# SPDX-License-Identifier: GPL-2.0-or-later
"""Makes the opening of a network cancellable and ends it at last, whatever its library does in the meantime."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future, wait
from pathlib import Path
from threading import Lock
from time import monotonic
from typing import Callable

from ..errors import OpeningTimeError, RunCancelledError
from ..progress import Progress
from .backend import Backend
from .library_thread import begin

# Seconds between two checks for Cancel, and the grace period for an opening to end.
PERIOD, TO_END = 0.2, 1.0

# Seconds for any network, and for each byte of its files, which may be on a slow drive. The slowest known compilations,
# those of large networks for a graphics card, take some minutes; hostile ones may take years.
LONGEST, LONGEST_PER_BYTE = 1800.0, 2 / 1024**2


class Opening:
    """A network being opened, and the function that ends the opening early."""

    def __init__(self) -> None:
        self._ends: list[Callable[[], object]] = []
        self._cancelled = False
        self._lock = Lock()

    def ended_by(self, end: Callable[[], object]) -> None:
        """Sets the function that ends the opening early; called from another thread, or immediately after Cancel."""
        with self._lock:
            self._ends.append(end)
            late: Sequence[Callable[[], object]] = [end] if self._cancelled else []
        for call in late:
            call()

    def cancel(self) -> None:
        """Ends the opening, if possible."""
        with self._lock:
            self._cancelled, ends = True, [*self._ends]
        for end in ends:
            end()


def open_watched(
    open_network: Callable[[Opening], Backend], progress: Progress, weights: Path, seconds: float
) -> Backend:
    """Returns the network that a function opens; raises RunCancelledError within two seconds of Cancel.

    Raises an OpeningTimeError after `seconds`. It is opened in a separate thread. A library that cannot be stopped is
    left there, and a network that it still opens is closed.
    """
    end = monotonic() + seconds
    opening = Opening()
    opened = begin(lambda: open_network(opening), "opening")
    while not wait([opened], PERIOD).done:
        cancelled = progress.cancelled
        if cancelled or monotonic() > end:
            opening.cancel()
            wait([opened], TO_END)
            opened.add_done_callback(_close)
            raise RunCancelledError if cancelled else OpeningTimeError(weights=weights, minutes=round(seconds / 60))
    return opened.result()


def _close(opened: Future[Backend]) -> None:
    if opened.exception() is None:
        opened.result().close()
