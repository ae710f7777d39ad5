# SPDX-License-Identifier: GPL-2.0-or-later
"""A raster's position on the lattice of another one, warped only if its cells do not fit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from functools import reduce
from typing import Any

from osgeo import gdal

from ...errors import GridError, UnsoundGridError
from ...grid import Grid
from ...phrase import Phrase
from ...window import Window
from ..gdal_call import gdal_text
from ..read.input_files import is_vrt_text
from ..read.source import GdalInput, GdalSource, open_raster
from ..read.validity import alpha_of, no_data_of
from ..scene.crs import same_crs
from ..scene.extent import windows_of_bounds
from ..scene.warp import band_view, has_own_masks, masked_band, placed_by_warp, suggested_grid, warped_view
from .vrt_text import WAVELENGTH, VrtBand, VrtSource

# A raster fits a lattice if it drifts by less than this share of a cell over its whole width or height.
LARGEST_DRIFT = 0.05

# A shift by more than this share of a cell is reported.
ALIGNED = 0.01


@dataclass(frozen=True)
class Piece:
    """A raster to be combined with others: its grid and the properties of its data bands.

    `masked` marks the bands with invalid pixels. `odd` rasters combine kinds of masks that only a warped view can
    merge. `reordered` bands are in the order of another raster.
    """

    raster: GdalInput
    grid: Grid
    bands: tuple[VrtBand, ...]
    numbers: tuple[int, ...]
    masked: tuple[bool, ...]
    odd: bool
    reordered: bool = False


@dataclass(frozen=True)
class Placed:
    """A piece on a lattice: its window, and its bands as sources of a VRT."""

    window: Window
    sources: tuple[VrtSource, ...]
    warped: bool = False
    moved: bool = False

    def shifted(self, columns: int, rows: int) -> Placed:
        """Returns the piece on a lattice that starts `columns` and `rows` cells earlier."""
        window = replace(self.window, x=self.window.x + columns, y=self.window.y + rows)
        return replace(self, window=window, sources=tuple(replace(s, window=window) for s in self.sources))


def measure(raster: GdalInput) -> Piece:
    """Returns the properties of a raster; raises if it is unreadable or unsuitable for a model."""
    with closing(GdalSource(raster)) as source:
        grid, known = source.grid, source.bands
    numbers = tuple(band.number for band in known)
    dataset = open_raster(raster.uri, raster.name)
    if is_vrt_text(dataset.GetDescription()):
        # A raster read through a view, such as signed bytes, needs that view in a mosaic too.
        raster = replace(raster, uri=dataset.GetDescription(), title=raster.name)
    bands = [dataset.GetRasterBand(number) for number in numbers]
    masked = tuple(not band.GetMaskFlags() & gdal.GMF_ALL_VALID for band in bands)
    odd = bool(raster.no_data or raster.no_data_everywhere) or _hides_twice(dataset, bands)
    facts = tuple(_facts(band, each.wavelength) for band, each in zip(bands, known))
    return Piece(raster, grid, facts, numbers, masked, odd)


def _facts(band: Any, wavelength: float | None) -> VrtBand:
    return VrtBand(
        band.DataType,
        (),
        gdal_text(band.GetDescription()),
        band.GetColorInterpretation(),
        _imagery(band.GetMetadata("IMAGERY"), wavelength),
        band.GetScale(),
        band.GetOffset(),
    )


def _imagery(items: Mapping[str, str] | None, wavelength: float | None) -> Mapping[str, str]:
    return {**(items or {}), **({} if wavelength is None else {WAVELENGTH: f"{wavelength:g}"})}


def _hides_twice(dataset: Any, bands: Sequence[Any]) -> bool:
    """True if pixels are hidden by more than one kind of mask: GDAL's own masks show only one.

    GDAL also ignores an alpha band unless there are one or three other bands.
    """
    alpha = alpha_of(dataset) is not None
    flags = [band.GetMaskFlags() for band in bands]
    values = (no_data_of(band) is not None and not flag & gdal.GMF_NODATA for band, flag in zip(bands, flags))
    return any(values) or (alpha and not all(flag & gdal.GMF_ALPHA for flag in flags))


def lattice_of(piece: Piece) -> Grid:
    """Returns the north-up grid of a piece, the common lattice of the others."""
    grid = suggested_grid(piece.raster, "")
    if grid.transform is None:
        raise GridError(
            raster=piece.raster.name,
            reason=Phrase("it is not georeferenced, so it cannot be aligned with other rasters"),
        )
    return grid


def place(piece: Piece, lattice: Grid, resampling: str, onto: bool = False, kernel: Grid | None = None) -> Placed:
    """Returns the piece on the lattice; it may extend beyond the lattice's cells.

    With `onto` the lattice is the requested grid: there are no subcell shifts, and no sources outside it.
    """
    # Polynomials and arrays of coordinates have one of their own.
    known = bool(piece.grid.crs) or placed_by_warp(piece.raster)
    if known != bool(lattice.crs):
        raise GridError(raster=piece.raster.name, reason=Phrase("some of the rasters to combine have no CRS"))
    if not fits(piece.grid, lattice):
        return _warped(piece, lattice, resampling, onto, kernel)
    column, row = lattice.cell_of(*piece.grid.origin)
    window = Window(round(column), round(row), piece.grid.width, piece.grid.height)
    moved = max(abs(column - window.x), abs(row - window.y)) > ALIGNED
    if onto and moved:
        return _warped(piece, lattice, resampling, onto, kernel)
    if onto and window.intersection(lattice.window).empty:
        return Placed(window, ())
    if piece.odd:
        own = replace(piece.grid, control_points=())
        return Placed(window, _views(piece, own, window, "nearest", own), moved=moved)
    return Placed(window, _sources(piece, window), moved=moved)


def as_it_is(piece: Piece) -> Placed:
    """Returns a piece on its native cells."""
    window = piece.grid.window
    return Placed(window, _sources(piece, window))


def fits(grid: Grid, lattice: Grid) -> bool:
    """True if the cells of a grid have the size and orientation of the lattice's, apart from a shift."""
    if grid.transform is None or not grid.north_up or not same_crs(grid.crs, lattice.crs):
        return False
    pairs = zip(grid.cell_size, lattice.cell_size, (grid.width, grid.height))
    return all(abs(own - other) * count <= LARGEST_DRIFT * other for own, other, count in pairs)


