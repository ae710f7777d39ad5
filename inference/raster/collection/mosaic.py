# SPDX-License-Identifier: GPL-2.0-or-later
"""A collection as one mosaic or stack: a VRT in memory, nothing is written to disk."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import reduce

from osgeo import gdal

from ...errors import (
    CollectionError,
    ItemBandsError,
    ItemsUnreadableError,
    MixedListError,
    RasterUnreadableError,
    StackBandsError,
)
from ...events import Noted, Remark, Warned
from ...grid import Grid
from ...notices import Caution, Note
from ...phrase import Phrase
from ...window import Window
from ..read.source import GdalInput
from ..read.unreadable import is_utf8
from ..scene.crs import same_crs, spatial_reference
from ..scene.warp import suggested_grid
from .band_order import in_order_of
from .collection import Collection, shown_items
from .placement import Piece, Placed, as_it_is, lattice_of, measure, place
from .vrt_text import VrtBand, VrtSource, vrt_text


@dataclass(frozen=True)
class Joined:
    """The combined raster and notes for the user."""

    raster: GdalInput
    notes: tuple[Remark, ...] = ()


def mosaic(collection: Collection, resampling: str = "nearest") -> tuple[GdalInput, tuple[Remark, ...]]:
    """Returns the collection as one raster on the grid of its first item, and notes for the user."""
    joined = join(collection, measure_items(collection), resampling)
    return joined.raster, joined.notes


def measure_items(collection: Collection) -> tuple[Piece, ...]:
    """Returns the grids and bands of a collection's items, nothing if it is one raster already."""
    items, _ = _readable(collection)
    if len(items) == 1:
        return ()
    pieces = _measured(items)
    for piece in pieces:
        _check_bands(piece, pieces[0], collection.stacked)
    return tuple(pieces if collection.stacked else [in_order_of(pieces[0], piece) for piece in pieces])


def join(
    collection: Collection, pieces: Sequence[Piece], resampling: str, target: Grid | None = None,
    kernel: Grid | None = None,
) -> Joined:  # fmt: skip
    """Returns a collection as one raster, on the target grid or, without one, on the grid of its first piece.

    Items that extend beyond the whole target use the kernel of the `kernel` grid (see warped_view). The first item sets
    CRS, cell size and bands. Later items are on top of earlier ones, as in gdalbuildvrt, and the type of a band holds
    the values of all items. Pixels outside all items are invalid. In a stack each item has separate bands, on the cells
    of the first one, and a pixel is valid in the bands that cover it.
    """
    items, left_out = _readable(collection)
    if not pieces:
        return Joined(items[0], left_out)
    if collection.stacked:
        return _stacked(collection, pieces, resampling, target, kernel)
    first = pieces[0]
    lattice = lattice_of(first) if target is None else target
    places = [place(piece, lattice, resampling, onto=target is not None, kernel=kernel) for piece in pieces]
    grid, shifted = _union(lattice, places) if target is None else (target, places)
    bands = [_band(index, band, pieces, shifted) for index, band in enumerate(first.bands)]
    # With a target, the change of grid was requested.
    asked = None if target is None else Placed(grid.window, ())
    notes = (note for pair in zip(pieces, places) for note in _notes(pair[0], asked or pair[1], first, bands, lattice))
    return Joined(GdalInput(vrt_text(grid, bands), title=collection.name), (*left_out, *notes))


def _stacked(
    collection: Collection, pieces: Sequence[Piece], resampling: str, target: Grid | None, kernel: Grid | None
) -> Joined:
    first = pieces[0]
    if target is None and _have_same_cells(pieces):
        lattice, placed = first.grid, [as_it_is(piece) for piece in pieces]
    else:
        lattice = lattice_of(first) if target is None else target
        placed = [place(piece, lattice, resampling, onto=True, kernel=kernel) for piece in pieces]
    bands: list[VrtBand] = []
    notes: list[Noted] = []
    for piece, there in zip(pieces, placed):
        if target is None and not there.sources:
            values = {"raster": piece.raster.name, "first": first.raster.name}
            reason = Phrase("{raster} does not overlap {first}", values)
            raise CollectionError(collection=collection.name, reason=reason)
        start, names = len(bands) + 1, {"raster": piece.raster.name}
        none: tuple[VrtSource, ...] = ()
        sources = [(*none, source) for source in there.sources] or [none] * len(piece.bands)
        bands += [replace(band, sources=own) for band, own in zip(piece.bands, sources)]
        notes.append(Noted(Note.ITEM_STACKED, {**names, "start": start, "end": len(bands)}))
        if target is None and there.warped:
            notes.append(_warp_note(piece, first, lattice, {**names, "first": first.raster.name}))
    return Joined(GdalInput(vrt_text(lattice, bands), title=collection.name), tuple(notes))


def _have_same_cells(pieces: Sequence[Piece]) -> bool:
    """True for rasters with identical cells, which need no lattice, even if rotated or not georeferenced."""
    first = pieces[0].grid
    known = first.transform is not None or not (first.control_points or first.polynomials or first.geolocated)
    return known and all(piece.grid == first and not piece.odd for piece in pieces)


def _readable(collection: Collection) -> tuple[Sequence[GdalInput], tuple[Warned, ...]]:
    """Returns the rasters that GDAL can name in a VRT, and warnings of omitted ones."""
    if collection.whole is not None:
        return (collection.whole,), ()
    given = collection.rasters
    if len(given) < len(collection.items):
        raise MixedListError(count=len(collection.items))
    items = [raster for raster in given if is_utf8(raster.uri)] or list(given)
    if collection.stacked and len(items) < len(given):
        lost = next(raster.name for raster in given if raster not in items)
        reason = Phrase("the name of {raster} is not UTF-8; rename it", {"raster": lost})
        raise CollectionError(collection=collection.name, reason=reason)
    left_out = [raster for raster in given if raster not in items]
    return items, tuple(Warned(Caution.ITEM_NAME_NOT_UTF8, {"raster": raster.name}) for raster in left_out)


