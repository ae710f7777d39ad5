# SPDX-License-Identifier: GPL-2.0-or-later
"""One level of a tiled map."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from ...inference.grid import Bounds, Grid
from ...inference.window import Window


@dataclass(frozen=True)
class TileMatrix:
    """A lattice of square cells that is cut into tiles of one size.

    `origin` is the corner of column 0 and row 0 in map coordinates, `cell` the edge of a cell in map units and
    `tile_size` the width and height of a tile in cells. `tiles` are the columns and rows that there are; windows
    of cells count from the first one of these.
    """

    name: str
    origin: tuple[float, float]
    cell: float
    tile_size: tuple[int, int]
    tiles: Window

    def grid(self, crs: str) -> Grid:
        """Returns the lattice of the cells that there are; its CRS is WKT."""
        (x, y), (width, height), tiles = self.origin, self.tile_size, self.tiles
        lattice = Grid(0, 0, (x, self.cell, 0.0, y, 0.0, -self.cell), crs)
        return lattice.crop(Window(tiles.x * width, tiles.y * height, tiles.width * width, tiles.height * height))

    def within(self, bounds: Bounds) -> TileMatrix:
        """Returns the level without the tiles that lie beyond bounds (xmin, ymin, xmax, ymax)."""
        (x, y), (width, height) = self.origin, self.tile_size
        lattice = Grid(1, 1, (x, self.cell * width, 0.0, y, 0.0, -self.cell * height))
        return replace(self, tiles=lattice.cover(bounds).intersection(self.tiles))

    def tiles_of(self, window: Window) -> Iterator[tuple[int, int]]:
        """Yields column and row of each tile that a window of cells touches."""
        width, height = self.tile_size
        for row in range(window.y // height, -(-window.bottom // height)):
            for column in range(window.x // width, -(-window.right // width)):
                yield self.tiles.x + column, self.tiles.y + row

    def window_of(self, column: int, row: int) -> Window:
        """Returns the cells of a tile."""
        width, height = self.tile_size
        return Window((column - self.tiles.x) * width, (row - self.tiles.y) * height, width, height)
