# SPDX-License-Identifier: GPL-2.0-or-later
"""Parsing of a run's settings, for its request; each function raises the error of its setting."""

from __future__ import annotations

import math
import os

from ..choices import PROCESSOR_TYPES, RESAMPLING
from ..errors import CellLimitError, ParallelFactorError, PatchSizeError, ProcessorTypeError, ResamplingError
from ..raster import MOST_CELLS

# The largest threshold of GDAL's sieve.
LARGEST_PATCH = 2**31 - 1


def read_workers(value: object) -> int:
    """Returns the number of workers for `4`, `75%`, "" (all cores) or `0` (one); it may exceed the cores."""
    cores = os.cpu_count() or 1
    text = "" if value is None else str(value).strip()
    if not text:
        return cores
    percent = text.endswith("%")
    try:
        number = float(text.rstrip("% "))
    except ValueError:
        number = math.nan
    if not 0 <= number < math.inf or (not percent and number != int(number)):
        raise ParallelFactorError(value=text)
    return max(1, round(number / 100 * cores) if percent else int(number))


def read_resampling(value: object) -> str:
    """Returns the name of a resampling method, bilinear for an empty value."""
    text = str(value or "bilinear").strip().lower()
    if text not in RESAMPLING:
        raise ResamplingError(value=value, known=", ".join(RESAMPLING))
    return text


def read_most_cells(value: object) -> int:
    """Returns the maximum number of cells of a result, 2 to the power of 40 for an empty value."""
    text = "" if value is None else str(value).strip()
    if not text:
        return MOST_CELLS
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not 1 <= number < math.inf:
        raise CellLimitError(value=text)
    return int(number)


def read_least_patch(value: object) -> int:
    """Returns the pixels of the smallest patch of the polygons, 0 for an empty value."""
    text = "" if value is None else str(value).strip()
    try:
        number = float(text or "0")
    except ValueError:
        number = math.nan
    if not 0 <= number <= LARGEST_PATCH or number != int(number):
        raise PatchSizeError(value=text)
    return int(number)


def read_processor(value: object) -> str:
    """Returns AUTO, CPU or GPU in any case, AUTO for an empty value."""
    text = str(value or "AUTO").strip().upper()
    if text not in PROCESSOR_TYPES:
        raise ProcessorTypeError(value=value)
    return text
