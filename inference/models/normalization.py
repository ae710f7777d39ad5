# SPDX-License-Identifier: GPL-2.0-or-later
"""Raw pixel values to the values that the network wants."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from .definition import Normalization

Float32 = NDArray[np.float32]


def normalize(pixels: Float32, stats: Normalization, out: Float32 | None = None) -> Float32:
    """Returns z = ((x - min) / (max - min) - mean) / std per band; pixels are (N, bands, H, W).

    Values are clipped only where the statistics have limits for that. The result is written to `out`, which may
    be the pixels themselves, or to a new array.

    Source of the formula: the behaviour of arcgis.learn's models where NormalizationStats is present.
    """
    result = np.empty(pixels.shape, np.float32) if out is None else out
    # One multiplication and one addition per pixel, worked out once in double precision.
    minimum, maximum, mean, std = (
        np.array(values, np.float64) for values in (stats.minimum, stats.maximum, stats.mean, stats.std)
    )
    scale = 1.0 / ((maximum - minimum) * std)
    offset = (-(minimum * scale) - mean / std).astype(np.float32)
    factor = scale.astype(np.float32)
    for band in range(pixels.shape[1]):
        values, target = pixels[:, band], result[:, band]
        if stats.lowest:
            values = np.clip(values, np.float32(stats.lowest[band]), np.float32(stats.highest[band]), out=target)
        np.multiply(values, factor[band], out=target)
        target += offset[band]
    return result
