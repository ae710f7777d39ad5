# SPDX-License-Identifier: GPL-2.0-or-later
"""The choice of the raster bands that feed a model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Callable

from ..errors import AmbiguousBandError, MissingBandsError
from ..models.definition import ModelDefinition
from ..notices import BandSource
from ..raster import RasterBand
from .mapping import BandMapping, given_bands
from .model_bands import ModelBand, model_bands
from .search import KnownBand, bands_at, bands_called, bands_named, known_bands

# The ways to find a band, the surest first.
Search = Callable[[ModelBand, Sequence[KnownBand]], list[RasterBand]]
SEARCHES: tuple[tuple[BandSource, Search], ...] = (
    (BandSource.NAME, lambda wanted, bands: bands_named(wanted.name, bands)),
    (BandSource.NAME, lambda wanted, bands: bands_called(wanted.common_name, bands)),
    (BandSource.WAVELENGTH, bands_at),
)


@dataclass(frozen=True)
class BandChoice:
    """The raster band that feeds a band of the model, and how it was found."""

    label: str
    band: RasterBand
    how: BandSource


def choose_bands(
    definition: ModelDefinition, bands: Sequence[RasterBand], mapping: BandMapping, raster: str
) -> tuple[BandChoice, ...]:
    """Returns the raster band for each band of the model, in the model's order; `raster` names it in errors.

    The mapping takes precedence. A band that the model asks for by name is found by its description, its common
    name or its wavelength. Bands that it asks for by number, from 0, are the raster's bands of that number, as in
    Esri's, unless names or wavelengths settle all of them. Raises BandMappingError, MissingBandsError or
    AmbiguousBandError; nothing is guessed.
    """
    wanted, known = model_bands(definition), known_bands(bands)
    given = given_bands(mapping, wanted, known, raster)
    found = {
        band.place: BandChoice(band.label, given[band.place], BandSource.GIVEN)
        for band in wanted
        if band.place in given
    }
    left = [band for band in wanted if band.place not in given]
    numbered = [band for band in left if isinstance(band.reference, int)]
    found.update(_all_at_once(numbered, known) or {band.place: _by_number(band, bands, raster) for band in numbered})
    found.update({band.place: _by_name(band, known, raster) for band in left if isinstance(band.reference, str)})
    return tuple(found[band.place] for band in wanted)


def _all_at_once(wanted: Sequence[ModelBand], bands: Sequence[KnownBand]) -> dict[int, BandChoice]:
    """Returns the bands if one search alone finds a different one for each, else nothing."""
    for how, search in SEARCHES:
        found = [search(band, bands) for band in wanted]
        numbers = {candidate.number for candidates in found for candidate in candidates}
        if all(len(candidates) == 1 for candidates in found) and len(numbers) == len(wanted):
            return {band.place: BandChoice(band.label, candidates[0], how) for band, candidates in zip(wanted, found)}
    return {}


def _by_number(wanted: ModelBand, bands: Sequence[RasterBand], raster: str) -> BandChoice:
    if not isinstance(wanted.reference, int) or wanted.reference >= len(bands):
        raise MissingBandsError(needed=_needed(wanted), raster=raster, available=_available(bands))
    return BandChoice(wanted.label, bands[wanted.reference], BandSource.NUMBER)


def _by_name(wanted: ModelBand, bands: Sequence[KnownBand], raster: str) -> BandChoice:
    several: list[RasterBand] = []
    for how, search in SEARCHES:
        candidates = search(wanted, bands)
        if len(candidates) == 1:
            return BandChoice(wanted.label, candidates[0], how)
        # The surest search that found any names the candidates.
        several = several or candidates
    if several:
        names = ", ".join(f"{band.number} {band.name}".strip() for band in several)
        raise AmbiguousBandError(needed=_needed(wanted), raster=raster, candidates=names)
    available = _available([known.band for known in bands])
    raise MissingBandsError(needed=_needed(wanted), raster=raster, available=available)


def _needed(wanted: ModelBand) -> str:
    return f'"{wanted.reference}"' if isinstance(wanted.reference, str) else str(wanted.reference + 1)


def _available(bands: Sequence[RasterBand]) -> str:
    names = [band.name for band in bands if band.name]
    return f"{len(bands)} bands" + (f" ({', '.join(names)})" if names else "")
