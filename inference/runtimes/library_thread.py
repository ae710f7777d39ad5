# SPDX-License-Identifier: GPL-2.0-or-later
"""Threads in which a library works that nothing can end, such as the opening of a network."""

from __future__ import annotations

import atexit
import threading
from collections.abc import Callable
from concurrent.futures import Future
from time import monotonic
from types import TracebackType
from typing import Any, TypeVar

T = TypeVar("T")

# The longest time in seconds for which the program waits at its end.
LONGEST_AT_EXIT = 60.0


class _LibraryThread(threading.Thread):
    """Does not keep Python from ending, as threads of a pool would, for a library may never come back."""

    def __init__(self, work: Callable[[], None], name: str) -> None:
        super().__init__(target=work, name=name, daemon=True)


def begin(work: Callable[[], T], name: str) -> Future[T]:
    """Begins a work in a thread of this name; the result or the error of the work is that of the future.

    A thread that is in a library at the end of the process, or comes back from it after Python's end, would end the
    process with SIGSEGV or SIGABRT, whatever its result was. The program therefore waits for such threads.
    """
    result = Future[T]()

    def run() -> None:
        with _Handing(result):
            result.set_result(work())

    _LibraryThread(run, name).start()
    return result


class _Handing:
    """Passes exceptions of the block to the waiting thread, which raises them again."""

    def __init__(self, result: Future[Any]) -> None:
        self._result = result

    def __enter__(self) -> None:
        """Does nothing."""

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool:
        """Keeps the error from ending the thread."""
        if error is not None:
            self._result.set_exception(error)
        return True


@atexit.register
def wait_for_all() -> None:
    """Waits for the threads that are still in a library, but no longer than a minute.

    Python calls it at its end; programs that end without Python's, such as QGIS, call it themselves.
    """
    end = monotonic() + LONGEST_AT_EXIT
    for thread in threading.enumerate():
        if isinstance(thread, _LibraryThread):
            thread.join(max(0.0, end - monotonic()))
