# SPDX-License-Identifier: GPL-2.0-or-later
"""The rasters of a stack and the model bands that they feed."""

from __future__ import annotations

from collections.abc import Sequence

from ..bands import BandChoice, BandMapping
from ..errors import StackUnusedError
from ..raster import Collection, RasterSource
from .request import ClassificationRequest


def count_of_stack(request: ClassificationRequest) -> int:
    """Returns the number of stacked rasters, 1 for any other input."""
    raster = request.raster
    return len(raster.items) if isinstance(raster, Collection) and raster.stacked else 1


def items_of_bands(bands: Sequence[int], request: ClassificationRequest, source: RasterSource) -> list[int]:
    """Returns, for each band number (from 1), the index (from 0) of its raster in the stack."""
    return [(band - 1) * count_of_stack(request) // max(1, len(source.bands)) for band in bands]


def check_stack(request: ClassificationRequest, source: RasterSource, choices: Sequence[BandChoice]) -> None:
    """Raises if no band of a raster in a stack feeds the model, unless the user has chosen the bands."""
    raster = request.raster
    if not isinstance(raster, Collection) or not raster.stacked or request.bands != BandMapping():
        return
    used = set(items_of_bands([choice.band.number for choice in choices], request, source))
    for number, item in enumerate(raster.items):
        if number not in used:
            raise StackUnusedError(raster=item.name, number=number + 1, count=len(raster.items))
