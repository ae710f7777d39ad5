# SPDX-License-Identifier: GPL-2.0-or-later
from __future__ import annotations

import math
from functools import cache

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from osgeo import osr

from classify_pixels.inference.grid import Grid
from classify_pixels.inference.raster.write.area import cell_areas
from classify_pixels.inference.window import Window
from tests.unit.rasters import TRANSFORM, wkt

# WGS 84, and the surface that its defining constants give.
SEMI_MAJOR, FLATTENING = 6_378_137.0, 1 / 298.257223563
E2 = FLATTENING * (2 - FLATTENING)
SURFACE = 5.10065622e14
GAUSS = np.polynomial.legendre.leggauss(20)


def areas_of(grid: Grid, window: Window | None = None) -> np.ndarray:
    """Returns the square metres of all cells, or of those in a window."""
    areas = cell_areas(grid)
    assert areas is not None
    found = areas.of(window or grid.window) * areas.unit
    assert found.shape == ((window or grid.window).height, (window or grid.window).width)
    return found


def total(grid: Grid) -> float:
    return float(areas_of(grid).sum())


def crs(text: str) -> str:
    reference = osr.SpatialReference()
    assert reference.SetFromUserInput(text) == 0
    return str(reference.ExportToWkt(["FORMAT=WKT2_2019"]))


# The Earth as seen from a satellite.
DISK = Grid(
    3712, 3712, (-5_568_748.0, 3000.4, 0.0, 5_568_748.0, 0.0, -3000.4),
    crs("+proj=geos +h=35785831 +lon_0=0 +ellps=GRS80 +units=m"),
)  # fmt: skip


def geographic(width: int, height: int, cell: float) -> Grid:
    return Grid(width, height, (-180.0, cell, 0.0, 90.0, 0.0, -cell), wkt(4326))


def zone(south: float, north: float) -> float:
    """Returns the area between two parallels per radian, as the integral over the radii of curvature."""
    places, weights = GAUSS
    latitudes = (south + north) / 2 + (north - south) / 2 * places
    w2 = 1 - E2 * np.sin(latitudes) ** 2
    density = SEMI_MAJOR**2 * (1 - E2) / w2**2 * np.cos(latitudes)
    return float((density * weights).sum() * (north - south) / 2)


@cache
def to_degrees(crs: str) -> osr.CoordinateTransformation:
    source = osr.SpatialReference(crs)
    target = source.CloneGeogCS()
    for reference in (source, target):
        reference.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
    return osr.CoordinateTransformation(source, target)


def degrees(grid: Grid, column: float, row: float) -> tuple[float, float]:
    """Returns longitude and latitude of a place in a grid, in radians."""
    x0, dx, rx, y0, ry, dy = grid.effective_transform
    place = to_degrees(grid.crs).TransformPoint(x0 + column * dx + row * rx, y0 + column * ry + row * dy)
    return math.radians(place[0]), math.radians(place[1])


@pytest.mark.parametrize("cell", [0.25, 1.0, 5.0, 30.0])
def test_all_cells_of_the_globe_are_its_surface(cell: float) -> None:
    assert total(geographic(round(360 / cell), round(180 / cell), cell)) == pytest.approx(SURFACE, rel=1e-7)


def test_a_cell_at_the_equator_is_as_long_as_its_degrees() -> None:
    """One arc second: 30.92 m along the equator, 30.72 m along the meridian."""
    second = 1 / 3600
    assert total(Grid(1, 1, (10.0, second, 0.0, 0.0, 0.0, -second), wkt(4326))) == pytest.approx(
        30.9221 * 30.7150, rel=1e-4
    )


def test_cells_shrink_towards_the_poles_and_both_hemispheres_are_equal() -> None:
    areas = list(areas_of(geographic(1, 180, 1.0))[:, 0])
    assert areas[:90] == sorted(areas[:90])
    assert areas == pytest.approx(areas[::-1], rel=1e-5)


def test_a_south_up_grid_has_the_same_areas() -> None:
    south_up = Grid(360, 180, (-180.0, 1.0, 0.0, -90.0, 0.0, 1.0), wkt(4326))
    assert total(south_up) == pytest.approx(SURFACE, rel=1e-7)


def test_rows_beyond_a_pole_have_no_area() -> None:
    areas = areas_of(Grid(1, 3, (0.0, 1.0, 0.0, 91.0, 0.0, -1.0), wkt(4326)))[:, 0]
    assert areas[0] == 0
    assert areas[1] > 0


@pytest.mark.parametrize("rows", [1, 5, 40])
@pytest.mark.parametrize("cell", [0.05, 1 / 60, 0.01])
def test_the_last_rows_before_a_pole(cell: float, rows: int) -> None:
    """There the area of a row falls to nothing, and what lies behind the pole says nothing of it."""
    grid = geographic(round(360 / cell), round(180 / cell), cell)
    found = areas_of(grid, Window(0, grid.height - rows, 10, rows)).sum()
    south = -math.pi / 2
    expected = math.radians(10 * cell) * zone(south, south + math.radians(rows * cell))
    assert found == pytest.approx(expected, rel=3e-4)


