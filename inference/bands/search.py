# SPDX-License-Identifier: GPL-2.0-or-later
"""Candidates among the bands of a raster for a band of a model, by name and by wavelength."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ..raster import RasterBand
from .common_names import WAVELENGTHS, common_name, common_names
from .model_bands import ModelBand

# The suffix that GDAL's ENVI driver appends to a band's name, as in "nir (842.5 Nanometers)".
ENVI_WAVELENGTH = re.compile(r"\s*\(\d[\d.eE+-]*(\s+[A-Za-z]+)?\)$")

# A narrower and a wider name for the same part of the spectrum: one replaces the other if that is missing.
STAND_INS = {"nir": "nir08", "nir08": "nir"}

# Maximum distance of two centres, relative to the wavelength: sensors differ by up to 2.7 % for the same band
# (Sentinel-2's B8 and Landsat 8's B5), and Sentinel-2's red edge bands lie 5 % apart.
TOLERANCE = 0.03


@dataclass(frozen=True)
class KnownBand:
    """A raster band with the names it answers to, in small letters, and its common name."""

    band: RasterBand
    names: frozenset[str]
    common_name: str | None


def known_bands(bands: Sequence[RasterBand]) -> tuple[KnownBand, ...]:
    """Returns the bands with the names that their descriptions imply together."""
    short = [ENVI_WAVELENGTH.sub("", band.name) for band in bands]
    return tuple(
        KnownBand(band, frozenset({_key(band.name), _key(name)} - {""}), common_name(band.common_name) or common)
        for band, name, common in zip(bands, short, common_names(short))
    )


def bands_named(name: str, bands: Sequence[KnownBand]) -> list[RasterBand]:
    """Returns the bands whose description is this name, in any case."""
    return [known.band for known in bands if _key(name) in known.names]


def bands_called(common: str | None, bands: Sequence[KnownBand]) -> list[RasterBand]:
    """Returns the bands with this common name, otherwise those with its substitute."""
    if common is None:
        return []
    same = [known.band for known in bands if known.common_name == common]
    stand_in = STAND_INS.get(common)
    return same or [known.band for known in bands if stand_in is not None and known.common_name == stand_in]


def bands_at(wanted: ModelBand, bands: Sequence[KnownBand]) -> list[RasterBand]:
    """Returns the bands nearest to the model band's wavelength, otherwise those within the range of its common name."""
    carried = [(known.band, known.band.wavelength) for known in bands if known.band.wavelength is not None]
    if wanted.wavelength is not None:
        return _nearest(wanted.wavelength, carried)
    if wanted.common_name is None:
        return []
    low, high = WAVELENGTHS[wanted.common_name]
    return [band for band, wavelength in carried if low <= wavelength <= high]


def _nearest(wanted: float, carried: Sequence[tuple[RasterBand, float]]) -> list[RasterBand]:
    distances = [abs(wavelength - wanted) for _, wavelength in carried]
    if not distances or min(distances) > TOLERANCE * wanted:
        return []
    return [band for (band, _), distance in zip(carried, distances) if distance == min(distances)]


def _key(name: str) -> str:
    return name.strip().casefold()
