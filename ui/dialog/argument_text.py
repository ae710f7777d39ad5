# SPDX-License-Identifier: GPL-2.0-or-later
"""Model arguments and band mappings as the texts that parameters hold."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence

from ...inference.bands import ModelBand
from ...inference.bands.mapping import Wanted

# What a value or name must not hold to stand in `name value;name value`.
BREAKS_PAIRS = re.compile(r"[;\r\n]|^\s*$|^\s*\{")
BREAKS_MAPPING = re.compile(r"[,;=\[{]|^\s*$")


def arguments_text(values: Mapping[str, str]) -> str:
    """Returns names and values as `name value;name value`, as JSON where that form cannot hold them."""
    parts = [*values, *values.values()]
    if any(BREAKS_PAIRS.search(part) for part in parts) or any(re.search(r"\s", name) for name in values):
        return json.dumps(values, ensure_ascii=False)
    return ";".join(f"{name} {value}" for name, value in values.items())


def mapping_text(bands: Sequence[ModelBand], chosen: Mapping[int, Wanted]) -> str:
    """Returns the raster bands chosen for some model bands, by place from 1, as `red=4;nir=B8`.

    Names that this form cannot hold make it JSON.
    """
    by_place = {band.place: band for band in bands}
    pairs = {_key(by_place[place], bands): wanted for place, wanted in sorted(chosen.items())}
    if any(BREAKS_MAPPING.search(str(wanted)) for wanted in pairs.values()):
        return json.dumps(pairs, ensure_ascii=False)
    return ";".join(f"{key}={wanted}" for key, wanted in pairs.items())


def _key(band: ModelBand, bands: Sequence[ModelBand]) -> str:
    """Returns the name of a band where it names this one only, else its place."""
    same = [other for other in bands if other.name.casefold() == band.name.casefold()]
    return str(band.place) if BREAKS_MAPPING.search(band.name) or len(same) > 1 else band.name
