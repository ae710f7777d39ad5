# SPDX-License-Identifier: GPL-2.0-or-later
"""The bands that a run reads of a layer's provider."""

from __future__ import annotations

from qgis.core import Qgis, QgsRasterDataProvider

from ...inference.errors import BandTypeError
from ...inference.raster import RasterBand
from .layer_pixels import is_colour, is_number

# Those of a coloured image; its alpha tells what is valid.
COLOURS = tuple(RasterBand(number, name) for number, name in enumerate(("Red", "Green", "Blue"), start=1))


def layer_bands(provider: QgsRasterDataProvider, name: str) -> tuple[RasterBand, ...]:
    """Returns the bands that hold data, without alpha; the name stands for the layer in a BandTypeError."""
    if is_colour(provider.dataType(1)):
        return COLOURS
    alpha = Qgis.RasterColorInterpretation.AlphaBand if hasattr(Qgis, "RasterColorInterpretation") else 6
    bands = []
    for number in range(1, provider.bandCount() + 1):
        if not is_number(provider.dataType(number)):
            raise BandTypeError(band=number, raster=name, type=int(provider.dataType(number)))
        if provider.colorInterpretation(number) != alpha:
            bands.append(RasterBand(number, provider.generateBandName(number)))
    return tuple(bands)
