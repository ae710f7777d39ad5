# SPDX-License-Identifier: GPL-2.0-or-later
"""Cancel amid work of which only the processor's time can be seen, such as a call that never returns."""

from __future__ import annotations

import os
import time
from pathlib import Path

from classify_pixels.inference import SilentProgress


def processor_seconds() -> float:
    """Returns the seconds that this process has computed, and its living children as far as the system lists them."""
    return time.process_time() + sum(map(_seconds_of_child, Path("/proc").glob("[0-9]*/stat")))


def _seconds_of_child(stat: Path) -> float:
    # proc(5): the fields after the name of the command are the state, the parent, and 12th and 13th the two times.
    try:
        fields = stat.read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return sum(map(int, fields[11:13])) / os.sysconf("SC_CLK_TCK") if int(fields[1]) == os.getpid() else 0.0


class CancelAmid(SilentProgress):
    """Cancels after so many seconds in which this process and its children have computed as long.

    On a busy machine that is later, but no less of the work is done then.
    """

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self.begin()

    def begin(self) -> None:
        """Counts from now on."""
        self._clock, self._computed, self._over = time.monotonic(), processor_seconds(), False

    @property
    def cancelled(self) -> bool:  # type: ignore[override]
        # Children that have ended since then no longer count.
        if not self._over and time.monotonic() - self._clock >= self._seconds:
            self._over = processor_seconds() - self._computed >= self._seconds
        return self._over
