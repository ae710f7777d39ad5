# SPDX-License-Identifier: GPL-2.0-or-later
from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from classify_pixels.inference.tiling import CropMerger, TileShape, plan_tiles
from classify_pixels.inference.window import Window


@given(
    scene=st.tuples(st.integers(1, 70), st.integers(1, 70)),
    corner=st.tuples(st.integers(0, 60), st.integers(0, 60)),
    tile=st.integers(9, 40),
    fixed=st.booleans(),
)
def test_the_rows_are_the_area_from_top_to_bottom(
    scene: tuple[int, int], corner: tuple[int, int], tile: int, fixed: bool
) -> None:
    whole = Window(0, 0, *scene)
    area = Window(min(corner[0], scene[0] - 1), min(corner[1], scene[1] - 1), *scene).intersection(whole)
    values = np.arange(2 * whole.width * whole.height, dtype=np.int32).reshape(2, whole.height, whole.width)
    plan = plan_tiles(whole, area, TileShape(tile, tile, 3, 2, fixed))
    merger = CropMerger(plan)
    merged = [merger.add(item, values[(slice(None), *item.core.within(whole))]) for item in plan]
    rows = [part for part in merged if part is not None]
    assert len(rows) == len(plan.rows)
    assert (np.concatenate(rows, axis=1) == values[(slice(None), *area.within(whole))]).all()


@pytest.mark.parametrize("dtype", ["uint8", "int32", "float32"])
def test_rows_have_the_type_and_the_bands_of_the_values(dtype: str) -> None:
    area = Window(0, 0, 5, 3)
    plan = plan_tiles(area, area, TileShape(8, 8, 1, 0, fixed=False))
    rows = CropMerger(plan).add(plan[0], np.ones((4, 3, 5), dtype))
    assert rows is not None
    assert (rows.shape, rows.dtype.name) == ((4, 3, 5), dtype)


def test_no_rows_before_the_last_tile_of_a_row() -> None:
    area = Window(0, 0, 12, 4)
    plan = plan_tiles(area, area, TileShape(4, 4, 1, 0, fixed=False))
    merger = CropMerger(plan)
    given_back = [merger.add(tile, np.zeros((1, 4, 4))) is not None for tile in plan]
    assert given_back == [False, False, True]
