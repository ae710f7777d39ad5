# SPDX-License-Identifier: GPL-2.0-or-later
"""Which raster band the user wants for which model band."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Union

from ..errors import BandMappingError
from ..phrase import Phrase

# A raster band: its number in GDAL and QGIS, from 1, or its name.
Wanted = Union[int, str]

SEPARATORS = re.compile("[,;]")
NUMBER = re.compile("[0-9]{1,9}")


@dataclass(frozen=True)
class BandMapping:
    """The raster bands of all model bands in order, or those of some, by the model band's name or place from 1.

    Both are empty where the choice is left to the plugin.
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
        raise BandMappingError(value=text, reason=Phrase('"{part}" names no raster band', {"part": part}))
    return band.strip(), wanted.strip()


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Makes an object whose names are unique: JSON itself would keep the last of two silently."""
    result = dict(pairs)
    if len(result) < len(pairs):
        raise BandMappingError(value=pairs, reason=Phrase("a model band is named twice"))
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
