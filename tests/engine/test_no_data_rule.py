# SPDX-License-Identifier: GPL-2.0-or-later
"""The rule for pixels of which some bands are NoData: the same however the raster comes, told, counted and resumed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from osgeo import gdal

from classify_pixels.inference.errors import ArgumentError, RunCancelledError
from classify_pixels.inference.events import StripsResumed
from classify_pixels.inference.notices import Note
from classify_pixels.inference.raster import Collection, GdalInput, PolygonMask, RasterBand
from classify_pixels.inference.run.no_data_rule import RULES, choose_rule, read_no_data_rule
from tests.networks import class_definition, pointwise_network
from tests.unit.rasters import TRANSFORM, TYPES, read_raster, wkt, write_raster
from tests.unit.runs import Recorder, classify

HEIGHT, WIDTH, TILE, NO_DATA = 90, 110, 32, -99


def pixels_with_holes(dtype: str = "int16", bands: int = 3) -> np.ndarray:
    """Pixels of which the first band lacks rows 10 to 29, the second one columns 20 to 49, and all columns from 100."""
    pixels = np.random.default_rng(2).integers(1, 90, (bands, HEIGHT, WIDTH)).astype(dtype)
    pixels[0, 10:30] = NO_DATA
    pixels[1, :, 20:50] = NO_DATA
    pixels[:, :, 100:] = NO_DATA
    return pixels


def model_of(folder: Path, bands: int = 3, **keys: Any) -> dict[str, Any]:
    network = pointwise_network(folder / "network.onnx", bands, 4)
    return class_definition(network, bands, range(4), TILE, Padding=0, ClassifyPixels={"Stride": 1}, **keys)


def decided(progress: Recorder) -> int:
    """The number that the log tells."""
    (values,) = [*progress.said(Note.DECIDED_BY_ANY), *progress.said(Note.DECIDED_BY_ALL)]
    return int(values["count"])


def check(raster: Any, valid: np.ndarray, model: Any, folder: Path, scale: int = 1, **more: Any) -> None:
    """Compares both rules with the validity of each band (bands, height, width) that an oracle tells."""
    valid = valid.repeat(scale, 1).repeat(scale, 2)
    partly = valid.any(axis=0) & ~valid.all(axis=0)
    assert partly.any()
    for rule, expected in (("ANY", valid.all(axis=0)), ("ALL", valid.any(axis=0))):
        progress = Recorder()
        output = folder / f"{rule}.tif"
        result = classify(raster, model, output, progress=progress, no_data_rule=rule, **more)
        np.testing.assert_array_equal(read_raster(output) != result.no_data, expected)
        assert decided(progress) == np.count_nonzero(partly)
        assert progress.said(RULES[rule]) == [{}]


def gdals_masks(path: Path) -> np.ndarray:
    dataset = gdal.Open(str(path))
    bands = [dataset.GetRasterBand(number) for number in range(1, dataset.RasterCount + 1)]
    return np.stack([band.GetMaskBand().ReadAsArray() != 0 for band in bands])


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "outputs"
    made.mkdir()
    return made


@pytest.mark.parametrize("dtype", ["int16", "int32", "float32", "float64"])
def test_a_raster_as_it_is(dtype: str, tmp_path: Path, folder: Path) -> None:
    path = write_raster(tmp_path / "scene.tif", pixels_with_holes(dtype), no_data=NO_DATA)
    check(path, gdals_masks(path), model_of(tmp_path), folder)


def test_not_a_number_in_a_band(tmp_path: Path, folder: Path) -> None:
    pixels = pixels_with_holes("float32")
    pixels[pixels == NO_DATA] = np.nan
    check(write_raster(tmp_path / "scene.tif", pixels), np.isfinite(pixels), model_of(tmp_path), folder)


def test_no_data_that_differs_from_band_to_band(tmp_path: Path, folder: Path) -> None:
    pixels = pixels_with_holes()
    paths = []
    for number, plane in enumerate(pixels):
        changed = np.where(plane == NO_DATA, 100 + number, plane)[None].astype(np.int16)
        paths.append(str(write_raster(tmp_path / f"{number}.tif", changed, no_data=100 + number)))
    gdal.BuildVRT(str(tmp_path / "scene.vrt"), paths, separate=True).FlushCache()
    path = tmp_path / "scene.vrt"
    np.testing.assert_array_equal(gdals_masks(path), pixels != NO_DATA)
    check(path, gdals_masks(path), model_of(tmp_path), folder)


def test_another_grid(tmp_path: Path, folder: Path) -> None:
    path = write_raster(tmp_path / "scene.tif", pixels_with_holes(), no_data=NO_DATA)
    grid = {"cell_size": (5.0, 5.0), "resampling": "nearest"}
    check(path, gdals_masks(path), model_of(tmp_path), folder, scale=2, **grid)


@pytest.mark.parametrize("rule", ["ANY", "ALL"])
@pytest.mark.parametrize("method", ["nearest", "bilinear", "cubic"])
def test_another_crs_is_as_gdalwarp_has_it(method: str, rule: str, tmp_path: Path, folder: Path) -> None:
    path = write_raster(tmp_path / "scene.tif", pixels_with_holes(), no_data=NO_DATA)
    classify(path, model_of(tmp_path), folder / "out.tif", crs=wkt(32632), resampling=method, no_data_rule=rule)
    found = gdal.Open(str(folder / "out.tif"))
    left, dx, _, top, _, dy = found.GetGeoTransform()
    bounds = (left, top + dy * found.RasterYSize, left + dx * found.RasterXSize, top)
    size = {"width": found.RasterXSize, "height": found.RasterYSize, "resampleAlg": method}
    warped = gdal.Warp("", str(path), format="MEM", dstSRS=wkt(32632), outputBounds=bounds, dstNodata=NO_DATA, **size)
    valid = warped.ReadAsArray() != NO_DATA
    expected = valid.all(axis=0) if rule == "ANY" else valid.any(axis=0)
    np.testing.assert_array_equal(found.ReadAsArray() != 255, expected)


EXTREMES = [
    ("float64", -1.7976931348623157e308),
    ("int64", -(2**63)),
    ("int64", -(2**62) - 1),
    ("uint64", 2**63 + 5),
]


@pytest.mark.skipif("int64" not in TYPES, reason="GDAL has whole numbers of 64 bits since 3.5")
@pytest.mark.parametrize("items", [1, 2])
@pytest.mark.parametrize(("dtype", "value"), EXTREMES)
def test_values_of_many_digits_on_another_grid(
    dtype: str, value: float, items: int, tmp_path: Path, folder: Path
) -> None:
    """GDAL's text of a view has 16 digits, with which NoData became classes, or took its neighbours along."""
    holes = pixels_with_holes() == NO_DATA
    pixels = np.abs(pixels_with_holes()).astype(dtype)
    pixels[holes] = value
    whole = write_raster(tmp_path / "scene.tif", pixels, no_data=value)
    raster: Any = Collection((GdalInput(str(whole)),) * 2, "both") if items > 1 else whole
    check(raster, ~holes, model_of(tmp_path), folder, scale=2, cell_size=(5.0, 5.0), resampling="nearest")
    classify(raster, model_of(tmp_path), folder / "out.tif", cell_size=(5.0, 5.0), resampling="bilinear")
    # As GDAL has it, a cell counts where the pixel that it lies in does, whatever lies beside it.
    expected = (~holes).all(axis=0).repeat(2, 0).repeat(2, 1)
    np.testing.assert_array_equal((read_raster(folder / "out.tif") != 255) & expected, expected)


