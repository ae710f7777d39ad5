# SPDX-License-Identifier: GPL-2.0-or-later
"""Which bands of a raster feed a model."""

from __future__ import annotations

from collections.abc import Sequence

from .errors import MissingBandsError
from .model.definition import BandReference
from .raster import RasterBand


def choose_bands(wanted: Sequence[BandReference], bands: Sequence[RasterBand], raster: str) -> tuple[int, ...]:
    """Returns GDAL's numbers of the wanted bands, which are given by their place from 0 or by name."""
    names = {band.name.strip().lower(): band.number for band in reversed(bands)}
    numbers = []
    for reference in wanted:
        if isinstance(reference, str):
            number = names.get(reference.strip().lower())
        else:
            number = bands[reference].number if reference < len(bands) else None
        if number is None:
            raise MissingBandsError(needed=_wanted_name(reference), raster=raster, available=_available(bands))
        numbers.append(number)
    return tuple(numbers)


def _wanted_name(reference: BandReference) -> str:
    return f'"{reference}"' if isinstance(reference, str) else str(reference + 1)


def _available(bands: Sequence[RasterBand]) -> str:
    names = [band.name for band in bands if band.name]
    return f"{len(bands)} bands" + (f" ({', '.join(names)})" if names else "")
