# SPDX-License-Identifier: GPL-2.0-or-later
"""The bands of a raster in the order of another one's, with which it forms a mosaic."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from osgeo import gdal

from ...errors import ItemBandOrderError
from .placement import Piece
from .vrt_text import WAVELENGTH, VrtBand


def in_order_of(first: Piece, piece: Piece) -> Piece:
    """Returns a raster with its bands in the order of the first one's, without those that the first one lacks.

    Bands are the same if they have the same name, else wavelength, else colour, provided that all bands of the first
    raster differ in it. Otherwise the raster is returned as it is. Raises if it has bands of the first one in other
    places but not all of them.
    """
    keys: tuple[Callable[[VrtBand], str], ...] = (_name, _wavelength, _colour)
    for key in keys:
        wanted, own = [*map(key, first.bands)], [*map(key, piece.bands)]
        if not all(wanted) or len({*wanted}) < len(wanted):
            continue
        if own[: len(wanted)] == wanted:
            return piece
        if all(own.count(each) == 1 for each in wanted):
            return _reordered(piece, [own.index(each) for each in wanted])
        if key is _name and any(each in wanted and wanted.index(each) != at for at, each in enumerate(own)):
            missing = [band.name for band, each in zip(first.bands, wanted) if own.count(each) != 1]
            raise ItemBandOrderError(raster=piece.raster.name, first=first.raster.name, needed=", ".join(missing))
    return piece


def _reordered(piece: Piece, places: Sequence[int]) -> Piece:
    return replace(
        piece,
        bands=tuple(piece.bands[at] for at in places),
        numbers=tuple(piece.numbers[at] for at in places),
        masked=tuple(piece.masked[at] for at in places),
        reordered=True,
    )


def _name(band: VrtBand) -> str:
    return band.name.strip().casefold()


def _wavelength(band: VrtBand) -> str:
    return band.imagery.get(WAVELENGTH, "")


def _colour(band: VrtBand) -> str:
    named = (gdal.GCI_RedBand, gdal.GCI_GreenBand, gdal.GCI_BlueBand)
    return str(gdal.GetColorInterpretationName(band.color)) if band.color in named else ""
