# SPDX-License-Identifier: GPL-2.0-or-later
"""Checks that a raster's values survive in a network whose input is integers or 16-bit floats."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ..events import Warned
from ..models.definition import Normalization
from ..models.input_values import normalize
from ..notices import Caution
from .value_ranges import Range, shown_range

# Rounded, values between these become one of three numbers: the image is lost.
FRACTIONS = 1.5

# The type of 16-bit floats, and the largest of them.
HALF, LARGEST_HALF = "float16", 65504


def whole_number_warnings(
    limits: tuple[int, int] | None, stats: Normalization | None, ranges: Sequence[Range]
) -> tuple[Warned, ...]:
    """Returns a warning if rounding or the limits of the network's integers spoil the values.

    `limits` are the ends, None for a network that takes fractions; `ranges` are those of the raster's values, which
    `stats` normalise.
    """
    values = _values(stats, ranges)
    if limits is None or values is None:
        return ()
    low, high = float(values.min()), float(values.max())
    is_image = max(abs(low), abs(high)) > FRACTIONS or bool((values == np.rint(values)).all())
    if limits[0] <= low and high <= limits[1] and is_image:
        return ()
    ends = {"least": limits[0], "most": limits[1], "range": shown_range((low, high))}
    return (Warned(Caution.WHOLE_NUMBERS, ends),)


def half_float_warnings(kind: str, stats: Normalization | None, ranges: Sequence[Range]) -> tuple[Warned, ...]:
    """Returns a warning if values are beyond the 16-bit floats that a network takes; `kind` is the type of its input.

    The others are those of `whole_number_warnings`.
    """
    values = _values(stats, ranges) if kind == HALF else None
    if values is None or float(np.abs(values).max()) <= LARGEST_HALF:
        return ()
    found = shown_range((float(values.min()), float(values.max())))
    return (Warned(Caution.HALF_FLOATS, {"most": LARGEST_HALF, "range": found}),)


def _values(stats: Normalization | None, ranges: Sequence[Range]) -> NDArray[np.float32] | None:
    """Returns the ends of all ranges (1, bands, 1, 2) as the network gets them, None if one is unknown."""
    if None in ranges or not ranges:
        return None
    values = np.array([list(found or ()) for found in ranges], np.float32)[np.newaxis, :, np.newaxis]
    return values if stats is None else normalize(values, stats)
