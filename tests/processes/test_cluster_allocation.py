# SPDX-License-Identifier: GPL-2.0-or-later
"""Memory that workers use again, although Dask's setting returns it to the system at once."""

from __future__ import annotations

import os
import platform
import subprocess
import sys

import pytest

import tests.conftest  # noqa: F401  (makes the checkout importable)

PROGRAM = """
import tests.conftest
import numpy as np
import resource
from classify_pixels.inference.cluster.allocation import memory_kept

def faults():
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    for _ in range(10):
        np.ones(2**21, np.uint8)
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before

faults()
before = faults()
with memory_kept():
    faults()
    during = faults()
print(before, during, faults())
"""

# Cleared pages of an array of 2 MiB, where each of ten is new. Kernels may clear several pages at once.
ALL = 10 * 2**21 // 65536


def faults(value: str | None) -> list[int]:
    """Returns the first uses of pages before, during and after the block."""
    environment = {name: text for name, text in os.environ.items() if name != "MALLOC_TRIM_THRESHOLD_"}
    if value is not None:
        environment["MALLOC_TRIM_THRESHOLD_"] = value
    done = subprocess.run([sys.executable, "-c", PROGRAM], env=environment, check=True, stdout=subprocess.PIPE)
    return [int(text) for text in done.stdout.split()]


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="the setting is one of glibc")
def test_memory_is_used_again_in_the_block_only() -> None:
    before, during, after = faults("65536")
    assert before >= ALL
    assert during < ALL / 4
    assert after >= ALL


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="the setting is one of glibc")
def test_another_setting_of_the_user_stays() -> None:
    before, during, after = faults("65537")
    assert min(before, during, after) >= ALL


def test_without_the_setting_nothing_changes() -> None:
    before, during, after = faults(None)
    assert max(before, during, after) < ALL / 4
