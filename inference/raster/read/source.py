# SPDX-License-Identifier: GPL-2.0-or-later
"""Raster sources, read window by window with validity."""

from __future__ import annotations

import math
import threading
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray
from osgeo import gdal

from ...errors import BandTypeError, RasterContainerError, RasterFormatError, RasterMissingError
from ...grid import ControlPoint, Grid
from ...phrase import Phrase
from ...redaction import without_secrets
from ...window import Window
from ..gdal_call import GdalError, gdal_open, gdal_read, gdal_text
from ..gdal_options import set_http_options
from .block_cache import Blocks, blocks_of
from .input_files import input_files
from .signed_bytes import signed_text
from .unreadable import check_name, readable_name, unknown_format, unreadable
from .validity import BandValidity, NoDataRange, band_validity, dataset_mask, stored_type
from .wavelength import band_wavelength

Float32 = NDArray[np.float32]
Valid = NDArray[np.bool_]

PICTURE_COLOURS = (gdal.GCI_RedBand, gdal.GCI_GreenBand, gdal.GCI_BlueBand)
COMPLEX_TYPES = (gdal.GDT_CInt16, gdal.GDT_CInt32, gdal.GDT_CFloat32, gdal.GDT_CFloat64)


@dataclass(frozen=True)
class RasterBand:
    """A candidate input band: its number in GDAL (from 1) and its description.

    The wavelength is the band's centre in micrometres, the common name is STAC's. Scale and offset are the file's own;
    they are shown and never applied. `floating` distinguishes floating-point from whole numbers, and `pixel_type` is
    the type of whole numbers as numpy writes it (u1, i2), empty if unknown. `in_picture` marks red, green and blue of a
    byte image.
    """

    number: int
    name: str
    wavelength: float | None = None
    common_name: str = ""
    scale: float = 1.0
    offset: float = 0.0
    floating: bool = False
    pixel_type: str = ""
    in_picture: bool = False


@dataclass(frozen=True)
class Channel:
    """An input channel of the model: a band, by GDAL's number, as value x scale + offset."""

    number: int
    scale: float = 1.0
    offset: float = 0.0


class RasterSource(Protocol):
    """A raster on a grid, read by window."""

    @property
    def name(self) -> str:
        """The raster's name in messages."""

    @property
    def grid(self) -> Grid:
        """The lattice of all its cells."""

    @property
    def bands(self) -> tuple[RasterBand, ...]:
        """The data bands in order, without alpha bands."""

    @property
    def files(self) -> tuple[str, ...]:
        """The source files of the raster."""

    def select(self, channels: Sequence[Channel]) -> None:
        """Selects the channels that `read` returns, in this order."""

    def read_bands(self, window: Window) -> tuple[Float32, Valid]:
        """Returns pixels (bands, height, width) and the validity of their values (bands or 1, height, width).

        The window may reach beyond the grid: there, and where a value is NoData or not finite, it is 0. Pixels hidden
        by a mask or alpha are invalid in all bands; identical validity of all bands may be returned as one.
        Thread-safe.
        """

    def read(self, window: Window) -> tuple[Float32, Valid]:
        """Returns the same pixels (bands, height, width) and their validity in any band (height, width)."""

    def close(self) -> None:
        """Closes the files."""


class BandReader(ABC):
    """Shared reading of all sources, based on each source's `read_bands`.

    `described` is a value by which other processes open a source without a GDAL name, or the reason why they cannot.
    """

    described: object = None

    @abstractmethod
    def read_bands(self, window: Window) -> tuple[Float32, Valid]:
        """Returns pixels (bands, height, width) and the validity of their values (bands or 1, height, width)."""

    def read(self, window: Window) -> tuple[Float32, Valid]:
        """Returns pixels (bands, height, width) and their validity in any band (height, width)."""
        pixels, counts = self.read_bands(window)
        return pixels, counts.any(axis=0)


@dataclass(frozen=True)
class GdalInput:
    """A raster by its GDAL name, and NoData ranges added by the user, by band number or for all bands.

    The title replaces names that are meaningless to a user, such as the text of a VRT.
    """

    uri: str
    no_data: Mapping[int, tuple[NoDataRange, ...]] = field(default_factory=dict)
    title: str = ""
    no_data_everywhere: tuple[NoDataRange, ...] = ()

    @property
    def name(self) -> str:
        """The raster's name in messages, without secrets in URLs."""
        return without_secrets(readable_name(self.title or self.uri))

    def no_data_of(self, number: int) -> tuple[NoDataRange, ...]:
        """Returns the user's NoData ranges of a band."""
        return (*self.no_data.get(number, ()), *self.no_data_everywhere)


