# SPDX-License-Identifier: GPL-2.0-or-later
"""Rasters brought onto another grid: pixel by pixel what gdalwarp writes into a file, classified by numpy."""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from osgeo import gdal

from classify_pixels.inference.choices import RESAMPLING
from classify_pixels.inference.errors import ClassifyPixelsError, GridError, OutputIsInputError
from classify_pixels.inference.grid import Grid
from classify_pixels.inference.raster import Extent, GdalInput, GridRequest, open_scene
from classify_pixels.inference.raster.scene.warp import warped_view
from classify_pixels.inference.window import Window
from tests.engine.gdalwarp import (
    BANDS,
    CLASSES,
    assert_is_gdalwarp_classified,
    grid_in,
    model,
)
from tests.networks import class_definition, valid_network
from tests.unit.rasters import TRANSFORM, random_pixels, read_raster, wkt, write_raster
from tests.unit.runs import classify, names_in

# pytest finds a fixture by its name here.
__all__ = ["model"]

UTM, DEGREES, MERCATOR = wkt(32633), wkt(4326), wkt(3857)
SNAP = Grid(4, 4, (500_003.0, 10.0, 0.0, 5_199_996.0, 0.0, -10.0), UTM)
X, Y = TRANSFORM[0], TRANSFORM[3]
INNER = Extent((X + 203.0, Y - 512.0, X + 507.0, Y - 204.0))


@pytest.fixture
def scene(tmp_path: Path) -> Path:
    """Smooth bands with some noise: the classes have areas, and edges that a shift of a pixel moves."""
    rows, columns = np.mgrid[0:90, 0:110]
    waves = np.stack([np.sin(columns / 9 + band) + np.cos(rows / (7 + band)) for band in range(BANDS)])
    return write_raster(tmp_path / "scene.tif", (waves + random_pixels(BANDS, 90, 110) / 9).astype(np.float32))


REQUESTS: dict[str, dict[str, Any]] = {
    "crs": {"crs": DEGREES},
    "mercator": {"crs": MERCATOR},
    "finer": {"cell_size": (4.0, 7.0)},
    "coarser": {"cell_size": (23.0, 23.0)},
    "snap": {"snap": SNAP},
    "snap and size": {"snap": SNAP, "cell_size": (5.0, 5.0)},
    "extent and size": {"extent": INNER, "cell_size": (6.0, 6.0)},
    "extent in degrees": {"extent": Extent((15.0, 46.948, 15.006, 46.952), DEGREES), "cell_size": (9.0, 9.0)},
    "all": {
        "extent": Extent(INNER.bounds, UTM),
        "crs": wkt(32632),
        "cell_size": (12.0, 12.0),
        "snap": Grid(1, 1, (7.0, 12.0, 0.0, 1.0, 0.0, -12.0), wkt(32632)),
    },
}


@pytest.mark.parametrize("method", ["nearest", "bilinear"])
@pytest.mark.parametrize("name", REQUESTS)
def test_classes_are_those_of_gdalwarp(
    name: str, method: str, scene: Path, model: dict[str, Any], tmp_path: Path
) -> None:
    classify(scene, model, tmp_path / "out.tif", resampling=method, **REQUESTS[name])
    assert_is_gdalwarp_classified(scene, tmp_path / "out.tif", method, least=200)


@pytest.mark.parametrize("method", RESAMPLING)
def test_every_resampling_method_is_gdals(method: str, scene: Path, model: dict[str, Any], tmp_path: Path) -> None:
    classify(scene, model, tmp_path / "out.tif", resampling=method, cell_size=(13.0, 17.0))
    assert_is_gdalwarp_classified(scene, tmp_path / "out.tif", method)


