# SPDX-License-Identifier: GPL-2.0-or-later
"""Scores in the result, augmented runs, and the formats of the output."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
import pytest
from osgeo import gdal

from classify_pixels.inference import SilentProgress
from classify_pixels.inference.errors import (
    CreationOptionsError,
    NoScoresError,
    OutputIsInputError,
    OutputWriteError,
    ScoresError,
)
from classify_pixels.inference.models import read_arguments, read_model_reference
from classify_pixels.inference.network.augmentation import MAP_SPACE, PIXEL_SPACE, augmented
from classify_pixels.inference.raster import GdalInput, RasterFormat, read_format
from classify_pixels.inference.run.classification import classify_pixels
from classify_pixels.inference.run.request import ClassificationRequest, Environment
from classify_pixels.inference.runtimes import BackendOptions, open_backend
from tests.networks import class_definition, class_network, logarithm_network, pooling_network
from tests.runs import read, write
from tests.unit.runs import Recorder

SIZE = 64


@pytest.fixture
def scene(tmp_path: Path) -> Path:
    pixels = np.random.default_rng(3).integers(1, 200, (2, SIZE, SIZE)).astype(np.int16)
    pixels[:, 10:20, 30:50] = -1
    return write(tmp_path / "scene.tif", pixels, no_data=-1)


@pytest.fixture
def model(tmp_path: Path) -> dict[str, Any]:
    network = pooling_network(tmp_path / "network.onnx")
    stats = {
        "band_min_values": [0, 0], "band_max_values": [200, 200],
        "scaled_mean_values": [0.5, 0.5], "scaled_std_values": [0.3, 0.3],
    }  # fmt: skip
    own = {"Stride": 4, "Halo": 12}
    return class_definition(network, 2, [4, 5, 6], 32, NormalizationStats=stats, ClassifyPixels=own)


def request_for(scene: Path, model: dict[str, Any], arguments: Any = None, **fields: Any) -> ClassificationRequest:
    output = scene.with_name("classes.tif")
    environment = Environment(cache=scene.parent.parent / "model_cache", workers=2)
    request = ClassificationRequest(
        GdalInput(str(scene)), read_model_reference(model), output, read_arguments(arguments), environment
    )
    return replace(request, **fields)


def classify(request: ClassificationRequest) -> None:
    classify_pixels(request, SilentProgress())


def whole_scores(scene: Path, model: dict[str, Any]) -> np.ndarray:
    """Returns bare ONNX Runtime's scores of the whole scene, NoData entering as 0."""
    pixels = read(scene).astype(np.float32)
    pixels[pixels == -1] = 0
    session = onnxruntime.InferenceSession(model["ModelFile"])
    return session.run(None, {"image": ((pixels / 200 - 0.5) / 0.3)[None].astype(np.float32)})[0][0]


def test_scores_go_to_a_second_file(scene: Path, model: dict[str, Any]) -> None:
    plain = request_for(scene, model)
    classify(plain)
    classes = read(plain.output)
    classify(replace(plain, probability_output=scene.with_name("scores.tif")))
    assert np.array_equal(read(plain.output), classes)
    scores = read(scene.with_name("scores.tif"))
    hidden = classes == 255
    assert np.isnan(scores[:, hidden]).all()
    assert np.abs(scores - whole_scores(scene, model))[:, ~hidden].max() < 1e-5
    dataset = gdal.Open(str(scene.with_name("scores.tif")))
    assert [dataset.GetRasterBand(n).GetDescription() for n in (1, 2, 3)] == ["class 4", "class 5", "class 6"]
    assert np.isnan(dataset.GetRasterBand(1).GetNoDataValue())


def test_the_largest_score_alone(scene: Path, model: dict[str, Any]) -> None:
    request = request_for(scene, model, probability_output=scene.with_name("scores.tif"), largest_only=True)
    classify(request)
    scores, valid = read(scene.with_name("scores.tif")), read(request.output) != 255
    assert scores.shape == (SIZE, SIZE)
    assert np.abs(scores - whole_scores(scene, model).max(axis=0))[valid].max() < 1e-5


def test_the_output_itself_can_be_the_score_raster(scene: Path, model: dict[str, Any]) -> None:
    request = request_for(scene, model, {"return_probability_raster": "True"})
    classify(request)
    assert read(request.output).dtype == np.float32
    assert read(request.output).shape == (3, SIZE, SIZE)
    assert not request.output.with_suffix(".qml").exists()


def test_a_failed_run_leaves_neither_file(scene: Path, model: dict[str, Any]) -> None:
    definition = class_definition(logarithm_network(scene.with_name("log.onnx")), 2, [1, 2], 32)
    pixels = read(scene).astype(np.float32)
    pixels[0, 60, 60] = -5
    broken = write(scene.with_name("broken.tif"), pixels, no_data=-1)
    before = sorted(path.name for path in scene.parent.iterdir())
    with pytest.raises(ScoresError):
        classify(request_for(broken, definition, probability_output=scene.with_name("scores.tif")))
    assert sorted(path.name for path in scene.parent.iterdir()) == before