class RasterItem(Protocol):
    """A raster of a collection that GDAL cannot open by name; opened when it is processed."""

    @property
    def name(self) -> str:
        """The raster's name in messages."""

    @property
    def title(self) -> str:
        """The name for its result, empty if its own name serves."""

    def open(self) -> RasterSource:
        """Returns the raster, which the caller closes."""


class GdalSource(BandReader):
    """A raster that GDAL opens by name; every thread has a separate dataset."""

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
        """The blocks in which the selected bands are decoded, None if unknown."""
        return blocks_of(self._dataset(), len(self._numbers))

    def select(self, channels: Sequence[Channel]) -> None:
        """Selects the channels that `read` returns, in this order."""
        dataset = self._dataset()
        self._channels = tuple(channels)
        self._numbers = [channel.number for channel in channels]
        bands = [dataset.GetRasterBand(number) for number in self._numbers]
        # GDAL 3.6 decodes chosen bands of a TIFF that keeps bands apart in several threads wrongly, or crashes.
        together = dataset.GetMetadataItem("INTERLEAVE", "IMAGE_STRUCTURE") == "PIXEL"
        self._at_once = [self._numbers] if together else [[number] for number in self._numbers]
        # Values that do not fit 32-bit floats are compared with NoData in double precision.
        exact = all(np.can_cast(stored_type(band), np.float32) for band in bands)
        self._buffer_type = gdal.GDT_Float32 if exact else gdal.GDT_Float64
        self._validity: list[BandValidity] = [
            band_validity(band, self._raster.no_data_of(number)) for number, band in zip(self._numbers, bands)
        ]
        self._certain = not self._mask.colour and all(validity.certain for validity in self._validity)

    def read_bands(self, window: Window) -> tuple[Float32, Valid]:
        """Returns pixels (bands, height, width) and the validity of their values (bands or 1, height, width)."""
        inside = window.intersection(self.grid.window)
        if inside == window and not window.empty:
            return self._read_inside(window)
        pixels = np.zeros((len(self._numbers), window.height, window.width), np.float32)
        valid = np.zeros(pixels.shape, np.bool_)
        if not inside.empty:
            rows, columns = inside.within(window)
            pixels[:, rows, columns], valid[:, rows, columns] = self._read_inside(inside)
        return pixels, valid

    def read_exactly(self, window: Window) -> tuple[NDArray[Any], Valid]:
        """Returns pixels and validity as `read`, inside the grid, without rounding to 32-bit floats."""
        pixels, counts = self._read_inside(window, rounded=False)
        return pixels, counts.any(axis=0)

    def close(self) -> None:
        """Closes the datasets of all threads; a live one at QGIS's exit would crash it."""
        self._opened.clear()
        self._local = threading.local()

    def _band_values(self, dataset: Any, numbers: list[int], box: tuple[int, ...]) -> NDArray[Any]:
        """Returns the values of bands that GDAL reads at once."""
        if len(numbers) == 1:
            return self._checked(
                gdal_read(dataset.GetRasterBand(numbers[0]).ReadAsArray, *box, buf_type=self._buffer_type)
            )
        return self._checked(gdal_read(dataset.ReadAsArray, *box, buf_type=self._buffer_type, band_list=numbers))

    @staticmethod
    def _checked(values: NDArray[Any] | None) -> NDArray[Any]:
        if values is None:
            # GDAL reads large windows in internal threads, whose errors are not reported here.
            raise GdalError("a block of it cannot be read")
        return values

    def _read_inside(self, window: Window, rounded: bool = True) -> tuple[NDArray[Any], Valid]:
        dataset = self._dataset()
        box = (window.x, window.y, window.width, window.height)
        try:
            parts = [self._band_values(dataset, numbers, box) for numbers in self._at_once]
            values = np.stack(parts) if len(parts) > 1 else parts[0]
            values = values.reshape(-1, window.height, window.width)
            valid = self._valid_in_bands(dataset, box, values)
            visible = self._mask.read(dataset, box)
        except GdalError as error:
            raise unreadable(self._uri, self.name, error) from error
        scale_channels(values, self._channels)
        if not self._certain:
            np.copyto(values, 0, where=~valid)
        pixels = values.astype(np.float32, copy=False) if rounded else values
        return pixels, valid if self._mask.absent else valid & visible

    def _valid_in_bands(self, dataset: Any, box: tuple[int, ...], values: NDArray[Any]) -> Valid:
        if self._certain:
            return np.ones((1, *values.shape[1:]), np.bool_)
        valid = np.empty(values.shape, np.bool_)
        for index, validity in enumerate(self._validity):
            valid[index] = validity.of(values[index], dataset.GetRasterBand(self._numbers[index]), box)
        valid &= self._mask.read_colour(dataset, box)
        return valid

    def _dataset(self) -> Any:
        """Opens the raster once per thread: GDAL's datasets are not thread-safe."""
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
            raise RasterFormatError(raster=self.name, reason=Phrase("it has no bands"), version=gdal.__version__)
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
    """Returns the GDAL dataset of a name, with signed bytes as such; never writes side files.

    `name` replaces it in errors if the real name contains a secret or is meaningless to a user.
    """
    set_http_options()
    shown = name or uri
    if not uri.strip():
        raise RasterMissingError
    check_name(uri, shown)
    try:
        dataset = gdal_open(uri, gdal.OF_RASTER | gdal.OF_READONLY | gdal.OF_VERBOSE_ERROR)
        signed = signed_text(dataset) if dataset is not None else ""
        dataset = gdal_open(signed, gdal.OF_RASTER | gdal.OF_READONLY) if signed else dataset
    except GdalError as error:
        raise unreadable(uri, shown, error) from error
    if dataset is None:
        raise unknown_format(uri, shown)
    return dataset


