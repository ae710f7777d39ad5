# SPDX-License-Identifier: GPL-2.0-or-later
"""NormalizationStats of a model definition."""

from __future__ import annotations

import math
import sys
from dataclasses import replace
from typing import Any

from ...errors import ModelKeyError
from ...phrase import Phrase
from ..definition import BandReference, Normalization
from ..keys import Keys

# This plugin's keys: clipping limits for each band of the model.
LOWEST, HIGHEST = "Lowest", "Highest"


def read_statistics(stats: Keys, bands: tuple[BandReference, ...]) -> Normalization | None:
    """Returns the normalisation of the model's bands, None if the definition has none."""
    if stats.absent:
        return None
    names = ("band_min_values", "band_max_values", "scaled_mean_values", "scaled_std_values")
    minimum, maximum, mean, std = (_per_band(stats, name, bands) for name in names)
    if any(low == high for low, high in zip(minimum, maximum)):
        raise ModelKeyError(
            model=stats.model, key=names[1], value=maximum, expected=Phrase("different from band_min_values")
        )
    if 0.0 in std:
        raise ModelKeyError(
            model=stats.model, key=names[3], value=std, expected=Phrase("a list of numbers other than 0")
        )
    return Normalization(minimum, maximum, mean, std)


def with_limits(stats: Normalization | None, own: Keys, bands: int) -> Normalization | None:
    """Returns the normalisation with clipping limits, from this plugin's key; null is no limit."""
    given = [key for key in (LOWEST, HIGHEST) if own.has(key)]
    if not given:
        return stats
    if stats is None:
        expected = Phrase("set together with NormalizationStats")
        raise ModelKeyError(model=own.model, key=given[0], value=own.value(given[0]), expected=expected)
    return replace(stats, lowest=_limits(own, LOWEST, bands, -math.inf), highest=_limits(own, HIGHEST, bands, math.inf))


def write_limits(stats: Normalization | None) -> dict[str, Any]:
    """Returns the keys that `with_limits` reads."""
    if stats is None or not stats.lowest:
        return {}
    limits = {LOWEST: stats.lowest, HIGHEST: stats.highest}
    return {name: [end if math.isfinite(end) else None for end in ends] for name, ends in limits.items()}


def imagenet_statistics() -> Normalization:
    """Returns arcgis.learn's default statistics: ImageNet's, for values from 0 to 255.

    Source of the numbers: torchvision's models.
    """
    return Normalization((0.0,) * 3, (255.0,) * 3, (0.485, 0.456, 0.406), (0.229, 0.224, 0.225))


def _limits(own: Keys, name: str, bands: int, none: float) -> tuple[float, ...]:
    values = own.items(name) or [None] * bands
    numbers = [none if value is None else value for value in values]
    if len(numbers) != bands or not all(_is_limit(number) for number in numbers):
        expected = Phrase("a list of {bands} numbers", {"bands": bands})
        raise ModelKeyError(model=own.model, key=name, value=values, expected=expected)
    return tuple(float(number) for number in numbers)


def _is_limit(number: object) -> bool:
    is_number = isinstance(number, (int, float)) and not isinstance(number, bool)
    return is_number and (abs(number) <= sys.float_info.max or math.isinf(number))  # type: ignore[arg-type]


def _per_band(stats: Keys, name: str, bands: tuple[BandReference, ...]) -> tuple[float, ...]:
    """Selects the model's bands from an array with a value per band of the training raster."""
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
    # Other readers expect all eight arrays; null replaces unneeded ones.
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
    """Undoes `_per_band`: unused bands get the value of the model's first one."""
    numbers = [band for band in bands if isinstance(band, int)]
    if len(numbers) < len(bands):
        return list(values)
    full = [values[0]] * (max(numbers) + 1)
    for band, value in zip(numbers, values):
        full[band] = value
    return full