@pytest.mark.parametrize(("space", "orientations"), [("MAP_SPACE", MAP_SPACE), ("PIXEL_SPACE", PIXEL_SPACE)])
def test_augmentation_of_one_tile_is_the_mean_of_its_orientations(
    scene: Path, model: dict[str, Any], space: str, orientations: tuple[Any, ...]
) -> None:
    """With one tile nothing is blended, so numpy on the bare network gives the same scores."""
    definition = {**model, "ImageSpaceUsed": space}
    arguments = {"test_time_augmentation": "true", "tile_size": SIZE, "padding": 0}
    request = request_for(scene, definition, arguments, probability_output=scene.with_name("scores.tif"))
    classify(request)
    pixels = read(scene).astype(np.float32)
    pixels[pixels == -1] = 0
    with closing(open_backend(Path(model["ModelFile"]), BackendOptions())) as backend:
        images = ((pixels / 200 - 0.5) / 0.3)[None].astype(np.float32)
        expected = augmented(backend.run, images, orientations, "mean")[0]
    valid = read(request.output) != 255
    assert np.abs(read(scene.with_name("scores.tif")) - expected)[:, valid].max() < 1e-5
    assert np.array_equal(read(request.output)[valid], np.array([4, 5, 6])[expected.argmax(axis=0)][valid])


def test_augmented_tiles_are_blended_into_a_whole_map_for_any_number_of_workers(
    scene: Path, model: dict[str, Any]
) -> None:
    request = request_for(scene, model, {"test_time_augmentation": True, "padding": 12})
    contents = set()
    for workers in (1, 2, 4):
        classify(replace(request, environment=replace(request.environment, workers=workers)))
        contents.add(request.output.read_bytes())
    assert len(contents) == 1
    assert np.array_equal(read(request.output) == 255, read(scene)[0] == -1)


def test_the_definition_can_ask_for_augmentation(scene: Path, model: dict[str, Any]) -> None:
    asked = request_for(scene, model, {"test_time_augmentation": "true"})
    classify(asked)
    expected = read(asked.output)
    classify(request_for(scene, {**model, "test_time_augmentation": True}))
    assert np.array_equal(read(asked.output), expected)


def test_a_cloud_optimized_result_has_the_same_pixels_and_legend(scene: Path, model: dict[str, Any]) -> None:
    request = request_for(scene, model)
    classify(request)
    classes, style = read(request.output), request.output.with_suffix(".qml").read_text()
    classify(replace(request, form=read_format("FORMAT=COG|COMPRESS=LZW")))
    dataset = gdal.Open(str(request.output))
    assert dataset.GetMetadataItem("LAYOUT", "IMAGE_STRUCTURE") == "COG"
    assert dataset.GetMetadataItem("COMPRESSION", "IMAGE_STRUCTURE") == "LZW"
    assert np.array_equal(dataset.ReadAsArray(), classes)
    band = dataset.GetRasterBand(1)
    # GDAL 3.6 reads the .aux.xml only when asked for other things than the names.
    assert dataset.GetMetadata()["MODEL"]
    assert band.GetCategoryNames()[4:7] == ["class 4", "class 5", "class 6"]
    assert band.GetDefaultRAT().GetRowCount() == 3
    assert band.GetColorTable() is not None
    assert request.output.with_suffix(".qml").read_text() == style
    assert not [path for path in scene.parent.iterdir() if ".part" in path.name]


def test_creation_options_take_the_place_of_the_defaults() -> None:
    form = read_format("COMPRESS=ZSTD|TILED=NO", compression="LZW")
    assert "COMPRESS=ZSTD" in form.gtiff_options
    assert "TILED=NO" in form.gtiff_options
    assert "COMPRESS=LZW" in read_format(None, "lzw").gtiff_options
    assert read_format("") == RasterFormat()


def test_the_level_of_deflate_is_the_users_or_ours_and_that_of_others_is_gdals() -> None:
    assert "ZLEVEL=5" in RasterFormat().gtiff_options
    assert "LEVEL=5" in read_format("FORMAT=COG").cog_options
    assert "ZLEVEL=9" in read_format("ZLEVEL=9").gtiff_options
    assert "LEVEL=9" in read_format("FORMAT=COG|LEVEL=9").cog_options
    assert not [option for option in read_format("COMPRESS=ZSTD").gtiff_options if "LEVEL" in option]


@pytest.mark.parametrize("options", ["COMPRESS", "FORMAT=PNG", "=;COMPRESS"])
def test_options_that_cannot_be_read_are_refused(options: str) -> None:
    with pytest.raises(CreationOptionsError, match=options.split("=")[0] or "COMPRESS"):
        read_format(options)


def test_scores_never_overwrite_the_class_map_or_an_input(scene: Path, model: dict[str, Any]) -> None:
    for name in ("classes.tif", "scene.tif"):
        with pytest.raises(OutputIsInputError, match=name):
            classify(request_for(scene, model, probability_output=scene.with_name(name)))


@pytest.mark.parametrize("options", ["COMPRESS=JPEG", "NBITS=1", "TFW=YES", "COMPRES=LZW", "COMPRESS=FOO"])
def test_options_that_change_values_or_do_nothing_are_refused(options: str) -> None:
    with pytest.raises(CreationOptionsError, match=options):
        read_format(options)


@pytest.mark.parametrize("arguments", [{"test_time_augmentation": "true"}, {"return_probability_raster": "true"}])
def test_ready_classes_have_no_scores(scene: Path, arguments: dict[str, str]) -> None:
    network = class_network(scene.with_name("ready.onnx"))
    definition = class_definition(network, 1, [0, 1], 32, ClassifyPixels={"Stride": 1})
    with pytest.raises(NoScoresError, match="class numbers"):
        classify(request_for(scene, definition, arguments))
    assert not scene.with_name("classes.tif").exists()


def test_what_only_the_driver_for_cloud_optimized_files_refuses_shows_before_the_run(
    scene: Path, model: dict[str, Any]
) -> None:
    recorder = Recorder()
    form = read_format("FORMAT=COG|PREDICTOR=FLOATING_POINT")
    with pytest.raises(OutputWriteError):
        classify_pixels(request_for(scene, model, form=form), recorder)
    assert recorder.fractions == []
