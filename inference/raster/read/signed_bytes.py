# SPDX-License-Identifier: GPL-2.0-or-later
"""Signed bytes: a separate type since GDAL 3.7; before, their values appear as 0 to 255."""

from __future__ import annotations

from typing import Any

from osgeo import gdal

from ..gdal_call import gdal_call

# GDAL's notation before 3.7.
PIXEL_TYPE, SIGNED = "PIXELTYPE", "SIGNEDBYTE"

# Lookup table for the bytes 0 to 255; GDAL's interpolation between these points is exact for whole numbers.
TABLE = "<LUT>0:0,127:127,128:-128,255:-1</LUT>"


def signed_text(dataset: Any) -> str:
    """Returns a VRT with a raster's signed bytes as Int16, empty if it has none; raises a GdalError."""
    bands = [dataset.GetRasterBand(number) for number in range(1, dataset.RasterCount + 1)]
    signed = [_is_signed(band) for band in bands]
    if not any(signed):
        return ""
    view = gdal_call(gdal.Translate, "", dataset, format="VRT", outputType=gdal.GDT_Int16)
    start, *parts = view.GetMetadata("xml:VRT")[0].split("<VRTRasterBand ")
    # A mask band may follow the data bands.
    told = [*map(_with_table, parts[: len(bands)], signed), *parts[len(bands) :]]
    return "<VRTRasterBand ".join([start, *told])


def _is_signed(band: Any) -> bool:
    # GDAL 3.7 and later warns of this question.
    stored: str | None = gdal_call(band.GetMetadataItem, PIXEL_TYPE, "IMAGE_STRUCTURE")
    return band.DataType == gdal.GDT_Byte and stored == SIGNED


def _with_table(band: str, signed: bool) -> str:
    if not signed:
        return band
    return band.replace("<SimpleSource>", "<ComplexSource>").replace("</SimpleSource>", f"{TABLE}</ComplexSource>")
