# SPDX-License-Identifier: GPL-2.0-or-later
"""Leases of the caches, which prevent clearing them during a run."""

from __future__ import annotations

import uuid
from contextlib import suppress
from pathlib import Path
from types import TracebackType

from qgis.PyQt.QtCore import QLockFile

from .locations import lease_folder

SUFFIX = ".lock"


class CacheLease:
    """Holds the caches until its release or the end of its process, even by a crash."""

    def __init__(self) -> None:
        folder = lease_folder()
        # A read-only profile has no cache to clear.
        with suppress(OSError):
            folder.mkdir(parents=True, exist_ok=True)
        self._lock = _lock(folder / (uuid.uuid4().hex + SUFFIX))
        self._lock.tryLock(0)

    def release(self) -> None:
        """Releases the caches."""
        self._lock.unlock()

    def __enter__(self) -> CacheLease:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()


def caches_are_used() -> bool:
    """Returns True if a run of any process uses the caches; removes the leases of dead processes."""
    return any(not _is_free(path) for path in sorted(lease_folder().glob("*" + SUFFIX)))


def _is_free(path: Path) -> bool:
    lock = _lock(path)
    free = bool(lock.tryLock(0))
    if free:
        lock.unlock()
    return free


def _lock(path: Path) -> QLockFile:
    lock = QLockFile(str(path))
    # Only the end of its process makes a lock stale, however long a run takes.
    lock.setStaleLockTime(0)
    return lock
