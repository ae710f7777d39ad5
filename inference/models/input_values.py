# SPDX-License-Identifier: GPL-2.0-or-later
"""Conversion of raster values to those of the training: preprocessing, then normalisation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from .definition import ModelDefinition, Normalization, Preprocessing

Float32 = NDArray[np.float32]

# Values of the key Preprocessing and their bands.
LANDSAT, SENTINEL = "LandsatService", "SentinelService"
BANDS = {LANDSAT: 7, SENTINEL: 12}

# Landsat Collection 2, level 2: reflectance = number x 0.0000275 - 0.2.
LANDSAT_SCALE, LANDSAT_OFFSET = 0.0000275, 0.2
# Sentinel-2 has an offset of 1000 since processing baseline 04.00.
SENTINEL_SCALE, LARGEST, RADIOMETRIC_OFFSET = 10_000.0, 65_535.0, 1_000.0


def fit_preprocessing(definition: ModelDefinition, floating: Sequence[bool]) -> ModelDefinition:
    """Returns the definition without its preprocessing unless the raster's bands require it.

    They do if all are `floating`, as only reflectances are, and as many as the service's.
    """
    service = definition.preprocessing.service if definition.preprocessing else ""
    if all(floating) and len(floating) == BANDS.get(service, -1):
        return definition
    return replace(definition, preprocessing=None)


def preprocess(pixels: Float32, preprocessing: Preprocessing) -> Float32:
    """Returns the service's values for reflectances; invalid values are 0 before, as everywhere.

    Source of the formulas: the behaviour of arcgis.learn's models with the key Preprocessing.
    """
    if preprocessing.service == LANDSAT:
        numbers = (np.clip(pixels, 0, 1) + np.float32(LANDSAT_OFFSET)) / np.float32(LANDSAT_SCALE)
    else:
        numbers = np.clip(np.round(pixels * np.float32(SENTINEL_SCALE)), 0, LARGEST)
        if preprocessing.radiometric_offset_correction:
            numbers -= np.float32(RADIOMETRIC_OFFSET)
    return numbers.astype(np.float32, copy=False)


def normalize(pixels: Float32, stats: Normalization, out: Float32 | None = None) -> Float32:
    """Returns z = ((x - min) / (max - min) - mean) / std per band; pixels are (N, bands, H, W).

    Values are clipped only if the statistics have limits. The result is written to `out`, which may be the pixels
    themselves, or to a new array.

    Source of the formula: the behaviour of arcgis.learn's models with NormalizationStats.
    """
    result = np.empty(pixels.shape, np.float32) if out is None else out
    # One multiplication and one addition per pixel; factors calculated once in double precision.
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
