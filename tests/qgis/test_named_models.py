# SPDX-License-Identifier: GPL-2.0-or-later
"""Models in Processing: described in YAML, refused for their kind, and described with reasons."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from onnx import TensorProto, helper
from qgis.core import QgsProcessingException

from ..networks import bare_run, class_definition, pointwise_network
from ..onnx_graphs import save_graph
from ..runs import read, write
from .log import Log

Run = Callable[..., dict[str, Any]]

NAMES = ["Not burned", "Burn scar"]
CONFIG = """\
model:
  class_path: terratorch.tasks.SemanticSegmentationTask
  init_args:
    model_args: {num_classes: 2}
    class_names: [Not burned, Burn scar]
data:
  class_path: terratorch.datamodules.GenericNonGeoSegmentationDataModule
  init_args:
    dataset_bands: [BLUE, GREEN, RED, NIR_NARROW]
    output_bands: [NIR_NARROW, RED, GREEN]
    constant_scale: 0.0001
    means: [0.24, 0.06, 0.05]
    stds: [0.1, 0.03, 0.02]
"""
MEANS, STDS = (np.reshape(values, (3, 1, 1)) for values in ([0.24, 0.06, 0.05], [0.1, 0.03, 0.02]))
PIXELS = np.random.default_rng(8).integers(0, 6000, (4, 72, 88)).astype(np.uint16)
CLASSES = [{"Value": 1, "Name": "a", "Color": [1, 2, 3]}]
PUBLISHED = {
    "ModelName": "MMSegmentation", "ModelConfiguration": "_model_extension_inferencing", "ModelFile": "absent.pth",
    "ModelType": "ImageClassification", "ImageHeight": 64, "ImageWidth": 64, "ExtractBands": [0, 1, 2],
    "Classes": CLASSES,
}  # fmt: skip


def describe(model: Path, folder: Path) -> dict[str, Any]:
    import processing

    parameters = {"MODEL": str(model), "OUTPUT_HTML": str(folder / "model.html")}
    return dict(processing.run("deeplearning:describemodel", parameters, feedback=Log()))


def refusal(run: Run, model: Path, folder: Path) -> str:
    """Returns the sentence with which a run is refused, and which leaves no map."""
    scene, output = write(folder / "s.tif", PIXELS[:3]), folder / "map.tif"
    with pytest.raises(QgsProcessingException) as caught:
        run(INPUT=str(scene), MODEL=str(model), OUTPUT=str(output))
    assert not output.exists()
    return str(caught.value)


def packed(definition: dict[str, Any], folder: Path, *files: Path) -> dict[str, Path]:
    """Writes a definition as an .emd and as a package, with these files beside it."""
    (folder / "model.emd").write_text(json.dumps(definition))
    with zipfile.ZipFile(folder / "model.dlpk", "w") as archive:
        for file in (folder / "model.emd", *files):
            archive.write(file, file.name)
    return {"emd": folder / "model.emd", "dlpk": folder / "model.dlpk"}


@pytest.mark.parametrize("form", ["network", "package"])
def test_a_configuration_in_yaml_gives_classes_bands_and_values(form: str, run: Run, tmp_path: Path) -> None:
    pytest.importorskip("yaml", reason="PyYAML is optional")
    import processing

    network = model = pointwise_network(tmp_path / "net.onnx", 3, 2)
    (tmp_path / "net.yaml").write_text(CONFIG)
    if form == "package":
        model = tmp_path / "net.dlpk"
        parameters = {"WEIGHTS": str(network), "OUTPUT": str(model)}
        processing.run("deeplearning:packagemodel", parameters, feedback=Log())
    paths = {"INPUT": str(write(tmp_path / "scene.tif", PIXELS)), "OUTPUT": str(tmp_path / "map.tif")}
    results = run(**paths, MODEL=str(model), MODEL_ARGUMENTS="tile_size 32")
    assert [found["name"] for found in json.loads(results["CLASSES"])] == NAMES
    normalized = (PIXELS[[3, 2, 1]] * 1e-4 - MEANS) / STDS
    expected = bare_run(network, normalized[np.newaxis].astype(np.float32))[0].argmax(axis=0)
    assert (read(tmp_path / "map.tif") == expected).mean() > 0.999


@pytest.mark.parametrize("form", ["bare", "emd", "dlpk"])
def test_a_detector_is_refused_as_one(form: str, run: Run, tmp_path: Path) -> None:
    mean = helper.make_node("ReduceMean", ["image"], ["m"], keepdims=0)
    nodes = [mean, helper.make_node("Expand", ["m", "s"], ["y"])]
    image, output = ("image", TensorProto.FLOAT, (1, 3, 64, 64)), ("y", TensorProto.FLOAT, (1, 84, 84))
    network = save_graph(tmp_path / "net.onnx", nodes, [output], [image], {"s": np.array([1, 84, 84], np.int64)})
    models = {"bare": network, **packed(class_definition(Path("net.onnx"), 3, [1, 2], 64), tmp_path, network)}
    results = describe(models[form], tmp_path)
    assert results["RUNS"] is False
    assert "object detection" in results["PROBLEM"]
    assert "object detection" in refusal(run, models[form], tmp_path)


@pytest.mark.parametrize("form", ["emd", "dlpk"])
@pytest.mark.parametrize(
    ("keys", "said"),
    [
        ({}, "MMSegmentation"),
        ({"ModelName": "x", "ModelConfiguration": "", "ModelFile": "", "AllTilesStats": []}, "template"),
        ({"ModelFile": "net.keras"}, '--keras "net.keras" --output "net.onnx"'),
    ],
)
def test_what_can_never_run_is_named_before_its_weights(
    form: str, keys: dict[str, Any], said: str, run: Run, tmp_path: Path
) -> None:
    sentence = refusal(run, packed({**PUBLISHED, **keys}, tmp_path)[form], tmp_path)
    assert said in sentence
    assert "not found" not in sentence


@pytest.mark.parametrize("form", ["bare", "emd", "dlpk"])
def test_a_description_says_what_a_run_decides(form: str, plugin: Any, tmp_path: Path) -> None:
    network = pointwise_network(tmp_path / "net.onnx", 3, 2)
    models = {"bare": network, **packed(class_definition(Path("net.onnx"), 3, [1, 2], 64), tmp_path, network)}
    results = describe(models[form], tmp_path)
    network_facts = json.loads(results["JSON"])["network"]
    assert [tensor["name"] for tensor in network_facts["input_tensors"]] == ["image"]
    assert [tensor["used"] for tensor in network_facts["output_tensors"]] == [True]
    decided = {choice["what"]: choice["decision"] for choice in network_facts["choices"]}
    assert decided["Output"] == "scores"
    assert decided["Input axis order"] == "NCHW"
    page = (tmp_path / "model.html").read_text(encoding="utf-8")
    assert "Input axis order" in results["TEXT"]
    assert "Input axis order" in page
