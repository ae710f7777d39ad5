# SPDX-License-Identifier: GPL-2.0-or-later
"""Lets Cancel reach a network that is still being opened, whatever its library does meanwhile."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future, wait
from threading import Lock, Thread
from types import TracebackType
from typing import Callable

from ..errors import RunCancelledError
from ..progress import Progress
from .backend import Backend

# Seconds between two looks at Cancel, and those that an opening has to end by itself.
PERIOD, TO_END = 0.2, 1.0


class Opening:
    """A network that is being opened: knows what ends that early."""

    def __init__(self) -> None:
        self._ends: list[Callable[[], object]] = []
        self._cancelled = False
        self._lock = Lock()

    def ended_by(self, end: Callable[[], object]) -> None:
        """Takes what ends the opening early; it is called from another thread, or at once after Cancel."""
        with self._lock:
            self._ends.append(end)
            late: Sequence[Callable[[], object]] = [end] if self._cancelled else []
        for call in late:
            call()

    def cancel(self) -> None:
        """Ends the opening, where there is a way."""
        with self._lock:
            self._cancelled, ends = True, [*self._ends]
        for end in ends:
            end()


def open_watched(open_network: Callable[[Opening], Backend], progress: Progress) -> Backend:
    """Returns the network that a function opens; raises RunCancelledError within two seconds of Cancel.

    It is opened in a thread of its own. A library that cannot be stopped is left there, and what it opens after all
    is closed.
    """
    opening, opened = Opening(), Future[Backend]()
    # Not of a pool: Python waits for those at its end.
    Thread(target=_open, args=(open_network, opening, opened), name="opening", daemon=True).start()
    while not wait([opened], PERIOD).done:
        if progress.cancelled:
            opening.cancel()
            wait([opened], TO_END)
            opened.add_done_callback(_close)
            raise RunCancelledError
    return opened.result()


def _open(open_network: Callable[[Opening], Backend], opening: Opening, opened: Future[Backend]) -> None:
    with _Handing(opened):
        opened.set_result(open_network(opening))


class _Handing:
    """Hands whatever the block raises to those who wait, in whose thread it is raised again."""

    def __init__(self, opened: Future[Backend]) -> None:
        self._opened = opened

    def __enter__(self) -> None:
        """Nothing has to be done before."""

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool:
        """Keeps the error from ending the thread."""
        if error is not None:
            self._opened.set_exception(error)
        return True


def _close(opened: Future[Backend]) -> None:
    if opened.exception() is None:
        opened.result().close()
