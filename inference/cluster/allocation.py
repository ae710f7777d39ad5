# SPDX-License-Identifier: GPL-2.0-or-later
"""Memory of a worker's process that is used again by the next tile.

Dask starts workers with MALLOC_TRIM_THRESHOLD_=65536, which suits many small values: glibc then returns each large
array to the system, and the next one is cleared page by page, for a tenth of a worker's time. Without it glibc soon
keeps arrays of up to 32 MiB, as in any other process; here the same limits are set while a job is open.
"""

from __future__ import annotations

import ctypes
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress

# The variable of glibc, its value in Dask's configuration, and the limits in force with it (man 3 mallopt).
VARIABLE, OF_DASK, USUAL_MMAP = "MALLOC_TRIM_THRESHOLD_", 65536, 128 * 2**10

# glibc's names of both limits, and the values that they grow to otherwise.
M_TRIM_THRESHOLD, M_MMAP_THRESHOLD = -1, -3
LARGEST_MMAP = 32 * 2**20


@contextmanager
def memory_kept(environment: Mapping[str, str] = os.environ) -> Iterator[None]:
    """Keeps freed memory in the process during the block, where Dask's own setting returns it at once.

    Another value of the variable is the user's choice, and stays in force.
    """
    if environment.get(VARIABLE) != str(OF_DASK):
        yield
        return
    _limit(2 * LARGEST_MMAP, LARGEST_MMAP)
    try:
        yield
    finally:
        _limit(OF_DASK, USUAL_MMAP)
        _trim()


def _limit(trim: int, mmap: int) -> None:
    """Sets glibc's limits; other C libraries have none."""
    with suppress(OSError, AttributeError, TypeError):
        library = ctypes.CDLL(None)
        library.mallopt(M_TRIM_THRESHOLD, trim)
        library.mallopt(M_MMAP_THRESHOLD, mmap)


def _trim() -> None:
    with suppress(OSError, AttributeError, TypeError):
        ctypes.CDLL(None).malloc_trim(ctypes.c_size_t(0))
