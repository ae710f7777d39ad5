# SPDX-License-Identifier: GPL-2.0-or-later
"""Memory of the process, and free memory; None if the system does not report it.

Sizes are in bytes. Sources: proc(5) for /proc/self/statm, getrusage(2), malloc_trim(3).
"""

from __future__ import annotations

import ctypes
import os
import sys
import threading
from pathlib import Path

from ..free_memory import available

__all__ = ["Growth", "available", "peak", "release_unused", "resident"]

STATM, STATUS = Path("/proc/self/statm"), Path("/proc/self/status")

# Seconds between two looks at the process while its peak is sought.
PERIOD = 0.005


def resident() -> int | None:
    """Returns the memory that the process takes now."""
    try:
        return int(STATM.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError, IndexError, AttributeError):
        return None


def peak() -> int | None:
    """Returns the most memory that the process ever took."""
    try:
        lines = STATUS.read_text().splitlines()
        return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM:"))
    except (OSError, ValueError, StopIteration):
        return _peak_by_library()


def _peak_by_library() -> int | None:
    """Queries the system's C library, which on some systems includes the parent's memory."""
    if sys.platform == "win32":
        return None
    import resource

    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    # macOS counts bytes here, and others count kibibytes.
    return most if sys.platform == "darwin" else most * 1024


def release_unused() -> None:
    """Returns memory that the process has freed to the system.

    The C library of most Linux systems keeps a heap for every thread, each as large as that thread has ever needed it.
    Others do not need this, and lack the function.
    """
    if sys.platform.startswith("linux"):
        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
        if trim is not None:
            trim(0)


class Growth:
    """The maximum growth of the process while a block runs; `bytes` is 0 if that is unknown."""

    def __init__(self) -> None:
        self.before = self._most = resident() or 0
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="memory", daemon=True)

    @property
    def bytes(self) -> int:
        """The growth so far."""
        return self._most - self.before

    def __enter__(self) -> Growth:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._ended.wait(PERIOD):
            self._most = max(self._most, resident() or 0)