def cell_size_of_items(
    collection: Collection, choose: Callable[[Iterable[float]], float]
) -> tuple[tuple[float, float] | None, str]:
    """Returns width and height of the largest (max) or smallest (min) cells of all rasters, and their CRS as WKT.

    The CRS is the first raster's; other cell sizes are as GDAL would transform them. A raster that is not georeferenced
    has no size.
    """
    pieces = _measured(collection.rasters)
    first = pieces[0].grid
    sizes = [
        piece.grid.cell_edges
        if same_crs(piece.grid.crs, first.crs)
        else suggested_grid(piece.raster, first.crs).cell_size
        for piece in pieces
        if piece.grid.transform is not None
    ]
    if len(sizes) < len(pieces):
        return None, ""
    widths, heights = zip(*sizes)
    return (choose(widths), choose(heights)), first.crs


def _measured(items: Sequence[GdalInput]) -> list[Piece]:
    """Returns the grids and bands of all rasters; the error names all unreadable ones."""
    pieces, errors = [], []
    for raster in items:
        try:
            pieces.append(measure(raster))
        except RasterUnreadableError as error:
            errors.append((raster, error))
    if len(errors) > 1:
        names = shown_items([raster for raster, _ in errors])
        raise ItemsUnreadableError(failed=len(errors), count=len(items), items=names, reason=errors[0][1])
    if errors:
        raise errors[0][1]
    return pieces


def _check_bands(piece: Piece, first: Piece, stacked: bool) -> None:
    if stacked and len(piece.bands) != len(first.bands):
        raise StackBandsError(
            raster=piece.raster.name, available=len(piece.bands), first=first.raster.name, needed=len(first.bands)
        )
    if len(piece.bands) < len(first.bands):
        raise ItemBandsError(
            raster=piece.raster.name, available=len(piece.bands), first=first.raster.name, needed=len(first.bands)
        )


def _union(lattice: Grid, places: Sequence[Placed]) -> tuple[Grid, list[Placed]]:
    """Returns the grid that covers all pieces, and the pieces on it."""
    windows = [placed.window for placed in places]
    x, y = min(window.x for window in windows), min(window.y for window in windows)
    right, bottom = max(window.right for window in windows), max(window.bottom for window in windows)
    grid = replace(lattice.crop(Window(x, y, right - x, bottom - y)), control_points=())
    return grid, [placed.shifted(-x, -y) for placed in places]


def _band(index: int, band: VrtBand, pieces: Sequence[Piece], places: Sequence[Placed]) -> VrtBand:
    types = [piece.bands[index].gdal_type for piece in pieces]
    sources = [placed.sources[index] for placed in places if placed.sources]
    return replace(band, gdal_type=reduce(gdal.DataTypeUnion, types), sources=sources)


def _notes(piece: Piece, placed: Placed, first: Piece, bands: Sequence[VrtBand], lattice: Grid) -> Iterator[Remark]:
    """Yields differences between an item and the first one, and their treatment."""
    names: dict[str, object] = {"raster": piece.raster.name, "first": first.raster.name}
    if placed.warped:
        yield _warp_note(piece, first, lattice, names)
    if placed.moved:
        yield Noted(Note.ITEM_MOVED, names)
    if piece.reordered:
        yield Noted(Note.ITEM_BANDS_REORDERED, names)
    if _scales(piece, first) != _scales(first, first):
        yield Warned(Caution.ITEM_SCALES, names)
    if len(piece.bands) > len(first.bands):
        yield Noted(Note.ITEM_BANDS_LEFT_OUT, {**names, "count": len(first.bands)})
    own = {band.gdal_type for band in piece.bands[: len(bands)]}
    if own != {band.gdal_type for band in first.bands}:
        types = ", ".join(sorted(map(gdal.GetDataTypeName, own)))
        mixed = ", ".join(sorted({gdal.GetDataTypeName(band.gdal_type) for band in bands}))
        yield Noted(Note.ITEM_TYPE, {**names, "types": types, "mixed": mixed})


def _warp_note(piece: Piece, first: Piece, lattice: Grid, names: dict[str, object]) -> Noted:
    if piece is first:
        return Noted(Note.FIRST_WARPED, names)
    own, other = _crs_name(piece.grid.crs), _crs_name(lattice.crs)
    if piece.grid.crs and own != other:
        return Noted(Note.WARPED_FROM_CRS, {**names, "own": own, "other": other})
    if piece.grid.transform is None or not piece.grid.north_up:
        return Noted(Note.WARPED_TO_CELLS, names)
    return Noted(Note.WARPED_FROM_CELLS, {**names, "own": _size(piece.grid), "other": _size(lattice)})


def _scales(piece: Piece, first: Piece) -> list[tuple[float, float]]:
    """Returns the scales and offsets of the bands that the first raster has too."""
    bands = piece.bands[: len(first.bands)]
    return [(1.0 if band.scale is None else band.scale, band.offset or 0.0) for band in bands]


def _size(grid: Grid) -> str:
    return " x ".join(f"{size:.8g}" for size in grid.cell_size)


def _crs_name(crs: str) -> str:
    return (spatial_reference(crs).GetName() if crs else None) or "an unknown CRS"
