# SPDX-License-Identifier: GPL-2.0-or-later
from __future__ import annotations

import json
from dataclasses import asdict

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from osgeo import osr

from classify_pixels.inference.grid import Grid
from classify_pixels.inference.models import ModelClass
from classify_pixels.inference.raster.write.area import cell_areas
from classify_pixels.inference.raster.write.tally import ClassTally, StripCounts
from classify_pixels.inference.window import Window
from tests.unit.rasters import TRANSFORM, wkt

CLASSES = [ModelClass(value, str(value), (0, 0, 0)) for value in (3, 1, 200)]
GLOBE = Grid(7, 40, (-180.0, 0.5, 0.0, 60.0, 0.0, -0.5), wkt(4326))
POLAR = Grid(300, 200, (600_000.0, 90.0, 0.0, 3_000_000.0, 0.0, -90.0), wkt(3995))


def areas_of(grid: Grid) -> np.ndarray:
    areas = cell_areas(grid)
    assert areas is not None
    return areas.of(grid.window) * areas.unit


@pytest.mark.parametrize("grid", [GLOBE, POLAR])
def test_pixels_and_areas_are_those_of_the_cells(grid: Grid) -> None:
    values = np.random.default_rng(1).choice([1, 3, 255], size=(grid.height, grid.width)).astype(np.uint8)
    tally = ClassTally(CLASSES, grid)
    for count in tally.total([tally.count(grid.window, values)]):
        hits = values == count.legend_class.value
        assert count.pixels == hits.sum()
        assert count.area == pytest.approx((hits * areas_of(grid)).sum(), rel=1e-12)


@pytest.mark.parametrize("grid", [GLOBE, POLAR])
@pytest.mark.parametrize("change", [0.0, 0.01, 0.5, 1.0])
def test_areas_are_exact_sums_over_cells_however_long_the_runs_of_a_class_are(grid: Grid, change: float) -> None:
    draw = np.random.default_rng(2)
    steps = draw.random((grid.height, grid.width)) < change
    values = np.array([200, 255, 1, 3], np.uint8)[steps.cumsum().reshape(steps.shape) % 4]
    areas = cell_areas(grid)
    assert areas is not None
    cells = areas.of(grid.window)
    counts = ClassTally(CLASSES, grid).count(grid.window, values)
    for index, known in enumerate(CLASSES):
        assert counts.pixels[index] == (values == known.value).sum()
        assert counts.areas[index] == sum(map(int, cells[values == known.value]))


def cut(window: Window, draw: np.random.Generator) -> list[Window]:
    """Returns parts of a window, cut at random places."""
    if window.width * window.height < 2000 or draw.random() < 0.1:
        return [window]
    if draw.random() < window.width / (window.width + window.height):
        at = int(draw.integers(1, window.width))
        first = Window(window.x, window.y, at, window.height)
        second = Window(window.x + at, window.y, window.width - at, window.height)
    else:
        at = int(draw.integers(1, window.height))
        first = Window(window.x, window.y, window.width, at)
        second = Window(window.x, window.y + at, window.width, window.height - at)
    return cut(first, draw) + cut(second, draw)


@given(st.integers(0, 1000))
def test_however_a_result_is_cut_its_areas_are_the_same_to_the_last_bit(seed: int) -> None:
    draw = np.random.default_rng(seed)
    values = draw.choice([1, 3, 255], size=(POLAR.height, POLAR.width)).astype(np.uint8)
    tally = ClassTally(CLASSES, POLAR)
    parts = [tally.count(window, values[window.within(POLAR.window)]) for window in cut(POLAR.window, draw)]
    whole = tally.total([tally.count(POLAR.window, values)])
    assert tally.total([parts[index] for index in draw.permutation(len(parts))]) == whole


def test_classes_come_in_the_order_of_the_legend_and_may_be_absent() -> None:
    tally = ClassTally(CLASSES, Grid(2, 1, TRANSFORM, wkt(3035)))
    counts = tally.total([tally.count(Window(0, 0, 2, 1), np.array([[3, 255]]))])
    assert [(c.legend_class.value, c.pixels, c.area) for c in counts] == [
        (3, 1, pytest.approx(100.0, rel=1e-6)),
        (1, 0, 0.0),
        (200, 0, 0.0),
    ]


@pytest.mark.parametrize("kind", [np.uint8, np.uint16, np.int16, np.uint32, np.int32])
def test_values_of_all_types_are_counted(kind: type) -> None:
    info = np.iinfo(kind)
    values = [int(info.max), int(info.min), 7]
    tally = ClassTally([ModelClass(value, "", (0, 0, 0)) for value in values], Grid(4, 1, TRANSFORM, wkt(3035)))
    counts = tally.count(Window(0, 0, 4, 1), np.array([[info.max, 7, 7, info.max - 1]], kind))
    assert counts.pixels == (1, 0, 2)


def test_without_a_crs_areas_are_unknown() -> None:
    tally = ClassTally(CLASSES, Grid(2, 1, TRANSFORM))
    counts = tally.total([tally.count(Window(0, 0, 2, 1), np.array([[3, 1]]))])
    assert [(c.pixels, c.area) for c in counts] == [(1, None), (1, None), (0, None)]


def test_a_class_beyond_the_earth_has_no_known_area_and_the_others_have_theirs() -> None:
    """Rows above the pole of a Robinson world lie nowhere."""
    reference = osr.SpatialReference()
    reference.SetFromUserInput("ESRI:54030")
    tally = ClassTally(CLASSES, Grid(1, 2, (0.0, 1000.0, 0.0, 9_000_000.0, 0.0, -2_000_000.0), reference.ExportToWkt()))
    parts = [tally.count(Window(0, row, 1, 1), np.array([[value]])) for row, value in enumerate((3, 1))]
    areas = [count.area for count in tally.total(parts)]
    assert areas[0] is None
    assert areas[1] is not None
    assert areas[1] > 1e9
    assert areas[2] == 0.0


def test_counts_outlive_a_journal() -> None:
    tally = ClassTally(CLASSES, POLAR)
    counts = tally.count(POLAR.window, np.full((POLAR.height, POLAR.width), 3))
    read = json.loads(json.dumps(asdict(counts)))
    assert StripCounts(tuple(read["pixels"]), tuple(read["areas"])) == counts


def test_a_class_beyond_the_pole_has_no_known_area() -> None:
    """As in a raster whose degrees are others than its CRS says; one that has no pixels covers nothing."""
    grid = Grid(4, 3, (0.0, 1.0, 0.0, 92.0, 0.0, -1.0), wkt(4326))
    values = np.array([[3] * 4, [1] * 4, [1] * 4], np.uint8)
    beyond, partly, absent = ClassTally(CLASSES, grid).total([ClassTally(CLASSES, grid).count(grid.window, values)])
    assert (beyond.pixels, beyond.area) == (4, None)
    assert partly.area is not None
    assert partly.area > 0
    assert (absent.pixels, absent.area) == (0, 0)
