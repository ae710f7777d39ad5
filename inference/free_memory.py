# SPDX-License-Identifier: GPL-2.0-or-later
"""Free memory of the machine in bytes, None if the system does not report it.

Sources: proc(5) for /proc/meminfo, and the kernel's documentation of control groups, version 2.
"""

from __future__ import annotations

from pathlib import Path

MEMINFO, CGROUP = Path("/proc/meminfo"), Path("/sys/fs/cgroup")


def available() -> int | None:
    """Returns the memory that may still be taken without swapping, within the limit of a container."""
    limits = [limit for limit in (_free_on_machine(), _free_in_container()) if limit is not None]
    return min(limits, default=None)


def _free_on_machine() -> int | None:
    try:
        lines = MEMINFO.read_text().splitlines()
        return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("MemAvailable:"))
    except (OSError, ValueError, StopIteration):
        return None


def _free_in_container() -> int | None:
    try:
        # Without a limit the file contains the word max.
        return int((CGROUP / "memory.max").read_text()) - int((CGROUP / "memory.current").read_text())
    except (OSError, ValueError):
        return None
