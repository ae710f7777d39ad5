# SPDX-License-Identifier: GPL-2.0-or-later
"""Pixels made the type of number that a network takes."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from .backend import Float32


def whole_limits(dtype: np.dtype[Any]) -> tuple[int, int] | None:
    """Returns the least and the largest of a type's whole numbers, None for fractions."""
    return (int(np.iinfo(dtype).min), int(np.iinfo(dtype).max)) if dtype.kind in "iu" else None


def to_type(pixels: Float32, dtype: np.dtype[Any]) -> NDArray[Any]:
    """Returns pixels of another type: those beyond its range become its ends, and integers are rounded."""
    if dtype in (np.float32, np.float64):
        return pixels.astype(dtype, copy=False)
    low, high = _range(dtype)
    within = np.clip(pixels, low, high)
    return (within if dtype == np.float16 else np.rint(within, out=within)).astype(dtype)


def _range(dtype: np.dtype[Any]) -> tuple[np.float32, np.float32]:
    """Returns the ends of a type as float32, which may not hold them exactly: then the next number inside."""
    limits = np.finfo(dtype) if dtype.kind == "f" else np.iinfo(dtype)
    low, high = np.float32(limits.min), np.float32(limits.max)
    return low, high if float(high) <= limits.max else np.nextafter(high, np.float32(0))
