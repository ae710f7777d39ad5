# SPDX-License-Identifier: GPL-2.0-or-later
"""Raw pixel values to the values that the network wants."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from .definition import Normalization

Float32 = NDArray[np.float32]


def normalize(pixels: Float32, stats: Normalization) -> Float32:
    """Returns z = ((x - min) / (max - min) - mean) / std per band; pixels are (N, bands, H, W).

    Values are clipped only where the statistics have limits for that.

    Source of the formula: the behaviour of arcgis.learn's models where NormalizationStats is present.
    """
    minimum, maximum, mean, std = (
        np.array(values, np.float64) for values in (stats.minimum, stats.maximum, stats.mean, stats.std)
    )
    # One multiplication and one addition per pixel, worked out once in double precision.
    scale = 1.0 / ((maximum - minimum) * std)
    offset = -(minimum * scale) - mean / std
    per_band = (1, -1, 1, 1)
    if stats.lowest:
        limits = (np.array(values, np.float32).reshape(per_band) for values in (stats.lowest, stats.highest))
        pixels = np.clip(pixels, *limits)
    result = pixels * scale.astype(np.float32).reshape(per_band)
    result += offset.astype(np.float32).reshape(per_band)
    return result
