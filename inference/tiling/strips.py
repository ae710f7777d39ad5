# SPDX-License-Identifier: GPL-2.0-or-later
"""The division of a result into strips: parts that are finished, kept and resumed as one."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from math import isqrt
from typing import overload

from ..window import Window
from .plan import AxisPlan, Tile, TilePlan

# Most cells of a strip from left to right, so that memory does not grow with the width of the scene.
LANE = 4096

# Minimum height of a strip in cells, if tiles are smaller, so that strips stay few.
HEIGHT = 512

# Sides of strips whose tiles overlap: tiles at the edges are computed for both neighbours, so larger is cheaper.
BLENDED_SIDE = 2048

# Maximum bytes of the values of one strip, unless a single tile has more or larger strips are requested.
STRIP_BYTES = 64 * 2**20

# Strips that many machines share: larger ones of large results, so that files and tasks stay few. Number of strips that
# is aimed at, their longest side in cells, and the bytes of the values of one strip.
SHARED_COUNT, SHARED_SIDE, SHARED_BYTES = 8192, 16384, 2**30


@dataclass(frozen=True)
class StripSize:
    """The size of strips in cells: the minimum height, within the scene, and the maximum width.

    A strip has whole cores, at least one, so a core that is larger decides.
    """

    height: int
    width: int


@dataclass(frozen=True)
class Strip:
    """A part of the result and the tiles that it needs; `window` is in cells of the scene.

    Strips partition the requested area. Each is processed independently, on any machine.
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
        """Returns True for the tile that completes the strip."""
        return tile.index == self.plan.tile(self.rows[-1], self.columns[-1]).index


