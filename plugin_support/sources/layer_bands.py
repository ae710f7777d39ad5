# SPDX-License-Identifier: GPL-2.0-or-later
"""The bands that a run reads of a layer's provider."""

from __future__ import annotations

from typing import Any

from qgis.core import Qgis, QgsRasterDataProvider

from ...inference.errors import BandTypeError
from ...inference.raster import RasterBand
from .layer_pixels import is_colour, is_number

# Those of a coloured image; its alpha tells what is valid.
COLOURS = tuple(
    RasterBand(number, name, in_picture=True) for number, name in enumerate(("Red", "Green", "Blue"), start=1)
)


def layer_bands(provider: QgsRasterDataProvider, name: str) -> tuple[RasterBand, ...]:
    """Returns the bands that hold data, without alpha; the name stands for the layer in a BandTypeError."""
    if is_colour(provider.dataType(1)):
        return COLOURS
    alpha = _colour("AlphaBand", 6)
    picture = (_colour("RedBand", 3), _colour("GreenBand", 4), _colour("BlueBand", 5))
    bands = []
    for number in range(1, provider.bandCount() + 1):
        if not is_number(provider.dataType(number)):
            raise BandTypeError(band=number, raster=name, type=int(provider.dataType(number)))
        colour, is_byte = provider.colorInterpretation(number), provider.dataType(number) == Qgis.DataType.Byte
        if colour != alpha:
            name_of_band = provider.generateBandName(number)
            bands.append(RasterBand(number, name_of_band, in_picture=is_byte and colour in picture))
    return tuple(bands)


def _colour(name: str, number: int) -> Any:
    """Returns QGIS's value for a colour of bands; its older versions give numbers."""
    known = getattr(Qgis, "RasterColorInterpretation", None)
    return number if known is None else getattr(known, name)
