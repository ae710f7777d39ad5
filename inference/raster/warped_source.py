# SPDX-License-Identifier: GPL-2.0-or-later
"""A raster that GDAL cannot name, seen on another grid: each window is warped in memory when it is read."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from osgeo import gdal, osr

from ..errors import GridError
from ..grid import Bounds, Grid
from ..window import Window
from .crs import same_crs, spatial_reference
from .gdal_call import GdalError, gdal_call
from .source import BandReader, Channel, Float32, GdalInput, GdalSource, RasterBand, RasterSource, Valid
from .warp import EACH_BAND, is_beyond_views, warped_view

# Cells of the coarser grid around a window that may take part in its resampling: Lanczos reaches three.
KERNEL = 4
POINTS_PER_EDGE = 21

# As in GDAL, cells that grow by less are resampled as if they kept their size.
COARSER = 1.05
NO_DATA = np.float32(math.nan)


class WarpedSource(BandReader):
    """A source on another grid; like that source, it may be read by several threads at once.

    A pixel is worked out from the same cells in whatever window it is read, so windows meet without a seam.
    """

    def __init__(self, source: RasterSource, grid: Grid, resampling: str) -> None:
        self._source = source
        self._resampling = resampling
        self._count = len(source.bands)
        self.grid = grid
        # The kernel is widened where cells become coarser, and never narrowed.
        self._ratio = tuple(cells if cells > COARSER else 1.0 for cells in _cells_per_cell(source, grid))
        self._margin = KERNEL * math.ceil(max(1.0, *self._ratio))

    @property
    def name(self) -> str:
        """What the raster is called in messages."""
        return self._source.name

    @property
    def bands(self) -> tuple[RasterBand, ...]:
        """The bands that hold data."""
        return self._source.bands

    @property
    def files(self) -> tuple[str, ...]:
        """The files that the raster is read from."""
        return self._source.files

    def select(self, channels: Sequence[Channel]) -> None:
        """Chooses what `read` returns, in this order."""
        self._count = len(channels)
        self._source.select(channels)

    def read_bands(self, window: Window) -> tuple[Float32, Valid]:
        """Returns pixels (bands, height, width) and which of their values count (bands, height, width)."""
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
        """Returns the cells of the source that a part of the grid is made of; it is empty where there are none."""
        own = self._source.grid
        bounds = bounds_in(own.crs, target)
        if bounds is None:
            return Window(0, 0, 0, 0)
        return own.cover(bounds).padded(self._margin).intersection(own.window)

    def _warp(self, needed: Window, target: Grid) -> tuple[Float32, Valid]:
        pixels, counts = self._source.read_bands(needed)
        source = _in_memory(self._source.grid.crop(needed), np.where(counts, pixels, NO_DATA))
        result = _in_memory(target, np.full((self._count, target.height, target.width), NO_DATA))
        # GDAL would widen its kernel by the ratio of the windows, which differs from window to window.
        scales = [f"{axis}SCALE={1 / cells:.17g}" for axis, cells in zip("XY", self._ratio)]
        try:
            gdal_call(
                gdal.Warp, result, source, resampleAlg=self._resampling, errorThreshold=0, srcNodata="nan",
                dstNodata="nan", warpOptions=[*scales, EACH_BAND],
            )  # fmt: skip
        except GdalError as error:
            raise GridError(raster=self.name, reason=error) from error
        values = result.ReadAsArray().reshape(self._count, target.height, target.width)
        valid: Valid = ~np.isnan(values)
        return np.where(valid, values, np.float32(0)), valid


def on_grid(raster: GdalInput, grid: Grid, resampling: str) -> RasterSource:
    """Returns a raster on a grid: as GDAL's warped view, or warped by its pixels where a view would lose NoData."""
    if is_beyond_views(raster):
        source = GdalSource(raster)
        if source.grid.transform is not None:
            return WarpedSource(source, grid, resampling)
        source.close()
    return GdalSource(warped_view(raster, grid, resampling))


def frame_of(grid: Grid, name: str) -> GdalInput:
    """Returns an empty raster on a grid, as GDAL names it: it stands for one that GDAL cannot open."""
    wkt = gdal.EscapeString(grid.crs, gdal.CPLES_XML)
    transform = ",".join(f"{number:.17g}" for number in grid.effective_transform)
    text = (
        f'<VRTDataset rasterXSize="{grid.width}" rasterYSize="{grid.height}">'
        f"{f'<SRS>{wkt}</SRS>' if wkt else ''}<GeoTransform>{transform}</GeoTransform>"
        '<VRTRasterBand dataType="Byte" band="1"/></VRTDataset>'
    )
    return GdalInput(text, title=name)


def bounds_in(crs: str, grid: Grid) -> Bounds | None:
    """Returns what a grid covers in another CRS, None where that has no place for it."""
    if not crs or not grid.crs or same_crs(crs, grid.crs):
        return grid.bounds
    try:
        source, target = spatial_reference(grid.crs), spatial_reference(crs)
        transformation = gdal_call(osr.CoordinateTransformation, source, target)
        bounds: Bounds = gdal_call(transformation.TransformBounds, *grid.bounds, POINTS_PER_EDGE)
    except GdalError:
        return None
    return bounds if all(map(math.isfinite, bounds)) else None


def _cells_per_cell(source: RasterSource, grid: Grid) -> tuple[float, float]:
    """Returns how many cells of the source one cell in the grid's middle is wide and high."""
    own = source.grid
    middle = grid.crop(Window(grid.width // 2, grid.height // 2, 1, 1))
    xmin, ymin, xmax, ymax = middle.bounds
    try:
        points = [_place_in(own.crs, grid.crs, x, y) for x, y in ((xmin, ymax), (xmax, ymax), (xmin, ymin))]
        (x, y), *ends = [own.cell_of(*point) for point in points]
    except GdalError as error:
        raise GridError(raster=source.name, reason=error) from error
    along, down = (math.hypot(column - x, row - y) for column, row in ends)
    return along, down


def _place_in(crs: str, own: str, x: float, y: float) -> tuple[float, float]:
    if not crs or not own or same_crs(crs, own):
        return x, y
    transformation = gdal_call(osr.CoordinateTransformation, spatial_reference(own), spatial_reference(crs))
    place = gdal_call(transformation.TransformPoint, x, y)
    return place[0], place[1]


def _in_memory(grid: Grid, pixels: NDArray[Any]) -> Any:
    """Returns a dataset of these pixels (bands, height, width), whose NoData is NaN in each band."""
    dataset = gdal.GetDriverByName("MEM").Create("", grid.width, grid.height, 0)
    for _ in range(len(pixels)):
        dataset.AddBand(gdal.GDT_Float32)
    dataset.SetGeoTransform(grid.effective_transform)
    dataset.SetProjection(grid.crs)
    for number, plane in enumerate(pixels, start=1):
        band = dataset.GetRasterBand(number)
        band.SetNoDataValue(math.nan)
        band.WriteArray(plane)
    return dataset
