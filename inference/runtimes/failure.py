# SPDX-License-Identifier: GPL-2.0-or-later
"""Distinguishes lack of memory from other failures of a network, when it is opened and when it is run."""

from __future__ import annotations

from pathlib import Path

from ..errors import NetworkMemoryError, NetworkRunError, WeightsMemoryError, WeightsUnreadableError
from ..phrase import Phrase

# Wording of ONNX Runtime, OpenVINO, PyTorch, CUDA and the C++ library.
SIGNS = (
    "out of memory",
    "outofmemory",
    "bad_alloc",
    "bad allocation",
    "failed to allocate",
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
    if lacks_memory(error):
        return NetworkMemoryError(size=size, reason=reason if str(error) else Phrase("there is not enough memory"))
    return NetworkRunError(size=size, reason=reason)


def opening_failure(weights: Path, error: BaseException, reason: object) -> WeightsUnreadableError:
    """Returns the error of a network that cannot be opened."""
    if lacks_memory(error):
        return WeightsMemoryError(weights=weights)
    return WeightsUnreadableError(weights=weights, reason=reason)


def lacks_memory(error: BaseException) -> bool:
    """Returns True if an exception of a library is a lack of memory."""
    text = f"{type(error).__name__} {error}".lower()
    return isinstance(error, MemoryError) or any(sign in text for sign in SIGNS)
