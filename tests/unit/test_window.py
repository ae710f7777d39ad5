# SPDX-License-Identifier: GPL-2.0-or-later
from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from classify_pixels.inference.window import Window

windows = st.builds(Window, st.integers(-20, 20), st.integers(-20, 20), st.integers(1, 30), st.integers(1, 30))


def cells(window: Window) -> set[tuple[int, int]]:
    return {(x, y) for x in range(window.x, window.right) for y in range(window.y, window.bottom)}


@given(windows, windows)
def test_the_intersection_has_the_cells_of_both(one: Window, other: Window) -> None:
    both = one.intersection(other)
    assert cells(both) == cells(one) & cells(other)
    assert both.empty == (not cells(both))


@given(windows, st.integers(0, 10))
def test_padding_grows_every_side(window: Window, cells_around: int) -> None:
    widened = window.widened(cells_around)
    assert (window.x - widened.x, window.y - widened.y) == (cells_around, cells_around)
    assert (widened.right - window.right, widened.bottom - window.bottom) == (cells_around, cells_around)


def test_within_selects_the_cells_in_an_array_of_the_outer_window() -> None:
    outer, inner = Window(10, 20, 6, 5), Window(12, 21, 3, 2)
    x, y = np.meshgrid(np.arange(outer.x, outer.right), np.arange(outer.y, outer.bottom))
    rows, columns = inner.within(outer)
    assert x[rows, columns].tolist() == [[12, 13, 14]] * 2
    assert y[rows, columns].tolist() == [[21] * 3, [22] * 3]


def test_a_window_without_rows_or_columns_is_empty() -> None:
    assert Window(0, 0, 0, 5).empty
    assert Window(0, 0, 5, -1).empty
    assert not Window(0, 0, 1, 1).empty
