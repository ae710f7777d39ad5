# SPDX-License-Identifier: GPL-2.0-or-later
"""A raster's place on the lattice of another one, warped only where its own cells do not fit."""

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
from ..read.input_files import is_vrt_text
from ..read.source import GdalInput, GdalSource, open_raster
from ..read.validity import alpha_of, no_data_of
from ..scene.crs import same_crs
from ..scene.extent import windows_of_bounds
from ..scene.warp import band_view, has_own_masks, masked_band, suggested_grid, warped_view
from .vrt_text import VrtBand, VrtSource

# A raster fits a lattice where, over its whole width or height, it drifts by less than this share of a cell.
LARGEST_DRIFT = 0.05

# Cells that lie further than this share of a cell from the lattice's are said to be moved.
ALIGNED = 0.01


@dataclass(frozen=True)
class Piece:
    """A raster that is to be put together with others: its grid and the facts of its data bands.

    `masked` says of each band whether some of its pixels do not count. `odd` rasters hide pixels in ways that
    only a warped view brings together.
    """

    raster: GdalInput
    grid: Grid
    bands: tuple[VrtBand, ...]
    numbers: tuple[int, ...]
    masked: tuple[bool, ...]
    odd: bool


@dataclass(frozen=True)
class Placed:
    """A piece on a lattice: the cells that it takes, and its bands as sources of a VRT."""

    window: Window
    sources: tuple[VrtSource, ...]
    warped: bool = False
    moved: bool = False

    def shifted(self, columns: int, rows: int) -> Placed:
        """Returns the piece on a lattice that starts so many cells earlier."""
        window = replace(self.window, x=self.window.x + columns, y=self.window.y + rows)
        return replace(self, window=window, sources=tuple(replace(s, window=window) for s in self.sources))


def measure(raster: GdalInput) -> Piece:
    """Returns the facts of a raster; raises where it cannot be read or is nothing that a model takes."""
    with closing(GdalSource(raster)) as source:
        grid, numbers = source.grid, tuple(band.number for band in source.bands)
    dataset = open_raster(raster.uri, raster.name)
    if is_vrt_text(dataset.GetDescription()):
        # What is seen through a view from the start, as signed bytes are, has to be so in a mosaic.
        raster = replace(raster, uri=dataset.GetDescription(), title=raster.name)
    bands = [dataset.GetRasterBand(number) for number in numbers]
    masked = tuple(not band.GetMaskFlags() & gdal.GMF_ALL_VALID for band in bands)
    odd = bool(raster.no_data or raster.no_data_everywhere) or _hides_twice(dataset, bands)
    return Piece(raster, grid, tuple(map(_facts, bands)), numbers, masked, odd)


def _facts(band: Any) -> VrtBand:
    return VrtBand(
        band.DataType,
        (),
        band.GetDescription(),
        band.GetColorInterpretation(),
        _imagery(band.GetMetadata("IMAGERY")),
        band.GetScale(),
        band.GetOffset(),
    )


def _imagery(items: Mapping[str, str] | None) -> Mapping[str, str]:
    return dict(items or {})


def _hides_twice(dataset: Any, bands: Sequence[Any]) -> bool:
    """Tells whether pixels are hidden by more than GDAL's own masks show, which are of one kind each.

    GDAL also forgets an alpha band beside any other number of bands than one and three.
    """
    alpha = alpha_of(dataset) is not None
    flags = [band.GetMaskFlags() for band in bands]
    values = (no_data_of(band) is not None and not flag & gdal.GMF_NODATA for band, flag in zip(bands, flags))
    return any(values) or (alpha and not all(flag & gdal.GMF_ALPHA for flag in flags))


def lattice_of(piece: Piece) -> Grid:
    """Returns the north-up grid of a piece, to which others are brought."""
    grid = suggested_grid(piece.raster, "")
    if grid.transform is None:
        raise GridError(
            raster=piece.raster.name,
            reason=Phrase("it is not georeferenced, so it cannot be aligned with other rasters"),
        )
    return grid


def place(piece: Piece, lattice: Grid, resampling: str, onto: bool = False, kernel: Grid | None = None) -> Placed:
    """Returns the piece on the lattice; it may reach beyond the lattice's own cells.

    With `onto` the lattice is the grid that is asked for: nothing is moved within a cell, and what lies beside it
    has no sources.
    """
    if bool(piece.grid.crs) != bool(lattice.crs) and not piece.grid.control_points:
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
    """Returns a piece on its own cells."""
    window = piece.grid.window
    return Placed(window, _sources(piece, window))


def fits(grid: Grid, lattice: Grid) -> bool:
    """Tells whether cells of a grid are as large as the lattice's and lie as they do, apart from a shift."""
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
    """Returns the cells of a grid that a piece may reach, all of them where its place in that CRS is not sound."""
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
    """Returns the bands of a piece that is brought to a grid, with masks that GDAL knows."""
    if has_own_masks(open_raster(piece.raster.uri, piece.raster.name)):
        # Each band by itself, because a warped view has one alpha band for all of them.
        alone = [warped_view(band_view(piece.raster, number), grid, resampling, kernel) for number in piece.numbers]
        places = [masked_band(view, 1) for view in alone]
    else:
        view = warped_view(piece.raster, grid, resampling, kernel)
        places = [masked_band(view, number) for number in piece.numbers]
    return tuple(VrtSource(*place, window, band.gdal_type, True) for place, band in zip(places, piece.bands))
