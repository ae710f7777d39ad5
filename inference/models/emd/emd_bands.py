# SPDX-License-Identifier: GPL-2.0-or-later
"""Names and wavelengths of the bands in a model definition."""

from __future__ import annotations

from typing import Any

from ...phrase import printable
from ..keys import Keys

# Imagers have no band above 100 micrometres, and none below 100 nanometres.
LARGEST_MICROMETRES = 100.0
LARGEST_NANOMETRES = 1000 * LARGEST_MICROMETRES


def read_band_names(keys: Keys) -> tuple[str, ...]:
    """Returns BandNames, Bands or ModelParameters.band_names, the first that exists; a band without a name is empty."""
    names = keys.items("BandNames") or keys.items("Bands")
    if not names and isinstance(keys.document, dict):
        names = _list(keys.document.get("ModelParameters"), "band_names")
    return tuple("" if name is None else printable(str(name)) for name in names)


def read_wavelengths(parameters: object) -> tuple[float, ...]:
    """Returns ModelParameters.wavelengths in micrometres, empty unless all of them are positive numbers.

    Numbers above 100 are nanometres. Unreadable values are ignored, because a model runs without them.
    """
    values = _list(parameters, "wavelengths")
    if not all(_is_length(value) for value in values):
        return ()
    factor = 1e-3 if any(value > LARGEST_MICROMETRES for value in values) else 1.0
    return tuple(float(value) * factor for value in values)


def _list(parameters: object, key: str) -> list[Any]:
    values = parameters.get(key) if isinstance(parameters, dict) else None
    return values if isinstance(values, list) else []


def _is_length(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and 0 < value < LARGEST_NANOMETRES
