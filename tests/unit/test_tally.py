# SPDX-License-Identifier: GPL-2.0-or-later
from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from classify_pixels.inference.grid import Grid
from classify_pixels.inference.model import ModelClass
from classify_pixels.inference.raster.area import row_cell_areas
from classify_pixels.inference.raster.tally import ClassTally
from tests.unit.rasters import TRANSFORM, wkt

CLASSES = [ModelClass(value, str(value), (0, 0, 0)) for value in (3, 1, 200)]
GLOBE = Grid(7, 40, (-180.0, 0.5, 0.0, 60.0, 0.0, -0.5), wkt(4326))


@given(st.lists(st.integers(1, 12), min_size=1, max_size=6), st.integers(0, 9))
def test_counts_and_areas_do_not_depend_on_how_the_rows_come(heights: list[int], seed: int) -> None:
    values = np.random.default_rng(seed).choice([1, 3, 255], size=(min(40, sum(heights)), 7)).astype(np.uint8)
    tally, starts = ClassTally(CLASSES, GLOBE), [0, *np.cumsum(heights)]
    parts = [tally.count(row, values[row:stop]) for row, stop in zip(starts, starts[1:]) if row < len(values)]
    areas = row_cell_areas(GLOBE)
    assert areas is not None
    for count in tally.total(parts):
        hits = values == count.legend_class.value
        assert count.pixels == hits.sum()
        assert count.area == pytest.approx((hits * areas[: len(values), None]).sum())


def test_classes_come_in_the_order_of_the_legend_and_may_be_absent() -> None:
    tally = ClassTally(CLASSES, Grid(2, 1, TRANSFORM, wkt(32633)))
    counts = tally.total([tally.count(0, np.array([[3, 255]]))])
    assert [(c.legend_class.value, c.pixels, c.area) for c in counts] == [
        (3, 1, 100.0),
        (1, 0, 0.0),
        (200, 0, 0.0),
    ]


def test_without_a_crs_areas_are_unknown() -> None:
    tally = ClassTally(CLASSES, Grid(2, 1, TRANSFORM))
    counts = tally.total([tally.count(0, np.array([[3, 1]]))])
    assert [(c.pixels, c.area) for c in counts] == [(1, None), (1, None), (0, None)]
