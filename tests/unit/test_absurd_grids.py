# SPDX-License-Identifier: GPL-2.0-or-later
"""Results that are far too large or small are refused at once; cell sizes and snap rasters of other CRSs fit."""

from __future__ import annotations

import math
import pickle
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
from osgeo import osr

from classify_pixels.inference.errors import (
    CellLimitError,
    CellSizeError,
    CellSizeRatioError,
    FewCellsError,
    GridError,
    TooManyCellsError,
)
from classify_pixels.inference.grid import Grid
from classify_pixels.inference.phrase import Phrase
from classify_pixels.inference.raster import Extent, GdalInput, GridRequest, Scene, open_scene
from classify_pixels.inference.raster.scene.cell_size import described_cell_size
from classify_pixels.inference.run.read_settings import read_most_cells
from tests.unit.rasters import random_pixels, wkt, write_raster

UTM, DEGREES, FEET, LOCAL = wkt(32633), wkt(4326), wkt(2263), 'LOCAL_CS["site",UNIT["metre",1]]'
X, Y = 500_000.0, 5_200_000.0


@pytest.fixture
def scene(tmp_path: Path) -> GdalInput:
    """400 x 300 cells of 30 m."""
    path = tmp_path / "scene.tif"
    return GdalInput(str(write_raster(path, random_pixels(1, 300, 400), transform=(X, 30, 0, Y, 0, -30))))


def planned(raster: GdalInput, request: GridRequest) -> Scene:
    scene = open_scene(raster, request, "nearest")
    scene.source.close()
    return scene


def moved(x: float, y: float, source: str, target: str) -> tuple[float, float]:
    references = []
    for text in (source, target):
        references.append(osr.SpatialReference())
        references[-1].ImportFromWkt(text)
        references[-1].SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
    found = osr.CoordinateTransformation(*references).TransformPoint(x, y)
    return found[0], found[1]


def metres_on_the_ground(grid: Grid) -> tuple[float, float]:
    """The edges of the cell in a geographic grid's middle, by lengths of a degree on the ellipsoid at its latitude."""
    x, y, (width, height) = grid.origin[0], grid.origin[1], grid.cell_size
    latitude = math.radians(y - grid.height / 2 * height)
    a, e2 = 6_378_137.0, 0.00669437999
    bent = 1 - e2 * math.sin(latitude) ** 2
    along_parallel = a * math.cos(latitude) / math.sqrt(bent)
    along_meridian = a * (1 - e2) / bent**1.5
    assert -180 <= x <= 180
    return math.radians(width) * along_parallel, math.radians(height) * along_meridian


# --- too many cells ---------------------------------------------------------------------------------------


def test_a_file_that_claims_more_cells_than_the_limit_is_refused_at_once(tmp_path: Path) -> None:
    size = 'rasterXSize="2147483647" rasterYSize="2147483647"'
    path = tmp_path / "huge.vrt"
    path.write_text(f'<VRTDataset {size}><VRTRasterBand dataType="Byte" band="1"/></VRTDataset>')
    with pytest.raises(TooManyCellsError, match=r"x 2147483647 cells .4611686014132420609 in total.*4\.61 EB"):
        planned(GdalInput(str(path)), GridRequest())


def test_the_limit_counts_the_cells_of_the_asked_part_and_can_be_moved(scene: GdalInput) -> None:
    part = Extent((X, Y - 3000, X + 3000, Y), UTM)
    assert planned(scene, GridRequest(most_cells=120_000)).area.width == 400
    with pytest.raises(TooManyCellsError, match=r"limit is 119999 .* 30 x 30 metre.* 30 x 30 metre"):
        planned(scene, GridRequest(most_cells=119_999))
    assert planned(scene, GridRequest(extent=part, most_cells=10_000)).area.width == 100
    with pytest.raises(TooManyCellsError):
        planned(scene, GridRequest(extent=part, cell_size=(15.0, 15.0), most_cells=39_999))


@pytest.mark.parametrize(("text", "cells"), [(None, 2**40), ("", 2**40), ("1e12", 10**12), (" 5 ", 5)])
def test_the_limit_is_a_number_of_cells(text: object, cells: int) -> None:
    assert read_most_cells(text) == cells


@pytest.mark.parametrize("text", ["many", "0", "-1", "nan", "inf"])
def test_any_other_limit_is_a_sentence(text: str) -> None:
    with pytest.raises(CellLimitError):
        read_most_cells(text)


