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

__all__ = ["SHARE", "Growth", "available", "fits", "most_pixels", "peak", "release_unused", "resident"]

STATM, STATUS = Path("/proc/self/statm"), Path("/proc/self/status")

# Share of the free memory that a run may plan with; the rest is for the file system's cache and other programs.
SHARE = 0.9

# Bytes that a call of an unknown network may take for each pixel: those of Dynamic World, the most that was measured.
PIXEL_BYTES = 2048

# Seconds between two looks at the process while its peak is sought.
PERIOD = 0.005


def resident(process: int | None = None) -> int | None:
    """Returns the memory that a process takes now, this one if none is given."""
    try:
        file = STATM if process is None else Path("/proc", str(process), STATM.name)
        return int(file.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
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


def fits(needed: int) -> bool:
    """Returns True if so many bytes fit into the free memory, or if that is unknown."""
    free = available()
    return free is None or needed <= SHARE * free


def most_pixels() -> int:
    """Returns the pixels of the largest call of an unknown network that is expected to fit into the free memory."""
    free = available()
    return sys.maxsize if free is None else int(SHARE * free) // PIXEL_BYTES


class Growth:
    """The maximum growth of the process, and of an `other` one, while a block runs; `bytes` is 0 if that is unknown."""

    def __init__(self, other: int | None = None) -> None:
        self._other = other
        self.before = self._most = self._now()
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="memory", daemon=True)

    @property
    def bytes(self) -> int:
        """The growth so far."""
        return self._most - self.before

    def _now(self) -> int:
        other = resident(self._other) if self._other is not None else 0
        return (resident() or 0) + (other or 0)

    def __enter__(self) -> Growth:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()
        self._look()

    def _watch(self) -> None:
        while not self._ended.wait(PERIOD):
            self._look()

    def _look(self) -> None:
        self._most = max(self._most, self._now())
