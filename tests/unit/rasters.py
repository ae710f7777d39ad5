# SPDX-License-Identifier: GPL-2.0-or-later
"""Small rasters, written and read by GDAL itself."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from osgeo import gdal, osr

# 10 m cells, north up.
TRANSFORM = (500_000.0, 10.0, 0.0, 5_200_000.0, 0.0, -10.0)
TYPES = {
    "uint8": gdal.GDT_Byte,
    "uint16": gdal.GDT_UInt16,
    "int16": gdal.GDT_Int16,
    "uint32": gdal.GDT_UInt32,
    "int32": gdal.GDT_Int32,
    "float32": gdal.GDT_Float32,
    "float64": gdal.GDT_Float64,
    "complex64": gdal.GDT_CFloat32,
    # Since GDAL 3.5.
    **({"int64": gdal.GDT_Int64, "uint64": gdal.GDT_UInt64} if hasattr(gdal, "GDT_Int64") else {}),
}


def wkt(code: int) -> str:
    """Returns the WKT of an EPSG code."""
    reference = osr.SpatialReference()
    reference.ImportFromEPSG(code)
    return reference.ExportToWkt()


def write_raster(
    path: Path,
    pixels: np.ndarray,
    no_data: float | None = None,
    transform: Sequence[float] | None = TRANSFORM,
    epsg: int | None = 32633,
    names: Sequence[str] = (),
    alpha: int | None = None,
    mask: np.ndarray | None = None,
    mask_inside: bool = True,
    options: Sequence[str] = (),
) -> Path:
    """Saves pixels (bands, height, width) as a GeoTIFF; `alpha` is the number of the alpha band.

    A mask of all bands is kept inside the file, or in a .msk beside it.
    """
    bands, height, width = pixels.shape
    dataset = gdal.GetDriverByName("GTiff").Create(
        str(path), width, height, bands, TYPES[pixels.dtype.name], ["PHOTOMETRIC=MINISBLACK", *options]
    )
    if transform is not None:
        dataset.SetGeoTransform(transform)
    if epsg is not None:
        dataset.SetProjection(wkt(epsg))
    for number, band in _bands(dataset):
        if number == alpha:
            band.SetColorInterpretation(gdal.GCI_AlphaBand)
        if no_data is not None:
            band.SetNoDataValue(no_data)
        band.SetDescription(names[number - 1] if names else "")
        band.WriteArray(pixels[number - 1])
    if mask is not None:
        gdal.SetConfigOption("GDAL_TIFF_INTERNAL_MASK", "YES" if mask_inside else "NO")
        dataset.CreateMaskBand(gdal.GMF_PER_DATASET)
        gdal.SetConfigOption("GDAL_TIFF_INTERNAL_MASK", None)
        dataset.GetRasterBand(1).GetMaskBand().WriteArray(np.where(mask, 255, 0).astype(np.uint8))
    return path


def read_raster(path: Path) -> np.ndarray:
    """Returns the first band (height, width)."""
    dataset = gdal.Open(str(path))
    return dataset.GetRasterBand(1).ReadAsArray()


def random_pixels(bands: int, height: int, width: int, seed: int = 0) -> np.ndarray:
    """Returns float32 pixels (bands, height, width) around 0."""
    return np.random.default_rng(seed).normal(size=(bands, height, width)).astype(np.float32)


def build_vrt(path: Path, source: Path) -> Path:
    """Saves a VRT that refers to another raster."""
    dataset: Any = gdal.BuildVRT(str(path), [str(source)])
    dataset.FlushCache()
    return path


def _bands(dataset: Any) -> list[tuple[int, Any]]:
    return [(number, dataset.GetRasterBand(number)) for number in range(1, dataset.RasterCount + 1)]
