# SPDX-License-Identifier: GPL-2.0-or-later
"""How the result is cut into strips: parts that are finished, kept and resumed as one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from ..window import Window
from .plan import AxisPlan, Tile, TilePlan

# Most cells of a strip from left to right, so that memory does not grow with the width of the scene.
LANE = 4096

# Cells that a strip has at least from top to bottom, where tiles are smaller, so that strips stay few.
HEIGHT = 512

# Sides of strips whose tiles overlap: tiles at the edges are computed for both neighbours, so larger is cheaper.
BLENDED_SIDE = 2048

# Most bytes of the values of one strip, unless a single tile has more.
STRIP_BYTES = 64 * 2**20


@dataclass(frozen=True)
class Strip:
    """A part of the result and the tiles that it needs; `window` is in cells of the scene.

    Strips partition the wanted area. Each one is worked out by itself, so any machine may do so.
    """

    index: int
    window: Window
    plan: TilePlan = field(repr=False)
    rows: range
    columns: range

    def __iter__(self) -> Iterator[Tile]:
        return (self.plan.tile(row, column) for row in self.rows for column in self.columns)

    def __len__(self) -> int:
        return len(self.rows) * len(self.columns)

    def is_last(self, tile: Tile) -> bool:
        """Tells the tile that completes the strip."""
        return tile.index == self.plan.tile(self.rows[-1], self.columns[-1]).index


def cut_strips(plan: TilePlan, cell_bytes: int, blended: bool) -> tuple[Strip, ...]:
    """Returns the strips of a plan: lane by lane from the left, each from top to bottom.

    `cell_bytes` are those of one cell's values. Lanes keep the blocks of the raster that neighbouring tiles
    share in GDAL's cache. Tiles that are `blended` belong to all strips that they reach into.
    """
    heights = _grouped(plan.rows, BLENDED_SIDE if blended else HEIGHT)
    tallest = max(_cells(plan.rows, group) for group in heights)
    widest = max(1, min(BLENDED_SIDE if blended else LANE, STRIP_BYTES // (tallest * cell_bytes)))
    places = [(rows, columns) for columns in _grouped(plan.columns, widest, least=False) for rows in heights]
    return tuple(_strip(index, plan, rows, columns, blended) for index, (rows, columns) in enumerate(places))


def longest_row(plan: TilePlan, strips: Sequence[Strip]) -> list[Tile]:
    """Returns the longest row of tiles of any strip, as high as any: those at the scene's ends may be lower."""
    columns = max({strip.columns for strip in strips}, key=len)
    heights = [span.read_stop - span.read_start for span in map(plan.rows.span, range(min(3, len(plan.rows))))]
    return [plan.tile(heights.index(max(heights)), column) for column in columns]


def _strip(index: int, plan: TilePlan, rows: range, columns: range, blended: bool) -> Strip:
    y, x = plan.rows.span(rows[0]).core_start, plan.columns.span(columns[0]).core_start
    window = Window(x, y, _cells(plan.columns, columns), _cells(plan.rows, rows))
    if blended:
        rows, columns = plan.rows.reaching(rows), plan.columns.reaching(columns)
    return Strip(index, window, plan, rows, columns)


def _grouped(axis: AxisPlan, cells: int, least: bool = True) -> list[range]:
    """Groups neighbouring tiles into at least so many cells, or at most where that is possible."""
    count = max(1, -(-cells // axis.step) if least else cells // axis.step)
    return [range(first, min(first + count, len(axis))) for first in range(0, len(axis), count)]


def _cells(axis: AxisPlan, tiles: range) -> int:
    return axis.span(tiles[-1]).core_stop - axis.span(tiles[0]).core_start
