# SPDX-License-Identifier: GPL-2.0-or-later
from __future__ import annotations

import math

import pytest
from osgeo import osr

from classify_pixels.inference.errors import ExtentError, ExtentMissesRasterError
from classify_pixels.inference.grid import Bounds, Grid
from classify_pixels.inference.raster.scene.extent import Extent, window_of_extent
from classify_pixels.inference.window import Window
from tests.unit.rasters import TRANSFORM, wkt

# 100 x 80 cells of 10 m: x from 500000 to 501000, y from 5199200 to 5200000.
GRID = Grid(100, 80, TRANSFORM, wkt(32633))
SOUTH_UP = Grid(100, 80, (500_000.0, 10.0, 0.0, 5_199_200.0, 0.0, 10.0), wkt(32633))


def window(bounds: Bounds, crs: str = "", grid: Grid = GRID) -> Window:
    return window_of_extent(grid, Extent(bounds, crs), "scene.tif")


def in_degrees(bounds: Bounds) -> Bounds:
    """The corners of a UTM rectangle, and what its edges bulge, in longitude and latitude."""
    source, target = osr.SpatialReference(), osr.SpatialReference()
    source.ImportFromEPSG(32633)
    target.ImportFromEPSG(4326)
    target.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
    xmin, ymin, xmax, ymax = osr.CoordinateTransformation(source, target).TransformBounds(*bounds, 21)
    return xmin, ymin, xmax, ymax


def test_whole_cells() -> None:
    assert window((500_100.0, 5_199_700.0, 500_300.0, 5_199_900.0)) == Window(10, 10, 20, 20)


def test_cells_that_are_touched_belong_to_it() -> None:
    assert window((500_101.0, 5_199_701.0, 500_299.0, 5_199_899.0)) == Window(10, 10, 20, 20)


def test_the_extent_ends_where_the_raster_ends() -> None:
    assert window((0.0, 0.0, 500_020.0, 9e6)) == Window(0, 0, 2, 80)
    assert window((-1e7, -1e7, 1e7, 1e7)) == GRID.window


def test_a_south_up_raster() -> None:
    assert window((500_100.0, 5_199_200.0, 500_300.0, 5_199_250.0), grid=SOUTH_UP) == Window(10, 0, 20, 5)


def test_a_rotated_raster_gives_all_cells_that_the_extent_touches() -> None:
    """Turned by 45 degrees, the extent is a rhomb in the raster, and the window goes around it."""
    side = 10 / math.sqrt(2)
    grid = Grid(100, 100, (0.0, side, side, 0.0, side, -side), wkt(32633))
    half = 10 * side
    center = (100 * side, 0.0)
    found = window((center[0] - half, -half, center[0] + half, half), grid=grid)
    assert found == Window(40, 40, 20, 20)


def test_another_crs() -> None:
    degrees = in_degrees((500_100.0, 5_199_700.0, 500_300.0, 5_199_900.0))
    found = window(degrees, wkt(4326))
    assert found.intersection(Window(10, 10, 20, 20)) == Window(10, 10, 20, 20)
    assert found.width <= 22
    assert found.height <= 22


def test_the_same_crs_in_other_words_changes_nothing() -> None:
    reference = osr.SpatialReference()
    reference.ImportFromEPSG(32633)
    other_words = reference.ExportToWkt(["FORMAT=WKT2_2018"])
    assert window((500_100.0, 5_199_700.0, 500_300.0, 5_199_900.0), other_words) == Window(10, 10, 20, 20)


def test_a_raster_without_crs_takes_the_numbers_as_they_are() -> None:
    grid = Grid(100, 80, TRANSFORM, "")
    assert window((500_100.0, 5_199_700.0, 500_300.0, 5_199_900.0), wkt(32633), grid) == Window(10, 10, 20, 20)


@pytest.mark.parametrize(
    "bounds",
    [
        (500_200.0, 5_199_700.0, 500_100.0, 5_199_900.0),
        (500_100.0, 5_199_700.0, 500_100.0, 5_199_900.0),
        (500_100.0, 5_199_900.0, 500_200.0, 5_199_700.0),
        (-math.inf, 5_199_700.0, math.inf, 5_199_900.0),
        (math.nan, 5_199_700.0, 500_100.0, 5_199_900.0),
    ],
)
def test_an_extent_without_area_is_refused(bounds: Bounds) -> None:
    with pytest.raises(ExtentError, match=r"no area.*four finite bounds") as caught:
        window(bounds)
    assert f"{bounds[0]:.10g}" in str(caught.value)


def test_the_largest_numbers_are_refused_or_cover_all() -> None:
    """QGIS has such rectangles where an extent was never set."""
    largest = 1.7976931348623157e308
    try:
        found = window((-largest, -largest, largest, largest))
    except ExtentError:
        found = GRID.window
    assert found == GRID.window


@pytest.mark.parametrize(
    "bounds",
    [
        (501_000.0, 5_199_700.0, 501_500.0, 5_199_900.0),
        (0.0, 0.0, 10.0, 10.0),
        (500_100.0, 5_200_000.0, 500_300.0, 5_200_500.0),
    ],
)
def test_an_extent_beside_the_raster_is_refused(bounds: Bounds) -> None:
    with pytest.raises(ExtentMissesRasterError, match=rf"{bounds[0]:.10g}.*scene\.tif"):
        window(bounds)


def test_an_extent_on_the_other_side_of_the_earth_is_refused() -> None:
    with pytest.raises((ExtentError, ExtentMissesRasterError), match="-170"):
        window((-170.0, -50.0, -169.0, -49.0), wkt(4326))


def test_an_extent_that_cannot_be_transformed_is_refused() -> None:
    with pytest.raises(ExtentError, match="1e\\+30"):
        window((1e30, 1e30, 2e30, 2e30), wkt(4326))


def test_a_crs_that_cannot_be_read_is_refused() -> None:
    with pytest.raises(ExtentError, match="500100"):
        window((500_100.0, 5_199_700.0, 500_300.0, 5_199_900.0), "this is no WKT")