# --- the wrong unit ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("request_", "sizes"),
    [
        (GridRequest(cell_size=(0.0003, 0.0003)), ("0.0003 x 0.0003 metre", "30 x 30 metre", "degree")),
        (GridRequest(crs=DEGREES, cell_size=(30.0, 30.0)), ("30 x 30 degree", "30 x 30 metre", "metre")),
        (GridRequest(cell_size=(40_000.0, 30.0)), ("40000 x 30 metre", "30 x 30 metre", "degree")),
        (GridRequest(cell_size=(30.0, 0.02)), ("30 x 0.02 metre", "30 x 30 metre", "degree")),
        (GridRequest(extent=Extent((X, Y - 90, X + 90, Y), UTM), crs=DEGREES, cell_size=(9.0, 9.0)), ("9 x 9 degree",)),
    ],
    ids=["degrees for metres", "metres for degrees", "too wide", "too low", "with an extent"],
)
def test_a_cell_size_in_the_wrong_unit_names_both_sizes_in_both_units(
    request_: GridRequest, sizes: tuple[str, ...], scene: GdalInput
) -> None:
    with pytest.raises(CellSizeRatioError) as caught:
        planned(scene, request_)
    assert all(size in str(caught.value) for size in sizes)


@pytest.mark.parametrize("factor", [1 / 900, 1 / 3, 50.0])
def test_cells_up_to_a_thousand_times_finer_or_coarser_are_taken(factor: float, scene: GdalInput) -> None:
    size = (30 * factor, 30 * factor)
    assert planned(scene, GridRequest(cell_size=size)).source.grid.cell_size == pytest.approx(size)


def test_next_to_nothing_of_a_large_raster_is_refused_and_little_of_a_small_one_is_not(
    scene: GdalInput, tmp_path: Path
) -> None:
    with pytest.raises(FewCellsError, match=r"20000 x 20000 metre .* only 1 x 1 cells .* 400 x 300 cells of 30 x 30"):
        planned(scene, GridRequest(cell_size=(20_000.0, 20_000.0)))
    assert planned(scene, GridRequest(cell_size=(4000.0, 4000.0))).area.height == 3
    # The raster's own cells may be as few as one asks for.
    assert planned(scene, GridRequest(extent=Extent((X, Y - 30, X + 30, Y), UTM))).area.width == 1
    small = write_raster(tmp_path / "small.tif", random_pixels(1, 90, 90))
    assert planned(GdalInput(str(small)), GridRequest(cell_size=(1000.0, 1000.0))).area.width == 1


def test_a_size_is_described_in_its_unit_and_on_the_ground() -> None:
    feet = described_cell_size(Grid(10, 10, (985_000.0, 100.0, 0.0, 205_000.0, 0.0, -100.0), FEET))
    assert str(feet).startswith("100 x 100 US survey foot (0.000361 x 0.000274 degree)")
    assert str(described_cell_size(Grid(10, 10, (0.0, 2.0, 0.0, 0.0, 0.0, -2.0), LOCAL))) == "2 x 2"
    assert str(described_cell_size(Grid(10, 10))) == "1 x 1"


@pytest.mark.parametrize(
    ("crs", "words"),
    [
        (UTM, {"metre", "degree"}),
        (DEGREES, {"degree", "metre"}),
        (wkt(4807), {"grad", "metre"}),
        (FEET, {"US survey foot", "degree"}),
        (FEET.replace("US survey foot", "Foot_US"), {"US survey foot", "degree"}),
        (UTM.replace('UNIT["metre",1,AUTHORITY["EPSG","9001"]', 'UNIT["kilometre",1000'), {"kilometre"}),
        (wkt(2993).replace("metre", "Meter"), {"metre", "degree"}),
    ],
    ids=["metre", "degree", "grad", "foot", "Foot_US", "kilometre", "Meter"],
)
def test_the_units_of_a_size_are_phrases_that_can_be_translated(crs: str, words: set[str]) -> None:
    described = described_cell_size(Grid(10, 10, (10.0, 0.001, 0.0, 10.0, 0.0, -0.001), crs))
    assert phrases_in(described) >= words
    assert "metre" not in "".join(value for value in plain_values(described))
    # A copy for another process is the same text.
    assert str(pickle.loads(pickle.dumps(CellSizeError(size=described))).values["size"]) == str(described)


def phrases_in(phrase: Phrase) -> set[str]:
    """Returns the texts that a catalogue translates."""
    inner = (phrases_in(value) for value in phrase.values.values() if isinstance(value, Phrase))
    return {str(phrase.text)}.union(*inner)


def plain_values(phrase: Phrase) -> list[str]:
    """Returns the values that no catalogue translates."""
    found = []
    for value in phrase.values.values():
        found += plain_values(value) if isinstance(value, Phrase) else [str(value)]
    return found


# --- sizes and snap rasters of other CRSs -------------------------------------------------------------------