@pytest.mark.parametrize("scale", [1, 2])
def test_a_mosaic(scale: int, tmp_path: Path, folder: Path) -> None:
    pixels = pixels_with_holes()
    left, right = (slice(None), slice(None), slice(0, 60)), (slice(None), slice(None), slice(60, None))
    start = (TRANSFORM[0] + 600, *TRANSFORM[1:])
    paths = [
        write_raster(tmp_path / "left.tif", pixels[left], no_data=NO_DATA),
        write_raster(tmp_path / "right.tif", pixels[right], no_data=NO_DATA, transform=start),
    ]
    items = Collection(tuple(GdalInput(str(path)) for path in paths), "both")
    grid = {"cell_size": (5.0, 5.0), "resampling": "nearest"} if scale == 2 else {}
    check(items, pixels != NO_DATA, model_of(tmp_path), folder, scale=scale, **grid)


@pytest.mark.parametrize("scale", [1, 2])
def test_values_and_ranges_of_the_user(scale: int, tmp_path: Path, folder: Path) -> None:
    """As a layer of QGIS has them, beside the file's own."""
    pixels = pixels_with_holes()
    path = write_raster(tmp_path / "scene.tif", pixels, no_data=NO_DATA)
    raster = GdalInput(str(path), {1: ((5.0, 9.0),), 3: ((20.0, 20.0),)}, no_data_everywhere=((33.0, 33.0),))
    valid = (pixels != NO_DATA) & (pixels != 33)
    valid[0] &= (pixels[0] < 5) | (pixels[0] > 9)
    valid[2] &= pixels[2] != 20
    grid = {"cell_size": (5.0, 5.0), "resampling": "nearest"} if scale == 2 else {}
    check(raster, valid, model_of(tmp_path), folder, scale=scale, **grid)