def test_methods_differ(scene: Path, model: dict[str, Any], tmp_path: Path) -> None:
    maps = []
    for method in ("nearest", "bilinear", "average"):
        classify(scene, model, tmp_path / f"{method}.tif", resampling=method, cell_size=(31.0, 31.0))
        maps.append(read_raster(tmp_path / f"{method}.tif"))
    assert (maps[0] != maps[1]).any()
    assert (maps[1] != maps[2]).any()


@pytest.mark.parametrize("inside", [True, False])
@pytest.mark.parametrize("method", ["nearest", "bilinear", "max"])
def test_overviews_change_nothing(method: str, inside: bool, model: dict[str, Any], tmp_path: Path) -> None:
    pixels = random_pixels(BANDS, 240, 280)
    plain = write_raster(tmp_path / "plain.tif", pixels)
    raster = write_raster(tmp_path / "scene.tif", pixels)
    dataset = gdal.Open(str(raster), gdal.GA_Update if inside else gdal.GA_ReadOnly)
    dataset.BuildOverviews("AVERAGE", [2, 4])
    dataset = None
    classify(raster, model, tmp_path / "out.tif", cell_size=(40.0, 40.0), resampling=method)
    assert_is_gdalwarp_classified(plain, tmp_path / "out.tif", method)


def test_the_own_cells_asked_for_are_not_resampled(scene: Path, model: dict[str, Any], tmp_path: Path) -> None:
    classify(scene, model, tmp_path / "plain.tif")
    far = Grid(2, 2, (X - 5_000.0, 10.0, 0.0, Y + 70.0, 0.0, -10.0), UTM)
    classify(scene, model, tmp_path / "asked.tif", crs=UTM, cell_size=(10.0, 10.0), snap=far, resampling="average")
    np.testing.assert_array_equal(read_raster(tmp_path / "asked.tif"), read_raster(tmp_path / "plain.tif"))
    assert grid_in(tmp_path / "asked.tif") == grid_in(tmp_path / "plain.tif")


def test_an_extent_gives_the_crop_of_the_warped_map(scene: Path, model: dict[str, Any], tmp_path: Path) -> None:
    classify(scene, model, tmp_path / "whole.tif", cell_size=(6.0, 6.0))
    classify(scene, model, tmp_path / "part.tif", cell_size=(6.0, 6.0), extent=INNER)
    part = gdal.Open(str(tmp_path / "part.tif"))
    x, _, _, y, _, _ = part.GetGeoTransform()
    column, row = round((x - X) / 6), round((Y - y) / 6)
    assert (x, y) == pytest.approx((X + 6 * column, Y - 6 * row), abs=6e-6)
    whole = read_raster(tmp_path / "whole.tif")
    crop = whole[row : row + part.RasterYSize, column : column + part.RasterXSize]
    np.testing.assert_array_equal(part.ReadAsArray(), crop)


def test_halos_see_the_real_pixels_around_the_extent(scene: Path, tmp_path: Path) -> None:
    """A network of 5 x 5 pixels gives the crop of the whole map, at its edges too."""
    network = valid_network(tmp_path / "valid.onnx", BANDS, CLASSES)
    model = class_definition(network, BANDS, range(CLASSES), 32, Padding=4, ClassifyPixels={"Stride": 1})
    classify(scene, model, tmp_path / "whole.tif", crs=DEGREES)
    (x, width, _, y, _, height), _, _ = grid_in(tmp_path / "whole.tif")
    inner = Extent((x + 20 * width, y + 50 * height, x + 60 * width, y + 15 * height), DEGREES)
    classify(scene, model, tmp_path / "part.tif", crs=DEGREES, extent=inner)
    part = read_raster(tmp_path / "part.tif")
    assert part.shape == (35, 40)
    np.testing.assert_array_equal(part, read_raster(tmp_path / "whole.tif")[15:50, 20:60])


def test_more_workers_give_the_same_map(scene: Path, model: dict[str, Any], tmp_path: Path) -> None:
    for workers in (1, 4):
        classify(scene, model, tmp_path / f"{workers}.tif", crs=DEGREES, cell_size=(1e-5, 1e-5), workers=workers)
    np.testing.assert_array_equal(read_raster(tmp_path / "1.tif"), read_raster(tmp_path / "4.tif"))


