# SPDX-License-Identifier: GPL-2.0-or-later
"""A limit for the memory of a worker: a file of a few bytes may ask for any amount.

Beyond it the network fails with an error, instead of the system ending any of the user's programs. Sources:
getrlimit(2), and proc(5) for oom_score_adj.
"""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from pathlib import Path
from threading import Thread
from time import sleep

from ...free_memory import available

# This share of the free memory is left to the other programs. A computer with little free memory may have to swap for
# the bytes of a small network with large tiles, or a multiple of its files'; compiling takes three to six times those.
LEFT, LEAST, TIMES = 1 / 8, 4 * 1024**3, 16

OOM_SCORE, EXPENDABLE = Path("/proc/self/oom_score_adj"), "1000"

# Seconds between two looks at the memory of a process that the system does not limit.
PERIOD = 0.1


def limit_memory(size: int) -> None:
    """Limits this process, which is to run a network whose files have `size` bytes.

    macOS accepts such a limit without keeping it, so the process watches its own memory; Windows never gives more than
    it has.
    """
    most = max(int((1 - LEFT) * (available() or _installed())), LEAST, TIMES * size)
    # Programs of the user are ended later than this one where memory runs out nevertheless.
    with suppress(OSError):
        OOM_SCORE.write_text(EXPENDABLE)
    if sys.platform.startswith("linux"):
        import resource

        soft, hard = resource.getrlimit(resource.RLIMIT_DATA)
        resource.setrlimit(resource.RLIMIT_DATA, (most if soft == resource.RLIM_INFINITY else min(most, soft), hard))
    elif sys.platform == "darwin":
        Thread(target=_watch, args=(most,), name="memory", daemon=True).start()


def _installed() -> int:
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, ValueError, OSError):
        return 0


def _watch(most: int) -> None:
    import resource

    while resource.getrusage(resource.RUSAGE_SELF).ru_maxrss <= most:
        sleep(PERIOD)
    sys.stderr.write(f"not enough memory: the network takes more than {most} bytes\n")
    sys.stderr.flush()
    os._exit(1)
