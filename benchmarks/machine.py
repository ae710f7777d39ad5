# SPDX-License-Identifier: GPL-2.0-or-later
"""The machine of the measurements."""

from __future__ import annotations

import os
import platform
import sys
from pathlib import Path

from benchmarks.measure import cores


def describe_machine() -> str:
    """Returns processor, cores, memory and system in one line."""
    parts = [_processor(), f"{cores()} cores", *_memory(), f"{platform.system()} {platform.release()}"]
    return ", ".join([*parts, f"Python {sys.version.split()[0]}"])


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    return next((line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")), "unknown")


def _memory() -> list[str]:
    try:
        return [f"{os.sysconf('SC_PAGE_SIZE') * os.sysconf('SC_PHYS_PAGES') / 2**30:.0f} GB"]
    except (AttributeError, ValueError, OSError):
        return []
