# SPDX-License-Identifier: GPL-2.0-or-later
"""Tiled maps: levels and addresses of tiles, also of XYZ layers."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Callable

from qgis.PyQt.QtCore import QUrlQuery

from ...inference.grid import Bounds, Grid
from ...inference.window import Window
from ..http import Access
from .layer_uri import access_of, address_of, text_of

PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
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
class TileMatrix:
    """A lattice of square cells, divided into tiles of one size.

    `origin` is the corner of column 0 and row 0 in map coordinates, `cell` the edge of a cell in map units and
    `tile_size` the width and height of a tile in cells. `tiles` are the existing columns and rows; windows of cells
    count from the first one of these.
    """

    name: str
    origin: tuple[float, float]
    cell: float
    tile_size: tuple[int, int]
    tiles: Window

    def grid(self, crs: str) -> Grid:
        """Returns the grid of the existing cells; its CRS is WKT."""
        (x, y), (width, height), tiles = self.origin, self.tile_size, self.tiles
        lattice = Grid(0, 0, (x, self.cell, 0.0, y, 0.0, -self.cell), crs)
        return lattice.crop(Window(tiles.x * width, tiles.y * height, tiles.width * width, tiles.height * height))

    def within(self, bounds: Bounds) -> TileMatrix:
        """Returns the level without the tiles outside of bounds (xmin, ymin, xmax, ymax)."""
        (x, y), (width, height) = self.origin, self.tile_size
        lattice = Grid(1, 1, (x, self.cell * width, 0.0, y, 0.0, -self.cell * height))
        return replace(self, tiles=lattice.cover(bounds).intersection(self.tiles))

    def tiles_of(self, window: Window) -> Iterator[tuple[int, int]]:
        """Yields column and row of each tile that intersects a window of cells."""
        width, height = self.tile_size
        for row in range(window.y // height, -(-window.bottom // height)):
            for column in range(window.x // width, -(-window.right // width)):
                yield self.tiles.x + column, self.tiles.y + row

    def window_of(self, column: int, row: int) -> Window:
        """Returns the cells of a tile."""
        width, height = self.tile_size
        return Window((column - self.tiles.x) * width, (row - self.tiles.y) * height, width, height)


@dataclass(frozen=True)
class TiledMap:
    """The levels of a map, the address of a tile by level, column and row, and the sign-in."""

    levels: tuple[TileMatrix, ...]
    address: Callable[[TileMatrix, int, int], str]
    access: Access

    def level_for(self, cell: float) -> TileMatrix:
        """Returns the level with the cell size nearest to this one by ratio."""
        return min(self.levels, key=lambda level: abs(math.log(level.cell) - math.log(cell)))


def filled(template: str, values: Mapping[str, object]) -> str:
    """Returns a template with its placeholders filled, ignoring case; unknown ones are kept."""
    return PLACEHOLDER.sub(lambda found: str(values.get(found[1].lower(), found[0])), template)


def xyz_tiles(source: str) -> TiledMap | None:
    """Returns the tiles of a layer's source, None if QGIS must read the layer.

    That applies to all but XYZ tiles of a web server, and to colours that encode heights.
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
