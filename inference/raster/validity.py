# SPDX-License-Identifier: GPL-2.0-or-later
"""Which pixels of a raster count: NoData values, mask bands and alpha."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from osgeo import gdal

from .gdal_call import gdal_call

Valid = NDArray[np.bool_]
Box = tuple[int, ...]

SMALL_INTEGERS = (gdal.GDT_Byte, gdal.GDT_UInt16, gdal.GDT_Int16)

# Values from the first to the last one, both included, are NoData.
NoDataRange = tuple[float, float]


@dataclass(frozen=True)
class BandValidity:
    """How the valid values of one band are told; `own_mask` stands for a mask band that belongs to it alone.

    Bands of `whole_numbers` that 32-bit floats hold are always finite.
    """

    no_data: float | None
    ranges: tuple[NoDataRange, ...]
    own_mask: bool
    whole_numbers: bool = False

    @property
    def certain(self) -> bool:
        """True where every value is valid, so that none has to be looked at."""
        return self.whole_numbers and self.no_data is None and not self.ranges and not self.own_mask

    def of(self, values: NDArray[Any], band: Any, box: Box) -> Valid:
        """Returns which of the values (height, width), read from this box of the band, are valid."""
        with np.errstate(over="ignore"):
            # The network gets 32-bit floats: a double beyond their range is no finite number for it.
            valid: Valid = np.isfinite(values.astype(np.float32, copy=False))
        if self.no_data is not None:
            # The file's NoData is a double; the comparison is made in the type that the pixels came in.
            valid &= values != values.dtype.type(self.no_data)
        for first, last in self.ranges:
            valid &= (values < first) | (values > last)
        if self.own_mask:
            valid &= _read(band.GetMaskBand(), box) != 0
        return valid


@dataclass(frozen=True)
class DatasetMask:
    """What hides pixels of all bands at once: a mask band, an alpha band, both or neither."""

    masked: bool
    alpha: int | None

    @property
    def absent(self) -> bool:
        """True where nothing can be hidden."""
        return not self.masked and self.alpha is None

    def read(self, dataset: Any, box: Box) -> Any:
        """Returns which pixels of the box (height, width) are not hidden; True where none can be."""
        visible: Any = True
        if self.masked:
            visible = _read(dataset.GetRasterBand(1).GetMaskBand(), box) != 0
        if self.alpha is not None:
            visible = visible & (_read(dataset.GetRasterBand(self.alpha), box) != 0)
        return visible


def band_validity(band: Any, ranges: tuple[NoDataRange, ...]) -> BandValidity:
    """Returns how the valid values of this band are told; the ranges come from the user."""
    flags = band.GetMaskFlags()
    shared = flags & (gdal.GMF_ALL_VALID | gdal.GMF_PER_DATASET | gdal.GMF_NODATA)
    whole = band.DataType in SMALL_INTEGERS
    return BandValidity(band.GetNoDataValue(), ranges, own_mask=not shared, whole_numbers=whole)


def dataset_mask(dataset: Any) -> DatasetMask:
    """Returns what hides pixels of all bands; an alpha band counts even where GDAL prefers a NoData value."""
    flags = dataset.GetRasterBand(1).GetMaskFlags()
    masked = bool(flags & gdal.GMF_PER_DATASET) and not flags & gdal.GMF_ALPHA
    numbers = range(1, dataset.RasterCount + 1)
    alphas = [n for n in numbers if dataset.GetRasterBand(n).GetColorInterpretation() == gdal.GCI_AlphaBand]
    return DatasetMask(masked, alphas[0] if alphas else None)


def _read(band: Any, box: Box) -> NDArray[Any]:
    array: NDArray[Any] = gdal_call(band.ReadAsArray, *box)
    return array