def _warped(piece: Piece, lattice: Grid, resampling: str, onto: bool, kernel: Grid | None) -> Placed:
    window = _under(piece, lattice) if onto else lattice.cover(suggested_grid(piece.raster, lattice.crs).bounds)
    if window.empty:
        return Placed(window, (), warped=True)
    cells = replace(lattice.crop(window), control_points=())
    like = kernel if onto and window == lattice.window else cells
    return Placed(window, _views(piece, cells, window, resampling, like), warped=True)


def _under(piece: Piece, lattice: Grid) -> Window:
    """Returns the cells of a grid that a piece may cover, all of them if its position in that CRS is unreliable."""
    try:
        windows = windows_of_bounds(lattice, suggested_grid(piece.raster, lattice.crs).bounds)
    except UnsoundGridError:
        return lattice.window
    return reduce(Window.hull, windows) if windows else Window(0, 0, 0, 0)


def _sources(piece: Piece, window: Window) -> tuple[VrtSource, ...]:
    return tuple(
        VrtSource(piece.raster.uri, number, window, band.gdal_type, masked)
        for number, band, masked in zip(piece.numbers, piece.bands, piece.masked)
    )


def _views(piece: Piece, grid: Grid, window: Window, resampling: str, kernel: Grid | None) -> tuple[VrtSource, ...]:
    """Returns the bands of a piece warped to a grid, with masks that GDAL recognises."""
    if has_own_masks(open_raster(piece.raster.uri, piece.raster.name)):
        # Each band separately, because a warped view has one alpha band for all of them.
        alone = [warped_view(band_view(piece.raster, number), grid, resampling, kernel) for number in piece.numbers]
        places = [masked_band(view, 1) for view in alone]
    else:
        view = warped_view(piece.raster, grid, resampling, kernel)
        places = [masked_band(view, number) for number in piece.numbers]
    return tuple(VrtSource(*place, window, band.gdal_type, True) for place, band in zip(places, piece.bands))
