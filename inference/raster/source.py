# SPDX-License-Identifier: GPL-2.0-or-later
"""Where pixels come from: a raster that is read window by window, with its validity."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray
from osgeo import gdal

from ..errors import BandTypeError, RasterContainerError, RasterFormatError, RasterMissingError
from ..grid import ControlPoint, Grid
from ..redaction import without_secrets
from ..window import Window
from .blocks import Blocks, blocks_of
from .gdal_call import GdalError, gdal_call
from .http_options import set_http_options
from .input_files import input_files
from .unreadable import check_name, readable_name, unknown_format, unreadable
from .validity import BandValidity, NoDataRange, band_validity, dataset_mask
from .wavelength import band_wavelength

Float32 = NDArray[np.float32]
Valid = NDArray[np.bool_]

# Types whose every value a 32-bit float holds; the others are compared with NoData in double precision.
EXACT_IN_FLOAT32 = (gdal.GDT_Byte, gdal.GDT_UInt16, gdal.GDT_Int16, gdal.GDT_Float32)
# Signed bytes are a type of their own since GDAL 3.7; before, they are seen as unsigned ones.
WHOLE_TYPES = {
    gdal.GDT_Byte: "u1", gdal.GDT_UInt16: "u2", gdal.GDT_Int16: "i2", gdal.GDT_UInt32: "u4", gdal.GDT_Int32: "i4",
}  # fmt: skip
FLOATING = (gdal.GDT_Float32, gdal.GDT_Float64)
COMPLEX_TYPES = (gdal.GDT_CInt16, gdal.GDT_CInt32, gdal.GDT_CFloat32, gdal.GDT_CFloat64)


@dataclass(frozen=True)
class RasterBand:
    """A band that may feed a model: its number in GDAL (from 1) and its description.

    The wavelength is the band's centre in micrometres, the common name is STAC's. Scale and offset are what the
    file says of its values; they are shown and never applied. `floating` tells numbers with fractions from whole ones,
    and `pixel_type` is the type of whole numbers as numpy writes it (u1, i2), empty where nobody says.
    """

    number: int
    name: str
    wavelength: float | None = None
    common_name: str = ""
    scale: float = 1.0
    offset: float = 0.0
    floating: bool = False
    pixel_type: str = ""


@dataclass(frozen=True)
class Channel:
    """A band, by GDAL's number, that feeds the model with value x scale + offset."""

    number: int
    scale: float = 1.0
    offset: float = 0.0


class RasterSource(Protocol):
    """A raster on a grid whose bands are read by window."""

    @property
    def name(self) -> str:
        """What the raster is called in messages."""

    @property
    def grid(self) -> Grid:
        """The lattice of all its cells."""

    @property
    def bands(self) -> tuple[RasterBand, ...]:
        """The bands that hold data, in order; alpha bands are left out."""

    @property
    def files(self) -> tuple[str, ...]:
        """The files that the raster is read from."""

    def select(self, channels: Sequence[Channel]) -> None:
        """Chooses what `read` returns, in this order."""

    def read(self, window: Window) -> tuple[Float32, Valid]:
        """Returns pixels (bands, height, width) and which of them count (height, width).

        The window may reach beyond the grid: there, and where a band's value is NoData or not finite, the
        pixels are 0. A pixel counts unless all bands are invalid or the mask or alpha says so. May be
        called from several threads at once.
        """

    def close(self) -> None:
        """Closes the files."""


@dataclass(frozen=True)
class GdalInput:
    """A raster as GDAL names it, and NoData ranges that the user added, by band number or for all bands.

    The title stands for names that say nothing to a user, as the text of a VRT does.
    """

    uri: str
    no_data: Mapping[int, tuple[NoDataRange, ...]] = field(default_factory=dict)
    title: str = ""
    no_data_everywhere: tuple[NoDataRange, ...] = ()

    @property
    def name(self) -> str:
        """What the raster is called in messages, without the secrets of an address."""
        return without_secrets(readable_name(self.title or self.uri))

    def no_data_of(self, number: int) -> tuple[NoDataRange, ...]:
        """Returns the user's NoData ranges of a band."""
        return (*self.no_data.get(number, ()), *self.no_data_everywhere)