@dataclass(frozen=True)
class Groups:
    """Groups of `size` neighbouring tiles of an axis; a few groups represent all of them."""

    axis: AxisPlan
    size: int

    def __len__(self) -> int:
        return -(-len(self.axis) // self.size)

    def tiles(self, index: int) -> range:
        """Returns the tiles of a group."""
        return range(index * self.size, min((index + 1) * self.size, len(self.axis)))

    def kinds(self) -> list[tuple[int, int]]:
        """Returns groups that stand for all, each with the number of those like it.

        Cores and reads of tiles differ near the ends of the axis only, as far as one tile reaches.
        """
        axis = self.axis
        reach = -(-(axis.tile + 2 * axis.aligned_halo) // axis.step) + 2
        near, count = -(-reach // self.size) + 1, len(self)
        if count <= 2 * near:
            return [(index, 1) for index in range(count)]
        ends = [*range(near), *range(count - near, count)]
        return [*((index, 1) for index in ends), (near, count - 2 * near)]

    def cells(self, index: int) -> int:
        """Returns how many wanted cells a group has."""
        tiles = self.tiles(index)
        return self.axis.span(tiles[-1]).core_stop - self.axis.span(tiles[0]).core_start

    @property
    def most_cells(self) -> int:
        """The wanted cells of the longest group."""
        return max(self.cells(index) for index, _ in self.kinds())


@dataclass(frozen=True)
class StripPlan(Sequence[Strip]):
    """Strips of a plan in the order of their indices, computed on demand, without those `left_out`.

    Lanes of columns come from the left, in each of them the strips from top to bottom. Tiles that are `blended`
    belong to all strips that they reach into.
    """

    plan: TilePlan
    rows: Groups
    columns: Groups
    blended: bool
    left_out: tuple[int, ...] = ()

    def __len__(self) -> int:
        return len(self.rows) * len(self.columns) - len(self.left_out)

    def __iter__(self) -> Iterator[Strip]:
        left_out = set(self.left_out)
        total = len(self.rows) * len(self.columns)
        return (self._strip(index) for index in range(total) if index not in left_out)

    @overload
    def __getitem__(self, index: int) -> Strip: ...

    @overload
    def __getitem__(self, index: slice) -> list[Strip]: ...

    def __getitem__(self, index: int | slice) -> Strip | list[Strip]:
        if isinstance(index, slice):
            return [self[i] for i in range(*index.indices(len(self)))]
        place = range(len(self))[index]
        # The number of strips before each of those that are left out.
        staying = [strip - number for number, strip in enumerate(self.left_out)]
        return self._strip(place + bisect_right(staying, place))

    def without(self, indices: Iterable[int]) -> StripPlan:
        """Returns the other strips."""
        return replace(self, left_out=tuple(sorted({*self.left_out, *indices})))

    @property
    def tiles(self) -> int:
        """The number of tiles of all strips; one that reaches into several strips counts in each of them."""
        rows, columns = (
            sum(len(self.needed(groups, index)) * times for index, times in groups.kinds())
            for groups in (self.rows, self.columns)
        )
        return rows * columns - sum(len(self._strip(index)) for index in self.left_out)

    @property
    def largest(self) -> int:
        """The cells of the largest strip."""
        return self.rows.most_cells * self.columns.most_cells

    def _strip(self, index: int) -> Strip:
        column, row = divmod(index, len(self.rows))
        y, x = (groups.axis.span(groups.tiles(i)[0]).core_start for groups, i in self._places(row, column))
        window = Window(x, y, self.columns.cells(column), self.rows.cells(row))
        rows, columns = (self.needed(groups, i) for groups, i in self._places(row, column))
        return Strip(index, window, self.plan, rows, columns)

    def _places(self, row: int, column: int) -> tuple[tuple[Groups, int], tuple[Groups, int]]:
        return (self.rows, row), (self.columns, column)

    def needed(self, groups: Groups, index: int) -> range:
        """Returns the rows or columns of tiles that strips of this group are made of."""
        tiles = groups.tiles(index)
        return groups.axis.reaching(tiles) if self.blended else tiles


def cut_strips(plan: TilePlan, cell_bytes: int, blended: bool, size: StripSize | None = None) -> StripPlan:
    """Returns the strips of a plan: lane by lane from the left, each from top to bottom.

    `cell_bytes` are those of one cell's values, which limit the usual size of a strip, but not one that is asked for.
    Lanes keep the blocks of the raster that neighbouring tiles share in GDAL's cache. Tiles that are `blended` belong
    to all strips that they reach into.
    """
    size = size or usual_size(plan, cell_bytes, blended)
    columns = Groups(plan.columns, max(1, size.width // plan.columns.step))
    return StripPlan(plan, _rows(plan, size.height), columns, blended)


def usual_size(plan: TilePlan, cell_bytes: int, blended: bool) -> StripSize:
    """Returns the size of the strips of one machine, whose values take at most STRIP_BYTES."""
    high, wide = (BLENDED_SIDE, BLENDED_SIDE) if blended else (HEIGHT, LANE)
    return StripSize(high, max(1, min(wide, STRIP_BYTES // (_rows(plan, high).most_cells * cell_bytes))))


def shared_size(plan: TilePlan, cell_bytes: int, blended: bool) -> StripSize:
    """Returns the size of strips that many machines share: the usual one, or a larger one for a large result."""
    usual, cells = usual_size(plan, cell_bytes, blended), plan.area.width * plan.area.height
    side = min(SHARED_SIDE, isqrt(SHARED_BYTES // cell_bytes), isqrt(cells // SHARED_COUNT))
    return StripSize(side, side) if side * side > usual.height * usual.width else usual


def _rows(plan: TilePlan, height: int) -> Groups:
    return Groups(plan.rows, max(1, -(-height // plan.rows.step)))


def count_tiles(strips: Sequence[Strip]) -> int:
    """Returns the number of tiles of these strips, by arithmetic if they are planned."""
    return strips.tiles if isinstance(strips, StripPlan) else sum(map(len, strips))


def longest_row(plan: TilePlan, strips: StripPlan) -> list[Tile]:
    """Returns the longest row of tiles of any strip, as high as any: those at the scene's ends may be lower."""
    lanes = [strips.needed(strips.columns, index) for index, _ in strips.columns.kinds()]
    heights = [span.read_stop - span.read_start for span in map(plan.rows.span, range(min(3, len(plan.rows))))]
    return [plan.tile(heights.index(max(heights)), column) for column in max(lanes, key=len)]