def grid_of(dataset: Any) -> Grid:
    """Returns the grid of a GDAL dataset."""
    points = dataset.GetGCPs()
    transform: Any | None = dataset.GetGeoTransform(can_return_null=True)
    if transform is not None and not _has_area(transform):
        # Cells without an area or a place are no georeference.
        transform = None
    crs = dataset.GetProjection() or (dataset.GetGCPProjection() if points and transform is None else "")
    reference = dataset.GetSpatialRef() or dataset.GetGCPSpatialRef()
    return Grid(
        dataset.RasterXSize,
        dataset.RasterYSize,
        transform,
        crs,
        () if transform else tuple(ControlPoint(p.GCPPixel, p.GCPLine, p.GCPX, p.GCPY, p.GCPZ) for p in points),
        # WKT does not contain it.
        (reference.GetCoordinateEpoch() if reference is not None else 0.0) or None,
        _polynomials(dataset),
        transform is None and not points and bool(dataset.GetMetadata("GEOLOCATION")),
    )


def _has_area(transform: Sequence[float]) -> bool:
    x, dx, rx, y, ry, dy = transform
    area = dx * dy - rx * ry
    return area != 0 and all(map(math.isfinite, (x, y, area)))


def _polynomials(dataset: Any) -> tuple[tuple[str, str], ...]:
    """Returns the rational polynomials of a dataset, none if a crop could not shift them."""
    found: dict[str, str] = dataset.GetMetadata("RPC") or {}
    try:
        for name in ("LINE_OFF", "SAMP_OFF"):
            float(found[name].split()[0])
    except (KeyError, ValueError, IndexError):
        return ()
    return tuple(found.items())


def _data_bands(dataset: Any) -> tuple[RasterBand, ...]:
    numbered = [(number, dataset.GetRasterBand(number)) for number in range(1, dataset.RasterCount + 1)]
    bands = [(number, band, stored_type(band)) for number, band in numbered]
    return tuple(
        RasterBand(
            number,
            gdal_text(band.GetDescription()),
            band_wavelength(dataset, number),
            # GDAL's driver of STAC's tiled assets keeps eo:bands as items of the bands.
            gdal_text(band.GetMetadataItem("common_name")),
            _or_default(band.GetScale(), 1.0),
            _or_default(band.GetOffset(), 0.0),
            kind.kind == "f",
            kind.str[1:] if kind.kind in "iu" and kind.itemsize < 8 else "",
            kind == np.uint8 and band.GetColorInterpretation() in PICTURE_COLOURS,
        )
        for number, band, kind in bands
        if band.GetColorInterpretation() != gdal.GCI_AlphaBand
    )


def _or_default(value: float | None, default: float) -> float:
    return default if value is None else float(value)
