# SPDX-License-Identifier: GPL-2.0-or-later
"""The grid of a result: what must hold for any raster, cell size, snap raster and extent."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from classify_pixels.inference.errors import ExtentMissesRasterError, GridError
from classify_pixels.inference.grid import Bounds, ControlPoint, Grid
from classify_pixels.inference.raster import Extent, GridPlan, GridRequest
from classify_pixels.inference.raster.scene.grid_plan import LARGEST_SIZE, plan_grid
from classify_pixels.inference.window import Window
from tests.unit.rasters import wkt

UTM, OTHER_UTM, DEGREES = wkt(32633), wkt(32632), wkt(4326)
TOLERANCE = 1e-6


def sized(cell: st.SearchStrategy[float], reach: float, crs: str) -> st.SearchStrategy[Grid]:
    """North-up grids of any place and size."""
    place = st.floats(-reach, reach)
    return st.builds(
        lambda width, height, x, y, dx, dy: Grid(width, height, (x, dx, 0.0, y, 0.0, -dy), crs),
        st.integers(1, 400), st.integers(1, 400), place, place, cell, cell,
    )  # fmt: skip


metres = sized(st.floats(0.5, 300), 1e6, UTM)
degrees = sized(st.floats(1e-4, 0.1), 89.0, DEGREES)
grids = st.one_of(metres, degrees)
factors = st.floats(0.05, 20)


@st.composite
def snaps(draw: st.DrawFn, own: Grid, size: tuple[float, float] | None = None) -> Grid:
    """A snap raster near a grid, with cells of this size."""
    (x, y), (width, height) = own.origin, size or own.cell_size
    shift = st.floats(-1000, 1000)
    origin = x + draw(shift) * width, y + draw(shift) * height
    return Grid(draw(st.integers(1, 50)), 3, (origin[0], width, 0.0, origin[1], 0.0, -height), own.crs)


def planned(own: Grid, request: GridRequest, suggested: Grid | None = None) -> GridPlan:
    return plan_grid(own, suggested or own, request, "scene.tif")


def scaled(own: Grid, across: float, down: float) -> tuple[float, float]:
    return own.cell_size[0] * across, own.cell_size[1] * down


def off_lattice(grid: Grid, snap: Grid) -> float:
    """How far the corners of a grid are from whole cells of another one, in cells."""
    xmin, ymin, xmax, ymax = grid.bounds
    cells = [snap.cell_of(x, y) for x in (xmin, xmax) for y in (ymin, ymax)]
    return max(abs(number - round(number)) for cell in cells for number in cell)


def assert_covers_tightly(found: Grid, wanted: Bounds) -> None:
    """Every bound is covered, up to what decimal text leaves open, and by less than one cell too much."""
    (width, height), slack = found.cell_size, 3 * TOLERANCE
    xmin, ymin, xmax, ymax = found.bounds
    over = (
        (wanted[0] - xmin) / width, (wanted[1] - ymin) / height,
        (xmax - wanted[2]) / width, (ymax - wanted[3]) / height,
    )  # fmt: skip
    assert all(-slack <= cells <= 1 + slack for cells in over), over


# --- the own grid --------------------------------------------------------------------------------------

OWN = (
    Grid(30, 20, (500_000.0, 10.0, 0.0, 5_200_000.0, 0.0, -10.0), UTM),
    Grid(30, 20, (500_000.0, 10.0, 0.0, 5_199_800.0, 0.0, 10.0), UTM),
    Grid(30, 20, (500_000.0, 6.0, 8.0, 5_200_000.0, 8.0, -6.0), UTM),
    Grid(30, 20, (179.9, 0.01, 0.0, 50.0, 0.0, -0.01), DEGREES),
)
IDS = ("north-up", "south-up", "rotated", "over the date line")


@pytest.mark.parametrize("own", [*OWN, Grid(30, 20), Grid(30, 20, (0.0, 1.0, 0.0, 0.0, 0.0, -1.0))])
def test_nothing_asked_gives_the_own_grid_itself(own: Grid) -> None:
    plan = planned(own, GridRequest())
    assert plan.scene is own
    assert plan.area == own.window


@pytest.mark.parametrize("own", OWN, ids=IDS)
def test_the_own_crs_in_other_words_gives_the_own_grid_itself(own: Grid) -> None:
    from osgeo import osr

    words = osr.SpatialReference(own.crs).ExportToWkt(["FORMAT=WKT2_2018"])
    assert planned(own, GridRequest(crs=words)).scene is own


@given(grids)
def test_the_own_cells_asked_for_in_every_way_at_once_are_the_own_grid_itself(own: Grid) -> None:
    far = replace(own.crop(Window(-700, 900, 3, 4)))
    for snap in (None, own, far):
        for size in (None, own.cell_size):
            plan = planned(own, GridRequest(crs=own.crs, cell_size=size, snap=snap))
            assert plan.scene is own
            assert plan.area == own.window


@given(grids, st.data())
def test_an_extent_of_whole_cells_is_a_window_of_the_own_grid(own: Grid, data: st.DataObject) -> None:
    x, y = data.draw(st.integers(0, own.width - 1)), data.draw(st.integers(0, own.height - 1))
    window = Window(x, y, data.draw(st.integers(1, own.width - x)), data.draw(st.integers(1, own.height - y)))
    plan = planned(own, GridRequest(extent=Extent(own.crop(window).bounds)))
    assert plan == GridPlan(own, window, own.window)


def test_a_grid_of_control_points_keeps_its_cells_until_a_place_is_asked_for() -> None:
    point = ControlPoint(0.0, 0.0, 500_000.0, 5_200_000.0, 0.0)
    own = Grid(30, 20, None, UTM, (point,))
    assert planned(own, GridRequest()).scene is own
    for request in (GridRequest(crs=UTM), GridRequest(cell_size=(10.0, 10.0)), GridRequest(snap=OWN[0])):
        assert planned(own, request, OWN[0]).scene.transform == OWN[0].transform
    extent = Extent((500_100.0, 5_199_900.0, 500_200.0, 5_200_000.0), UTM)
    assert planned(own, GridRequest(extent=extent), OWN[0]) == GridPlan(OWN[0], Window(10, 0, 10, 10), OWN[0].window)


@pytest.mark.parametrize("own", OWN[1:3], ids=IDS[1:3])
def test_cells_that_do_not_lie_north_up_do_when_a_size_or_snap_is_asked_for(own: Grid) -> None:
    suggested = Grid(30, 20, (500_000.0, 10.0, 0.0, 5_200_000.0, 0.0, -10.0), UTM)
    for request in (GridRequest(cell_size=(10.0, 10.0)), GridRequest(snap=suggested)):
        assert planned(own, request, suggested).scene == suggested


# --- other cells ---------------------------------------------------------------------------------------


@given(grids, factors, factors)
def test_cells_have_the_asked_size_and_cover_the_raster(own: Grid, across: float, down: float) -> None:
    size = scaled(own, across, down)
    plan = planned(own, GridRequest(cell_size=size))
    assert plan.scene.cell_size == pytest.approx(size, rel=1e-5)
    assert plan.scene.crs == own.crs
    assert plan.scene.north_up
    assert plan.area == plan.scene.window
    assert_covers_tightly(plan.scene, own.bounds)


@given(grids, st.data())
def test_cells_coincide_with_those_of_the_snap_raster(own: Grid, data: st.DataObject) -> None:
    snap = data.draw(snaps(own))
    plan = planned(own, GridRequest(snap=snap))
    assert off_lattice(plan.scene, snap) <= TOLERANCE
    assert plan.scene.cell_size == pytest.approx(own.cell_size, rel=1e-6)
    assert_covers_tightly(plan.scene.crop(plan.area), own.bounds)


@given(grids, factors, factors, st.data())
def test_size_and_snap_together(own: Grid, across: float, down: float, data: st.DataObject) -> None:
    size = scaled(own, across, down)
    snap = data.draw(snaps(own, size))
    plan = planned(own, GridRequest(cell_size=size, snap=snap))
    assert off_lattice(plan.scene, snap) <= TOLERANCE
    assert_covers_tightly(plan.scene.crop(plan.area), own.bounds)


@given(grids, st.integers(2, 9), st.data())
def test_cells_of_several_snap_cells_begin_and_end_on_them(own: Grid, times: int, data: st.DataObject) -> None:
    snap = data.draw(snaps(own, scaled(own, 1 / times, 1 / times)))
    assert off_lattice(planned(own, GridRequest(snap=snap)).scene, snap) <= TOLERANCE


@given(grids, factors, st.data())
def test_an_extent_is_covered_by_less_than_a_cell_too_much(own: Grid, factor: float, data: st.DataObject) -> None:
    size = scaled(own, factor, factor)
    snap = data.draw(st.one_of(st.none(), snaps(own, size)))
    inner = [data.draw(st.floats(0.0, 1.0)) for _ in range(4)]
    (left, right), (low, high) = sorted(inner[:2]), sorted(inner[2:])
    xmin, ymin, xmax, ymax = own.bounds
    wanted = (
        xmin + left * (xmax - xmin), ymin + low * (ymax - ymin),
        xmin + right * (xmax - xmin), ymin + high * (ymax - ymin),
    )  # fmt: skip
    assume(wanted[2] - wanted[0] > 0.01 * size[0] and wanted[3] - wanted[1] > 0.01 * size[1])
    plan = planned(own, GridRequest(extent=Extent(wanted), cell_size=size, snap=snap))
    assert_covers_tightly(plan.scene.crop(plan.area), wanted)
    assert plan.area.intersection(plan.scene.window) == plan.area


@given(grids, factors, st.data())
def test_an_extent_does_not_move_the_cells(own: Grid, factor: float, data: st.DataObject) -> None:
    """The scene is planned whole, so that an extent gives a crop of it."""
    request = GridRequest(cell_size=scaled(own, factor, factor), snap=data.draw(snaps(own)))
    xmin, ymin, xmax, ymax = own.bounds
    half = Extent((xmin, ymin, (xmin + xmax) / 2, (ymin + ymax) / 2))
    assert planned(own, replace(request, extent=half)).scene == planned(own, request).scene


@given(metres, degrees)
def test_another_crs_gives_the_suggested_grid(own: Grid, suggested: Grid) -> None:
    plan = planned(own, GridRequest(crs=DEGREES), suggested)
    assert plan.scene.crs == DEGREES
    assert plan.scene.cell_size == pytest.approx(suggested.cell_size, rel=1e-6)
    assert off_lattice(plan.scene, suggested) <= TOLERANCE
    assert (plan.scene.width, plan.scene.height) == (suggested.width, suggested.height)


@given(metres, degrees, factors, st.data())
def test_crs_size_and_snap_together(own: Grid, suggested: Grid, factor: float, data: st.DataObject) -> None:
    size = scaled(suggested, factor, factor)
    snap = data.draw(snaps(suggested, size))
    plan = planned(own, GridRequest(crs=DEGREES, cell_size=size, snap=snap), suggested)
    assert plan.scene.crs == DEGREES
    assert off_lattice(plan.scene, snap) <= TOLERANCE
    assert_covers_tightly(plan.scene.crop(plan.area), suggested.bounds)


@given(grids, st.data())
def test_planning_again_changes_nothing(own: Grid, data: st.DataObject) -> None:
    request = GridRequest(snap=data.draw(snaps(own)))
    once = planned(own, request).scene
    again = planned(once, request).scene
    assert (again.width, again.height) == (once.width, once.height)
    assert again.bounds == pytest.approx(once.bounds, abs=TOLERANCE * min(own.cell_size))


# --- what cannot be planned ------------------------------------------------------------------------------


@pytest.mark.parametrize("side", [0.0, -1.0, math.nan, math.inf, -math.inf, 1e-300, 5e-324, 1e-9, 1e300, 1e12])
@pytest.mark.parametrize("both", [True, False])
def test_an_absurd_cell_size_is_a_sentence(side: float, both: bool) -> None:
    for size in ((side, side if both else 10.0), (side if both else 10.0, side)):
        with pytest.raises(GridError, match=r"scene\.tif cannot be resampled to the requested grid: .*cell"):
            planned(OWN[0], GridRequest(cell_size=size))


@given(metres, st.floats(1e-12, 1e12))
def test_any_cell_size_gives_a_possible_grid_or_a_sentence(own: Grid, size: float) -> None:
    try:
        scene = planned(own, GridRequest(cell_size=(size, size))).scene
    except GridError:
        return
    assert 0 < scene.width <= LARGEST_SIZE
    assert 0 < scene.height <= LARGEST_SIZE


@pytest.mark.parametrize(
    ("snap", "reason"),
    [
        (OWN[1], "is not north up"),
        (OWN[2], "is not north up"),
        (Grid(30, 20, None, UTM), "is not north up"),
        (replace(OWN[0], transform=(1e9, 10.0, 0.0, 1e9, 0.0, -10.0), crs=OTHER_UTM), "located in the output CRS"),
        (replace(OWN[0], crs='LOCAL_CS["site",UNIT["metre",1]]'), "cannot be located in the output CRS"),
    ],
    ids=["south-up", "rotated", "no transform", "no place", "local"],
)
def test_a_snap_raster_that_gives_no_lattice_is_a_sentence(snap: Grid, reason: str) -> None:
    with pytest.raises(GridError, match=reason):
        planned(OWN[0], GridRequest(snap=snap))


def test_a_snap_raster_in_the_crs_of_the_output_is_taken() -> None:
    plan = planned(OWN[0], GridRequest(crs=DEGREES, snap=OWN[3]), replace(OWN[3], width=5))
    assert off_lattice(plan.scene, OWN[3]) <= TOLERANCE


def test_a_snap_raster_without_crs_takes_the_numbers_as_they_are() -> None:
    assert planned(OWN[0], GridRequest(snap=replace(OWN[0], crs=""))).scene is OWN[0]


def test_a_raster_without_a_place_fits_no_other_grid() -> None:
    bare = Grid(30, 20)
    for request in (GridRequest(cell_size=(2.0, 2.0)), GridRequest(snap=OWN[0]), GridRequest(crs=UTM)):
        with pytest.raises(GridError, match="not georeferenced"):
            planned(bare, request)


def test_an_extent_beside_the_new_grid_is_refused() -> None:
    with pytest.raises(ExtentMissesRasterError):
        planned(OWN[0], GridRequest(cell_size=(7.0, 7.0), extent=Extent((0.0, 0.0, 10.0, 10.0))))
