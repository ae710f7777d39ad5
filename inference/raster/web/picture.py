# SPDX-License-Identifier: GPL-2.0-or-later
"""Tile images as arrays, decoded by GDAL."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from osgeo import gdal

from ...new_files import new_token
from ...phrase import Phrase
from ..gdal_call import GdalError, gdal_call
from ..read.source import Valid

# Formats of pixels only: others could refer to other files.
DRIVERS = ["PNG", "JPEG", "GIF", "WEBP", "BMP", "GTiff"]
JPEG, JPEG_END = b"\xff\xd8", b"\xff\xd9"


@dataclass(frozen=True)
class Picture:
    """Red, green and blue (3, height, width), and the visible pixels (height, width)."""

    colours: NDArray[np.uint8]
    visible: Valid


class PictureError(Exception):
    """The content is not a usable image."""

    def __init__(self, reason: Phrase) -> None:
        super().__init__(reason)
        self.reason = reason


def read_picture(content: bytes, size: tuple[int, int]) -> Picture:
    """Returns the decoded image; raises a PictureError for anything but a complete image of this width and height.

    Only images of bytes are read, whose pixels every decoder returns alike: grey, RGB, or a palette, with or without
    alpha.
    """
    name = f"/vsimem/classify_pixels/{new_token()}"
    gdal.FileFromMemBuffer(name, content)
    try:
        return _read(name, content, size)
    finally:
        gdal.Unlink(name)


def _read(name: str, content: bytes, size: tuple[int, int]) -> Picture:
    try:
        dataset = gdal_call(gdal.OpenEx, name, gdal.OF_RASTER, DRIVERS)
    except GdalError:
        dataset = None
    if dataset is None:
        raise PictureError(Phrase("its response is not an image"))
    found = dataset.RasterXSize, dataset.RasterYSize
    if found != size:
        sizes = {"width": found[0], "height": found[1], "wanted": size[0]}
        raise PictureError(Phrase("its image of {width} x {height} pixels should have {wanted}", sizes))
    bands = [dataset.GetRasterBand(number + 1) for number in range(dataset.RasterCount)]
    roles = tuple(band.GetColorInterpretation() for band in bands)
    # A colour that stands for transparency, as in some PNG and GIF files without alpha or palette.
    keyed = len(bands) != 1 and any(band.GetNoDataValue() is not None for band in bands)
    kinds = {band.DataType for band in bands}
    if roles not in ROLES or kinds != {gdal.GDT_Byte} or keyed:
        raise PictureError(Phrase("its image has a format that only QGIS reads"))
    if content.startswith(JPEG) and JPEG_END not in content:
        raise PictureError(Phrase("its response is a damaged image"))
    try:
        values = gdal_call(dataset.ReadAsArray)
    except GdalError:
        values = None
    if values is None:
        raise PictureError(Phrase("its response is a damaged image"))
    return _picture(values.reshape(len(bands), *values.shape[-2:]), bands[0], roles)


GREY, ALPHA = gdal.GCI_GrayIndex, gdal.GCI_AlphaBand
COLOURED = (gdal.GCI_RedBand, gdal.GCI_GreenBand, gdal.GCI_BlueBand)
PALETTE = (gdal.GCI_PaletteIndex,)
ROLES = ((GREY,), (GREY, ALPHA), COLOURED, (*COLOURED, ALPHA), PALETTE)


def _picture(values: NDArray[np.uint8], band: Any, roles: tuple[int, ...]) -> Picture:
    if roles == PALETTE:
        table = band.GetColorTable()
        entries = np.zeros((256, 4), np.uint8)
        for index in range(min(256, table.GetCount())):
            entries[index] = table.GetColorEntry(index)
        values = np.moveaxis(entries[values[0]], -1, 0)
        return Picture(values[:3], values[3] > 0)
    if roles == (GREY,) and band.GetNoDataValue() is not None:
        raise PictureError(Phrase("its image has a format that only QGIS reads"))
    has_alpha = roles[-1] == ALPHA
    colours = values[: len(values) - has_alpha]
    visible = values[-1] > 0 if has_alpha else np.ones(values.shape[1:], np.bool_)
    return Picture(np.broadcast_to(colours, (3, *values.shape[1:])).copy(), visible)
