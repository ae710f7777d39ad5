# SPDX-License-Identifier: GPL-2.0-or-later
"""The division of a scene into tiles."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import overload

from ..errors import ArgumentError
from ..phrase import Phrase
from ..window import Window


def round_up(cells: int, stride: int) -> int:
    """Returns the next multiple of the stride."""
    return -(-cells // stride) * stride


@dataclass(frozen=True)
class Tile:
    """One call of the network: the window it reads, the part its output covers, and the part that is kept."""

    index: int
    read: Window
    output: Window
    core: Window


@dataclass(frozen=True)
class Span:
    """A tile along one axis: [start, stop) of its read window and of its core."""

    read_start: int
    read_stop: int
    core_start: int
    core_stop: int


@dataclass(frozen=True)
class AxisPlan:
    """The tiles along one axis, in cells of the scene.

    The scene has `length` cells, of which [start, stop) is wanted. A tile's output is at most `tile` cells long.
    Outputs begin on multiples of the stride and reach `halo` cells (rounded up to the stride) beyond the kept core,
    except at the scene's ends: there tiles are moved inwards, so that they see as much as any other and are as long.
    Where the halo is `exact`, more would change nothing: cores reach the scene's ends instead, and tiles are only as
    long as their number requires. Without a halo tiles are their cores, so that they can be whole blocks. A scene that
    fits into one tile is one tile. Only where the scene ends short of a tile of a `fixed` size, or of a length that the
    network takes, does a tile reach beyond it. Lengths that it takes are multiples of the stride and `rest` cells more.
    """

    length: int
    start: int
    stop: int
    tile: int
    halo: int
    stride: int
    fixed: bool
    rest: int = 0
    exact: bool = False

    @property
    def aligned_halo(self) -> int:
        """The halo as it is read: a multiple of the stride."""
        return round_up(self.halo, self.stride)

    @property
    def step(self) -> int:
        """The length of a core that has a halo on both sides."""
        if self.fixed or not (self.exact and self.halo):
            return self._most
        return max(self.stride, round_up(-(-self._shared // len(self)), self.stride))

    @property
    def origin(self) -> int:
        """The first core's start, on the stride of the whole scene wherever the wanted part begins."""
        return self.start // self.stride * self.stride

    @property
    def end(self) -> int:
        """The end of one output over the whole scene, which may be beyond it."""
        return self.rest + max(0, round_up(self.length - self.rest, self.stride))

    @property
    def is_one_tile(self) -> bool:
        """True if the scene fits into one tile."""
        return (self.length if self.fixed else self.end) <= (self.tile if self.fixed else self._longest)

    def __len__(self) -> int:
        return 1 if self.is_one_tile else max(1, -(-self._shared // self._most))

    def span(self, index: int) -> Span:
        """Returns the tile of this index."""
        core_start, core_stop = self._core_start(index), self._core_start(index + 1)
        read_start, read_stop = self._read(index)
        return Span(read_start, read_stop, max(core_start, self.start), min(core_stop, self.stop))

    def reaching(self, tiles: range) -> range:
        """Returns these tiles and all others whose outputs reach into their cores."""
        start, stop = self.span(tiles[0]).core_start, self.span(tiles[-1]).core_stop
        first, last = tiles[0], tiles[-1]
        while first > 0 and self.span(first - 1).read_stop > start:
            first -= 1
        while last + 1 < len(self) and self.span(last + 1).read_start < stop:
            last += 1
        return range(first, last + 1)

    @property
    def _most(self) -> int:
        """The length of the longest core that has a halo on both sides."""
        return (self.tile - self.rest - 2 * self.aligned_halo) // self.stride * self.stride

    @property
    def _longest(self) -> int:
        """The length of the longest output that the network takes whole."""
        return self._most + 2 * self.aligned_halo + self.rest

    @property
    def _lead(self) -> int:
        """The cells that the first core has more than others, as the scene's start leaves no room for its halo."""
        return max(0, self.aligned_halo - self.origin) if self.exact else 0

    @property
    def _trail(self) -> int:
        """The cells that the last core has more than others, as the scene's end leaves no room for its halo."""
        room = max(0, self.end - self.rest - round_up(self.stop, self.stride))
        return max(0, self.aligned_halo - room) if self.exact else 0

    @property
    def _shared(self) -> int:
        """The wanted cells without what the first and the last core have more than others."""
        return self.stop - self.origin - self._lead - self._trail

    def _core_start(self, index: int) -> int:
        if index == 0:
            return self.origin
        return self.origin + self._lead + index * self.step if index < len(self) else round_up(self.stop, self.stride)

    def _read(self, index: int) -> tuple[int, int]:
        if self.is_one_tile:
            return 0, self.tile if self.fixed else self.end
        first = self._core_start(index)
        if self.exact and not self.halo and not self.fixed:
            return first, min(self.end, self._core_start(index + 1) + self.rest)
        length = self.tile if self.fixed else self.step + 2 * self.aligned_halo + self.rest
        furthest = max(0, round_up(self.length - length, self.stride))
        start = min(max(0, first - self.aligned_halo), furthest)
        return start, start + length if self.fixed else min(self.end, start + length)


@dataclass(frozen=True)
class TilePlan(Sequence[Tile]):
    """All tiles of a run, row by row, computed on demand.

    The cores partition the wanted area. `margin` is what the network's output lacks on each side of its
    input; reads are larger than outputs by it.
    """

    rows: AxisPlan
    columns: AxisPlan
    margin: int = 0

    def __len__(self) -> int:
        return len(self.rows) * len(self.columns)

    def __iter__(self) -> Iterator[Tile]:
        return (self._tile(index) for index in range(len(self)))

    @overload
    def __getitem__(self, index: int) -> Tile: ...

    @overload
    def __getitem__(self, index: slice) -> list[Tile]: ...

    def __getitem__(self, index: int | slice) -> Tile | list[Tile]:
        if isinstance(index, slice):
            return [self._tile(i) for i in range(*index.indices(len(self)))]
        return self._tile(range(len(self))[index])

    def _tile(self, index: int) -> Tile:
        return self.tile(*divmod(index, len(self.columns)))

    @property
    def halo(self) -> int:
        """The cells by which tiles reach beyond their cores, at most."""
        return self.rows.aligned_halo + self.margin

    @property
    def area(self) -> Window:
        """The wanted cells."""
        rows, columns = self.rows, self.columns
        return Window(columns.start, rows.start, columns.stop - columns.start, rows.stop - rows.start)

    def tile(self, row: int, column: int) -> Tile:
        """Returns the tile of this row and column of tiles."""
        y, x = self.rows.span(row), self.columns.span(column)
        output = Window(x.read_start, y.read_start, x.read_stop - x.read_start, y.read_stop - y.read_start)
        core = Window(x.core_start, y.core_start, x.core_stop - x.core_start, y.core_stop - y.core_start)
        return Tile(row * len(self.columns) + column, output.widened(self.margin), output, core)


@dataclass(frozen=True)
class TileShape:
    """Requirements of the network: the size of its input, and the positions of its tiles.

    `fixed` is true where it takes no other size; `margin` is what its output lacks on each side. Outputs that lack
    nothing else are multiples of the stride and `rest` cells long. The halo is `exact` where tiles are known to give
    what the whole scene would give.
    """

    height: int
    width: int
    stride: int
    halo: int
    fixed: bool
    margin: int = 0
    rest: int = 0
    exact: bool = False


def plan_tiles(scene: Window, area: Window, shape: TileShape) -> TilePlan:
    """Returns the tiles that cover this area of the scene."""

    def axis(length: int, start: int, stop: int, size: int) -> AxisPlan:
        tile = size - 2 * shape.margin
        halo = max(0, shape.halo - shape.margin)
        plan = AxisPlan(length, start, stop, tile, halo, shape.stride, shape.fixed, shape.rest, shape.exact)
        if tile < shape.stride + shape.rest:
            least = shape.stride + shape.rest + 2 * shape.margin
            expected = Phrase("at least {least}, the stride of the network", {"least": least})
            raise ArgumentError(name="tile_size", value=size, expected=expected)
        if plan.step < 1:
            limit = (tile - shape.rest - shape.stride) // (2 * shape.stride) * shape.stride + shape.margin
            values = {"most": limit, "size": size, "stride": shape.stride}
            expected = Phrase("at most {most} for tiles of {size} pixels and the stride {stride}", values)
            raise ArgumentError(name="padding", value=shape.halo, expected=expected)
        return plan

    return TilePlan(
        axis(scene.height, area.y, area.bottom, shape.height),
        axis(scene.width, area.x, area.right, shape.width),
        shape.margin,
    )
