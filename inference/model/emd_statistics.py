# SPDX-License-Identifier: GPL-2.0-or-later
"""NormalizationStats of a model definition."""

from __future__ import annotations

from typing import Any

from ..errors import ModelKeyError
from ..phrase import Phrase
from .definition import BandReference, Normalization
from .keys import Keys


def read_statistics(stats: Keys, bands: tuple[BandReference, ...]) -> Normalization | None:
    """Returns the normalisation of the model's bands, None where the definition has none."""
    if stats.absent:
        return None
    names = ("band_min_values", "band_max_values", "scaled_mean_values", "scaled_std_values")
    minimum, maximum, mean, std = (_per_band(stats, name, bands) for name in names)
    if any(low == high for low, high in zip(minimum, maximum)):
        raise ModelKeyError(model=stats.model, key=names[1], value=maximum, expected="different from band_min_values")
    if 0.0 in std:
        raise ModelKeyError(model=stats.model, key=names[3], value=std, expected="a list of numbers other than 0")
    return Normalization(minimum, maximum, mean, std)


def imagenet_statistics() -> Normalization:
    """Returns what arcgis.learn's models without statistics of their own get: ImageNet's, of values from 0 to 255.

    Source of the numbers: torchvision's models.
    """
    return Normalization((0.0,) * 3, (255.0,) * 3, (0.485, 0.456, 0.406), (0.229, 0.224, 0.225))


def _per_band(stats: Keys, name: str, bands: tuple[BandReference, ...]) -> tuple[float, ...]:
    """Picks the model's bands from an array that has a value per band of the training raster."""
    values = stats.required_numbers(name)
    if all(isinstance(band, int) and band < len(values) for band in bands):
        return tuple(values[band] for band in bands if isinstance(band, int))
    if len(values) == len(bands):
        return tuple(values)
    expected = Phrase("a list with a number for each of the bands {bands}", {"bands": list(bands)})
    raise ModelKeyError(model=stats.model, key=name, value=values, expected=expected)


def write_statistics(stats: Normalization | None, bands: tuple[BandReference, ...]) -> dict[str, Any] | None:
    """Returns the object that `read_statistics` reads back as the same normalisation."""
    if stats is None:
        return None
    # Other readers expect all eight arrays; null stands for one that nobody needs.
    unused = ("band_mean_values", "band_std_values", "scaled_min_values", "scaled_max_values")
    arrays = {
        "band_min_values": stats.minimum,
        "band_max_values": stats.maximum,
        "scaled_mean_values": stats.mean,
        "scaled_std_values": stats.std,
    }
    full = {name: _full_length(values, bands) for name, values in arrays.items()}
    return {**full, **dict.fromkeys(unused)}


def _full_length(values: tuple[float, ...], bands: tuple[BandReference, ...]) -> list[float]:
    """Undoes `_per_band`: the bands that the model does not use get the value of its first one."""
    numbers = [band for band in bands if isinstance(band, int)]
    if len(numbers) < len(bands):
        return list(values)
    full = [values[0]] * (max(numbers) + 1)
    for band, value in zip(numbers, values):
        full[band] = value
    return full
