# SPDX-License-Identifier: GPL-2.0-or-later
"""Checks that a raster's values survive in a network with integer input."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..events import Warned
from ..models.definition import Normalization
from ..models.input_values import normalize
from ..notices import Caution
from .value_ranges import Range, shown_range

# Rounded, values between these become one of three numbers: the image is lost.
FRACTIONS = 1.5


def whole_number_warnings(
    limits: tuple[int, int] | None, stats: Normalization | None, ranges: Sequence[Range]
) -> tuple[Warned, ...]:
    """Returns a warning if rounding or the limits of the network's integers spoil the values.

    `limits` are the ends, None for a network that takes fractions; `ranges` are those of the raster's values, which
    `stats` normalise.
    """
    if limits is None or None in ranges or not ranges:
        return ()
    values = np.array([list(found or ()) for found in ranges], np.float32)[np.newaxis, :, np.newaxis]
    if stats is not None:
        values = normalize(values, stats)
    low, high = float(values.min()), float(values.max())
    is_image = max(abs(low), abs(high)) > FRACTIONS or bool((values == np.rint(values)).all())
    if limits[0] <= low and high <= limits[1] and is_image:
        return ()
    ends = {"least": limits[0], "most": limits[1], "range": shown_range((low, high))}
    return (Warned(Caution.WHOLE_NUMBERS, ends),)
