# SPDX-License-Identifier: GPL-2.0-or-later
"""Distinguishes lack of memory from other failures of a network."""

from __future__ import annotations

from ..errors import NetworkMemoryError, NetworkRunError
from ..phrase import Phrase

# Wording of ONNX Runtime, OpenVINO, PyTorch, CUDA and the C++ library.
SIGNS = (
    "out of memory",
    "outofmemory",
    "bad_alloc",
    "bad allocation",
    "failed to allocate memory",
    "can't allocate memory",
    "alloc_cpu",
    "not enough memory",
    "cannot allocate memory",
    "allocation failure",
    "resource exhausted",
    "smaller than requested",
)


def run_failure(size: str, error: BaseException, reason: object) -> NetworkRunError:
    """Returns the error of a failed call on tiles of a size such as 256 x 256."""
    text = f"{type(error).__name__} {error}".lower()
    if isinstance(error, MemoryError) or any(sign in text for sign in SIGNS):
        return NetworkMemoryError(size=size, reason=reason if str(error) else Phrase("there is not enough memory"))
    return NetworkRunError(size=size, reason=reason)