class GdalSource:
    """A raster that GDAL opens by name; every thread reads through a dataset of its own."""

    def __init__(self, raster: GdalInput) -> None:
        self.name = raster.name
        self._uri = raster.uri
        self._raster = raster
        self._local = threading.local()
        self._opened: list[Any] = []
        dataset = self._dataset()
        self._check(dataset)
        self.grid = grid_of(dataset)
        self.bands = _data_bands(dataset)
        self.files = tuple(dict.fromkeys((*(dataset.GetFileList() or ()), *input_files(raster.uri))))
        self._mask = dataset_mask(dataset)
        self.select([Channel(band.number) for band in self.bands])

    @property
    def blocks(self) -> Blocks | None:
        """The blocks in which the chosen bands are decoded, None where nobody knows them."""
        return blocks_of(self._dataset(), len(self._numbers))

    def select(self, channels: Sequence[Channel]) -> None:
        """Chooses what `read` returns, in this order."""
        dataset = self._dataset()
        self._channels = tuple(channels)
        self._numbers = [channel.number for channel in channels]
        bands = [dataset.GetRasterBand(number) for number in self._numbers]
        exact = all(band.DataType in EXACT_IN_FLOAT32 for band in bands)
        self._buffer_type = gdal.GDT_Float32 if exact else gdal.GDT_Float64
        self._validity: list[BandValidity] = [
            band_validity(band, self._raster.no_data_of(number)) for number, band in zip(self._numbers, bands)
        ]
        self._all_valid = self._mask.absent and all(validity.certain for validity in self._validity)

    def read(self, window: Window) -> tuple[Float32, Valid]:
        """Returns pixels (bands, height, width) and which of them count (height, width)."""
        inside = window.intersection(self.grid.window)
        if inside == window and not window.empty:
            return self._read_inside(window)
        pixels = np.zeros((len(self._numbers), window.height, window.width), np.float32)
        valid = np.zeros((window.height, window.width), np.bool_)
        if not inside.empty:
            rows, columns = inside.within(window)
            pixels[:, rows, columns], valid[rows, columns] = self._read_inside(inside)
        return pixels, valid

    def close(self) -> None:
        """Closes the datasets of all threads; a live one at QGIS's exit would crash it."""
        self._opened.clear()
        self._local = threading.local()

    def _read_inside(self, window: Window) -> tuple[NDArray[Any], Valid]:
        dataset = self._dataset()
        box = (window.x, window.y, window.width, window.height)
        try:
            values = gdal_call(dataset.ReadAsArray, *box, buf_type=self._buffer_type, band_list=self._numbers)
            if values is None:
                # GDAL reads large windows in threads of its own, whose errors are not seen here.
                raise GdalError("a block of it cannot be read")
            values = values.reshape(-1, window.height, window.width)
            if self._all_valid:
                scale_channels(values, self._channels)
                return values, np.ones(values.shape[1:], np.bool_)
            valid_in_band = self._valid_in_bands(dataset, box, values)
            valid = valid_in_band.any(axis=0) & self._mask.read(dataset, box)
        except GdalError as error:
            raise unreadable(self._uri, self.name, error) from error
        scale_channels(values, self._channels)
        values[~valid_in_band] = 0
        return values.astype(np.float32, copy=False), valid

    def _valid_in_bands(self, dataset: Any, box: tuple[int, ...], values: NDArray[Any]) -> Valid:
        valid = np.empty(values.shape, np.bool_)
        for index, validity in enumerate(self._validity):
            valid[index] = validity.of(values[index], dataset.GetRasterBand(self._numbers[index]), box)
        return valid

    def _dataset(self) -> Any:
        """Opens the raster once per thread: GDAL's datasets must not be shared."""
        dataset = getattr(self._local, "dataset", None)
        if dataset is None:
            dataset = self._local.dataset = open_raster(self._uri, self.name)
            self._opened.append(dataset)
        return dataset

    def _check(self, dataset: Any) -> None:
        if dataset.RasterCount == 0:
            parts = dataset.GetSubDatasets()
            if parts:
                raise RasterContainerError(raster=self.name, count=len(parts), example=parts[0][0])
            raise RasterFormatError(raster=self.name, reason="it has no bands", version=gdal.__version__)
        for number in range(1, dataset.RasterCount + 1):
            kind = dataset.GetRasterBand(number).DataType
            if kind in COMPLEX_TYPES:
                raise BandTypeError(band=number, raster=self.name, type=gdal.GetDataTypeName(kind))


def scale_channels(values: NDArray[Any], channels: Sequence[Channel]) -> None:
    """Applies scale and offset in place to values (channels, height, width)."""
    for plane, channel in zip(values, channels):
        if channel.scale != 1.0:
            plane *= channel.scale
        if channel.offset != 0.0:
            plane += channel.offset


def open_raster(uri: str, name: str = "") -> Any:
    """Returns the GDAL dataset of a name; nothing is ever written beside it.

    `name` stands for it in errors, where the name itself holds a secret or says nothing to a user.
    """
    set_http_options()
    shown = name or uri
    if not uri.strip():
        raise RasterMissingError
    check_name(uri, shown)
    try:
        dataset = gdal_call(gdal.OpenEx, uri, gdal.OF_RASTER | gdal.OF_READONLY | gdal.OF_VERBOSE_ERROR)
    except GdalError as error:
        raise unreadable(uri, shown, error) from error
    if dataset is None:
        raise unknown_format(uri, shown)
    return dataset


def grid_of(dataset: Any) -> Grid:
    """Returns the grid of a GDAL dataset."""
    points = dataset.GetGCPs()
    transform: Any | None = dataset.GetGeoTransform(can_return_null=True)
    if transform is not None and transform[1] * transform[5] == transform[2] * transform[4]:
        # Cells without an area place nothing.
        transform = None
    crs = dataset.GetProjection() or (dataset.GetGCPProjection() if points and transform is None else "")
    return Grid(
        dataset.RasterXSize,
        dataset.RasterYSize,
        transform,
        crs,
        () if transform else tuple(ControlPoint(p.GCPPixel, p.GCPLine, p.GCPX, p.GCPY, p.GCPZ) for p in points),
    )


def _data_bands(dataset: Any) -> tuple[RasterBand, ...]:
    bands = [(number, dataset.GetRasterBand(number)) for number in range(1, dataset.RasterCount + 1)]
    return tuple(
        RasterBand(
            number,
            band.GetDescription() or "",
            band_wavelength(dataset, number),
            # GDAL's driver of STAC's tiled assets keeps eo:bands as items of the bands.
            band.GetMetadataItem("common_name") or "",
            _or_default(band.GetScale(), 1.0),
            _or_default(band.GetOffset(), 0.0),
            band.DataType in FLOATING,
            WHOLE_TYPES.get(band.DataType, ""),
        )
        for number, band in bands
        if band.GetColorInterpretation() != gdal.GCI_AlphaBand
    )


def _or_default(value: float | None, default: float) -> float:
    return default if value is None else float(value)
