# SPDX-License-Identifier: GPL-2.0-or-later
"""Says which runs use the caches, so that nobody clears them meanwhile."""

from __future__ import annotations

import uuid
from contextlib import suppress
from pathlib import Path
from types import TracebackType

from qgis.PyQt.QtCore import QLockFile

from .locations import lease_folder

SUFFIX = ".lock"


class CacheLease:
    """Holds the caches until it is released, or its process has ended, however that came."""

    def __init__(self) -> None:
        folder = lease_folder()
        # A profile that cannot be written to has no cache that could be cleared.
        with suppress(OSError):
            folder.mkdir(parents=True, exist_ok=True)
        self._lock = _lock(folder / (uuid.uuid4().hex + SUFFIX))
        self._lock.tryLock(0)

    def release(self) -> None:
        """Lets the caches go."""
        self._lock.unlock()

    def __enter__(self) -> CacheLease:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()


def caches_are_used() -> bool:
    """Tells whether a run of this QGIS or of another process uses the caches; what dead ones left is removed."""
    return any(not _is_free(path) for path in sorted(lease_folder().glob("*" + SUFFIX)))


def _is_free(path: Path) -> bool:
    lock = _lock(path)
    free = bool(lock.tryLock(0))
    if free:
        lock.unlock()
    return free


def _lock(path: Path) -> QLockFile:
    lock = QLockFile(str(path))
    # However long a run takes: only the end of its process makes its lock stale.
    lock.setStaleLockTime(0)
    return lock