def test_a_sphere_has_the_surface_of_a_sphere() -> None:
    reference = osr.SpatialReference()
    reference.SetGeogCS("ball", "ball", "ball", 1000.0, 0.0)
    grid = Grid(36, 18, (-180.0, 10.0, 0.0, 90.0, 0.0, -10.0), reference.ExportToWkt())
    assert total(grid) == pytest.approx(4 * math.pi * 1000.0**2, rel=1e-7)


def test_degrees_in_other_units_are_the_same_place() -> None:
    seconds = wkt(4326).replace('UNIT["degree",0.0174532925199433', 'UNIT["arc-second",4.84813681109536E-06')
    assert "arc-second" in seconds
    whole = Grid(36, 18, (-648000.0, 36000.0, 0.0, 324000.0, 0.0, -36000.0), seconds)
    assert total(whole) == pytest.approx(SURFACE, rel=1e-7)


# --- projected: parallels and meridians of cylindrical maps ------------------------------------------


@pytest.mark.parametrize("cell", [3.0, 700.0, 12_345.0, 150_000.0])
@pytest.mark.parametrize("north", [-7_000_000.0, 400_000.0, 7_300_000.0])
@pytest.mark.parametrize("system", ["EPSG:4087", "EPSG:3395", "EPSG:3857", "ESRI:54030", "ESRI:54009", "EPSG:6933"])
def test_cells_between_parallels(system: str, north: float, cell: float) -> None:
    """In these maps rows run along parallels, so a cell is the part of a zone that its width in degrees takes."""
    if system == "EPSG:6933":
        north *= 0.8
    grid = Grid(5, 9, (300_000.0, cell, 0.0, north, 0.0, -cell), crs(system))
    areas = areas_of(grid)
    for row in range(9):
        above, below = (degrees(grid, 2.5, edge)[1] for edge in (row, row + 1))
        width = degrees(grid, 5, row + 0.5)[0] - degrees(grid, 0, row + 0.5)[0]
        # Robinson's map is put together of pieces, and the width of large cells is that in their middles.
        near = 1e-3 if cell > 1e5 else 2e-4 if system == "ESRI:54030" else 2e-5
        assert areas[row].sum() == pytest.approx(zone(below, above) * width, rel=near)


def test_a_polar_map_has_the_scale_of_its_parallels() -> None:
    """Snyder, equation 21-32: the scale of EPSG:32661 at a distance from the pole, along a row through it."""
    cell, count = 10_000.0, 200
    grid = Grid(count, 1, (2_000_000.0, cell, 0.0, 2_000_000.0 + cell / 2, 0.0, -cell), crs("EPSG:32661"))
    areas = areas_of(grid)[0]
    for column in (0, 1, 50, 199):
        latitude = degrees(grid, column + 0.5, 0.5)[1]
        m = math.cos(latitude) / math.sqrt(1 - E2 * math.sin(latitude) ** 2)
        scale = (column + 0.5) * cell / (SEMI_MAJOR * m)
        assert areas[column] == pytest.approx(cell**2 / scale**2, rel=1e-5)


def test_a_transverse_mercator_has_a_scale_that_grows_from_its_middle() -> None:
    """Snyder, equation 8-11, cut after its second term."""
    grid = Grid(40, 1, (100_000.0, 10_000.0, 0.0, 5_000_000.0, 0.0, -10_000.0), wkt(32633))
    areas = areas_of(grid)[0]
    latitude = degrees(grid, 40, 0)[1]
    radius2 = SEMI_MAJOR**2 * (1 - E2) / (1 - E2 * math.sin(latitude) ** 2) ** 2
    for column in range(40):
        x = 100_000 + (column + 0.5) * 10_000 - 500_000
        scale = 0.9996 * (1 + x**2 / (2 * 0.9996**2 * radius2))
        assert areas[column] == pytest.approx(1e8 / scale**2, rel=3e-5)


@pytest.mark.parametrize("system", ["EPSG:5070", "EPSG:3035", "EPSG:6933", "EPSG:3577"])
@pytest.mark.parametrize("cell", [0.05, 30.0, 1000.0])
def test_a_map_that_keeps_areas_has_the_cells_that_it_shows(system: str, cell: float) -> None:
    grid = Grid(70, 3, (1_000_000.0, cell, 0.0, 2_000_000.0, 0.0, -cell), crs(system))
    assert areas_of(grid) == pytest.approx(cell**2, rel=3e-7)


def test_feet_and_a_rotated_cell() -> None:
    """New York's map is in feet; it is true to scale within 1 in 10 000 where its middle lies."""
    foot = 1200 / 3937
    grid = Grid(3, 2, (984_250.0, 6.0, 8.0, 250_000.0, 8.0, -6.0), wkt(2263))
    assert total(grid) == pytest.approx(6 * 100 * foot**2, rel=2e-4)


