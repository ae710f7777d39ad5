# SPDX-License-Identifier: GPL-2.0-or-later
"""Model arguments and band mappings as parameter texts."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence

from ...inference.bands import ModelBand
from ...inference.bands.mapping import Wanted

# Texts that do not fit into `name value;name value` and `name=value;name=value`.
BREAKS_PAIRS = re.compile(r"[;\r\n]|^\s*$|^\s*\{")
BREAKS_MAPPING = re.compile(r"[,;=\[{]|^\s*$")


def arguments_text(values: Mapping[str, str]) -> str:
    """Returns names and values as `name value;name value`, or as JSON if that form cannot hold them."""
    parts = [*values, *values.values()]
    if any(BREAKS_PAIRS.search(part) for part in parts) or any(re.search(r"\s", name) for name in values):
        return json.dumps(values, ensure_ascii=False)
    return ";".join(f"{name} {value}" for name, value in values.items())


def mapping_text(bands: Sequence[ModelBand], chosen: Mapping[int, Wanted]) -> str:
    """Returns the raster bands chosen for model bands, by place from 1, as `red=4;nir=B8`.

    Returns JSON if that form cannot hold the names.
    """
    by_place = {band.place: band for band in bands}
    pairs = {_key(by_place[place], bands): wanted for place, wanted in sorted(chosen.items())}
    if any(BREAKS_MAPPING.search(str(wanted)) for wanted in pairs.values()):
        return json.dumps(pairs, ensure_ascii=False)
    return ";".join(f"{key}={wanted}" for key, wanted in pairs.items())


def _key(band: ModelBand, bands: Sequence[ModelBand]) -> str:
    """Returns the name of a band if unique and valid, otherwise its place."""
    same = [other for other in bands if other.name.casefold() == band.name.casefold()]
    return str(band.place) if BREAKS_MAPPING.search(band.name) or len(same) > 1 else band.name
