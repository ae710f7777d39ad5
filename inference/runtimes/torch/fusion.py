# SPDX-License-Identifier: GPL-2.0-or-later
"""TorchScript's fusion of operations into compiled ones, off while one of its networks is open.

PyTorch fuses a network after its first call, and the fused operations round differently: equal pixels would get other
scores in the first tile than in later ones. It fuses on GPUs, and on CPUs if it is built with LLVM, as Debian's is. The
compiler of Debian's PyTorch 2.6 never ends on nested concatenations.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock
from typing import Any


class _Fusion:
    """PyTorch's process-wide switches, restored by the last of several networks, which may close in any order."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._users = 0
        self._before = (False, False)

    @contextmanager
    def off(self, torch: Any) -> Iterator[None]:
        """Turns fusion off until the end of the block."""
        with self._lock:
            if not self._users:
                self._before = (torch._C._jit_can_fuse_on_cpu(), torch._C._jit_can_fuse_on_gpu())
            self._users += 1
            _set(torch, False, False)
        try:
            yield
        finally:
            with self._lock:
                self._users -= 1
                if not self._users:
                    _set(torch, *self._before)


def _set(torch: Any, on_cpu: bool, on_gpu: bool) -> None:
    torch._C._jit_override_can_fuse_on_cpu(on_cpu)
    torch._C._jit_override_can_fuse_on_gpu(on_gpu)


without_fusion = _Fusion().off
