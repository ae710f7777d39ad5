# SPDX-License-Identifier: GPL-2.0-or-later
from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from classify_pixels.inference.tiling import STRIP_BYTES, CropMerger, TileShape, cut_strips, plan_tiles
from classify_pixels.inference.window import Window


@given(
    scene=st.tuples(st.integers(1, 70), st.integers(1, 70)),
    corner=st.tuples(st.integers(0, 60), st.integers(0, 60)),
    tile=st.integers(9, 40),
    fixed=st.booleans(),
    cell_bytes=st.sampled_from([1, STRIP_BYTES // 5000, STRIP_BYTES]),
)
def test_strips_are_the_area(
    scene: tuple[int, int], corner: tuple[int, int], tile: int, fixed: bool, cell_bytes: int
) -> None:
    whole = Window(0, 0, *scene)
    area = Window(min(corner[0], scene[0] - 1), min(corner[1], scene[1] - 1), *scene).intersection(whole)
    values = np.arange(2 * whole.width * whole.height, dtype=np.int32).reshape(2, whole.height, whole.width)
    plan = plan_tiles(whole, area, TileShape(tile, tile, 3, 2, fixed))
    merger, merged = CropMerger(), np.zeros_like(values)
    for strip in cut_strips(plan, cell_bytes, blended=False):
        parts = [merger.add(strip, item, values[(slice(None), *item.core.within(whole))]) for item in strip]
        assert [part is None for part in parts] == [True] * (len(parts) - 1) + [False]
        merged[(slice(None), *strip.window.within(whole))] = parts[-1]
    kept = (slice(None), *area.within(whole))
    assert (merged[kept] == values[kept]).all()
    assert np.count_nonzero(merged) == np.count_nonzero(values[kept])


@pytest.mark.parametrize("dtype", ["uint8", "int32", "float32"])
def test_strips_have_the_type_and_the_bands_of_the_values(dtype: str) -> None:
    area = Window(0, 0, 5, 3)
    plan = plan_tiles(area, area, TileShape(8, 8, 1, 0, fixed=False))
    (strip,) = cut_strips(plan, 1, blended=False)
    values = CropMerger().add(strip, plan[0], np.ones((4, 3, 5), dtype))
    assert values is not None
    assert (values.shape, values.dtype.name) == ((4, 3, 5), dtype)