def test_nothing_is_written_beside_the_input(scene: Path, model: dict[str, Any], tmp_path: Path) -> None:
    for name in ("out", "model_cache"):
        (tmp_path / name).mkdir()
    before = names_in(tmp_path)
    classify(scene, model, tmp_path / "out" / "out.tif", crs=DEGREES)
    assert names_in(tmp_path) == before


def test_a_warped_input_is_not_overwritten(scene: Path, model: dict[str, Any]) -> None:
    before = scene.read_bytes()
    with pytest.raises(OutputIsInputError):
        classify(scene, model, scene, crs=DEGREES)
    assert scene.read_bytes() == before


# --- what does not count --------------------------------------------------------------------------------


def holes(bands: Sequence[int] = range(BANDS)) -> np.ndarray:
    """Pixels with -99 in a rectangle of these bands."""
    pixels = random_pixels(BANDS, 60, 70)
    for band in bands:
        pixels[band, 20:35, 25:50] = -99
    return pixels


@pytest.mark.parametrize("method", ["nearest", "bilinear", "cubic"])
def test_no_data_stays_no_data(method: str, model: dict[str, Any], tmp_path: Path) -> None:
    raster = write_raster(tmp_path / "scene.tif", holes(), no_data=-99)
    classify(raster, model, tmp_path / "out.tif", resampling=method, cell_size=(6.0, 6.0))
    assert_is_gdalwarp_classified(raster, tmp_path / "out.tif", method)
    assert (read_raster(tmp_path / "out.tif")[36:56, 44:80] == 255).all()


@pytest.mark.parametrize("method", ["nearest", "bilinear"])
def test_no_data_in_one_band_only_leaves_the_pixel_and_none_of_its_value(
    method: str, model: dict[str, Any], tmp_path: Path
) -> None:
    """The band is 0 there, as on the raster's own grid, and its NoData value is mixed into no neighbour."""
    raster = write_raster(tmp_path / "scene.tif", holes([1]), no_data=-99)
    scene = open_scene(GdalInput(str(raster)), GridRequest(cell_size=(6.0, 6.0)), method)
    with closing(scene.source) as source:
        pixels, valid = source.read(source.grid.window)
    assert valid.all()
    inside = np.s_[36:56, 44:80]
    assert (pixels[1][inside] == 0).all()
    assert (pixels[0][inside] != 0).all()
    assert np.abs(pixels).max() < 20


def test_a_users_no_data_is_honoured_while_resampling(tmp_path: Path) -> None:
    raster = write_raster(tmp_path / "scene.tif", holes())
    given = GdalInput(str(raster), no_data_everywhere=((-99.0, -99.0),))
    with closing(open_scene(given, GridRequest(cell_size=(6.0, 6.0)), "bilinear").source) as source:
        pixels, valid = source.read(source.grid.window)
    assert not valid[36:56, 44:80].any()
    assert valid[:30].all()
    assert np.abs(pixels).max() < 20


def test_the_same_no_data_given_by_file_and_user_is_one(tmp_path: Path) -> None:
    raster = write_raster(tmp_path / "scene.tif", holes(), no_data=-99)
    given = GdalInput(str(raster), no_data_everywhere=((-99.0, -99.0),))
    with closing(open_scene(given, GridRequest(cell_size=(6.0, 6.0)), "nearest").source) as source:
        assert not source.read(source.grid.window)[1][36:56, 44:80].any()


