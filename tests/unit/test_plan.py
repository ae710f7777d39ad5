# SPDX-License-Identifier: GPL-2.0-or-later
from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from classify_pixels.inference.errors import ArgumentError
from classify_pixels.inference.tiling import Tile, TilePlan, TileShape, plan_tiles, round_up
from classify_pixels.inference.window import Window

PRIMES = (2, 3, 31, 61, 97, 127)
EITHER = st.booleans()


@st.composite
def lengths(draw: Any, tile: int) -> tuple[int, int, int]:
    """A scene's length around the tile's, and the part [start, stop) of it that is wanted."""
    special = st.sampled_from([1, max(1, tile - 1), tile, tile + 1, *PRIMES])
    length = draw(special | st.integers(1, 4 * tile))
    start = draw(st.just(0) | st.integers(0, length - 1))
    return length, start, draw(st.just(length) | st.integers(start + 1, length))


@st.composite
def plans(draw: Any, fixed: Any = EITHER, exact: Any = EITHER) -> tuple[TilePlan, TileShape, Window]:
    """A plan, its shape and its scene; a fixed size is a multiple of the stride, a free one may not be."""
    is_fixed, stride = draw(fixed), draw(st.integers(1, 32))
    step, margin = stride * draw(st.integers(1, 4)), draw(st.sampled_from([0, 0, 1, 5]))
    halo = draw(st.integers(0, 2 * step))
    rest = 0 if is_fixed else draw(st.just(0) | st.integers(0, stride - 1))
    spare = 0 if is_fixed else draw(st.integers(0, stride - 1))
    tile = step + 2 * round_up(halo, stride) + rest + spare
    shape = TileShape(tile + 2 * margin, tile + 2 * margin, stride, halo + margin, is_fixed, margin, rest, draw(exact))
    (height, top, bottom), (width, left, right) = draw(lengths(tile)), draw(lengths(tile))
    scene = Window(0, 0, width, height)
    return plan_tiles(scene, Window(left, top, right - left, bottom - top), shape), shape, scene


def extended(scene: Window, shape: TileShape) -> Window:
    """The scene up to the next length that the network takes whole."""
    sides = (shape.rest + max(0, round_up(side - shape.rest, shape.stride)) for side in (scene.width, scene.height))
    return Window(0, 0, *sides)


def contains(outer: Window, inner: Window) -> bool:
    return outer.intersection(inner) == inner


Drawn = tuple[TilePlan, TileShape, Window]
thorough = settings(max_examples=100)


@thorough
@given(plans())
def test_cores_partition_the_area_exactly_once(drawn: Drawn) -> None:
    plan, _, scene = drawn
    counts = np.zeros((scene.height, scene.width), int)
    for tile in plan:
        assert not tile.core.empty
        counts[tile.core.within(scene)] += 1
    expected = np.zeros_like(counts)
    expected[plan.area.within(scene)] = 1
    assert (counts == expected).all()


@thorough
@given(plans())
def test_tiles_come_row_by_row(drawn: Drawn) -> None:
    tiles = list(drawn[0])
    assert [tile.index for tile in tiles] == list(range(len(drawn[0])))
    places = [(tile.core.y, tile.core.x) for tile in tiles]
    assert places == sorted(places)
    heights = {tile.core.y: tile.core.height for tile in tiles}
    assert all(tile.core.height == heights[tile.core.y] for tile in tiles)


@thorough
@given(plans())
def test_outputs_begin_on_multiples_of_the_stride(drawn: Drawn) -> None:
    plan, shape, _ = drawn
    assert all(tile.output.x % shape.stride == 0 and tile.output.y % shape.stride == 0 for tile in plan)


@thorough
@given(plans())
def test_outputs_contain_the_core_and_its_halo_within_the_scene(drawn: Drawn) -> None:
    plan, shape, scene = drawn
    halo = round_up(shape.halo - shape.margin, shape.stride)
    for tile in plan:
        assert contains(tile.output, tile.core.widened(halo).intersection(extended(scene, shape)))


