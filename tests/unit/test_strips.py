# SPDX-License-Identifier: GPL-2.0-or-later
"""Strips partition the area, hold the tiles that they need, and stay small however large the scene is."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from classify_pixels.inference.tiling import STRIP_BYTES, TilePlan, TileShape, cut_strips, plan_tiles
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


@settings(max_examples=15)  # each plans up to half a million tiles
@given(st.integers(1, 10**6), st.integers(1, 10**6), st.sampled_from([64, 256, 2048]), cell_bytes)
def test_strips_stay_small_in_scenes_of_any_size(width: int, height: int, tile: int, size: int) -> None:
    plan = plan_of(width, height, tile, 16, fixed=True)
    for blended in (False, True):
        first = cut_strips(plan_of(min(width, 40_000), min(height, 40_000), tile, 16, fixed=True), size, blended)[0]
        cells = first.window.width * first.window.height
        assert cells * size <= max(STRIP_BYTES, max(tile, 2 * HEIGHT, 4096) * tile * size)
        assert first.window.width <= LANE + tile
    assert len(plan) > 0


def test_lanes_come_one_after_the_other_from_top_to_bottom() -> None:
    strips = cut_strips(plan_of(20_000, 2000, 256, 16, fixed=False), 1, blended=False)
    corners = [(strip.window.x, strip.window.y) for strip in strips]
    assert corners == sorted(corners)
    assert len({x for x, _ in corners}) == 5
