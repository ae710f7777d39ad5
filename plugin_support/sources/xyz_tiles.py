# SPDX-License-Identifier: GPL-2.0-or-later
"""The tiles of an XYZ layer, which cover the world in EPSG:3857."""

from __future__ import annotations

from functools import partial

from qgis.PyQt.QtCore import QUrlQuery

from ...inference.window import Window
from .layer_uri import access_of, address_of, text_of
from .tile_matrix import TileMatrix
from .tiled_map import TiledMap, filled

HALF_WORLD = 20_037_508.342789244
TILE = 256
# QGIS's own, where the source of a layer names none.
ZOOMS = ("0", "18")
# Cells of a seventh of a millimetre; QGIS counts no further.
LAST = 30
# Digits of a zoom that is read at all; Python refuses thousands of them.
MOST_DIGITS = 9
RATIOS = ("1", "2", "3", "4")


def xyz_tiles(source: str) -> TiledMap | None:
    """Returns the tiles that the source of a layer names, None where QGIS has to read them.

    Those are no XYZ tiles of a web server, or their colours stand for heights.
    """
    query = QUrlQuery(source)
    template = address_of(query)
    zooms = [text_of(query, name) or default for name, default in zip(("zmin", "zmax"), ZOOMS)]
    if text_of(query, "type") != "xyz" or text_of(query, "interpretation") or not template:
        return None
    if not all(zoom.isdecimal() and len(zoom) <= MOST_DIGITS for zoom in zooms):
        return None
    first, last = (min(int(zoom), LAST) for zoom in zooms)
    ratio = text_of(query, "tilePixelRatio")
    tile = TILE * (int(ratio) if ratio in RATIOS else 1)
    levels = tuple(_level(zoom, tile) for zoom in range(first, max(first, last) + 1))
    return TiledMap(levels, partial(_address, template), access_of(query))


def _level(zoom: int, tile: int) -> TileMatrix:
    count = 2**zoom
    cell = 2 * HALF_WORLD / (count * tile)
    return TileMatrix(str(zoom), (-HALF_WORLD, HALF_WORLD), cell, (tile, tile), Window(0, 0, count, count))


def _address(template: str, level: TileMatrix, column: int, row: int) -> str:
    zoom = int(level.name)
    values = {"x": column, "y": row, "-y": 2**zoom - 1 - row, "z": zoom, "q": _quadkey(zoom, column, row), "usage": ""}
    return filled(template, values)


def _quadkey(zoom: int, column: int, row: int) -> str:
    digits = ((column >> bit & 1) + 2 * (row >> bit & 1) for bit in range(zoom - 1, -1, -1))
    return "".join(str(digit) for digit in digits)