@pytest.mark.parametrize("inside", [True, False])
@pytest.mark.parametrize("scale", [1, 2])
def test_what_a_mask_hides_the_rule_does_not_see(inside: bool, scale: int, tmp_path: Path, folder: Path) -> None:
    """A mask band in the file or beside it decides first."""
    pixels = pixels_with_holes()
    mask = np.ones((HEIGHT, WIDTH), bool)
    mask[25:60, 15:40] = False
    path = write_raster(tmp_path / "scene.tif", pixels, no_data=NO_DATA, mask=mask, mask_inside=inside)
    grid = {"cell_size": (5.0, 5.0), "resampling": "nearest"} if scale == 2 else {}
    check(path, (pixels != NO_DATA) & mask, model_of(tmp_path), folder, scale=scale, **grid)


def test_alpha_decides_first(tmp_path: Path, folder: Path) -> None:
    pixels = pixels_with_holes()
    alpha = np.full((1, HEIGHT, WIDTH), 255, np.int16)
    alpha[0, 25:60, 15:40] = 0
    path = write_raster(tmp_path / "scene.tif", np.concatenate([pixels, alpha]), no_data=NO_DATA, alpha=4)
    check(path, (pixels != NO_DATA) & (alpha != 0), model_of(tmp_path), folder)


@pytest.mark.parametrize("kind", ["raster", "polygons"])
def test_the_mask_of_the_run(kind: str, tmp_path: Path, folder: Path) -> None:
    from osgeo import ogr

    pixels = pixels_with_holes()
    inside = np.zeros((HEIGHT, WIDTH), bool)
    inside[5:45, 10:70] = True
    mask: Any = GdalInput(str(write_raster(tmp_path / "mask.tif", inside[None].astype(np.uint8), no_data=0)))
    if kind == "polygons":
        x, y = TRANSFORM[0] + np.array([100, 700]), TRANSFORM[3] - np.array([50, 450])
        corners = [(x[0], y[0]), (x[1], y[0]), (x[1], y[1]), (x[0], y[1]), (x[0], y[0])]
        text = "POLYGON((" + ",".join(f"{a} {b}" for a, b in corners) + "))"
        mask = PolygonMask((bytes(ogr.CreateGeometryFromWkt(text).ExportToWkb()),))
    path = write_raster(tmp_path / "scene.tif", pixels, no_data=NO_DATA)
    check(path, (pixels != NO_DATA) & inside, model_of(tmp_path), folder, mask=mask)


def test_bands_that_do_not_feed_the_network_do_not_matter(tmp_path: Path, folder: Path) -> None:
    pixels = np.concatenate([pixels_with_holes(), np.full((1, HEIGHT, WIDTH), NO_DATA, np.int16)])
    path = write_raster(tmp_path / "scene.tif", pixels, no_data=NO_DATA)
    check(path, (pixels != NO_DATA)[:3], model_of(tmp_path), folder)


@pytest.mark.parametrize("arguments", [{"test_time_augmentation": "true"}, {"return_probability_raster": "true"}])
def test_blended_maps_and_scores(arguments: dict[str, str], tmp_path: Path, folder: Path) -> None:
    """Tiles that two strips share are counted for one of them only."""
    pixels = pixels_with_holes()
    path = write_raster(tmp_path / "scene.tif", pixels, no_data=NO_DATA)
    valid = pixels != NO_DATA
    for rule, expected in (("ANY", valid.all(axis=0)), ("ALL", valid.any(axis=0))):
        progress = Recorder()
        output = folder / f"{rule}.tif"
        model = model_of(tmp_path)
        classify(path, model, output, {**arguments, "padding": "8"}, progress, no_data_rule=rule)
        found = gdal.Open(str(output))
        np.testing.assert_array_equal(found.GetRasterBand(1).GetMaskBand().ReadAsArray() != 0, expected)
        assert decided(progress) == np.count_nonzero(valid.any(axis=0) & ~valid.all(axis=0))


