# SPDX-License-Identifier: GPL-2.0-or-later
from __future__ import annotations

import math

import pytest
from osgeo import osr

from classify_pixels.inference.grid import Grid
from classify_pixels.inference.raster.area import row_cell_areas
from tests.unit.rasters import TRANSFORM, wkt

# The surface of the WGS 84 ellipsoid, as its defining constants give it.
SURFACE = 5.10065622e14


def total(grid: Grid) -> float:
    areas = row_cell_areas(grid)
    assert areas is not None
    assert areas.shape == (grid.height,)
    return float(areas.sum() * grid.width)


def geographic(width: int, height: int, cell: float) -> Grid:
    return Grid(width, height, (-180.0, cell, 0.0, 90.0, 0.0, -cell), wkt(4326))


@pytest.mark.parametrize("cell", [0.25, 1.0, 5.0, 30.0])
def test_all_cells_of_the_globe_are_its_surface(cell: float) -> None:
    assert total(geographic(round(360 / cell), round(180 / cell), cell)) == pytest.approx(SURFACE, rel=1e-8)


def test_a_cell_at_the_equator_is_as_long_as_its_degrees() -> None:
    """One arc second: 30.92 m along the equator, 30.72 m along the meridian."""
    second = 1 / 3600
    assert total(Grid(1, 1, (10.0, second, 0.0, 0.0, 0.0, -second), wkt(4326))) == pytest.approx(
        30.9221 * 30.7150, rel=1e-4
    )


def test_cells_shrink_towards_the_poles_and_both_hemispheres_are_equal() -> None:
    areas = row_cell_areas(geographic(1, 180, 1.0))
    assert areas is not None
    assert list(areas[:90]) == sorted(areas[:90])
    assert list(areas) == pytest.approx(list(areas[::-1]), rel=1e-9)


def test_a_south_up_grid_has_the_same_areas() -> None:
    south_up = Grid(360, 180, (-180.0, 1.0, 0.0, -90.0, 0.0, 1.0), wkt(4326))
    assert total(south_up) == pytest.approx(SURFACE, rel=1e-8)


def test_rows_beyond_a_pole_have_no_area() -> None:
    areas = row_cell_areas(Grid(1, 3, (0.0, 1.0, 0.0, 91.0, 0.0, -1.0), wkt(4326)))
    assert areas is not None
    assert areas[0] == 0
    assert areas[1] > 0


def test_a_sphere_has_the_surface_of_a_sphere() -> None:
    reference = osr.SpatialReference()
    reference.SetGeogCS("ball", "ball", "ball", 1000.0, 0.0)
    grid = Grid(36, 18, (-180.0, 10.0, 0.0, 90.0, 0.0, -10.0), reference.ExportToWkt())
    assert total(grid) == pytest.approx(4 * math.pi * 1000.0**2)


def test_projected_cells_in_metres_and_in_feet() -> None:
    assert total(Grid(3, 2, TRANSFORM, wkt(32633))) == 600.0
    foot = 1200 / 3937
    assert total(Grid(3, 2, TRANSFORM, wkt(2263))) == pytest.approx(600.0 * foot**2)


def test_a_rotated_projected_cell_is_a_parallelogram() -> None:
    assert total(Grid(1, 1, (0.0, 6.0, 8.0, 0.0, 8.0, -6.0), wkt(32633))) == pytest.approx(100.0)


@pytest.mark.parametrize(
    "grid",
    [
        Grid(2, 2, TRANSFORM, ""),
        Grid(2, 2, None, wkt(32633)),
        Grid(2, 2, (0.0, 1.0, 0.1, 0.0, 0.1, -1.0), wkt(4326)),
        Grid(2, 2, TRANSFORM, 'LOCAL_CS["site",UNIT["metre",1]]'),
        Grid(2, 2, TRANSFORM, "this is no WKT"),
    ],
    ids=["no CRS", "no transform", "rotated in degrees", "local", "unreadable"],
)
def test_where_areas_are_not_known(grid: Grid) -> None:
    assert row_cell_areas(grid) is None