def test_a_rotated_grid_in_degrees() -> None:
    grid = Grid(40, 40, (10.0, 0.06, 0.08, 50.0, 0.08, -0.06), wkt(4326))
    places = [degrees(grid, column + 0.5, row + 0.5)[1] for column in range(40) for row in range(40)]
    expected = sum(zone(place - 1e-4, place + 1e-4) / 2e-4 for place in places) * 0.01 * math.radians(1) ** 2
    assert total(grid) == pytest.approx(expected, rel=1e-5)


def test_degrees_around_another_pole() -> None:
    """Rotated degrees cover the whole earth as well, but their rows are no parallels."""
    pole = "+o_lon_p=0 +o_lat_p=39.25 +lon_0=18"
    rotated = crs(f"+proj=ob_tran +o_proj=longlat {pole} +ellps=WGS84 +to_meter=0.0174532925199433")
    assert total(Grid(90, 45, (-180.0, 4.0, 0.0, 90.0, 0.0, -4.0), rotated)) == pytest.approx(SURFACE, rel=1e-3)


def test_a_world_that_reaches_beyond_its_map(gdal_mode: bool) -> None:
    """The western corners of a Robinson world lie nowhere; all the rest is half the earth."""
    world = Grid(86, 88, (-17_200_000.0, 200_000.0, 0.0, 8_800_000.0, 0.0, -200_000.0), crs("ESRI:54030"))
    areas = areas_of(world)
    assert np.isnan(areas[0, 0])
    assert np.isnan(areas[-1, 0])
    assert np.nansum(areas) == pytest.approx(SURFACE / 2, rel=0.01)


def test_the_rim_of_the_earths_disk() -> None:
    """Seen from a satellite; each cell of the disk has an area, and what the nodes beyond the rim lack is measured."""
    assert np.isnan(areas_of(DISK, Window(0, 0, 3712, 32))).all()
    row = areas_of(DISK, Window(0, 1856, 400, 1))[0]
    first = int(np.flatnonzero(~np.isnan(row))[0])
    # The earth's radius seen under the angle of 8.7 degrees: 5433 km of the scanning plane.
    assert first * 3000.4 == pytest.approx(5_568_748 - 5_433_000, abs=10_000)
    assert not np.isnan(row[first:]).any()
    assert (np.diff(row[first + 2 :]) < 0).all()


# --- windows -----------------------------------------------------------------------------------------


@given(st.integers(0, 200), st.integers(0, 200), st.integers(1, 90), st.integers(1, 90))
def test_a_window_has_the_areas_of_the_whole_to_the_last_bit(x: int, y: int, width: int, height: int) -> None:
    grid = Grid(290, 290, (600_000.0, 25.0, 0.0, 8_000_000.0, 0.0, -25.0), crs("EPSG:3995"))
    areas, window = cell_areas(grid), Window(x, y, width, height)
    assert areas is not None
    assert np.array_equal(areas.of(window), areas.of(grid.window)[window.within(grid.window)])
    assert np.array_equal(areas.of(window), np.rint(areas.of(window)))


@given(st.integers(0, 3000), st.integers(0, 3000), st.integers(1, 90), st.integers(1, 300), st.integers(1, 90))
def test_parts_of_a_window_have_its_areas_to_the_last_bit(x: int, y: int, width: int, height: int, part: int) -> None:
    """Cells near the rim of the Earth's disk are measured one by one, those beyond it have none."""
    areas, window = cell_areas(DISK), Window(x, y, width, height)
    assert areas is not None
    parts = list(areas.parts(window, part))
    assert [len(each) for each in parts[:-1]] == [part] * (len(parts) - 1)
    assert np.array_equal(np.concatenate(parts), areas.of(window), equal_nan=True)


@pytest.mark.parametrize(
    "grid",
    [
        Grid(2, 2, TRANSFORM, ""),
        Grid(2, 2, None, wkt(32633)),
        Grid(2, 2, TRANSFORM, 'LOCAL_CS["site",UNIT["metre",1]]'),
        Grid(2, 2, TRANSFORM, wkt(4978)),
        Grid(2, 2, TRANSFORM, "this is no WKT"),
        Grid(300, 2, (0.0, 1e6, 0.0, 0.0, 0.0, -1e6), wkt(32633)),
        Grid(2, 2, (0.0, 1e150, 0.0, 0.0, 0.0, -1e150), wkt(32633)),
        Grid(2, 2, (0.0, 1.0, 1e12, 0.0, 0.0, -1.0), wkt(32633)),
        Grid(300, 2, (0.0, 10.0, 0.0, 0.0, 0.0, -10.0), wkt(4326)),
    ],
    ids=["no CRS", "no transform", "local", "geocentric", "unreadable", "too wide", "vast", "sheared", "many turns"],
)
def test_where_areas_are_not_known(grid: Grid) -> None:
    assert cell_areas(grid) is None
