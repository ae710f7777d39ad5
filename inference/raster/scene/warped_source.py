# SPDX-License-Identifier: GPL-2.0-or-later
"""A raster without a GDAL name on another grid: each window is warped in memory on reading."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import reduce
from typing import Any

import numpy as np
from numpy.typing import NDArray
from osgeo import gdal

from ...errors import GridError
from ...grid import Grid
from ...phrase import Phrase
from ...window import Window
from ..gdal_call import GdalError, gdal_call
from ..read.source import BandReader, Channel, Float32, GdalInput, GdalSource, RasterBand, RasterSource, Valid
from .crs import same_crs
from .date_line import warpable_transform
from .extent import bounds_in, windows_of_bounds
from .warp import EACH_BAND, SAME_VALUES, is_beyond_views, kernel_ratios, kernel_scales, warped_view

# Cells of the coarser grid around a window that affect its resampling: Lanczos has a radius of three.
KERNEL = 4
NO_DATA = np.float32(math.nan)


class WarpedSource(BandReader):
    """A source on another grid, thread-safe like that source.

    A pixel depends on the same cells in every window, so there are no seams.
    """

    def __init__(self, source: RasterSource, grid: Grid, resampling: str, kernel: Grid | None = None) -> None:
        self._source = source
        self._resampling = resampling
        self._count = len(source.bands)
        self.grid = grid
        self._ratios = kernel_ratios(source.grid, kernel or grid)
        # The kernel is widened where cells become coarser, and never narrowed.
        self._margin = KERNEL * math.ceil(max(1.0, *self._ratios))

    @property
    def name(self) -> str:
        """The raster's name in messages."""
        return self._source.name

    @property
    def bands(self) -> tuple[RasterBand, ...]:
        """The data bands."""
        return self._source.bands

    @property
    def files(self) -> tuple[str, ...]:
        """The source files of the raster."""
        return self._source.files

    def select(self, channels: Sequence[Channel]) -> None:
        """Selects the channels that `read` returns, in this order."""
        self._count = len(channels)
        self._source.select(channels)

    def read_bands(self, window: Window) -> tuple[Float32, Valid]:
        """Returns pixels (bands, height, width) and the validity of their values (bands, height, width)."""
        pixels = np.zeros((self._count, window.height, window.width), np.float32)
        valid = np.zeros(pixels.shape, np.bool_)
        inside = window.intersection(self.grid.window)
        needed = self._needed(self.grid.crop(inside)) if not inside.empty else inside
        if not needed.empty:
            rows, columns = inside.within(window)
            pixels[:, rows, columns], valid[:, rows, columns] = self._warp(needed, self.grid.crop(inside))
        return pixels, valid

    def close(self) -> None:
        """Closes the raster."""
        self._source.close()

    def _needed(self, target: Grid) -> Window:
        """Returns the source window of a part of the grid, empty if there is none."""
        own = self._source.grid
        try:
            same = not own.crs or not target.crs or same_crs(own.crs, target.crs)
            bounds = target.outer_bounds if same else bounds_in(own.crs, target.outer_bounds, target.crs)
            windows = windows_of_bounds(own, bounds, self._margin)
        except (GdalError, OverflowError, ValueError):
            windows = []
        # An area across the antimeridian is at both ends of the source.
        return reduce(Window.hull, windows) if windows else Window(0, 0, 0, 0)

    def _warp(self, needed: Window, target: Grid) -> tuple[Float32, Valid]:
        pixels, counts = self._source.read_bands(needed)
        source = _in_memory(self._source.grid.crop(needed), np.where(counts, pixels, NO_DATA))
        result = _in_memory(target, np.full((self._count, target.height, target.width), NO_DATA))
        try:
            gdal_call(
                gdal.Warp, result, source, resampleAlg=self._resampling, errorThreshold=0, srcNodata="nan",
                dstNodata="nan", warpOptions=[*kernel_scales(self._ratios), EACH_BAND], options=[SAME_VALUES],
            )  # fmt: skip
        except GdalError as error:
            raise GridError(raster=self.name, reason=error) from error
        values = result.ReadAsArray().reshape(self._count, target.height, target.width)
        valid: Valid = ~np.isnan(values)
        return np.where(valid, values, np.float32(0)), valid


def on_grid(raster: GdalInput, grid: Grid, resampling: str, kernel: Grid | None = None) -> RasterSource:
    """Returns a raster on a grid: as GDAL's warped view, or warped in memory if a view would lose NoData or rotation.

    Raises a GridError if neither is possible.
    """
    if grid.north_up and not is_beyond_views(raster):
        return GdalSource(warped_view(raster, grid, resampling, kernel))
    source = GdalSource(raster)
    if source.grid.transform is not None:
        return WarpedSource(source, grid, resampling, kernel)
    source.close()
    if not grid.north_up:
        reason = Phrase("it has no geotransform, which a grid that is not north up requires")
        raise GridError(raster=raster.name, reason=reason)
    return GdalSource(warped_view(raster, grid, resampling, kernel))


def _in_memory(grid: Grid, pixels: NDArray[Any]) -> Any:
    """Returns a dataset of these pixels (bands, height, width), whose NoData is NaN in each band."""
    dataset = gdal.GetDriverByName("MEM").Create("", grid.width, grid.height, 0)
    for _ in range(len(pixels)):
        dataset.AddBand(gdal.GDT_Float32)
    dataset.SetGeoTransform(warpable_transform(grid))
    dataset.SetProjection(grid.crs)
    for number, plane in enumerate(pixels, start=1):
        band = dataset.GetRasterBand(number)
        band.SetNoDataValue(math.nan)
        band.WriteArray(plane)
    return dataset
