# SPDX-License-Identifier: GPL-2.0-or-later
"""Bands of QGIS's data providers, and pixels of their blocks as arrays."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from qgis.core import Qgis, QgsRasterBlock, QgsRasterDataProvider

from ...inference.errors import BandTypeError
from ...inference.raster import RasterBand
from ...inference.raster.read.source import Valid
from ...inference.raster.read.validity import NoDataRange, compared_range
from ...inference.raster.web import COLOURS

# Qgis.DataType.Int8 came with QGIS 3.30.
NUMBERS = {
    Qgis.DataType.Byte: "u1",
    Qgis.DataType.UInt16: "u2",
    Qgis.DataType.Int16: "i2",
    Qgis.DataType.UInt32: "u4",
    Qgis.DataType.Int32: "i4",
    Qgis.DataType.Float32: "f4",
    Qgis.DataType.Float64: "f8",
    **({Qgis.DataType.Int8: "i1"} if hasattr(Qgis.DataType, "Int8") else {}),
}
COLOUR_TYPES = (Qgis.DataType.ARGB32, Qgis.DataType.ARGB32_Premultiplied)


def is_colour(kind: Qgis.DataType) -> bool:
    """Returns True for band types that hold a whole colour image."""
    return kind in COLOUR_TYPES


def is_number(kind: Qgis.DataType) -> bool:
    """Returns True for types of real numbers."""
    return kind in NUMBERS


def block_values(block: QgsRasterBlock) -> NDArray[Any]:
    """Returns the values (height, width) of a block of numbers."""
    values = np.frombuffer(bytes(block.data()), np.dtype(NUMBERS[block.dataType()]))
    return values.reshape(block.height(), block.width())


def block_validity(block: QgsRasterBlock, values: NDArray[Any], ranges: tuple[NoDataRange, ...]) -> Valid:
    """Returns the validity (height, width) of a block of numbers; the ranges are the user's NoData."""
    valid: Valid = np.ones(values.shape, np.bool_)
    if block.hasNoDataValue():
        no_data = block.noDataValue()
        ranges = ((no_data, no_data), *ranges)
    elif block.hasNoData():
        # The block has a bitmap that can only be read pixel by pixel.
        missing = (block.isNoData(index) for index in range(values.size))
        valid &= ~np.fromiter(missing, np.bool_, values.size).reshape(values.shape)
    for first, last in filter(None, (compared_range(span, values.dtype) for span in ranges)):
        valid &= (values < first) | (values > last)
    return valid


def block_colours(block: QgsRasterBlock) -> tuple[NDArray[np.uint8], Valid]:
    """Returns red, green and blue (3, height, width) of a coloured block, and the visible pixels (height, width)."""
    words = np.frombuffer(bytes(block.data()), np.uint32).reshape(block.height(), block.width())
    colours, alpha = split_words(words)
    half = (alpha > 0) & (alpha < 255)
    if block.dataType() == Qgis.DataType.ARGB32_Premultiplied and half.any():
        full = np.rint(colours[:, half] * 255.0 / alpha[half])
        colours[:, half] = np.minimum(full, 255).astype(np.uint8)
    return colours, alpha > 0


def split_words(words: NDArray[np.uint32]) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """Returns red, green and blue (3, height, width) and alpha (height, width) of Qt's ARGB pixels."""
    colours = np.stack([(words >> shift).astype(np.uint8) for shift in (16, 8, 0)])
    return colours, (words >> 24).astype(np.uint8)


def layer_bands(provider: QgsRasterDataProvider, name: str) -> tuple[RasterBand, ...]:
    """Returns the bands without alpha; `name` is the layer in a BandTypeError."""
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
    """Returns QGIS's value for a colour interpretation, a number in older versions."""
    known = getattr(Qgis, "RasterColorInterpretation", None)
    return number if known is None else getattr(known, name)
