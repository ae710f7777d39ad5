# SPDX-License-Identifier: GPL-2.0-or-later
"""The world on polar grids, extents at poles and the date line: what gdalwarp makes of the same file."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
from osgeo import gdal

from classify_pixels.inference.errors import ExtentError, ExtentMissesRasterError, GridError
from classify_pixels.inference.notices import Caution
from classify_pixels.inference.raster import Extent, GdalInput, GridRequest, Scene, open_scene
from classify_pixels.inference.raster.collection import Collection
from tests.unit.rasters import wkt, write_raster

DEGREES, MERCATOR, ANTARCTIC, ARCTIC, ZONE_60 = wkt(4326), wkt(3857), wkt(3031), wkt(3413), wkt(32660)
SQUARE = (-4e6, -4e6, 4e6, 4e6)


def waves(height: int, width: int) -> np.ndarray:
    """Smooth pixels from 50 to 150, so that places may be wrong by a little only."""
    rows, columns = np.mgrid[0:height, 0:width]
    turn = 2 * np.pi / width
    return (100 + 30 * np.sin(3 * turn * columns) + 20 * np.cos(rows / 15))[np.newaxis].astype(np.float32)


@pytest.fixture
def world(tmp_path: Path) -> GdalInput:
    path = tmp_path / "world.tif"
    return GdalInput(str(write_raster(path, waves(180, 360), transform=(-180, 1, 0, 90, 0, -1), epsg=4326)))


@pytest.fixture
def dateline(tmp_path: Path) -> GdalInput:
    """Cells of 1 km from about 178 east to 178 west."""
    transform = (570_000, 1000, 0, 5_850_000, 0, -1000)
    return GdalInput(str(write_raster(tmp_path / "dateline.tif", waves(236, 232), transform=transform, epsg=32660)))


def read(
    raster: GdalInput | Collection, request: GridRequest, method: str = "bilinear"
) -> tuple[np.ndarray, np.ndarray, Scene]:
    scene = open_scene(raster, request, method)
    with closing(scene.source) as source:
        return (*source.read(scene.area), scene)


def assert_is_gdalwarp(raster: GdalInput, request: GridRequest, method: str = "bilinear") -> Scene:
    """Compares with one call of gdalwarp for the bounds and cells of the result; returns the scene."""
    pixels, valid, scene = read(raster, request, method)
    grid = scene.source.grid.crop(scene.area)
    warped = gdal.Warp(
        "", raster.uri, format="MEM", dstSRS=grid.crs, outputBounds=grid.bounds, width=grid.width, height=grid.height,
        resampleAlg=method, dstAlpha=True, errorThreshold=0, warpMemoryLimit=4000,
    ).ReadAsArray()  # fmt: skip
    counts = warped[1] > 0
    assert (valid == counts).mean() > 0.999
    both = valid & counts
    assert both.mean() > 0.3
    assert np.quantile(np.abs(pixels[0] - warped[0])[both], 0.999) < 0.2
    return scene


# --- without an extent --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("epsg", "reach"),
    [(3031, 3.34e6), (3413, 3.6e6), (3857, 2.04e7), (2154, 2.5e6), (28992, 4e5), (32661, 3.6e6), (3832, 1.3e7)],
)
def test_the_world_becomes_the_part_of_it_where_the_crs_is_used(epsg: int, reach: float, world: GdalInput) -> None:
    scene = assert_is_gdalwarp(world, GridRequest(crs=wkt(epsg)))
    grid = scene.source.grid
    assert max(grid.bounds[2] - grid.bounds[0], grid.bounds[3] - grid.bounds[1]) < 2.1 * reach
    assert [note.kind for note in scene.notes] == [Caution.PART_IN_AREA_OF_USE]


@pytest.mark.parametrize("epsg", [4087, 6933])
def test_the_world_stays_whole_in_a_crs_of_the_world(epsg: int, world: GdalInput) -> None:
    scene = assert_is_gdalwarp(world, GridRequest(crs=wkt(epsg)))
    assert not scene.notes
    assert scene.source.grid.bounds[2] - scene.source.grid.bounds[0] > 3.4e7


def test_what_lies_nowhere_near_where_the_crs_is_used_is_refused(tmp_path: Path) -> None:
    north = write_raster(tmp_path / "north.tif", waves(180, 360), transform=(-180, 1, 0, 90, 0, -0.5), epsg=4326)
    with pytest.raises(GridError, match="as a whole to the output CRS"):
        open_scene(GdalInput(str(north)), GridRequest(crs=ANTARCTIC), "nearest")


def test_a_scene_that_reaches_into_the_next_zone_is_not_clipped(tmp_path: Path) -> None:
    transform = (700_000, 1000, 0, 5_500_000, 0, -1000)
    raster = GdalInput(str(write_raster(tmp_path / "scene.tif", waves(200, 300), transform=transform, epsg=32632)))
    scene = assert_is_gdalwarp(raster, GridRequest(crs=wkt(32633)))
    assert not scene.notes
    assert read(raster, GridRequest(crs=wkt(32633)))[1].sum() > 0.95 * 200 * 300


# --- extents ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("method", ["nearest", "bilinear"])
@pytest.mark.parametrize("size", [None, (50_000.0, 50_000.0), (300_000.0, 200_000.0)])
def test_an_extent_makes_a_polar_grid_possible(size: tuple[float, float] | None, method: str, world: GdalInput) -> None:
    request = GridRequest(Extent(SQUARE, ANTARCTIC), ANTARCTIC, size)
    scene = assert_is_gdalwarp(world, request, method)
    grid = scene.source.grid.crop(scene.area)
    if size is not None:
        assert grid.bounds == pytest.approx((*SQUARE[:3], SQUARE[3]), abs=size[0])
        assert (grid.origin, grid.cell_size) == ((-4e6, 4e6), pytest.approx(size))
    assert read(world, request)[1].all(), "the pole as well"


@pytest.mark.parametrize(
    "bounds", [(179.0, 51.0, 179.5, 52.0), (-179.5, 51.0, -179.0, 52.0), (178.5, 51.0, 181.0, 52.0)]
)
def test_a_part_of_a_scene_over_the_date_line(bounds: tuple[float, float, float, float], dateline: GdalInput) -> None:
    scene = assert_is_gdalwarp(dateline, GridRequest(Extent(bounds, DEGREES), DEGREES))
    grid = scene.source.grid.crop(scene.area)
    cell = max(grid.cell_size)
    assert grid.bounds == pytest.approx(bounds, abs=1.01 * cell)
    assert read(dateline, GridRequest(Extent(bounds, DEGREES), DEGREES))[1].all()


def test_an_extent_in_metres_over_the_date_line_gives_degrees_beyond_180(dateline: GdalInput) -> None:
    extent = Extent((650_000.0, 5_700_000.0, 760_000.0, 5_760_000.0), ZONE_60)
    scene = assert_is_gdalwarp(dateline, GridRequest(extent, DEGREES))
    xmin, _, xmax, _ = scene.source.grid.crop(scene.area).bounds
    assert 179 < xmin < 180 < xmax < 181.5


@pytest.mark.parametrize(("crs", "rows"), [(ANTARCTIC, slice(150, 180)), (ARCTIC, slice(0, 30))])
def test_an_extent_around_a_pole_is_all_longitudes_of_a_geographic_raster(
    crs: str, rows: slice, world: GdalInput
) -> None:
    """The corners of a square of 2,000 km lie at 64 degrees."""
    pixels, valid, scene = read(world, GridRequest(Extent((-2e6, -2e6, 2e6, 2e6), crs)))
    assert scene.area.width == 360
    assert scene.area.y == (0 if rows.start == 0 else 154)
    assert scene.area.height == 26
    np.testing.assert_array_equal(pixels, waves(180, 360)[:, scene.area.y : scene.area.bottom])
    assert valid.all()


def test_an_extent_around_a_pole_reaches_to_the_end_of_a_mercator_raster(tmp_path: Path) -> None:
    side = 20_037_508.34
    transform = (-side, side / 200, 0, side, 0, -side / 200)
    raster = GdalInput(str(write_raster(tmp_path / "web.tif", waves(400, 400), transform=transform, epsg=3857)))
    _, _, scene = read(raster, GridRequest(Extent((-2e6, -2e6, 2e6, 2e6), ANTARCTIC)))
    assert (scene.area.width, scene.area.bottom) == (400, 400)
    # 64.4 degrees south lie at -9.45e6.
    assert scene.area.y == pytest.approx(200 + 9.45e6 / (side / 200), abs=1.5)


@pytest.mark.parametrize(
    ("west", "bounds", "column"),
    [
        (0, (-20.0, 10.0, -10.0, 20.0), 340),
        (0, (340.0, 10.0, 350.0, 20.0), 340),
        (-180, (190.0, 10.0, 200.0, 20.0), 10),
    ],
)
def test_degrees_are_the_same_after_a_full_turn(
    west: int, bounds: tuple[float, float, float, float], column: int, tmp_path: Path
) -> None:
    path = write_raster(tmp_path / "turn.tif", waves(180, 360), transform=(west, 1, 0, 90, 0, -1), epsg=4326)
    pixels, _, scene = read(GdalInput(str(path)), GridRequest(Extent(bounds, DEGREES)))
    assert (scene.area.x, scene.area.y, scene.area.width, scene.area.height) == (column, 70, 10, 10)
    np.testing.assert_array_equal(pixels, waves(180, 360)[:, 70:80, column : column + 10])


def test_all_longitudes_of_a_raster_from_0_to_360_are_one_part(tmp_path: Path) -> None:
    path = write_raster(tmp_path / "turn.tif", waves(180, 360), transform=(0, 1, 0, 90, 0, -1), epsg=4326)
    _, _, scene = read(GdalInput(str(path)), GridRequest(Extent((-180.0, -90.0, 180.0, -60.0), DEGREES)))
    assert (scene.area.x, scene.area.width, scene.area.height) == (0, 360, 30)


def test_both_ends_of_the_world_at_once_are_refused(world: GdalInput) -> None:
    with pytest.raises(ExtentError, match="date line"):
        open_scene(world, GridRequest(Extent((175.0, 0.0, 185.0, 10.0), DEGREES)), "nearest")


def test_an_extent_beside_a_raster_that_fits_no_grid_misses_it(dateline: GdalInput) -> None:
    with pytest.raises(ExtentMissesRasterError):
        open_scene(dateline, GridRequest(Extent((10.0, 51.0, 11.0, 52.0), DEGREES), DEGREES), "nearest")


def test_an_extent_without_a_crs_is_in_that_of_the_raster(dateline: GdalInput) -> None:
    bounds = (580_000.0, 5_700_000.0, 640_000.0, 5_760_000.0)
    bare, told = (read(dateline, GridRequest(Extent(bounds, crs), DEGREES))[2] for crs in ("", ZONE_60))
    assert bare.source.grid.crop(bare.area) == told.source.grid.crop(told.area)


def test_a_mosaic_of_the_world_has_a_polar_part_too(tmp_path: Path, world: GdalInput) -> None:
    halves = []
    for number, west in enumerate((-180, 0)):
        path = write_raster(
            tmp_path / f"{number}.tif", waves(180, 360)[:, :, 180 * number : 180 * number + 180],
            transform=(west, 1, 0, 90, 0, -1), epsg=4326,
        )  # fmt: skip
        halves.append(GdalInput(str(path)))
    request = GridRequest(Extent(SQUARE, ANTARCTIC), ANTARCTIC, (50_000.0, 50_000.0))
    expected, _, _ = read(world, request, "nearest")
    pixels, valid, _ = read(Collection(tuple(halves), "halves"), request, "nearest")
    assert valid.mean() > 0.99
    assert (np.abs(pixels - expected)[0][valid] < 1e-3).mean() > 0.99
