# SPDX-License-Identifier: GPL-2.0-or-later
"""The bands of a raster that feed a model, chosen by number, name or wavelength, and their values."""

from .channels import channels_of, per_band, pixel_type_of, read_numbers, unapplied_scales
from .choice import BandChoice, choose_bands
from .mapping import BandMapping, read_band_mapping
from .model_bands import ModelBand, model_bands
from .value_ranges import (
    Contradiction,
    band_table,
    contradiction,
    range_warnings,
    sample_ranges,
    shown_range,
    suggested_scale,
    trained_ranges,
    unknown_range,
)
from .whole_numbers import half_float_warnings, whole_number_warnings

__all__ = [
    "BandChoice",
    "BandMapping",
    "Contradiction",
    "ModelBand",
    "band_table",
    "channels_of",
    "choose_bands",
    "contradiction",
    "half_float_warnings",
    "model_bands",
    "per_band",
    "pixel_type_of",
    "range_warnings",
    "read_band_mapping",
    "read_numbers",
    "sample_ranges",
    "shown_range",
    "suggested_scale",
    "trained_ranges",
    "unknown_range",
    "unapplied_scales",
    "whole_number_warnings",
]
