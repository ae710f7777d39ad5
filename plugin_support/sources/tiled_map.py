# SPDX-License-Identifier: GPL-2.0-or-later
"""Tiled maps: levels and addresses of tiles, also of XYZ layers."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import partial
from typing import Callable

from qgis.PyQt.QtCore import QUrlQuery

from ...inference.raster.web import TileMatrix, filled, xyz_values
from ...inference.window import Window
from ..http import Access
from .layer_uri import LOCAL, WEB, access_of, address_of, text_of

HALF_WORLD = 20_037_508.342789244
TILE = 256
# QGIS's defaults.
ZOOMS = ("0", "18")
# QGIS's last zoom level, with cells of a seventh of a millimetre.
LAST = 30
# Most digits of a zoom level; Python refuses to read thousands of them.
MOST_DIGITS = 9
RATIOS = ("1", "2", "3", "4")


@dataclass(frozen=True)
class TiledMap:
    """The levels of a map, the address of a tile by level, column and row, and the sign-in.

    `template` returns the address of a level with placeholders for column and row, and its zoom if they are those of an
    XYZ layer; it is None if other computers cannot fill it. `complete` is True if the server has an image of the
    declared size for each tile. `encoding` is QGIS's name of the way in which colours encode heights, if any.
    """

    levels: tuple[TileMatrix, ...]
    address: Callable[[TileMatrix, int, int], str]
    access: Access
    template: Callable[[TileMatrix], tuple[str, int | None]] | None = None
    complete: bool = False
    encoding: str = ""

    def level_for(self, cell: float) -> TileMatrix:
        """Returns the level with the cell size nearest to this one by ratio."""
        return min(self.levels, key=lambda level: abs(math.log(level.cell) - math.log(cell)))


def xyz_tiles(source: str) -> TiledMap | None:
    """Returns the tiles of a layer's source, None for all but XYZ tiles."""
    query = QUrlQuery(source)
    template = address_of(query, (*WEB, LOCAL))
    if text_of(query, "type") != "xyz" or not template:
        return None
    first, last = (_zoom(text_of(query, name) or default) for name, default in zip(("zmin", "zmax"), ZOOMS))
    ratio = text_of(query, "tilePixelRatio")
    tile = TILE * (int(ratio) if ratio in RATIOS else 1)
    levels = tuple(_level(zoom, tile) for zoom in range(first, max(first, last) + 1))

    def of_level(level: TileMatrix) -> tuple[str, int]:
        return template, int(level.name)

    encoding = text_of(query, "interpretation")
    travels = None if template.startswith(LOCAL) else of_level
    return TiledMap(levels, partial(_address, template), access_of(query), travels, encoding=encoding)


def _zoom(text: str) -> int:
    """Returns a zoom level; like QGIS, 0 for anything but a number."""
    return min(int(text), LAST) if text.isdecimal() and len(text) <= MOST_DIGITS else 0


def _level(zoom: int, tile: int) -> TileMatrix:
    count = 2**zoom
    cell = 2 * HALF_WORLD / (count * tile)
    return TileMatrix(str(zoom), (-HALF_WORLD, HALF_WORLD), cell, (tile, tile), Window(0, 0, count, count))


def _address(template: str, level: TileMatrix, column: int, row: int) -> str:
    return filled(template, xyz_values(int(level.name), column, row))
