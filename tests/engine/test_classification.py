# SPDX-License-Identifier: GPL-2.0-or-later
"""Whole runs: what they give, what they say, and what a failed one leaves behind."""

from __future__ import annotations

import json
import os
import threading
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from onnx import TensorProto
from osgeo import gdal

from classify_pixels.inference.errors import (
    ClassifyPixelsError,
    ExtentMissesRasterError,
    MissingBandsError,
    NetworkMismatchError,
    NetworkRunError,
    OutputIsInputError,
    RasterSizeError,
    RasterUnreadableError,
    RunCancelledError,
    ScoresError,
    UnlistedClassError,
)
from classify_pixels.inference.events import Noted, Progressed, RunStarted, Warned
from classify_pixels.inference.grid import Grid
from classify_pixels.inference.notices import Caution, Note
from classify_pixels.inference.raster import Extent, GdalInput, GdalSource
from tests.networks import (
    channels_last_network,
    class_definition,
    class_network,
    halving_network,
    identity_network,
    logarithm_network,
    pointwise_network,
    probability_network,
)
from tests.unit.rasters import TRANSFORM, build_vrt, random_pixels, read_raster, write_raster
from tests.unit.runs import Recorder, classify, names_in

RESULT = ["classes.qml", "classes.tif", "classes.tif.aux.xml"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where the result goes, and nothing else is."""
    path = tmp_path / "result"
    path.mkdir()
    return path


def brightest_band(folder: Path, bands: int = 2, values: Any = (10, 20), tile: int = 16, **keys: Any) -> dict[str, Any]:
    """The class of a pixel is that of its brightest band."""
    network = identity_network(folder / "brightest.onnx", bands)
    return class_definition(network, bands, values, tile, **{"Padding": 0, "ClassifyPixels": {"Stride": 1}, **keys})


def scene(tmp_path: Path, pixels: np.ndarray, **options: Any) -> Path:
    return write_raster(tmp_path / "scene.tif", pixels, **options)


# --- a run that succeeds -------------------------------------------------------------------------------


def test_what_it_may_need_on_the_disk_is_said_before_the_run(tmp_path: Path, folder: Path) -> None:
    progress, model = Recorder(), brightest_band(tmp_path, tile=512)
    raster = scene(tmp_path, np.ones((2, 1000, 2000), np.float32))
    classify(raster, model, folder / "classes.tif", progress=progress)
    classify(raster, model, folder / "classes.tif", {"return_probability_raster": "True"}, progress)
    # Two million cells of one byte, then of two floats, and a third for the overviews.
    assert progress.said(Note.DISK) == [{"size": 3}, {"size": 21}]
    kinds = [type(event) if not isinstance(event, Noted) else event.kind for event in progress.events]
    assert kinds.index(RunStarted) < kinds.index(Note.DISK) < kinds.index(Progressed)


def test_a_result_tells_how_it_came_about(tmp_path: Path, folder: Path) -> None:
    pixels = random_pixels(2, 40, 50)
    result = classify(scene(tmp_path, pixels), brightest_band(tmp_path, Padding=3), folder / "classes.tif", workers=2)
    classes = np.where(pixels[1] > pixels[0], 20, 10)
    assert (read_raster(folder / "classes.tif") == classes).all()
    # The scene lies on the middle meridian of its UTM zone.
    assert [(c.legend_class.value, c.pixels, c.area) for c in result.classes] == [
        (value, hits, pytest.approx(hits * 100 / 0.9996**2, rel=1e-5))
        for value, hits in ((value, int((classes == value).sum())) for value in (10, 20))
    ]
    assert (result.output, result.no_data) == (folder / "classes.tif", 255)
    assert (result.tile, result.halo, result.stride, result.tiles) == ((16, 16), 3, 1, 4 * 5)
    assert result.device.startswith("CPU")
    assert result.seconds >= 0
    assert names_in(folder) == RESULT


def test_the_file_tells_how_it_came_about(tmp_path: Path, folder: Path) -> None:
    model = brightest_band(tmp_path, ModelName="Brightest", Version="2024.1", Description="the brightest band")
    classify(scene(tmp_path, random_pixels(2, 9, 9)), model, folder / "classes.tif", {"batch_size": "2"})
    metadata = gdal.Open(str(folder / "classes.tif")).GetMetadata()
    assert metadata["INPUT"] == str(tmp_path / "scene.tif")
    assert (metadata["MODEL"], metadata["MODEL_VERSION"]) == ("Brightest", "2024.1")
    arguments = json.loads(metadata["MODEL_ARGUMENTS"])
    assert (arguments["batch_size"], arguments["padding"], arguments["tile_size"]) == (2, 0, 16)


@pytest.mark.parametrize(
    ("keys", "warned"),
    [
        ({"Mean": [0.5], "License": "CC0"}, "Mean"),
        ({"padding": 4, "Notes": "a"}, "padding"),
        ({"ModelParameters": {"mean": [0.5], "std": [2]}}, "ModelParameters.mean, ModelParameters.std"),
        ({"ClassifyPixels": {"Strides": 4}}, "ClassifyPixels.Strides"),
        ({"License": "CC0", "LearningRate": "1e-3", "monitored_dice": "0.9", "ModelParameters": {"layers": 3}}, None),
    ],
    ids=str,
)
def test_keys_that_may_change_pixels_are_warned_of(
    keys: dict[str, Any], warned: str | None, tmp_path: Path, folder: Path
) -> None:
    progress = Recorder()
    model = brightest_band(tmp_path, **keys)
    classify(scene(tmp_path, random_pixels(2, 9, 9)), model, folder / "classes.tif", progress=progress)
    expected = [] if warned is None else [Warned(Caution.KEYS_NOT_APPLIED, {"keys": warned})]
    assert progress.warnings == expected


def test_a_run_says_what_it_does(tmp_path: Path, folder: Path) -> None:
    progress = Recorder()
    model = brightest_band(
        tmp_path, ModelName="Brightest", InferenceFunction="f.py", DataRange=[0, 1], Novelty=1, Author="x"
    )
    classify(scene(tmp_path, random_pixels(2, 40, 40)), model, folder / "classes.tif", progress=progress)
    (started,) = progress.all_of(RunStarted)
    assert (started.model, started.classes, started.device[:3]) == ("Brightest", 2, "CPU")
    assert (started.columns, started.rows, started.tiles, started.tile) == (40, 40, 9, (16, 16))
    assert progress.said(Note.KEYS_IGNORED) == [{"keys": "Author"}]
    unknown = Warned(Caution.KEYS_NOT_APPLIED, {"keys": "Novelty"})
    assert progress.warnings == [Warned(Caution.FUNCTION_NOT_RUN), Warned(Caution.DATA_RANGE_IGNORED), unknown]
    assert progress.fractions == sorted(progress.fractions)
    assert progress.fractions[-1] == 1


def test_an_existing_result_is_replaced(tmp_path: Path, folder: Path) -> None:
    output, model = folder / "classes.tif", brightest_band(tmp_path)
    classify(scene(tmp_path, np.stack([np.ones((5, 5)), np.zeros((5, 5))]).astype(np.float32)), model, output)
    assert (read_raster(output) == 10).all()
    classify(scene(tmp_path, np.stack([np.zeros((7, 6)), np.ones((7, 6))]).astype(np.float32)), model, output)
    assert (read_raster(output) == 20).all()
    assert read_raster(output).shape == (7, 6)
    assert names_in(folder) == RESULT


def test_a_source_that_is_already_open(tmp_path: Path, folder: Path) -> None:
    pixels = random_pixels(2, 20, 30)
    source = GdalSource(GdalInput(str(scene(tmp_path, pixels))))
    classify(source, brightest_band(tmp_path), folder / "classes.tif")
    assert (read_raster(folder / "classes.tif") == np.where(pixels[1] > pixels[0], 20, 10)).all()


def test_bands_are_chosen_by_number_and_by_name(tmp_path: Path, folder: Path) -> None:
    pixels = random_pixels(4, 6, 8)
    raster = scene(tmp_path, pixels, names=["Blue", "Green", "Red", "NIR"])
    for bands in ([3, 1], ["nir", "Green"]):
        classify(raster, brightest_band(tmp_path, ExtractBands=bands), folder / "classes.tif")
        assert (read_raster(folder / "classes.tif") == np.where(pixels[1] > pixels[3], 20, 10)).all()


@pytest.mark.parametrize("dtype", ["uint8", "uint16", "int16", "uint32", "int32", "float32", "float64"])
def test_rasters_of_every_type(dtype: str, tmp_path: Path, folder: Path) -> None:
    pixels = np.random.default_rng(1).permutation(200).reshape(2, 10, 10).astype(dtype)
    classify(scene(tmp_path, pixels), brightest_band(tmp_path), folder / "classes.tif")
    assert (read_raster(folder / "classes.tif") == np.where(pixels[1] > pixels[0], 20, 10)).all()


@pytest.mark.parametrize("kind", [TensorProto.UINT8, TensorProto.FLOAT16])
def test_networks_of_other_types(kind: int, tmp_path: Path, folder: Path) -> None:
    pixels = np.random.default_rng(1).permutation(200).reshape(2, 10, 10).astype(np.uint8)
    network = identity_network(tmp_path / "n.onnx", 2, input_type=kind)
    classify(scene(tmp_path, pixels), class_definition(network, 2, [10, 20], 32), folder / "classes.tif")
    assert (read_raster(folder / "classes.tif") == np.where(pixels[1] > pixels[0], 20, 10)).all()


@pytest.mark.parametrize("size", [None, 16])
def test_both_layouts_give_the_same(size: Any, tmp_path: Path, folder: Path) -> None:
    raster, results = scene(tmp_path, random_pixels(3, 37, 41)), []
    for save in (pointwise_network, channels_last_network):
        model = class_definition(save(tmp_path / "n.onnx", 3, 4, size=size), 3, [1, 2, 3, 4], 16, Padding=0)
        classify(raster, {**model, "ClassifyPixels": {"Stride": 1}}, folder / "classes.tif", workers=2)
        results.append(read_raster(folder / "classes.tif"))
    assert (results[0] == results[1]).all()
    assert len(np.unique(results[0])) > 1


def test_bare_weights(tmp_path: Path, folder: Path) -> None:
    pixels = random_pixels(2, 20, 30)
    result = classify(scene(tmp_path, pixels), identity_network(tmp_path / "n.onnx", 2), folder / "classes.tif")
    assert (read_raster(folder / "classes.tif") == pixels.argmax(axis=0)).all()
    assert [c.legend_class.name for c in result.classes] == ["Class 0", "Class 1"]


def test_a_probability_and_its_threshold(tmp_path: Path, folder: Path) -> None:
    pixels = random_pixels(1, 20, 30)
    model = class_definition(probability_network(tmp_path / "n.onnx"), 1, [7], 32)
    chance = 1 / (1 + np.exp(-pixels[0].astype(np.float64)))
    for threshold in (0.5, 0.8):
        classify(scene(tmp_path, pixels), model, folder / "classes.tif", {"threshold": str(threshold)})
        assert (read_raster(folder / "classes.tif") == np.where(chance > threshold, 7, 0)).all()


@pytest.mark.parametrize("keep_channel", [True, False])
def test_ready_classes(keep_channel: bool, tmp_path: Path, folder: Path) -> None:
    pixels = np.random.default_rng(0).choice([0, 3, 9], size=(1, 20, 30)).astype(np.float32)
    model = class_definition(class_network(tmp_path / "n.onnx", keep_channel), 1, [3, 9], 32)
    classify(scene(tmp_path, pixels), model, folder / "classes.tif")
    assert (read_raster(folder / "classes.tif") == pixels[0]).all()


def test_a_background_that_is_listed_twice_is_counted_once(tmp_path: Path, folder: Path) -> None:
    pixels = random_pixels(4, 20, 20)
    model = brightest_band(tmp_path, 4, Classes=[{"Value": value} for value in (0, 1, 2)])
    result = classify(scene(tmp_path, pixels), model, folder / "classes.tif")
    assert sum(c.pixels for c in result.classes) == 400
    assert (read_raster(folder / "classes.tif") == np.array([0, 0, 1, 2])[pixels.argmax(axis=0)]).all()


# --- NoData --------------------------------------------------------------------------------------------


def test_a_pixel_without_a_valid_band_that_is_used_is_no_data(tmp_path: Path, folder: Path) -> None:
    """By the rule ALL one valid band is enough: the others are raw 0. The third band is not used and does not count."""
    pixels = np.full((3, 30, 30), -5, np.float32)
    pixels[1] = -7
    pixels[0, 3, 4] = pixels[1, 5, 6] = -99
    pixels[:2, 20:, :] = -99
    model = brightest_band(tmp_path, Classes=[{"Value": 0}, {"Value": 255}])
    raster = scene(tmp_path, pixels, no_data=-99)
    result = classify(raster, model, folder / "classes.tif", no_data_rule="ALL", workers=2)
    expected = np.full((30, 30), 0)
    expected[3, 4] = 0
    expected[5, 6] = 255
    expected[20:] = 254
    assert result.no_data == 254
    assert (read_raster(folder / "classes.tif") == expected).all()
    assert sum(c.pixels for c in result.classes) == 600


def test_an_invalid_band_is_0_before_the_normalization(tmp_path: Path, folder: Path) -> None:
    """Raw 0 becomes (0 - 100) / 100 = -1 in the second band, which -0.5 in the first one beats."""
    stats = {
        "band_min_values": [0, 100],
        "band_max_values": [1, 200],
        "scaled_mean_values": [0, 0],
        "scaled_std_values": [1, 1],
    }
    pixels = np.stack([np.full((4, 4), -0.5), np.full((4, 4), 60.0)]).astype(np.float32)
    pixels[1, 2, 2] = np.nan
    classify(
        scene(tmp_path, pixels), brightest_band(tmp_path, NormalizationStats=stats), folder / "classes.tif",
        no_data_rule="ALL",
    )  # fmt: skip
    found = read_raster(folder / "classes.tif")
    assert found[2, 2] == 10
    assert found[0, 0] == 20


@pytest.mark.parametrize("hide", ["no_data", "mask", "alpha", "nan", "user"])
def test_every_way_to_hide_pixels_gives_the_same_result(hide: str, tmp_path: Path, folder: Path) -> None:
    pixels = random_pixels(2, 30, 40)
    hidden = np.zeros((30, 40), bool)
    hidden[5:25, 3:20] = True
    raster = pixels.copy()
    if hide in ("no_data", "nan", "user"):
        raster[:, hidden] = np.nan if hide == "nan" else -9999
    if hide == "alpha":
        raster = np.concatenate([raster, np.where(hidden, 0, 255)[None]]).astype(np.float32)
    options = {"no_data": {"no_data": -9999}, "mask": {"mask": ~hidden}, "alpha": {"alpha": 3}}
    path = scene(tmp_path, raster, **options.get(hide, {}))
    ranges = dict.fromkeys((1, 2), ((-10000.0, -9000.0),)) if hide == "user" else {}
    classify(GdalInput(str(path), ranges), brightest_band(tmp_path), folder / "classes.tif", workers=2)
    expected = np.where(pixels[1] > pixels[0], 20, 10)
    expected[hidden] = 255
    assert (read_raster(folder / "classes.tif") == expected).all()


def test_a_scene_without_a_valid_pixel(tmp_path: Path, folder: Path) -> None:
    raster = scene(tmp_path, np.full((2, 20, 20), np.nan, np.float32))
    result = classify(raster, brightest_band(tmp_path), folder / "classes.tif")
    assert (read_raster(folder / "classes.tif") == 255).all()
    assert [c.pixels for c in result.classes] == [0, 0]


# --- a run that fails ----------------------------------------------------------------------------------


def existing_result(folder: Path) -> dict[str, bytes]:
    for name in RESULT:
        (folder / name).write_text(f"an earlier {name}")
    return contents(folder)


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.mark.parametrize("existing", [True, False])
@pytest.mark.parametrize("workers", [1, 3])
@pytest.mark.parametrize("after", [1, 4])
def test_a_cancelled_run_leaves_nothing(after: int, workers: int, existing: bool, tmp_path: Path, folder: Path) -> None:
    before = existing_result(folder) if existing else {}
    threads = set(threading.enumerate())
    raster = scene(tmp_path, random_pixels(2, 100, 100))
    with pytest.raises(RunCancelledError):
        classify(
            raster,
            brightest_band(tmp_path),
            folder / "classes.tif",
            progress=Recorder(after),
            workers=workers,
        )
    assert contents(folder) == before
    assert set(threading.enumerate()) == threads


def test_scores_that_are_not_finite_fail_the_run(tmp_path: Path, folder: Path) -> None:
    before, pixels = existing_result(folder), np.ones((2, 60, 60), np.float32)
    pixels[1, 50, 50] = -1
    model = class_definition(logarithm_network(tmp_path / "n.onnx"), 2, [1, 2], 16, ClassifyPixels={"Stride": 1})
    with pytest.raises(ScoresError):
        classify(scene(tmp_path, pixels), model, folder / "classes.tif", workers=2)
    assert contents(folder) == before


def test_an_unlisted_class_fails_the_run(tmp_path: Path, folder: Path) -> None:
    pixels = np.full((1, 40, 40), 3, np.float32)
    pixels[0, 39, 39] = 77
    model = class_definition(class_network(tmp_path / "n.onnx"), 1, [3, 9], 32)
    with pytest.raises(UnlistedClassError, match="77"):
        classify(scene(tmp_path, pixels), model, folder / "classes.tif")
    assert names_in(folder) == []


def test_a_broken_raster_fails_the_run(tmp_path: Path, folder: Path) -> None:
    raster = scene(tmp_path, random_pixels(2, 200, 200))
    raster.write_bytes(raster.read_bytes()[:200_000])
    with pytest.raises(RasterUnreadableError, match=r"scene\.tif"):
        classify(raster, brightest_band(tmp_path), folder / "classes.tif", workers=2)
    assert names_in(folder) == []


def test_a_network_that_loses_a_row_is_a_named_error(tmp_path: Path, folder: Path) -> None:
    """It halves and doubles its image; a definition that says stride 1 gives it tiles that differ by one."""
    model = class_definition(
        halving_network(tmp_path / "n.onnx"), 2, [1, 2], 16, Padding=0, ClassifyPixels={"Stride": 1}
    )
    with pytest.raises((NetworkMismatchError, NetworkRunError), match="17"):
        classify(scene(tmp_path, random_pixels(2, 16, 31)), model, folder / "classes.tif")
    assert names_in(folder) == []


def test_a_raster_without_the_bands_fails_before_anything_is_written(tmp_path: Path, folder: Path) -> None:
    with pytest.raises(MissingBandsError, match=r"band 3, .*scene\.tif has 2 bands"):
        classify(
            scene(tmp_path, random_pixels(2, 9, 9)),
            brightest_band(tmp_path, 3, [1, 2, 3]),
            folder / "classes.tif",
        )
    assert names_in(folder) == []


def test_an_extent_beside_the_raster(tmp_path: Path, folder: Path) -> None:
    with pytest.raises(ExtentMissesRasterError, match=r"0, 0, 10, 10 is outside the raster .*scene\.tif"):
        classify(
            scene(tmp_path, random_pixels(2, 9, 9)), brightest_band(tmp_path), folder / "classes.tif",
            extent=Extent((0.0, 0.0, 10.0, 10.0)),
        )  # fmt: skip


class EmptySource:
    """A ready source of a size that no GDAL raster has."""

    name, bands, files = "the layer", (), ()

    def __init__(self, width: int, height: int) -> None:
        self.grid = Grid(width, height, TRANSFORM)

    def close(self) -> None:
        """Has nothing to close."""


@pytest.mark.parametrize(("width", "height"), [(2**31, 7), (7, 2**31), (0, 7), (7, 0)])
def test_a_size_that_no_file_can_have_is_refused(width: int, height: int, tmp_path: Path, folder: Path) -> None:
    with pytest.raises(RasterSizeError, match=f"{width} x {height} cells"):
        classify(EmptySource(width, height), brightest_band(tmp_path), folder / "classes.tif")
    assert names_in(folder) == []


@pytest.mark.parametrize("through", ["itself", "vrt", "vrt of a vrt", "link"])
def test_an_output_that_is_the_input_is_refused_and_stays(through: str, tmp_path: Path) -> None:
    raster = name = scene(tmp_path, random_pixels(2, 9, 9))
    before = raster.read_bytes()
    if through == "link":
        name = tmp_path / "link.tif"
        name.symlink_to(raster)
    for level in range(through.count("vrt")):
        name = build_vrt(tmp_path / f"{level}.vrt", name)
    with pytest.raises(OutputIsInputError, match=r"scene\.tif"):
        classify(name, brightest_band(tmp_path), raster)
    assert raster.read_bytes() == before


@pytest.mark.usefixtures("gdal_mode")
def test_a_run_does_not_depend_on_the_mode_of_gdal(tmp_path: Path, folder: Path) -> None:
    pixels, model, output = (
        random_pixels(2, 600, 40),
        brightest_band(tmp_path, tile=64),
        folder / "classes.tif",
    )
    x, y = TRANSFORM[0], TRANSFORM[3]
    classify(scene(tmp_path, pixels), model, output, extent=Extent((x, y - 6000, x + 400, y)))
    assert (read_raster(output) == np.where(pixels[1] > pixels[0], 20, 10)).all()
    assert names_in(folder) == RESULT


@pytest.mark.usefixtures("gdal_mode")
def test_failures_are_named_in_both_modes_of_gdal(tmp_path: Path, folder: Path) -> None:
    model, good = brightest_band(tmp_path), scene(tmp_path, random_pixels(2, 9, 9))
    (tmp_path / "text.tif").write_text("no raster")
    for raster, output in (
        (tmp_path / "absent.tif", folder / "classes.tif"),
        (tmp_path / "text.tif", folder / "classes.tif"),
        (good, tmp_path / "absent" / "classes.tif"),
        *([(good, Path("/proc/classes.tif"))] if os.path.isdir("/proc/self") else []),
    ):
        with pytest.raises(ClassifyPixelsError, match=r"\.tif|absent|/proc"):
            classify(raster, model, output, cache=tmp_path)
    assert names_in(folder) == []


@pytest.mark.usefixtures("gdal_mode")
def test_a_crs_that_gdal_cannot_read_does_no_harm(tmp_path: Path, folder: Path) -> None:
    """Local coordinates have no area in square metres, and are kept."""
    raster = scene(tmp_path, random_pixels(2, 9, 9))
    dataset = gdal.Open(str(raster), gdal.GA_Update)
    dataset.SetProjection('LOCAL_CS["site",UNIT["metre",1]]')
    dataset = None
    result = classify(raster, brightest_band(tmp_path), folder / "classes.tif")
    assert [c.area for c in result.classes] == [None, None]


def test_a_map_without_a_valid_pixel_is_warned_about(tmp_path: Path, folder: Path) -> None:
    pixels = np.full((2, 9, 9), -99, np.int16)
    progress = Recorder()
    model = brightest_band(tmp_path)
    classify(scene(tmp_path, pixels, no_data=-99), model, folder / "classes.tif", progress=progress)
    assert Warned(Caution.NOTHING_CLASSIFIED) in progress.warnings
