# SPDX-License-Identifier: GPL-2.0-or-later
"""Qt's event loop, turned by a test until something has happened."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from qgis.PyQt.QtCore import QCoreApplication

# Seconds; longer than any test may take on a busy machine.
LIMIT = 300.0


def wait_until(holds: Callable[[], Any]) -> float:
    """Runs the event loop until a condition holds; returns the longest time that a turn of it computed, in seconds.

    Only the thread's own computing and system time counts, not waiting for the processor.
    """
    started, longest = time.monotonic(), 0.0
    while not holds():
        assert time.monotonic() - started < LIMIT, f"it did not happen within {LIMIT:.0f} s"
        before = time.thread_time()
        QCoreApplication.processEvents()
        longest = max(longest, time.thread_time() - before)
        time.sleep(0.005)
    return longest