@thorough
@given(plans())
def test_reads_exceed_outputs_by_the_margin(drawn: Drawn) -> None:
    plan, shape, _ = drawn
    assert all(tile.read == tile.output.widened(shape.margin) for tile in plan)


@thorough
@given(plans(fixed=st.just(False)))
def test_a_free_network_leaves_the_scene_only_for_a_length_that_it_takes(drawn: Drawn) -> None:
    plan, shape, scene = drawn
    for tile in plan:
        assert contains(extended(scene, shape), tile.output)
        assert {side % shape.stride for side in (tile.output.width, tile.output.height)} == {shape.rest}
        assert tile.read.width <= shape.width
        assert tile.read.height <= shape.height


@thorough
@given(plans(exact=st.just(False)))
def test_tiles_see_as_much_as_any_other_unless_their_halo_is_exact(drawn: Drawn) -> None:
    plan, shape, scene = drawn
    tile = max(list(plan), key=lambda tile: tile.output.width * tile.output.height).output
    whole = extended(scene, shape)
    assert {(each.output.width, each.output.height) for each in plan} == {(tile.width, tile.height)}
    margins = 2 * shape.margin
    if not shape.fixed:
        assert shape.width - margins - tile.width < shape.stride or tile.width == whole.width
        assert shape.height - margins - tile.height < shape.stride or tile.height == whole.height


@thorough
@given(plans())
def test_a_scene_that_fits_into_a_tile_is_one_tile(drawn: Drawn) -> None:
    plan, shape, scene = drawn
    whole = scene if shape.fixed else extended(scene, shape)
    largest = shape.width - 2 * shape.margin
    halo = round_up(shape.halo - shape.margin, shape.stride)
    for axis, length in ((plan.columns, whole.width), (plan.rows, whole.height)):
        assert len(axis) == 1 or length > largest - shape.stride
        # At an end of the scene a core needs a halo on one side only.
        assert len(axis) > 1 or length <= largest or axis.stop - axis.origin <= largest - halo


@thorough
@given(plans(fixed=st.just(False), exact=st.just(True)))
def test_tiles_with_an_exact_halo_have_one_size_that_cannot_be_smaller(drawn: Drawn) -> None:
    plan, shape, scene = drawn
    if shape.halo == shape.margin:
        for axis in (plan.rows, plan.columns):
            spans = [axis.span(index) for index in range(len(axis))] if len(axis) > 1 else []
            assert all(span.read_stop < span.core_stop + shape.stride + shape.rest for span in spans)
            assert all(span.read_start > span.core_start - shape.stride for span in spans)
        return
    sizes = {(tile.read.width, tile.read.height) for tile in plan}
    assert len(sizes) == 1
    [(width, height)] = sizes
    for axis, size in ((plan.columns, width), (plan.rows, height)):
        smaller = replace(shape, width=size - shape.stride, height=size - shape.stride)
        if len(axis) > 1 and axis.step > shape.stride:
            along = Window(0, 0, axis.length, 1)
            wanted = Window(axis.start, 0, axis.stop - axis.start, 1)
            assert len(plan_tiles(along, wanted, replace(smaller, height=shape.height)).columns) > len(axis)


@thorough
@given(plans(fixed=st.just(True)))
def test_a_fixed_network_gets_one_size_only(drawn: Drawn) -> None:
    plan, shape, _ = drawn
    assert {(tile.read.width, tile.read.height) for tile in plan} == {(shape.width, shape.height)}


@thorough
@given(plans(fixed=st.just(True)))
def test_fixed_tiles_reach_beyond_the_scene_by_less_than_a_stride(drawn: Drawn) -> None:
    plan, shape, scene = drawn
    tile_size = shape.width - 2 * shape.margin
    for tile in plan:
        assert tile.output.x >= 0
        assert tile.output.y >= 0
        assert tile.output.right < max(scene.width + shape.stride, tile_size + 1)
        assert tile.output.bottom < max(scene.height + shape.stride, tile_size + 1)


