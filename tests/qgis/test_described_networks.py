# SPDX-License-Identifier: GPL-2.0-or-later
"""Networks described by exporters, in Processing: classes, values and enlarged scores as in the library."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
import pytest
from onnx import TensorProto, helper

from ..networks import class_definition
from ..onnx_graphs import save_graph
from ..runs import read, write
from .log import Log

Run = Callable[..., dict[str, Any]]

PIXELS = np.random.default_rng(6).integers(0, 256, (3, 72, 88)).astype(np.uint8)
MEAN, STD = [0.485, 0.456, 0.406], [0.229, 0.224, 0.225]
NAMES = ["road", "roof", "tree", "water"]
CONFIG = {
    "architectures": ["SegformerForSemanticSegmentation"], "num_channels": 3,
    "id2label": {str(number): name for number, name in enumerate(NAMES)},
}  # fmt: skip
PROCESSOR = {"do_rescale": True, "rescale_factor": 1 / 255, "do_normalize": True, "image_mean": MEAN, "image_std": STD}


@pytest.fixture
def scene(tmp_path: Path) -> Path:
    return write(tmp_path / "scene.tif", PIXELS)


def segformer(folder: Path) -> Path:
    """Writes a network with a score for 4 x 4 pixels, and the files of transformers beside it."""
    folder.mkdir()
    kernel = np.random.default_rng(5).normal(size=(4, 3, 4, 4)).astype(np.float32)
    nodes = [helper.make_node("Conv", ["pixel_values", "w"], ["logits"], strides=[4, 4])]
    image = ("pixel_values", TensorProto.FLOAT, ("n", "c", "h", "w"))
    logits = ("logits", TensorProto.FLOAT, ("n", 4, "h4", "w4"))
    (folder / "config.json").write_text(json.dumps(CONFIG))
    (folder / "preprocessor_config.json").write_text(json.dumps(PROCESSOR))
    return save_graph(folder / "model.onnx", nodes, [logits], [image], {"w": kernel})


def run_alone(network: Path, name: str, pixels: np.ndarray) -> np.ndarray:
    session = onnxruntime.InferenceSession(str(network), providers=["CPUExecutionProvider"])
    found: np.ndarray = session.run(None, {name: pixels[np.newaxis].astype(np.float32)})[0]
    return found[0]


def enlarged(scores: np.ndarray, times: int) -> np.ndarray:
    """Returns scores (channels, rows, columns) between whose centres numpy interpolates."""
    for axis in (1, 2):
        count = scores.shape[axis]
        places = (np.arange(count * times) + 0.5) / times - 0.5
        scores = np.apply_along_axis(lambda line: np.interp(places, np.arange(count), line), axis, scores)  # noqa: B023
    return scores


def names_of(results: dict[str, Any]) -> list[str]:
    return [found["name"] for found in json.loads(results["CLASSES"])]


@pytest.mark.parametrize("form", ["folder", "network", "package", "emd"])
def test_a_network_of_hugging_face_gives_what_its_library_gives(
    form: str, run: Run, scene: Path, tmp_path: Path
) -> None:
    import processing

    network = segformer(tmp_path / "segformer")
    made_of = {"package": tmp_path / "s.dlpk", "emd": tmp_path / "s.emd"}
    model = {"folder": network.parent, "network": network, **made_of}[form]
    if form == "package":
        parameters = {"WEIGHTS": str(network), "OUTPUT": str(model)}
        processing.run("deeplearning:packagemodel", parameters, feedback=Log())
    if form == "emd":
        stats = {
            "band_min_values": [0] * 3, "band_max_values": [255] * 3,
            "scaled_mean_values": MEAN, "scaled_std_values": STD,
        }  # fmt: skip
        definition = class_definition(network, 3, range(4), 48, NormalizationStats=stats)
        for listed, name in zip(definition["Classes"], NAMES):
            listed["Name"] = name
        model.write_text(json.dumps(definition))
    output = tmp_path / "map.tif"
    results = run(INPUT=str(scene), MODEL=str(model), OUTPUT=str(output), MODEL_ARGUMENTS="tile_size 32")
    assert names_of(results) == NAMES
    assert results["TILES"] > 4
    normalized = (PIXELS / 255 - np.reshape(MEAN, (3, 1, 1))) / np.reshape(STD, (3, 1, 1))
    expected = enlarged(run_alone(network, "pixel_values", normalized), 4).argmax(axis=0)
    assert (read(tmp_path / "map.tif") == expected).mean() > 0.999


@pytest.mark.parametrize("decided", [False, True])
def test_a_network_of_ultralytics_gives_what_it_gives_alone(
    decided: bool, run: Run, scene: Path, tmp_path: Path
) -> None:
    kernel = np.random.default_rng(5).normal(size=(4, 3, 3, 3)).astype(np.float32)
    nodes = [helper.make_node("Conv", ["images", "w"], ["s" if decided else "output0"], pads=[1] * 4)]
    if decided:
        nodes += [
            helper.make_node("ArgMax", ["s"], ["a"], axis=1, keepdims=0),
            helper.make_node("Cast", ["a"], ["output0"], to=TensorProto.UINT8),
        ]
    kind, shape = (TensorProto.UINT8, (1, 64, 64)) if decided else (TensorProto.FLOAT, (1, 4, 64, 64))
    metadata = {
        "author": "Ultralytics", "task": "semantic", "names": str(dict(enumerate(NAMES))), "imgsz": "[64, 64]",
        "stride": "32", "channels": "3", "batch": "1",
    }  # fmt: skip
    image = ("images", TensorProto.FLOAT, (1, 3, 64, 64))
    network = save_graph(tmp_path / "n.onnx", nodes, [("output0", kind, shape)], [image], {"w": kernel}, metadata)
    results = run(INPUT=str(scene), MODEL=str(network), OUTPUT=str(tmp_path / "map.tif"))
    assert names_of(results) == NAMES
    free = [helper.make_node("Conv", ["images", "w"], ["output0"], pads=[1] * 4)]
    outputs = [("output0", TensorProto.FLOAT, ("n", 4, "h", "w"))]
    alone = save_graph(
        tmp_path / "free.onnx", free, outputs, [("images", TensorProto.FLOAT, ("n", 3, "h", "w"))], {"w": kernel}
    )
    expected = run_alone(alone, "images", PIXELS / 255).argmax(axis=0)
    assert (read(tmp_path / "map.tif") == expected).mean() > 0.999
