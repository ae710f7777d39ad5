# SPDX-License-Identifier: GPL-2.0-or-later
"""The user's mapping of raster bands to model bands: reading it, and finding its bands in a raster."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Union

from ..errors import BandMappingError
from ..phrase import Phrase
from ..raster import RasterBand
from .common_names import common_name
from .model_bands import ModelBand
from .search import KnownBand, bands_called, bands_named

# A raster band: its number in GDAL and QGIS, from 1, or its name.
Wanted = Union[int, str]

SEPARATORS = re.compile("[,;]")
NUMBER = re.compile("[0-9]{1,9}")


@dataclass(frozen=True)
class BandMapping:
    """The raster bands of all model bands in order, or those of some, by the model band's name or place from 1.

    Both are empty if the plugin chooses.
    """

    in_order: tuple[Wanted, ...] = ()
    by_band: tuple[tuple[str, Wanted], ...] = ()


def read_band_mapping(value: object) -> BandMapping:
    """Returns the mapping that a list, an object, JSON, "4,3,2" or "red=4;nir=B8" stands for; None and "" are empty."""
    content = _read_text(value) if isinstance(value, str) else value
    if content is None:
        return BandMapping()
    if isinstance(content, Mapping):
        return BandMapping(by_band=_pairs([(str(band), wanted) for band, wanted in content.items()], value))
    if isinstance(content, (list, tuple)):
        return BandMapping(in_order=tuple(_wanted(item, value) for item in content))
    return BandMapping(in_order=(_wanted(content, value),))


def given_bands(
    mapping: BandMapping, wanted: Sequence[ModelBand], bands: Sequence[KnownBand], raster: str
) -> dict[int, RasterBand]:
    """Returns the raster bands of the mapping, by the position (from 1) of the model band."""
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
        raise BandMappingError(value=text, reason=Phrase("a model band appears twice"))
    return given


def _read_text(text: str) -> Any:
    text = text.strip()
    if text[:1] in ("{", "["):
        try:
            return json.loads(text, object_pairs_hook=_object)
        except (ValueError, RecursionError) as error:
            raise BandMappingError(value=text, reason=Phrase("it is not JSON")) from error
    parts = [part.strip() for part in SEPARATORS.split(text)] if text else []
    if "=" not in text:
        return parts or None
    return _object([_pair(part, text) for part in parts if part])


def _pair(part: str, text: str) -> tuple[str, str]:
    band, equals, wanted = part.partition("=")
    if not equals:
        raise BandMappingError(value=text, reason=Phrase('"{part}" is not a raster band', {"part": part}))
    return band.strip(), wanted.strip()


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Makes an object whose names are unique: JSON itself would keep the last of two silently."""
    result = dict(pairs)
    if len(result) < len(pairs):
        raise BandMappingError(value=pairs, reason=Phrase("a model band appears twice"))
    return result


def _pairs(pairs: list[tuple[str, Any]], value: object) -> tuple[tuple[str, Wanted], ...]:
    return tuple((band.strip(), _wanted(wanted, value)) for band, wanted in pairs)


def _wanted(item: object, value: object) -> Wanted:
    """Reads 4, 4.0, "4" and "nir"; a text of digits is a number."""
    if isinstance(item, str) and item.strip():
        text = item.strip()
        return int(text) if NUMBER.fullmatch(text) else text
    if isinstance(item, (int, float)) and not isinstance(item, bool) and float(item).is_integer():
        return int(item)
    reason = Phrase("{item} is neither a band number from 1 nor a band name", {"item": repr(item)})
    raise BandMappingError(value=value, reason=reason)


def _place(name: str, wanted: Sequence[ModelBand]) -> int:
    """Finds a model band by its name, otherwise by its position, otherwise by its common name."""
    readings = (
        [band.place for band in wanted if band.name and band.name.casefold() == name.casefold()],
        [band.place for band in wanted if str(band.place) == name],
        [band.place for band in wanted if band.common_name and band.common_name == common_name(name)],
    )
    for places in readings:
        if len(places) == 1:
            return places[0]
    known = ", ".join(band.label for band in wanted)
    reason = Phrase("it does not identify one band of the model; bands: {known}", {"known": known})
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
    reason = Phrase("it does not identify one band of {raster}; bands: {known}", values)
    raise BandMappingError(value=wanted, reason=reason)
