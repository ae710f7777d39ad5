# SPDX-License-Identifier: GPL-2.0-or-later
"""Masks: no results outside their polygons, or where their raster is NoData."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, Union

import numpy as np
from osgeo import gdal, ogr

from ...errors import MaskError
from ...grid import Bounds, Grid
from ...phrase import Phrase
from ...window import Window
from ..gdal_call import GdalError, gdal_call
from ..read.source import BandReader, Channel, Float32, GdalInput, RasterBand, RasterSource, Valid
from ..web.described import WebInput
from .shapes import PolygonMover
from .warped_source import WarpedSource, on_grid


@dataclass(frozen=True)
class PolygonMask:
    """Polygons as WKB in a CRS given as WKT; without one it is the output's. `files` are their sources."""

    polygons: tuple[bytes, ...]
    crs: str = ""
    files: tuple[str, ...] = ()


Mask = Union[PolygonMask, GdalInput, RasterSource, WebInput]


class Cover(Protocol):
    """The visible cells of a grid under a mask."""

    @property
    def files(self) -> tuple[str, ...]:
        """The source files of the mask."""

    def read(self, window: Window) -> Valid:
        """Returns the visible cells (height, width) of a window of the grid."""

    def close(self) -> None:
        """Releases files and memory."""


def open_cover(mask: Mask, grid: Grid) -> Cover:
    """Returns the mask on a grid."""
    return PolygonCover(mask, grid) if isinstance(mask, PolygonMask) else RasterCover(mask, grid)


class PolygonCover:
    """Polygons on a grid; a cell is visible if its centre is in one of them."""

    def __init__(self, mask: PolygonMask, grid: Grid) -> None:
        if grid.control_points:
            raise MaskError(reason=Phrase("the input raster has only control points; set an output CRS"))
        if grid.transform is None and mask.crs:
            # Otherwise coordinates would be treated as columns and rows.
            raise MaskError(
                reason=Phrase(
                    "the polygons have a CRS, but the input raster is not georeferenced; if it has rational polynomial "
                    "coefficients, set an output CRS"
                )
            )
        self._grid = grid
        self.files = mask.files
        self._shapes = _moved(mask, grid)

    def read(self, window: Window) -> Valid:
        """Returns the visible cells (height, width) of a window of the grid."""
        grid = self._grid.crop(window)
        raster = gdal.GetDriverByName("MEM").Create("", window.width, window.height, 1, gdal.GDT_Byte)
        raster.SetGeoTransform(grid.effective_transform)
        shapes = ogr.GetDriverByName("Memory").CreateDataSource("mask")
        layer = shapes.CreateLayer("mask", None, ogr.wkbUnknown)
        for wkb in self._near(grid):
            feature = ogr.Feature(layer.GetLayerDefn())
            feature.SetGeometry(ogr.CreateGeometryFromWkb(wkb))
            layer.CreateFeature(feature)
        gdal_call(gdal.RasterizeLayer, raster, [1], layer, burn_values=[1])
        visible: Valid = raster.ReadAsArray() != 0
        return visible

    def close(self) -> None:
        """Does nothing: no resources are held."""

    def _near(self, grid: Grid) -> list[bytes]:
        xmin, ymin, xmax, ymax = grid.outer_bounds
        return [
            wkb
            for wkb, (left, bottom, right, top) in self._shapes
            if left <= xmax and right >= xmin and bottom <= ymax and top >= ymin
        ]


class RasterCover:
    """A raster on a grid; a cell is visible if the nearest pixel of the raster is valid in the first band.

    Its value, including 0, does not matter, as in ArcGIS.
    """

    def __init__(self, mask: GdalInput | RasterSource | WebInput, grid: Grid) -> None:
        if grid.transform is None:
            raise MaskError(reason=Phrase("the input raster is not georeferenced"))
        self._source: RasterSource
        if isinstance(mask, GdalInput):
            self._source = on_grid(mask, grid, "nearest")
        else:
            self._source = WarpedSource(mask.open() if isinstance(mask, WebInput) else mask, grid, "nearest")
        if not self._source.bands:
            self._source.close()
            raise MaskError(reason=Phrase("{raster} has no band besides its alpha band", {"raster": self._source.name}))
        self._source.select([Channel(self._source.bands[0].number)])
        self.files = self._source.files

    def read(self, window: Window) -> Valid:
        """Returns the visible cells (height, width) of a window of the grid."""
        return self._source.read(window)[1]

    def close(self) -> None:
        """Closes the raster."""
        self._source.close()


class MaskedSource(BandReader):
    """A raster that is valid only where a mask is visible."""

    def __init__(self, source: RasterSource, mask: Mask) -> None:
        self._source = source
        self._count = len(source.bands)
        self._cover = open_cover(mask, source.grid)

    @property
    def name(self) -> str:
        """The raster's name in messages."""
        return self._source.name

    @property
    def grid(self) -> Grid:
        """The lattice of all cells."""
        return self._source.grid

    @property
    def bands(self) -> tuple[RasterBand, ...]:
        """The data bands."""
        return self._source.bands

    @property
    def files(self) -> tuple[str, ...]:
        """The source files of the raster."""
        return (*self._source.files, *self._cover.files)

    def select(self, channels: Sequence[Channel]) -> None:
        """Selects the channels that `read` returns, in this order."""
        self._count = len(channels)
        self._source.select(channels)

    def read_bands(self, window: Window) -> tuple[Float32, Valid]:
        """Returns all pixels (bands, height, width) and the validity of their values (bands or 1, height, width)."""
        visible = self._cover.read(window)
        if not visible.any():
            # Hidden pixels are not read.
            return np.zeros((self._count, window.height, window.width), np.float32), visible[np.newaxis]
        pixels, valid = self._source.read_bands(window)
        return pixels, valid & visible

    def close(self) -> None:
        """Closes raster and mask."""
        self._cover.close()
        self._source.close()


def _moved(mask: PolygonMask, grid: Grid) -> list[tuple[bytes, Bounds]]:
    """Returns the polygons of a mask on a grid as WKB, with their bounds."""
    try:
        mover = PolygonMover(mask.crs, grid)
        return [part for wkb in mask.polygons for part in mover.move(wkb)]
    except GdalError as error:
        reason = Phrase(
            "a polygon is damaged or cannot be transformed to the CRS of the output ({error})", {"error": error}
        )
        raise MaskError(reason=reason) from error
