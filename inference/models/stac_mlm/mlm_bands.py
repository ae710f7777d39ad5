# SPDX-License-Identifier: GPL-2.0-or-later
"""The bands of a model in a STAC item: names in the model's order, described elsewhere in the item."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ...errors import ModelKeyError
from ...phrase import Phrase
from ..definition import BandReference
from ..emd.emd_bands import LARGEST_MICROMETRES
from ..keys import Keys

# Where bands are described: STAC 1.1, and the extensions before it. Wavelengths are in micrometres in both.
BAND_LISTS = ("bands", "eo:bands", "raster:bands")
WAVELENGTHS = ("eo:center_wavelength", "center_wavelength")


@dataclass(frozen=True)
class ItemBands:
    """The bands in the form of a definition."""

    references: tuple[BandReference, ...]
    names: tuple[str, ...] = ()
    wavelengths: tuple[float, ...] = ()


def read_item_bands(
    source: Keys, document: Mapping[str, Any], asset: Mapping[str, Any], channels: int | None
) -> ItemBands:
    """Returns the bands of a model's input, its first channels if it names none.

    Duplicate names, as for images of two dates, match no band: then the order of the raster applies.
    """
    names = [_name(band, source.model, number) for number, band in enumerate(source.items("bands"))]
    if channels is not None and names and len(names) != channels:
        expected = Phrase("{count} bands, the number in the shape", {"count": channels})
        raise ModelKeyError(model=source.model, key="mlm:input.bands", value=names, expected=expected)
    count = len(names) or channels
    if count is None:
        raise ModelKeyError(
            model=source.model, key="mlm:input.bands", value=names, expected=Phrase("the names of the bands")
        )
    if len(set(names)) < count:
        return ItemBands(tuple(range(count)))
    return ItemBands(tuple(names), tuple(names), _wavelengths(names, _described(document, asset)))


def _wavelengths(names: list[str], described: Mapping[str, Mapping[str, Any]]) -> tuple[float, ...]:
    """Returns the wavelengths, none unless the item has one per band."""
    told = [described.get(name, {}) for name in names]
    lengths = [next((band[key] for key in WAVELENGTHS if key in band), None) for band in told]
    known = [
        float(length) for length in lengths if isinstance(length, (int, float)) and 0 < length < LARGEST_MICROMETRES
    ]
    return tuple(known) if len(known) == len(names) else ()


def _name(band: Any, model: str, number: int) -> str:
    """Reads a name, or an object with one; a band calculated from others is not one of the raster."""
    if isinstance(band, Mapping) and band.get("expression"):
        key = f"mlm:input.bands[{number}].expression"
        raise ModelKeyError(
            model=model, key=key, value=band["expression"], expected=Phrase("absent; only bands are supported")
        )
    name = band.get("name") if isinstance(band, Mapping) else band
    if not isinstance(name, str) or not name.strip():
        raise ModelKeyError(
            model=model, key=f"mlm:input.bands[{number}]", value=band, expected=Phrase("the name of a band")
        )
    return name.strip()


def _described(document: Mapping[str, Any], asset: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """Returns the band descriptions of the item and its asset, by name; the asset's take precedence."""
    properties = document.get("properties")
    places = [place for place in (document, properties, asset) if isinstance(place, Mapping)]
    lists = [place.get(key) for key in BAND_LISTS for place in places]
    found: dict[str, Mapping[str, Any]] = {}
    for band in (band for bands in lists if isinstance(bands, list) for band in bands):
        if isinstance(band, Mapping) and isinstance(band.get("name"), str):
            found[band["name"]] = {**found.get(band["name"], {}), **band}
    return found
