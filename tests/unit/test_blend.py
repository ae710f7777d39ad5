# SPDX-License-Identifier: GPL-2.0-or-later
"""Blended tiles: every pixel is a weighted mean, no weight is ever 0, and strips do not show."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from classify_pixels.inference.tiling import STRIP_BYTES, BlendMerger, Tile, TilePlan, TileShape, cut_strips, plan_tiles
from classify_pixels.inference.tiling.blend import edge_weights
from classify_pixels.inference.window import Window

plans = st.builds(
    lambda height, width, tile, halo, stride, fixed, left, top: plan_tiles(
        Window(0, 0, width, height),
        Window(min(left, width - 1), min(top, height - 1), width - min(left, width - 1), height - min(top, height - 1)),
        TileShape(tile * stride, tile * stride, stride, min(halo, (tile - 1) // 2) * stride, fixed),
    ),
    st.integers(1, 70), st.integers(1, 70), st.integers(3, 6), st.integers(0, 2), st.sampled_from([1, 2, 4]),
    st.booleans(), st.integers(0, 30), st.integers(0, 30),
)  # fmt: skip


def merged(plan: TilePlan, scores_of: Callable[[Tile], np.ndarray], cell_bytes: int = 1) -> np.ndarray:
    """Returns the scores of the whole area, put together from strips."""
    merger, scores = BlendMerger(), None
    for strip in cut_strips(plan, cell_bytes, blended=True):
        part = [merger.add(strip, tile, scores_of(tile)) for tile in strip][-1]
        assert part is not None
        if scores is None:
            scores = np.full((len(part), plan.area.height, plan.area.width), np.nan, np.float32)
        scores[(slice(None), *strip.window.within(plan.area))] = part
    assert scores is not None
    return scores


@given(plans)
def test_equal_scores_stay_what_they_are(plan: TilePlan) -> None:
    scores = merged(plan, lambda tile: np.full((2, tile.output.height, tile.output.width), 3.5, np.float32))
    assert scores.shape == (2, plan.area.height, plan.area.width)
    assert np.abs(scores - 3.5).max() < 1e-5


@given(plans, st.integers(0, 5))
def test_a_pixel_is_the_weighted_mean_of_its_tiles(plan: TilePlan, seed: int) -> None:
    random = np.random.default_rng(seed)
    results = [random.random((1, t.output.height, t.output.width), dtype=np.float32) for t in plan]
    area = plan.area
    sums, weights = np.zeros((area.height, area.width)), np.zeros((area.height, area.width))
    for tile, result in zip(plan, results):
        kept = tile.output.intersection(area)
        weight = edge_weights(tile.output.height, tile.output.width)[kept.within(tile.output)]
        sums[kept.within(area)] += result[0][kept.within(tile.output)] * weight
        weights[kept.within(area)] += weight
    blended = merged(plan, lambda tile: results[tile.index])
    assert np.abs(blended[0] - sums / weights).max() < 1e-4
    assert np.array_equal(merged(plan, lambda tile: results[tile.index], cell_bytes=STRIP_BYTES // 30), blended)


def test_what_does_not_count_stays_out_and_leaves_its_neighbours_alone() -> None:
    area = Window(0, 0, 20, 20)
    plan = plan_tiles(area, area, TileShape(12, 12, 1, 3, fixed=False))
    hidden = np.zeros((20, 20), bool)
    hidden[5:9, 4:16] = True

    def scores(tile: object) -> np.ndarray:
        values = np.ones((1, tile.output.height, tile.output.width), np.float32)
        values[:, hidden[tile.output.within(area)]] = np.nan
        return values

    assert np.array_equal(np.isnan(merged(plan, scores)[0]), hidden)


@given(st.integers(1, 300), st.integers(1, 300))
def test_no_weight_is_zero(height: int, width: int) -> None:
    weights = edge_weights(height, width)
    assert weights.shape == (height, width)
    assert weights.min() > 0
    assert np.allclose(weights, weights[::-1, ::-1])
