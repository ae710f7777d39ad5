# SPDX-License-Identifier: GPL-2.0-or-later
"""Settings that all of GDAL shares."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock
from typing import Any, Callable


class SharedSetting:
    """A setting that several runs may want at once; when the last of them ends, it is what it was before the first.

    `choose` makes one value of what was there before and of all that is wanted, in the order in which it came.
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
        """Has the setting heed a value as long as the block runs."""
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
