# SPDX-License-Identifier: GPL-2.0-or-later
"""TorchScript's fusion of operations into compiled ones, off while one of its networks is open.

PyTorch fuses a network after its first call, and the fused operations round differently: equal pixels would get other
scores in the first tile than in later ones. It fuses on GPUs, and on CPUs if it is built with LLVM, as Debian's is. The
compiler of Debian's PyTorch 2.6 never ends on nested concatenations.
"""

from __future__ import annotations

from contextlib import AbstractContextManager
from functools import lru_cache
from typing import Any

from ...shared_setting import SharedSetting


def without_fusion(torch: Any) -> AbstractContextManager[None]:
    """Returns a context in which PyTorch does not fuse, in the whole process."""
    return _fusion(torch).wanted((False, False))


@lru_cache(maxsize=1)
def _fusion(torch: Any) -> SharedSetting:
    """Returns the switches for CPUs and GPUs."""
    switches = torch._C

    def write(on: tuple[bool, bool]) -> None:
        switches._jit_override_can_fuse_on_cpu(on[0])
        switches._jit_override_can_fuse_on_gpu(on[1])

    return SharedSetting(
        lambda: (switches._jit_can_fuse_on_cpu(), switches._jit_can_fuse_on_gpu()),
        write,
        lambda before, wanted: wanted[-1],
    )
