# SPDX-License-Identifier: GPL-2.0-or-later
"""Strips partition the area, hold the tiles that they need, and stay small however large the scene is."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from classify_pixels.inference.tiling import (
    STRIP_BYTES,
    StripSize,
    TilePlan,
    TileShape,
    cut_strips,
    longest_row,
    plan_tiles,
    shared_size,
    usual_size,
)
from classify_pixels.inference.tiling.plan import AxisPlan, Span
from classify_pixels.inference.tiling.strips import HEIGHT, LANE
from classify_pixels.inference.window import Window


def plan_of(width: int, height: int, tile: int, halo: int, fixed: bool, left: int = 0, top: int = 0) -> TilePlan:
    scene = Window(0, 0, width, height)
    area = Window(min(left, width - 1), min(top, height - 1), width, height).intersection(scene)
    return plan_tiles(scene, area, TileShape(tile, tile, 4, halo, fixed))


plans = st.builds(
    plan_of, st.integers(1, 3000), st.integers(1, 3000), st.sampled_from([64, 128, 256]), st.sampled_from([0, 8, 24]),
    st.booleans(), st.integers(0, 900), st.integers(0, 900),
)  # fmt: skip
cell_bytes = st.sampled_from([1, 40, 4000])


@given(plans, cell_bytes, st.booleans())
def test_strips_partition_the_area(plan: TilePlan, size: int, blended: bool) -> None:
    seen = np.zeros((plan.area.height, plan.area.width), np.uint8)
    strips = cut_strips(plan, size, blended)
    for strip in strips:
        seen[strip.window.within(plan.area)] += 1
    assert (seen == 1).all()
    assert [strip.index for strip in strips] == list(range(len(strips)))


@given(plans, cell_bytes)
def test_cropped_tiles_belong_to_one_strip(plan: TilePlan, size: int) -> None:
    strips = cut_strips(plan, size, blended=False)
    tiles = [tile.index for strip in strips for tile in strip]
    assert sorted(tiles) == list(range(len(plan)))
    for strip in strips:
        assert all(tile.core.intersection(strip.window) == tile.core for tile in strip)
        assert [strip.is_last(tile) for tile in strip] == [False] * (len(strip) - 1) + [True]


@given(plans, cell_bytes)
def test_a_blended_strip_has_every_tile_that_reaches_into_it(plan: TilePlan, size: int) -> None:
    strips = cut_strips(plan, size, blended=True)
    strip = strips[len(strips) // 2]
    reaching = [tile.index for tile in plan if not tile.output.intersection(strip.window).empty]
    assert [tile.index for tile in strip] == reaching


@given(st.integers(1, 2**31 - 1), st.integers(1, 2**31 - 1), st.sampled_from([64, 256, 2048]), cell_bytes)
def test_strips_stay_small_in_scenes_of_any_size(width: int, height: int, tile: int, size: int) -> None:
    plan = plan_of(width, height, tile, 16, fixed=True)
    for blended in (False, True):
        strips = cut_strips(plan, size, blended)
        for strip in (strips[0], strips[len(strips) // 2], strips[-1]):
            cells = strip.window.width * strip.window.height
            assert cells * size <= max(STRIP_BYTES, max(tile, 2 * HEIGHT, 4096) * tile * size)
            assert cells <= strips.largest
            assert strip.window.width <= LANE + tile
    assert len(plan) > 0


@given(plans, cell_bytes, st.booleans())
def test_what_is_told_of_all_strips_by_arithmetic_is_what_counting_them_gives(
    plan: TilePlan, size: int, blended: bool
) -> None:
    strips = cut_strips(plan, size, blended)
    every = list(strips)
    assert len(strips) == len(every)
    assert [strips[index] for index in range(len(strips))] == every
    assert strips.tiles == sum(len(strip) for strip in every)
    assert strips.largest == max(strip.window.height for strip in every) * max(strip.window.width for strip in every)
    assert len(longest_row(plan, strips)) == max(len(strip.columns) for strip in every)


@given(plans, st.booleans(), st.data())
def test_strips_that_are_finished_are_left_out(plan: TilePlan, blended: bool, data: st.DataObject) -> None:
    strips = cut_strips(plan, 4000, blended)
    finished = data.draw(st.sets(st.integers(0, len(strips) - 1)))
    missing = strips.without(finished)
    expected = [strip for strip in strips if strip.index not in finished]
    assert list(missing) == expected
    assert [missing[index] for index in range(len(missing))] == expected
    assert missing.tiles == sum(len(strip) for strip in expected)
    assert list(missing.without(range(len(strips)))) == []


class CountedAxis(AxisPlan):
    """Counts how many tiles are worked out."""

    calls = 0

    def span(self, index: int) -> Span:
        CountedAxis.calls += 1
        return super().span(index)


@pytest.mark.parametrize("blended", [False, True])
@pytest.mark.parametrize("fixed", [False, True])
def test_a_million_pixels_a_side_are_planned_without_looking_at_their_strips(blended: bool, fixed: bool) -> None:
    axis = CountedAxis(10**6, 0, 10**6, 512, 32, 32, fixed)
    CountedAxis.calls = 0
    plan = TilePlan(axis, axis)
    strips = cut_strips(plan, 4, blended)
    missing = strips.without(range(10))
    assert len(missing) > 100_000
    assert missing.tiles > 4_000_000
    assert longest_row(plan, missing)
    assert missing[len(missing) // 2].window.width > 0
    assert CountedAxis.calls < 2000


def test_lanes_come_one_after_the_other_from_top_to_bottom() -> None:
    strips = cut_strips(plan_of(20_000, 2000, 256, 16, fixed=False), 1, blended=False)
    corners = [(strip.window.x, strip.window.y) for strip in strips]
    assert corners == sorted(corners)
    assert len({x for x, _ in corners}) == 5


@given(plans, cell_bytes, st.booleans())
def test_the_usual_size_cuts_as_no_size_does(plan: TilePlan, size: int, blended: bool) -> None:
    """A process that has the manifest alone cuts alike."""
    assert cut_strips(plan, size, blended, usual_size(plan, size, blended)) == cut_strips(plan, size, blended)


@pytest.mark.parametrize("blended", [False, True])
def test_a_size_that_is_asked_for_is_not_cut_down(blended: bool) -> None:
    plan = plan_of(40_000, 40_000, 1024, 0, fixed=True)
    strips = cut_strips(plan, 400, blended, StripSize(16384, 16384))
    assert strips[0].window == Window(0, 0, 16384, 16384)
    assert len(strips) == 9
    assert strips.largest * 400 > STRIP_BYTES


def test_strips_for_many_machines_are_larger_for_a_large_result_only() -> None:
    small, large, huge = (plan_of(side, side, 512, 16, fixed=False) for side in (20_000, 1_000_000, 4_000_000))
    assert shared_size(small, 4, blended=False) == usual_size(small, 4, blended=False)
    assert shared_size(large, 4, blended=False) == StripSize(11048, 11048)
    assert 7000 < len(cut_strips(large, 4, False, shared_size(large, 4, blended=False))) < 10_000
    assert shared_size(huge, 4, blended=False) == StripSize(16384, 16384)


@given(plans, cell_bytes, st.booleans())
def test_strips_for_many_machines_have_a_limit_in_bytes(plan: TilePlan, size: int, blended: bool) -> None:
    usual, shared = usual_size(plan, size, blended), shared_size(plan, size, blended)
    assert shared == usual or usual.height * usual.width * size < shared.height * shared.width * size <= 2**30