def test_a_cell_size_of_another_crs_is_as_large_on_the_ground(scene: GdalInput) -> None:
    found = planned(scene, GridRequest(crs=DEGREES, cell_size=(60.0, 60.0), cell_size_crs=UTM)).source.grid
    # UTM's scale is 0.9996 at its central meridian.
    assert metres_on_the_ground(found) == pytest.approx((60.0, 60.0), rel=1e-3)
    assert osr.SpatialReference(found.crs).IsGeographic()


def test_a_cell_size_in_feet_or_degrees_is_converted_for_metres(scene: GdalInput) -> None:
    geographic = planned(scene, GridRequest(cell_size=(0.001, 0.001), cell_size_crs=DEGREES)).source.grid
    middle = (X + 200 * 30, Y - 150 * 30)
    lon, lat = moved(*middle, UTM, DEGREES)
    east = math.dist(moved(lon + 0.001, lat, DEGREES, UTM), middle)
    north = math.dist(moved(lon, lat + 0.001, DEGREES, UTM), middle)
    assert geographic.cell_size == pytest.approx((east, north), rel=1e-4)


def test_the_raster_s_own_numbers_in_another_crs_are_not_its_own_cells(scene: GdalInput) -> None:
    """30 degrees are not 30 metres."""
    with pytest.raises(CellSizeRatioError):
        planned(scene, GridRequest(cell_size=(30.0, 30.0), cell_size_crs=DEGREES))


def test_a_cell_size_that_nobody_can_convert_is_a_sentence(scene: GdalInput) -> None:
    with pytest.raises(GridError, match="cell size cannot be converted"):
        planned(scene, GridRequest(cell_size=(30.0, 30.0), cell_size_crs=LOCAL))


@pytest.mark.parametrize("crs", [DEGREES, wkt(32632)])
def test_cells_pass_through_the_corner_of_a_snap_raster_of_another_crs(crs: str, scene: GdalInput) -> None:
    corner = moved(X + 1234.5, Y - 777.7, UTM, crs)
    snap = Grid(5, 5, (corner[0], 0.001, 0.0, corner[1], 0.0, -0.001), crs)
    found = planned(scene, GridRequest(snap=snap)).source.grid
    assert found.cell_size == pytest.approx((30.0, 30.0))
    column, row = found.cell_of(X + 1234.5, Y - 777.7)
    assert (column, row) == pytest.approx((round(column), round(row)), abs=1e-4)


def test_scenes_that_share_a_snap_raster_have_their_tiles_on_the_same_stride(tmp_path: Path) -> None:
    """So that results of networks with a stride agree where they overlap."""
    snap = Grid(5, 5, (X - 1003.0, 30.0, 0.0, Y + 1003.0, 0.0, -30.0), UTM)
    origins = []
    for number, shift in enumerate((0.0, 1717.0)):
        path = tmp_path / f"{number}.tif"
        write_raster(path, random_pixels(1, 60, 70), transform=(X + shift, 30, 0, Y - shift, 0, -30))
        found = planned(GdalInput(str(path)), GridRequest(snap=snap))
        origins.append(snap.cell_of(*found.source.grid.origin))
        covered = found.source.grid.crop(found.area)
        assert abs(covered.origin[0] - X - shift) < 30
    for first, second in zip(*origins):
        assert (first - second) / 64 == pytest.approx(round((first - second) / 64), abs=1e-6)


@pytest.mark.parametrize("south_up", [False, True])
def test_a_local_crs_has_other_cells_and_no_other_crs(south_up: bool, tmp_path: Path, gdal_mode: bool) -> None:
    transform = (0, 10, 0, 100, 0, 10) if south_up else (0, 10, 0, 500, 0, -10)
    pixels = np.arange(40 * 50, dtype=np.float32).reshape(1, 40, 50)
    path = write_raster(tmp_path / "local.tif", pixels, transform=transform, epsg=None)
    from osgeo import gdal

    dataset = gdal.Open(str(path), gdal.GA_Update)
    dataset.SetProjection(LOCAL)
    dataset = None
    raster = GdalInput(str(path))
    north_up = pixels[0, ::-1] if south_up else pixels[0]
    snap = Grid(1, 1, (0, 5.0, 0, 500.0, 0, -5.0), LOCAL)
    for request in (GridRequest(cell_size=(5.0, 5.0)), GridRequest(snap=snap)):
        scene = open_scene(raster, request, "nearest")
        with closing(scene.source) as source:
            found, valid = source.read(scene.area)
        times = found.shape[1] // 40
        assert valid.all()
        np.testing.assert_array_equal(found[0], north_up.repeat(times, 0).repeat(times, 1))
    for request in (GridRequest(crs=UTM), GridRequest(cell_size=(5.0, 5.0), crs=UTM)):
        with pytest.raises(GridError):
            planned(raster, request)