@pytest.mark.parametrize("ranges", [((-99.0, -98.0),), ((-99.0, -99.0), (-5.0, -5.0))])
def test_several_values_of_no_data_are_carried_over_by_the_pixels(
    ranges: tuple[tuple[float, float], ...], tmp_path: Path
) -> None:
    """GDAL's views hold one value a band."""
    pixels = holes([1])
    pixels[0, 5:9, 5:9] = -5
    given = GdalInput(str(write_raster(tmp_path / "scene.tif", pixels, no_data=-5)), no_data_everywhere=ranges)
    with closing(open_scene(given, GridRequest(cell_size=(5.0, 5.0)), "nearest").source) as source:
        found, counts = source.read_bands(source.grid.window)
    np.testing.assert_array_equal(counts, ~np.isin(pixels, [-5, -99]).repeat(2, 1).repeat(2, 2))
    np.testing.assert_array_equal(found, np.where(counts, pixels.repeat(2, 1).repeat(2, 2), 0))


def test_not_a_number_stays_no_data(model: dict[str, Any], tmp_path: Path) -> None:
    pixels = holes()
    pixels[pixels == -99] = np.nan
    raster = write_raster(tmp_path / "scene.tif", pixels, no_data=np.nan)
    classify(raster, model, tmp_path / "out.tif", resampling="nearest", cell_size=(6.0, 6.0))
    found = read_raster(tmp_path / "out.tif")
    assert (found[36:56, 44:80] == 255).all()
    assert (found[:30] != 255).all()


@pytest.mark.parametrize("method", ["nearest", "bilinear"])
@pytest.mark.parametrize("inside", [True, False])
def test_a_mask_hides_what_it_hid(method: str, inside: bool, model: dict[str, Any], tmp_path: Path) -> None:
    mask = np.ones((60, 70), bool)
    mask[20:35, 25:50] = False
    pixels = random_pixels(BANDS, 60, 70)
    pixels[:, ~mask] = 1e6
    raster = write_raster(tmp_path / "scene.tif", pixels, mask=mask, mask_inside=inside)
    classify(raster, model, tmp_path / "out.tif", resampling=method, cell_size=(6.0, 6.0))
    assert_is_gdalwarp_classified(raster, tmp_path / "out.tif", method)
    assert (read_raster(tmp_path / "out.tif")[36:56, 44:80] == 255).all()


@pytest.mark.parametrize("method", ["nearest", "bilinear"])
def test_an_alpha_band_hides_what_it_hid_and_feeds_nothing(method: str, model: dict[str, Any], tmp_path: Path) -> None:
    pixels = np.random.default_rng(1).integers(1, 200, (BANDS + 1, 60, 70), np.uint8)
    pixels[BANDS] = 255
    pixels[BANDS, 20:35, 25:50] = 0
    raster = write_raster(tmp_path / "scene.tif", pixels, alpha=BANDS + 1)
    classify(raster, model, tmp_path / "out.tif", resampling=method, cell_size=(6.0, 6.0))
    assert_is_gdalwarp_classified(raster, tmp_path / "out.tif", method)
    assert (read_raster(tmp_path / "out.tif")[36:56, 44:80] == 255).all()


def test_bands_with_no_data_values_of_their_own(tmp_path: Path) -> None:
    """As a VRT has them: 1 in the first band, none in the second, 3 in the third."""
    pixels = np.random.default_rng(4).integers(1, 4, (3, 60, 70), np.uint8)
    raster = write_raster(tmp_path / "scene.tif", pixels)
    vrt = tmp_path / "scene.vrt"
    dataset = gdal.BuildVRT(str(vrt), [str(raster)])
    for number, value in ((1, 1), (3, 3)):
        dataset.GetRasterBand(number).SetNoDataValue(value)
    dataset.FlushCache()
    dataset = None
    with closing(open_scene(GdalInput(str(vrt)), GridRequest(cell_size=(5.0, 5.0)), "nearest").source) as source:
        found, valid = source.read(source.grid.window)
    expected = pixels.repeat(2, axis=1).repeat(2, axis=2).astype(np.float32)
    expected[0][expected[0] == 1] = 0
    expected[2][expected[2] == 3] = 0
    assert valid.all()
    np.testing.assert_array_equal(found, expected)


