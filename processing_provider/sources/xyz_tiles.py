# SPDX-License-Identifier: GPL-2.0-or-later
"""The tiles of an XYZ layer, asked one by one where QGIS shows nothing.

QGIS draws a tile that could not be loaded as a transparent one and says nothing of it. A tile that does not
exist (404) is indeed empty; any other failure would become a hole in the result.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from qgis.PyQt.QtCore import QUrl, QUrlQuery

from ...inference.grid import Grid
from ...inference.raster.source import Valid
from ...inference.window import Window
from .network import AbsentError, Access, get_bytes

HALF_WORLD = 20_037_508.342789244
TILE = 256


@dataclass(frozen=True)
class XyzTiles:
    """The address of a tile with its placeholders, the zoom levels that there are, and how to sign in."""

    template: str
    zoom_min: int
    zoom_max: int
    access: Access

    def zoom_of(self, cell: float) -> int:
        """Returns the zoom level whose cells are nearest to this size."""
        level = round(math.log2(2 * HALF_WORLD / (TILE * cell)))
        return max(self.zoom_min, min(self.zoom_max, level))

    def address(self, zoom: int, column: int, row: int) -> str:
        """Returns the address of a tile."""
        values = {"x": column, "y": row, "-y": 2**zoom - 1 - row, "z": zoom, "q": _quadkey(zoom, column, row)}
        text = self.template
        for name, value in values.items():
            text = text.replace("{" + name + "}", str(value))
        return text

    def ask(self, block: Grid, visible: Valid) -> bool:
        """Asks for every tile of which nothing is visible in a block, and tells whether one is there after all.

        Raises an AddressError where the server fails or refuses.
        """
        zoom = self.zoom_of(block.cell_size[0])
        hidden = [
            self.address(zoom, column, row)
            for column, row, window in _tiles_of(block, zoom)
            if not visible[window.within(block.window)].any()
        ]
        answers = [_is_there(address, self.access) for address in hidden]
        return any(answers)

    def check(self, grid: Grid) -> None:
        """Asks for a tile in the grid's middle: QGIS would wait for a password that no one can give in a run."""
        middle = Window(grid.width // 2, grid.height // 2, 1, 1)
        zoom = self.zoom_of(grid.cell_size[0])
        for column, row, _ in _tiles_of(grid.crop(middle), zoom):
            _is_there(self.address(zoom, column, row), self.access)


def xyz_tiles(source: str) -> XyzTiles | None:
    """Returns the tiles that the source of a layer names, None where it is no XYZ layer."""
    query = QUrlQuery(source)
    if query.queryItemValue("type") != "xyz":
        return None
    url = query.queryItemValue("url", QUrl.ComponentFormattingOption.FullyEncoded)
    template = QUrl.fromPercentEncoding(url.encode())
    zooms = (query.queryItemValue("zmin") or "0", query.queryItemValue("zmax") or "18")
    if not template.startswith("http") or not all(zoom.isdigit() for zoom in zooms):
        return None
    return XyzTiles(template, int(zooms[0]), int(zooms[1]), Access(query.queryItemValue("authcfg")))


def _is_there(address: str, access: Access) -> bool:
    try:
        return bool(get_bytes(address, {}, access))
    except AbsentError:
        return False


def _tiles_of(block: Grid, zoom: int) -> Iterator[tuple[int, int, Window]]:
    """Yields column, row and the cells within the block of each tile that the block touches."""
    count = 2**zoom
    size = 2 * HALF_WORLD / count
    lattice = Grid(count, count, (-HALF_WORLD, size, 0.0, HALF_WORLD, 0.0, -size))
    touched = lattice.cover(block.bounds).intersection(lattice.window)
    for row in range(touched.y, touched.bottom):
        for column in range(touched.x, touched.right):
            bounds = lattice.crop(Window(column, row, 1, 1)).bounds
            window = block.cover(bounds).intersection(block.window)
            if not window.empty:
                yield column, row, window


def _quadkey(zoom: int, column: int, row: int) -> str:
    digits = ((column >> bit & 1) + 2 * (row >> bit & 1) for bit in range(zoom - 1, -1, -1))
    return "".join(str(digit) for digit in digits)
