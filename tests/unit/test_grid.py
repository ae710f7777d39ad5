# SPDX-License-Identifier: GPL-2.0-or-later
from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classify_pixels.inference.grid import Bounds, ControlPoint, GeoTransform, Grid
from classify_pixels.inference.window import Window

NORTH_UP = (500_000.0, 10.0, 0.0, 5_200_000.0, 0.0, -10.0)
SOUTH_UP = (500_000.0, 10.0, 0.0, 5_200_000.0, 0.0, 10.0)
ROTATED = (500_000.0, 6.0, 8.0, 5_200_000.0, 8.0, -6.0)
TRANSFORMS = (NORTH_UP, SOUTH_UP, ROTATED, (-180.0, 0.1, 0.0, 90.0, 0.0, -0.1))

windows = st.builds(Window, st.integers(-50, 50), st.integers(-50, 50), st.integers(1, 60), st.integers(1, 60))


def place(transform: GeoTransform, column: float, row: float) -> tuple[float, float]:
    """GDAL's own definition of the six numbers."""
    x0, dx, rx, y0, ry, dy = transform
    return x0 + column * dx + row * rx, y0 + column * ry + row * dy


def bounds_of(transform: GeoTransform, window: Window) -> Bounds:
    corners = [place(transform, c, r) for c in (window.x, window.right) for r in (window.y, window.bottom)]
    x, y = zip(*corners)
    return min(x), min(y), max(x), max(y)


@given(st.sampled_from(TRANSFORMS), windows, st.tuples(st.integers(0, 9), st.integers(0, 9)))
def test_a_cropped_cell_keeps_its_place(transform: GeoTransform, window: Window, cell: tuple[int, int]) -> None:
    cropped = Grid(100, 100, transform, "crs").crop(window)
    assert cropped.transform is not None
    expected = place(transform, window.x + cell[0], window.y + cell[1])
    assert place(cropped.transform, *cell) == pytest.approx(expected)
    assert (cropped.width, cropped.height, cropped.crs) == (window.width, window.height, "crs")


@given(st.sampled_from(TRANSFORMS[:2] + TRANSFORMS[3:]), windows)
def test_bounds_on_cell_edges_cover_exactly_those_cells(transform: GeoTransform, window: Window) -> None:
    assert Grid(100, 100, transform).cover(bounds_of(transform, window)) == window


@given(st.sampled_from(TRANSFORMS), windows)
def test_the_cover_contains_all_cells_of_the_bounds(transform: GeoTransform, window: Window) -> None:
    covered = Grid(100, 100, transform).cover(bounds_of(transform, window))
    assert covered.intersection(window) == window


def test_bounds_inside_a_cell_cover_that_cell() -> None:
    assert Grid(9, 9, NORTH_UP).cover((500_021.0, 5_199_961.0, 500_029.0, 5_199_969.0)) == Window(2, 3, 1, 1)


def test_bounds_a_hair_over_an_edge_add_no_cell() -> None:
    hair = 1e-6
    bounds = (500_020.0 - hair, 5_199_960.0 - hair, 500_030.0 + hair, 5_199_970.0 + hair)
    assert Grid(9, 9, NORTH_UP).cover(bounds) == Window(2, 3, 1, 1)


def test_a_grid_without_transform_counts_rows_downwards() -> None:
    assert Grid(9, 9).cover((2.0, -5.0, 4.0, -1.0)) == Window(2, 1, 2, 4)
    assert Grid(9, 9).crop(Window(2, 1, 2, 4)).transform is None


def test_control_points_move_with_the_crop() -> None:
    point = ControlPoint(column=5.5, row=7.0, x=1.0, y=2.0, z=3.0)
    cropped = Grid(9, 9, control_points=(point,)).crop(Window(2, 3, 4, 4))
    assert cropped.control_points == (ControlPoint(3.5, 4.0, 1.0, 2.0, 3.0),)
