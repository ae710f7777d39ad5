# SPDX-License-Identifier: GPL-2.0-or-later
"""What models say of themselves, and what a whole run makes of it: values, warnings, the names of classes."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from onnx import TensorProto

from classify_pixels.inference.models import read_model_reference
from classify_pixels.inference.notices import Caution, Note
from classify_pixels.inference.phrase import Phrase
from classify_pixels.inference.raster import GdalInput, read_class_names
from classify_pixels.inference.run.classification import classify_pixels
from classify_pixels.inference.run.request import ClassificationRequest, Environment
from tests.networks import bare_run, class_definition, identity_network, pointwise_network
from tests.onnx_graphs import with_metadata
from tests.unit.rasters import read_raster, write_raster
from tests.unit.runs import Recorder, classify
from tests.unit.scripts import load_script
from tests.unit.test_stac_mlm import make_item
from tests.unit.test_translations import CATALOGUE


def test_a_run_warns_of_its_cells(tmp_path: Path) -> None:
    scene = write_raster(tmp_path / "scene.tif", np.zeros((3, 32, 32), np.uint8))
    path = pointwise_network(tmp_path / "n.onnx", 3, 2)
    heard = {}
    for centimetres in (900, 20):
        with_metadata(path, model_type='"Segmentor"', resolution=str(centimetres))
        recorder = Recorder()
        classify(scene, path, tmp_path / f"{centimetres}.tif", progress=recorder)
        heard[centimetres] = recorder.said(Caution.CELL_SIZE)
    assert heard[900] == []
    assert heard[20] == [{"factor": "50", "size": "0.2"}]


def classified(pixels: np.ndarray, network: Path, scale: tuple[float, ...]) -> Recorder:
    """Classifies pixels with the network in whose folder the map is written; returns what was said."""
    folder = network.parent
    progress = Recorder()
    request = ClassificationRequest(
        GdalInput(str(write_raster(folder / "scene.tif", pixels))),
        read_model_reference(network),
        folder / "map.tif",
        input_scale=scale,
        environment=Environment(cache=folder / "cache"),
    )
    classify_pixels(request, progress)
    return progress


@pytest.mark.parametrize(("scale", "told"), [((), True), ((0.001,), False)])
def test_values_beyond_16_bit_floats_are_told(scale: tuple[float, ...], told: bool, tmp_path: Path) -> None:
    pixels = np.random.default_rng(1).uniform(0, 9e6, size=(3, 40, 50)).astype(np.float32)
    progress = classified(pixels, identity_network(tmp_path / "n.onnx", 3, input_type=TensorProto.FLOAT16), scale)
    assert bool(progress.said(Caution.HALF_FLOATS)) == told


@pytest.mark.parametrize(("scale", "told"), [((), True), ((0.025,), False)])
def test_a_run_tells_and_a_scale_mends(scale: tuple[float, ...], told: bool, tmp_path: Path) -> None:
    pixels = np.random.default_rng(1).integers(200, 9000, size=(3, 40, 50)).astype(np.uint16)
    progress = classified(pixels, identity_network(tmp_path / "n.onnx", 3, input_type=TensorProto.UINT8), scale)
    assert bool(progress.said(Caution.WHOLE_NUMBERS)) == told
    expected = np.clip(np.rint(pixels * np.float32(scale[0] if scale else 1)), 0, 255).argmax(axis=0)
    np.testing.assert_array_equal(read_raster(tmp_path / "map.tif"), expected)


@pytest.mark.parametrize(("kind", "expected"), [("float32", 1), ("float64", 1), ("uint16", 2)])
def test_a_run_converts_reflectances_and_leaves_other_numbers(kind: str, expected: int, tmp_path: Path) -> None:
    """Beyond 1 all reflectances are alike, so that the first of two such bands is the brightest."""
    pixels = np.zeros((7, 16, 16))
    pixels[0], pixels[1] = 2, 3
    raster = write_raster(tmp_path / "scene.tif", pixels.astype(kind))
    keys = {"Padding": 0, "ClassifyPixels": {"Stride": 1}, "Preprocessing": "LandsatService"}
    definition = class_definition(identity_network(tmp_path / "n.onnx", 7), 7, range(1, 8), 16, **keys)
    (tmp_path / "result").mkdir()
    progress = Recorder()
    classify(raster, definition, tmp_path / "result" / "classes.tif", progress=progress)
    assert np.unique(read_raster(tmp_path / "result" / "classes.tif")).tolist() == [expected]
    assert progress.said(Note.PREPROCESSED) == [{"service": "LandsatService"}] * (expected == 1)


def test_a_whole_scene_is_what_the_network_gives_for_the_normalised_bands(tmp_path: Path) -> None:
    """The bands are picked, scaled and normalised in numpy, and the network is run by ONNX Runtime alone."""
    pytest.importorskip("yaml", reason="PyYAML is optional")
    from tests.unit.test_training_config import TERRATORCH

    network = pointwise_network(tmp_path / "net.onnx", 3, 2)
    (tmp_path / "net.yaml").write_text(TERRATORCH)
    pixels = np.random.default_rng(4).integers(0, 6000, (6, 90, 120)).astype(np.uint16)
    write_raster(tmp_path / "scene.tif", pixels)
    classify(tmp_path / "scene.tif", network, tmp_path / "map.tif", {"tile_size": "32"})
    means, stds = (np.reshape(values, (3, 1, 1)) for values in ([0.06, 0.05, 0.24], [0.03, 0.02, 0.1]))
    normalized = (pixels[[2, 1, 3]] * 1e-4 - means) / stds
    expected = bare_run(network, normalized[np.newaxis].astype(np.float32))[0].argmax(axis=0)
    assert (read_raster(tmp_path / "map.tif") == expected).mean() > 0.9999


def test_a_run_warns_of_a_preparation_that_it_does_not_do(tmp_path: Path) -> None:
    item = make_item(pre_processing_function={"format": "python", "expression": "a:b"}, value_scaling=None, bands=[])
    item["assets"]["model"]["href"] = str(pointwise_network(tmp_path / "net.onnx", 4, 3))
    scene = write_raster(tmp_path / "scene.tif", np.ones((4, 40, 50), np.uint8))
    recorder = Recorder()
    classify(scene, item, tmp_path / "out.tif", progress=recorder)
    assert recorder.said(Caution.PREPROCESSING_FUNCTION_IGNORED) == [{}]


def test_an_item_gives_the_map_that_the_same_model_gives_as_an_emd(tmp_path: Path) -> None:
    pointwise_network(tmp_path / "net.onnx", 4, 3, seed=5)
    pixels = np.random.default_rng(8).uniform(0, 3000, (4, 70, 90)).astype(np.float32)
    scene = write_raster(tmp_path / "scene.tif", pixels)
    scaling = [{"type": "min-max", "minimum": 10 * i, "maximum": 3000 - 100 * i} for i in range(4)]
    item = tmp_path / "item.json"
    item.write_text(json.dumps(make_item(value_scaling=scaling, bands=[])))
    emd = tmp_path / "model.emd"
    stats = {
        "band_min_values": [entry["minimum"] for entry in scaling],
        "band_max_values": [entry["maximum"] for entry in scaling],
        "scaled_mean_values": [0] * 4,
        "scaled_std_values": [1] * 4,
    }
    keys = {"NormalizationStats": stats, "ImageHeight": 32, "ImageWidth": 48}
    emd.write_text(json.dumps(class_definition(tmp_path / "net.onnx", 4, [1, 2, 5], 32, **keys)))
    for model in (item, emd):
        classify(scene, model, tmp_path / f"{model.stem}.tif")
    maps = [read_raster(tmp_path / f"{name}.tif") for name in ("item", "model")]
    np.testing.assert_array_equal(*maps)
    assert set(np.unique(maps[0])) <= {1, 2, 5}
    assert len(np.unique(maps[0])) > 1


def test_a_result_of_a_run_names_the_classes_of_its_model(tmp_path: Path) -> None:
    network = pointwise_network(tmp_path / "net.onnx", bands=2, channels=3)
    pixels = np.random.default_rng(1).integers(1, 200, (2, 40, 50)).astype(np.float32)
    source = write_raster(tmp_path / "scene.tif", pixels)
    document = class_definition(network, 2, [1, 4, 7], 64)
    classify(source, document, tmp_path / "map.tif")
    found = read_class_names(str(tmp_path / "map.tif"))
    assert [(c.value, c.name, list(c.color)) for c in found] == [
        (c["Value"], c["Name"], c["Color"]) for c in document["Classes"]
    ]


def test_all_that_a_run_says_is_in_the_catalogue(sample: Path, tmp_path: Path) -> None:
    recorder = Recorder()
    (tmp_path / "out").mkdir()
    raster, model = sample / "landsat7_olinda.tif", sample / "landsat7_landcover.dlpk"
    classify(raster, model, tmp_path / "out" / "classes.tif", progress=recorder)
    said = [phrase for event in recorder.events for phrase in event.phrases]
    said += [value for phrase in said for value in phrase.values.values() if isinstance(value, Phrase)]
    assert {phrase.text for phrase in said} > {Note.MODEL, Note.TILES}
    known = load_script("write_translations").read_catalogue(CATALOGUE)
    assert {str(phrase.text) for phrase in said} <= set(known)
