# SPDX-License-Identifier: GPL-2.0-or-later
"""Processes of the operating system by their number and their start, because numbers are used again."""

from __future__ import annotations

import os
import signal
import time
from contextlib import suppress
from pathlib import Path

SECONDS_TO_DIE = 10.0
# The status of a job's process that was told to stop, as by a service manager that ends all processes at once.
STOPPED = 75


def start_of(pid: int) -> str:
    """Returns the start of a process in the kernel's own counting, empty if there is no such process.

    proc(5): field 22 of stat; the name of the command, field 2, may itself hold spaces and brackets.
    """
    try:
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
        boot = Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
    except OSError:
        return ""
    return "" if fields[0] == "Z" else f"{boot}:{fields[19]}"


def is_alive(pid: int | None, start: str | None) -> bool:
    """Returns True if the process with this number and start still runs."""
    return pid is not None and bool(start) and start_of(pid) == start


def kill_group(pid: int, start: str) -> None:
    """Ends a process and its children, which are a group of their own, and waits until it is gone."""
    if not is_alive(pid, start):
        return
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)
    deadline = time.monotonic() + SECONDS_TO_DIE
    while is_alive(pid, start) and time.monotonic() < deadline:
        time.sleep(0.02)
