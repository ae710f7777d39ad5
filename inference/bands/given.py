# SPDX-License-Identifier: GPL-2.0-or-later
"""A band mapping, applied to a model and a raster."""

from __future__ import annotations

from collections.abc import Sequence

from ..errors import BandMappingError
from ..phrase import Phrase
from ..raster import RasterBand
from .common_names import common_name
from .mapping import BandMapping, Wanted
from .model_bands import ModelBand
from .search import KnownBand, bands_called, bands_named


def given_bands(
    mapping: BandMapping, wanted: Sequence[ModelBand], bands: Sequence[KnownBand], raster: str
) -> dict[int, RasterBand]:
    """Returns the raster bands that the mapping gives, by the place (from 1) of the model band."""
    if mapping.in_order:
        if len(mapping.in_order) != len(wanted):
            text = ",".join(str(item) for item in mapping.in_order)
            raise BandMappingError(value=text, reason=Phrase("the model has {count} bands", {"count": len(wanted)}))
        pairs = list(zip(range(1, len(wanted) + 1), mapping.in_order))
    else:
        pairs = [(_place(name, wanted), band) for name, band in mapping.by_band]
    given = {place: _raster_band(band, bands, raster) for place, band in pairs}
    if len(given) < len(pairs):
        text = ";".join(f"{name}={band}" for name, band in mapping.by_band)
        raise BandMappingError(value=text, reason=Phrase("a model band is named twice"))
    return given


def _place(name: str, wanted: Sequence[ModelBand]) -> int:
    """Finds a model band by its own name, else by its place, else by its common name."""
    readings = (
        [band.place for band in wanted if band.name and band.name.casefold() == name.casefold()],
        [band.place for band in wanted if str(band.place) == name],
        [band.place for band in wanted if band.common_name and band.common_name == common_name(name)],
    )
    for places in readings:
        if len(places) == 1:
            return places[0]
    known = ", ".join(band.label for band in wanted)
    reason = Phrase("it names no single band of the model, whose bands are {known}", {"known": known})
    raise BandMappingError(value=name, reason=reason)


def _raster_band(wanted: Wanted, bands: Sequence[KnownBand], raster: str) -> RasterBand:
    if isinstance(wanted, int):
        readings = [[known.band for known in bands if known.band.number == wanted]]
    else:
        readings = [bands_named(wanted, bands), bands_called(common_name(wanted), bands)]
    for found in readings:
        if len(found) == 1:
            return found[0]
    names = ", ".join(f"{known.band.number} {known.band.name}".strip() for known in bands)
    values = {"raster": raster, "known": names}
    reason = Phrase("it names no single band of {raster}, whose bands are {known}", values)
    raise BandMappingError(value=wanted, reason=reason)
