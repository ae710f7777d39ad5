# SPDX-License-Identifier: GPL-2.0-or-later
"""Validity of pixels: NoData values, NoData colours, mask bands and alpha."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from osgeo import gdal, gdal_array

from ..gdal_call import gdal_read

Valid = NDArray[np.bool_]
Box = tuple[int, ...]

# Inclusive range of NoData values.
NoDataRange = tuple[float, float]


@dataclass(frozen=True)
class BandValidity:
    """Validity rules of a band with values of type `kind`.

    The ranges are NoData of the file and of the user; `own_mask` is the mask band of this band alone.
    """

    ranges: tuple[NoDataRange, ...]
    own_mask: bool
    kind: np.dtype[Any]

    @property
    def certain(self) -> bool:
        """True if every value is valid without a check."""
        return _is_whole(self.kind) and not self.ranges and not self.own_mask

    def of(self, values: NDArray[Any], band: Any, box: Box) -> Valid:
        """Returns the validity of the values (height, width), read from this box of the band."""
        valid: Valid
        if _is_whole(self.kind):
            valid = np.ones(values.shape, np.bool_)
            if self.ranges and self.kind.itemsize == 8:
                # The values came as doubles, which cannot distinguish neighbouring values of this type.
                values = _read(band, box)
        else:
            with np.errstate(over="ignore"):
                # The network gets 32-bit floats: a double beyond their range is not finite for it.
                valid = np.isfinite(values.astype(np.float32, copy=False))
        for first, last in self.ranges:
            valid &= (values != first) if first == last else (values < first) | (values > last)
        if self.own_mask:
            valid &= _read(band.GetMaskBand(), box) != 0
        return valid


@dataclass(frozen=True)
class DatasetMask:
    """Masks for all bands at once: a mask band, an alpha band, both or neither.

    `colour` marks GDAL's own mask band, for a NoData value that all bands must have at once.
    """

    masked: bool
    alpha: int | None
    colour: bool

    @property
    def absent(self) -> bool:
        """True if nothing can be hidden."""
        return not self.masked and not self.colour and self.alpha is None

    @property
    def hides_by_band(self) -> bool:
        """True if a mask band, possibly GDAL's own, hides pixels."""
        return self.masked or self.colour

    def read(self, dataset: Any, box: Box) -> Any:
        """Returns the visible pixels of the box (height, width); True if none can be hidden."""
        visible: Any = True
        if self.masked:
            visible = _read(dataset.GetRasterBand(1).GetMaskBand(), box) != 0
        if self.alpha is not None:
            visible = visible & (_read(dataset.GetRasterBand(self.alpha), box) != 0)
        return visible

    def read_colour(self, dataset: Any, box: Box) -> Any:
        """Returns the pixels of the box (height, width) of another colour than NoData; True if all are."""
        return _read(dataset.GetRasterBand(1).GetMaskBand(), box) != 0 if self.colour else True


def stored_type(band: Any) -> np.dtype[Any]:
    """Returns the type of a band's values."""
    return np.dtype(gdal_array.GDALTypeCodeToNumericTypeCode(band.DataType))


def band_validity(band: Any, ranges: tuple[NoDataRange, ...]) -> BandValidity:
    """Returns the validity rules of this band; the ranges are the user's."""
    flags, kind = band.GetMaskFlags(), stored_type(band)
    shared = flags & (gdal.GMF_ALL_VALID | gdal.GMF_PER_DATASET | gdal.GMF_NODATA)
    own = no_data_of(band)
    spans = [(own, own), *ranges] if own is not None else ranges
    compared = (compared_range(span, kind) for span in spans)
    return BandValidity(tuple(span for span in compared if span is not None), own_mask=not shared, kind=kind)


def dataset_mask(dataset: Any) -> DatasetMask:
    """Returns the masks for all bands; an alpha band counts even if GDAL prefers a NoData value."""
    band = dataset.GetRasterBand(1)
    masked = bool(band.GetMaskFlags() & gdal.GMF_PER_DATASET) and not band.GetMaskFlags() & gdal.GMF_ALPHA
    colour = is_colour(band)
    return DatasetMask(masked and not colour, alpha_of(dataset), colour)


def alpha_of(dataset: Any) -> int | None:
    """Returns the number of the first alpha band, None if there is none."""
    numbers = range(1, dataset.RasterCount + 1)
    alphas = [n for n in numbers if dataset.GetRasterBand(n).GetColorInterpretation() == gdal.GCI_AlphaBand]
    return alphas[0] if alphas else None


def is_colour(band: Any) -> bool:
    """True if NoData is a colour: the values of all bands together (NODATA_VALUES, a PNG's tRNS)."""
    both = gdal.GMF_PER_DATASET | gdal.GMF_NODATA
    return bool(band.GetMaskFlags() & both == both)


def no_data_of(band: Any) -> float | int | None:
    """Returns the NoData value of this band, None if there is none within the range of its type.

    As in GDAL, fractions are truncated for bands of whole numbers.
    """
    value, kind = band.GetNoDataValue(), stored_type(band)
    return None if value is None or is_colour(band) else _held(value, kind)


def _held(value: float, kind: np.dtype[Any]) -> float | int | None:
    if not _is_whole(kind):
        with np.errstate(over="ignore"):
            held = float(kind.type(value))
        return None if math.isinf(held) and not math.isinf(value) else held
    limits = np.iinfo(kind)
    return int(value) if limits.min <= value <= limits.max else None


def compared_range(span: NoDataRange, kind: np.dtype[Any]) -> NoDataRange | None:
    """Returns the NoData range of this type for a range in double precision.

    None if only values that are not finite match, which are never valid. A range of several values is unchanged.
    """
    first, last = span
    if first != last:
        return None if math.isnan(first) else span
    value = _held(first, kind)
    if value is None or not math.isfinite(value):
        return None
    return (value, value) if _is_whole(kind) else _nearly_equal(value, kind)


def _nearly_equal(value: float, kind: np.dtype[Any]) -> NoDataRange:
    """Returns the least and the greatest number that GDAL treats as equal to this one, in 32 or 64 bits.

    GDAL's ARE_REAL_EQUAL tests |a - b| < epsilon |a + b| 2 in the type itself, with the epsilon of 32 bits in both. The
    sum may overflow: so -3.4e38 equals the lowest 32-bit float, as intended.
    """
    # The bits of positive floats, read as integers, have the same order.
    bits = np.dtype(f"u{kind.itemsize}")
    size, epsilon = kind.type(abs(value)), kind.type(np.finfo(np.float32).eps)
    middle, most = int(size.view(bits)), int(np.finfo(kind).max.view(bits))

    def is_equal(pattern: int) -> bool:
        other = bits.type(pattern).view(kind)
        with np.errstate(over="ignore"):
            return bool(other == size or abs(other - size) < epsilon * abs(other + size) * kind.type(2))

    def reach(sign: int) -> float:
        steps = 0
        for power in reversed(range(8 * kind.itemsize)):
            pattern = middle + sign * (steps + 2**power)
            if 0 <= pattern <= most and is_equal(pattern):
                steps += 2**power
        return math.copysign(float(bits.type(middle + sign * steps).view(kind)), value)

    ends = sorted((reach(-1), reach(1)))
    return ends[0], ends[1]


def _is_whole(kind: np.dtype[Any]) -> bool:
    return kind.kind in "iu"


def _read(band: Any, box: Box) -> NDArray[Any]:
    array: NDArray[Any] = gdal_read(band.ReadAsArray, *box)
    return array
