# SPDX-License-Identifier: GPL-2.0-or-later
"""Time that does not pass while other programs have the processors, so that a busy machine finds what a quiet one does.

A finding is kept for later runs. A long call is interrupted by other programs more often than a short one, so times of
the wall clock would favour small tiles, and a time limit would end a search that a quiet machine completes.
"""

from __future__ import annotations

import sys
import time
from dataclasses import dataclass, field

from ...runtimes import Backend

# Windows counts the time of a process in steps of 16 ms, which is as long as a call.
COUNTS_FINELY = sys.platform != "win32"


@dataclass(frozen=True)
class BusyTime:
    """The time since the object was made, for a network `on_cpu` as far as this process worked in it."""

    on_cpu: bool
    _wall: float = field(default_factory=time.perf_counter)
    _process: float = field(default_factory=time.process_time)

    @classmethod
    def of(cls, backend: Backend) -> BusyTime:
        """Returns the time of a network from now on."""
        return cls(backend.on_cpu)

    @property
    def seconds(self) -> float:
        """The seconds so far."""
        wall = time.perf_counter() - self._wall
        # Other threads of the process may work at the same time, but one thread runs a network that is tried.
        return min(wall, time.process_time() - self._process) if self.on_cpu and COUNTS_FINELY else wall