@pytest.mark.parametrize(
    ("dtype", "photometric", "rule"),
    [("uint8", "RGB", "ALL"), ("uint8", "MINISBLACK", "ANY"), ("uint16", "RGB", "ANY"), ("float32", "RGB", "ANY")],
)
def test_a_picture_is_no_data_as_a_whole(dtype: str, photometric: str, rule: str, tmp_path: Path, folder: Path) -> None:
    """A red of 0 is a colour where the others have one; a reflectance that is NoData is missing."""
    pixels = np.abs(pixels_with_holes()).astype(dtype)
    pixels[pixels == -NO_DATA] = 0
    plain, path = write_raster(tmp_path / "plain.tif", pixels, no_data=0), tmp_path / "scene.tif"
    gdal.Translate(str(path), str(plain), creationOptions=[f"PHOTOMETRIC={photometric}"])
    progress = Recorder()
    classify(path, model_of(tmp_path), folder / "out.tif", progress=progress)
    valid = pixels != 0
    expected = valid.any(axis=0) if rule == "ALL" else valid.all(axis=0)
    np.testing.assert_array_equal(read_raster(folder / "out.tif") != 255, expected)
    assert progress.said(RULES[rule]) == [{}]


def test_the_rule_for_bands() -> None:
    picture, other = RasterBand(1, "red", in_picture=True), RasterBand(4, "nir", pixel_type="u1")
    assert choose_rule("AUTO", [picture, picture]) == "ALL"
    assert choose_rule("AUTO", [picture, other]) == choose_rule("AUTO", [other]) == "ANY"
    assert choose_rule("ANY", [picture]) == "ANY"
    assert choose_rule("ALL", [other]) == "ALL"


@pytest.mark.parametrize("value", [None, "", "auto", " Auto "])
def test_nothing_is_auto(value: object) -> None:
    assert read_no_data_rule(value) == "AUTO"


@pytest.mark.parametrize("value", ["SOME", 1, ["ANY"]])
def test_another_rule_is_a_sentence(value: object) -> None:
    with pytest.raises(ArgumentError, match="NODATA_RULE has the value .*AUTO, ANY or ALL"):
        read_no_data_rule(value)


def interrupted(path: Path, model: Any, output: Path, rule: str) -> Recorder:
    progress = Recorder(cancel_after=70)
    with pytest.raises(RunCancelledError):
        classify(path, model, output, progress=progress, no_data_rule=rule)
    return progress


def tall_scene(folder: Path) -> tuple[Path, np.ndarray]:
    """A scene of several strips."""
    pixels = np.random.default_rng(4).integers(1, 90, (2, 1600, 64)).astype(np.int16)
    pixels[np.random.default_rng(5).random(pixels.shape) < 0.1] = NO_DATA
    return write_raster(folder / "tall.tif", pixels, no_data=NO_DATA), pixels != NO_DATA


def test_a_resumed_run_counts_what_the_run_before_it_decided(tmp_path: Path, folder: Path) -> None:
    path, valid = tall_scene(tmp_path)
    model = model_of(tmp_path, 2)
    interrupted(path, model, folder / "out.tif", "ANY")
    progress = Recorder()
    classify(path, model, folder / "out.tif", progress=progress, no_data_rule="ANY")
    assert progress.all_of(StripsResumed)
    # The kept strips count as finished.
    assert 0 < progress.fractions[0] < progress.fractions[-1] == 1
    assert decided(progress) == np.count_nonzero(valid.any(axis=0) & ~valid.all(axis=0))
    np.testing.assert_array_equal(read_raster(folder / "out.tif") != 255, valid.all(axis=0))


def test_strips_of_another_rule_are_made_anew(tmp_path: Path, folder: Path) -> None:
    path, valid = tall_scene(tmp_path)
    model = model_of(tmp_path, 2)
    interrupted(path, model, folder / "out.tif", "ANY")
    progress = Recorder()
    classify(path, model, folder / "out.tif", progress=progress, no_data_rule="ALL")
    assert not progress.all_of(StripsResumed)
    np.testing.assert_array_equal(read_raster(folder / "out.tif") != 255, valid.any(axis=0))