@thorough
@given(stride=st.integers(2, 32), tile=st.integers(40, 100), length=st.integers(1, 400))
def test_a_fixed_size_off_the_stride_still_covers_core_and_halo(stride: int, tile: int, length: int) -> None:
    scene = Window(0, 0, length, 1)
    for drawn in plan_tiles(scene, scene, TileShape(tile, tile, stride, 0, fixed=True)):
        assert contains(drawn.output, drawn.core)
        assert drawn.output.x % stride == 0


@thorough
@given(plans())
def test_indices_slices_and_iteration_agree(drawn: Drawn) -> None:
    plan = drawn[0]
    tiles = list(plan)
    assert [plan[index] for index in range(len(plan))] == tiles
    assert plan[1:-1:2] == tiles[1:-1:2]
    assert plan[-1] == tiles[-1]
    assert plan[-len(plan)] == tiles[0]


def test_an_index_beyond_the_plan_is_an_error() -> None:
    plan = plan_tiles(Window(0, 0, 10, 10), Window(0, 0, 10, 10), TileShape(8, 8, 1, 2, fixed=False))
    with pytest.raises(IndexError):
        plan[len(plan)]
    with pytest.raises(IndexError):
        plan[-len(plan) - 1]


@pytest.mark.parametrize("fixed", [True, False])
def test_a_plan_over_a_huge_scene_is_lazy(fixed: bool) -> None:
    size = 10**9
    scene = Window(0, 0, size, size)
    plan = plan_tiles(scene, scene, TileShape(256, 256, 32, 64, fixed))
    last = plan[-1]
    assert len(plan) == math.ceil(size / 128) ** 2
    assert isinstance(last, Tile)
    assert (last.core.right, last.core.bottom) == (size, size)
    assert next(iter(plan)).core == Window(0, 0, 128, 128)


@thorough
@given(
    size=st.integers(40, 300),
    stride=st.integers(1, 32),
    margin=st.integers(0, 3),
    fixed=st.booleans(),
)
def test_the_largest_padding_that_the_error_names_works(size: int, stride: int, margin: int, fixed: bool) -> None:
    scene = Window(0, 0, 100, 100)
    with pytest.raises(ArgumentError, match=f"padding has the value {size}") as caught:
        plan_tiles(scene, scene, TileShape(size, size, stride, size, fixed, margin))
    limit = int(str(caught.value.values["expected"]).split()[2])
    assert len(plan_tiles(scene, scene, TileShape(size, size, stride, limit, fixed, margin))) > 0
    with pytest.raises(ArgumentError):
        plan_tiles(scene, scene, TileShape(size, size, stride, limit + 1, fixed, margin))


def test_a_tile_smaller_than_the_stride_is_refused_without_an_impossible_advice() -> None:
    scene = Window(0, 0, 100, 100)
    with pytest.raises(ArgumentError) as caught:
        plan_tiles(scene, scene, TileShape(20, 20, stride=32, halo=0, fixed=False))
    assert "20" in str(caught.value)
    assert "-" not in str(caught.value)


def test_the_origin_is_on_the_stride_of_the_scene_wherever_the_area_begins() -> None:
    shape = TileShape(16, 16, stride=4, halo=4, fixed=False)
    plan = plan_tiles(Window(0, 0, 100, 100), Window(37, 41, 20, 20), shape)
    assert (plan[0].core.x, plan[0].core.y) == (37, 41)
    assert (plan[0].output.x, plan[0].output.y) == (32, 36)


@pytest.mark.parametrize(("cells", "expected"), [(0, 0), (1, 4), (4, 4), (5, 8)])
def test_round_up(cells: int, expected: int) -> None:
    assert round_up(cells, 4) == expected