def test_corners_that_the_raster_does_not_reach_do_not_count(scene: Path) -> None:
    with closing(open_scene(GdalInput(str(scene)), GridRequest(crs=wkt(32637)), "nearest").source) as source:
        pixels, valid = source.read(source.grid.window)
    assert not valid[0, 0]
    assert not valid[-1, -1]
    assert valid[valid.shape[0] // 2, valid.shape[1] // 2]
    assert (pixels[:, ~valid] == 0).all()


def test_beyond_the_warped_grid_is_nothing(scene: Path) -> None:
    with closing(open_scene(GdalInput(str(scene)), GridRequest(cell_size=(5.0, 5.0)), "nearest").source) as source:
        pixels, valid = source.read(Window(-7, -9, 20, 20))
    assert valid.sum() == 13 * 11
    assert (pixels[:, ~valid] == 0).all()


def test_names_and_wavelengths_of_bands_are_kept(tmp_path: Path) -> None:
    raster = write_raster(tmp_path / "scene.tif", random_pixels(2, 20, 30), names=["red", "near infrared"])
    dataset = gdal.Open(str(raster), gdal.GA_Update)
    dataset.GetRasterBand(2).SetMetadataItem("wavelength", "842")
    dataset.GetRasterBand(2).SetMetadataItem("wavelength_units", "nanometers")
    dataset = None
    own = open_scene(GdalInput(str(raster)), GridRequest(), "nearest").source
    warped = open_scene(GdalInput(str(raster)), GridRequest(crs=DEGREES), "nearest").source
    with closing(own), closing(warped):
        assert [band.name for band in warped.bands] == ["red", "near infrared"]
        assert [band.wavelength for band in warped.bands] == [band.wavelength for band in own.bands]
        assert warped.files == own.files
        assert warped.name == own.name


# --- where rasters lie otherwise -------------------------------------------------------------------------

ROTATED = (X, 6.0, 8.0, Y, 8.0, -6.0)
SOUTH_UP = (X, 10.0, 0.0, Y - 900.0, 0.0, 10.0)
GEOGRAPHIC = (15.0, 1e-4, 0.0, 47.0, 0.0, -1e-4)


def placed(folder: Path, transform: Sequence[float], epsg: int = 32633) -> Path:
    return write_raster(folder / "scene.tif", random_pixels(BANDS, 60, 70), transform=transform, epsg=epsg)


@pytest.mark.parametrize("method", ["nearest", "bilinear"])
@pytest.mark.parametrize(
    ("transform", "epsg"),
    [(ROTATED, 32633), (SOUTH_UP, 32633), (GEOGRAPHIC, 4326)],
    ids=["rotated", "south-up", "geographic"],
)
@pytest.mark.parametrize("target", [32633, 3857])
def test_any_north_up_grid_from_any_transform(
    transform: Sequence[float], epsg: int, target: int, method: str, model: dict[str, Any], tmp_path: Path
) -> None:
    raster = placed(tmp_path, transform, epsg)
    classify(raster, model, tmp_path / "out.tif", crs=wkt(target), cell_size=(11.0, 11.0), resampling=method)
    # Cells stay about as large; left to itself, gdalwarp cuts rotated scenes into parts, each with a kernel of its own.
    scales = ["XSCALE=1", "YSCALE=1"] if transform == ROTATED else []
    assert_is_gdalwarp_classified(raster, tmp_path / "out.tif", method, warpOptions=scales)


def with_control_points(folder: Path, crs: str) -> Path:
    path = write_raster(folder / "scene.tif", random_pixels(BANDS, 60, 70), transform=None, epsg=None)
    corners = [(0, 0), (70, 0), (0, 60), (70, 60), (35, 30)]
    points = [gdal.GCP(X + 10 * c + r, Y - 10 * r + c / 2, 0, c, r) for c, r in corners]
    dataset = gdal.Open(str(path), gdal.GA_Update)
    dataset.SetGCPs(points, crs)
    return path


@pytest.mark.parametrize(
    "request_", [{"crs": UTM}, {"crs": DEGREES}, {"cell_size": (9.0, 9.0)}, {"extent": INNER}, {"snap": SNAP}],
    ids=["its crs", "degrees", "size", "extent", "snap"],
)  # fmt: skip
def test_control_points_give_a_north_up_grid(request_: dict[str, Any], model: dict[str, Any], tmp_path: Path) -> None:
    raster = with_control_points(tmp_path, UTM)
    classify(raster, model, tmp_path / "out.tif", resampling="nearest", **request_)
    assert_is_gdalwarp_classified(raster, tmp_path / "out.tif", "nearest", least=300)


def test_a_raster_without_crs_stays_in_its_numbers(model: dict[str, Any], tmp_path: Path) -> None:
    raster = write_raster(tmp_path / "scene.tif", random_pixels(BANDS, 60, 70), epsg=None)
    classify(raster, model, tmp_path / "out.tif", cell_size=(7.0, 7.0), extent=INNER, snap=SNAP)
    assert_is_gdalwarp_classified(raster, tmp_path / "out.tif", "bilinear")
    assert gdal.Open(str(tmp_path / "out.tif")).GetProjection() == ""


@pytest.mark.parametrize("transform", [TRANSFORM, ROTATED, None])
def test_a_raster_without_crs_has_no_way_to_another(
    transform: Any, model: dict[str, Any], tmp_path: Path, gdal_mode: bool
) -> None:
    raster = write_raster(tmp_path / "scene.tif", random_pixels(BANDS, 60, 70), transform=transform, epsg=None)
    with pytest.raises(GridError, match=r"scene\.tif cannot .* it has no CRS; assign one"):
        classify(raster, model, tmp_path / "out.tif", crs=DEGREES)
    assert not (tmp_path / "out.tif").exists()


@pytest.mark.parametrize("asked", [{"cell_size": (2.0, 2.0)}, {"snap": SNAP}])
def test_a_raster_without_a_place_fits_no_grid(
    asked: dict[str, Any], model: dict[str, Any], tmp_path: Path, gdal_mode: bool
) -> None:
    raster = write_raster(tmp_path / "scene.tif", random_pixels(BANDS, 60, 70), transform=None, epsg=None)
    with pytest.raises(GridError, match="it is not georeferenced"):
        classify(raster, model, tmp_path / "out.tif", **asked)


def test_a_crs_that_cannot_be_reached_is_a_sentence(scene: Path, gdal_mode: bool) -> None:
    for crs in ("this is no WKT", 'LOCAL_CS["site",UNIT["metre",1]]'):
        with pytest.raises(GridError, match=r"scene\.tif"):
            open_scene(GdalInput(str(scene)), GridRequest(crs=crs), "nearest")


@pytest.mark.parametrize("cell", [1e-12, 1e-300, 1e300])
def test_absurd_cells_are_a_sentence_and_leave_nothing(
    cell: float, scene: Path, model: dict[str, Any], tmp_path: Path
) -> None:
    for extent in (None, INNER):
        with pytest.raises(ClassifyPixelsError, match=re.escape(f"{cell:g}")):
            classify(scene, model, tmp_path / "out.tif", cell_size=(cell, cell), extent=extent)
    assert not list(tmp_path.glob("out*"))


def test_a_view_is_a_text_that_threads_open_by_themselves(scene: Path) -> None:
    grid = Grid(50, 40, (X, 20.0, 0.0, Y, 0.0, -20.0), UTM)
    view = warped_view(GdalInput(str(scene)), grid, "nearest")
    assert view.name == str(scene)
    assert (gdal.Open(view.uri).RasterXSize, gdal.Open(view.uri).RasterYSize) == (50, 40)
