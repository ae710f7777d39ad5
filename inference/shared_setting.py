# SPDX-License-Identifier: GPL-2.0-or-later
"""A setting of the whole process, shared by concurrent users."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock
from typing import Any, Callable


class SharedSetting:
    """The end of the last concurrent use restores the previous value.

    `choose` combines the previous value and all requested ones, in the order of request, into one.
    """

    def __init__(
        self, read: Callable[[], Any], write: Callable[[Any], object], choose: Callable[[Any, list[Any]], Any]
    ) -> None:
        self._read, self._write, self._choose = read, write, choose
        self._lock = Lock()
        self._wanted: list[Any] = []
        self._before: Any = None

    @contextmanager
    def wanted(self, value: Any) -> Iterator[None]:
        """Requests a value of the setting for the duration of the block."""
        with self._lock:
            if not self._wanted:
                self._before = self._read()
            self._wanted.append(value)
            self._write(self._choose(self._before, self._wanted))
        try:
            yield
        finally:
            with self._lock:
                self._wanted.remove(value)
                self._write(self._choose(self._before, self._wanted) if self._wanted else self._before)
