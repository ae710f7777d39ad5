# SPDX-License-Identifier: GPL-2.0-or-later
"""Single-band rasters of one scene as one multiband raster; nothing is written to disk."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from ...errors import CollectionError
from ...grid import Grid
from ...phrase import Phrase
from ..read.source import GdalInput
from .placement import Piece, lattice_of, measure, place
from .vrt_text import WAVELENGTH, VrtBand, vrt_text


@dataclass(frozen=True)
class Layer:
    """A single-band raster, its band name and its wavelength in micrometres, None if unknown."""

    uri: str
    name: str
    wavelength: float | None = None


def stack(layers: Sequence[Layer], title: str) -> GdalInput:
    """Returns the layers as bands, in their order, on the smallest cells of all layers.

    Larger cells are repeated, never averaged. The extent is that of the layer with the smallest cells.
    """
    pieces = [measure(GdalInput(layer.uri)) for layer in layers]
    for piece in pieces:
        if len(piece.bands) != 1:
            values = {"raster": piece.raster.name, "count": len(piece.bands)}
            raise CollectionError(collection=title, reason=Phrase("{raster} has {count} bands, not one", values))
    lattice = min((lattice_of(piece) for piece in pieces), key=_cell_area)
    bands = [_band(layer, piece, lattice) for layer, piece in zip(layers, pieces)]
    return GdalInput(vrt_text(replace(lattice, control_points=()), bands), title=title)


def _band(layer: Layer, piece: Piece, lattice: Grid) -> VrtBand:
    band = piece.bands[0]
    imagery = dict(band.imagery)
    if layer.wavelength is not None:
        imagery[WAVELENGTH] = f"{layer.wavelength:g}"
    sources = place(piece, lattice, "nearest").sources
    return replace(band, sources=sources, name=layer.name, imagery=imagery)


def _cell_area(grid: Grid) -> float:
    width, height = grid.cell_size
    return width * height
