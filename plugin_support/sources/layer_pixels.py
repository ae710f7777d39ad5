# SPDX-License-Identifier: GPL-2.0-or-later
"""The pixels of QGIS's raster blocks as arrays."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from qgis.core import Qgis, QgsRasterBlock

from ...inference.raster.read.source import Valid
from ...inference.raster.read.validity import NoDataRange, compared_range

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
COLOURS = (Qgis.DataType.ARGB32, Qgis.DataType.ARGB32_Premultiplied)


def is_colour(kind: Qgis.DataType) -> bool:
    """Tells whether a band of this type is a whole coloured image."""
    return kind in COLOURS


def is_number(kind: Qgis.DataType) -> bool:
    """Tells whether a band of this type holds real numbers."""
    return kind in NUMBERS


def block_values(block: QgsRasterBlock) -> NDArray[Any]:
    """Returns the values (height, width) of a block of numbers."""
    values = np.frombuffer(bytes(block.data()), np.dtype(NUMBERS[block.dataType()]))
    return values.reshape(block.height(), block.width())


def block_validity(block: QgsRasterBlock, values: NDArray[Any], ranges: tuple[NoDataRange, ...]) -> Valid:
    """Returns which values (height, width) of a block of numbers count; the ranges come from the user."""
    valid: Valid = np.ones(values.shape, np.bool_)
    if block.hasNoDataValue():
        no_data = block.noDataValue()
        ranges = ((no_data, no_data), *ranges)
    elif block.hasNoData():
        # The block keeps a bitmap that is only to be asked pixel by pixel.
        missing = (block.isNoData(index) for index in range(values.size))
        valid &= ~np.fromiter(missing, np.bool_, values.size).reshape(values.shape)
    for first, last in filter(None, (compared_range(span, values.dtype) for span in ranges)):
        valid &= (values < first) | (values > last)
    return valid


def block_colours(block: QgsRasterBlock) -> tuple[NDArray[np.uint8], Valid]:
    """Returns red, green and blue (3, height, width) of a coloured block, and which pixels are visible."""
    words = np.frombuffer(bytes(block.data()), np.uint32).reshape(block.height(), block.width())
    colours, alpha = split_words(words)
    half = (alpha > 0) & (alpha < 255)
    if block.dataType() == Qgis.DataType.ARGB32_Premultiplied and half.any():
        full = np.rint(colours[:, half] * 255.0 / alpha[half])
        colours[:, half] = np.minimum(full, 255).astype(np.uint8)
    return colours, alpha > 0


def split_words(words: NDArray[np.uint32]) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """Returns red, green and blue (3, height, width) and alpha (height, width) of pixels as Qt writes them."""
    colours = np.stack([(words >> shift).astype(np.uint8) for shift in (16, 8, 0)])
    return colours, (words >> 24).astype(np.uint8)
