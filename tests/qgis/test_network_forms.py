# SPDX-License-Identifier: GPL-2.0-or-later
"""Networks of many forms, through the command line: their maps equal those of their library alone."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
import pytest
from onnx import TensorProto, helper

from ..networks import class_definition, pointwise_weights
from ..onnx_graphs import save_graph
from ..runs import read, write
from ..tensorflow_graphs import deeplab_graph
from .command import ALGORITHM, classify, needs_qgis_process, qgis_process, words

pytestmark = needs_qgis_process

PIXELS = np.random.default_rng(4).integers(0, 256, (3, 70, 90)).astype(np.uint8)
KERNEL = np.random.default_rng(5).normal(size=(5, 3, 3, 3)).astype(np.float32)
MEAN, STD = [0.4, 0.5, 0.6], [0.2, 0.3, 0.25]


@pytest.fixture
def scene(tmp_path: Path) -> Path:
    return write(tmp_path / "scene.tif", PIXELS)


def described_network(path: Path, **metadata: Any) -> Path:
    """Saves a network of two heads that describes itself in its metadata."""
    nodes = [
        helper.make_node("Conv", ["image", "w"], ["scores"], kernel_shape=[3, 3], pads=[1, 1, 1, 1]),
        helper.make_node("Split", ["scores", "parts"], ["head", "land"], axis=1),
        helper.make_node("Squeeze", ["head", "axis"], ["logits"]),
        helper.make_node("Sigmoid", ["logits"], ["road"]),
    ]
    weights = {"w": KERNEL, "parts": np.array([1, 4]), "axis": np.array([1])}
    outputs = [("road", TensorProto.FLOAT, ("n", "h", "w")), ("land", TensorProto.FLOAT, ("n", 4, "h", "w"))]
    texts = {key: json.dumps(value) for key, value in metadata.items()}
    return save_graph(path, nodes, outputs, weights=weights, metadata=texts)


@pytest.mark.parametrize("output", ["", "land"])
def test_a_network_with_metadata_gives_what_it_gives_alone(output: str, scene: Path, tmp_path: Path) -> None:
    network = described_network(
        tmp_path / "heads.onnx",
        model_type="Segmentor",
        class_names=[{"0": "road"}, {"0": "water", "1": "wood", "2": "field", "3": "town"}],
        tiles_size=48,
        resolution=100,
        seg_thresh=0.7,
        standardization_mean=MEAN,
        standardization_std=STD,
    )
    arguments = {"MODEL_ARGUMENTS": f"output {output}"} if output else {}
    run = classify(tmp_path, INPUT=scene, MODEL=network, OUTPUT="map.tif", **arguments)
    names = [found["name"] for found in json.loads(run.results["CLASSES"])]
    session = onnxruntime.InferenceSession(str(network), providers=["CPUExecutionProvider"])
    pixels = (PIXELS / 255 - np.reshape(MEAN, (3, 1, 1))) / np.reshape(STD, (3, 1, 1))
    road, land = session.run(None, {"image": pixels[np.newaxis].astype(np.float32)})
    expected = land[0].argmax(axis=0) if output else (road[0] > 0.7).astype(int)
    assert names[-1] == ("town" if output else "road")
    # The order of operations in the normalisation may turn a tie.
    assert (read(tmp_path / "map.tif") == expected).mean() > 0.999


def frozen_model(folder: Path) -> Path:
    """Writes the example definition of the operation's page, for three bands."""
    definition = {
        **class_definition(Path("frozen_inference_graph.pb"), 3, [0, 1, 2, 3], 33),
        "Framework": "TensorFlow",
        "ModelConfiguration": "DeepLab",
        "ModelFile": ".\\frozen_inference_graph.pb",
    }
    (folder / "deeplab.emd").write_text(json.dumps(definition))
    return folder / "deeplab.emd"


def test_a_frozen_graph_gives_what_numpy_gives(scene: Path, tmp_path: Path) -> None:
    """Inside QGIS, OpenVINO meets other libraries than in a separate Python."""
    pytest.importorskip("openvino", reason="OpenVINO is optional")
    matrix, bias = pointwise_weights(3, 4)
    (tmp_path / "frozen_inference_graph.pb").write_bytes(deeplab_graph(matrix, 100 * bias))
    run = classify(tmp_path, INPUT=scene, MODEL=frozen_model(tmp_path), OUTPUT="map.tif")
    assert "OpenVINO" in run.results["DEVICE"]
    expected = np.einsum("kb,bhw->khw", matrix, PIXELS) + 100 * bias[:, None, None]
    np.testing.assert_array_equal(read(tmp_path / "map.tif"), expected.argmax(axis=0))


def test_an_openvino_that_does_not_start_is_named(scene: Path, tmp_path: Path) -> None:
    """As if it was built for another numpy."""
    (tmp_path / "frozen_inference_graph.pb").write_bytes(b"\x0a\x00")
    (tmp_path / "openvino").mkdir()
    (tmp_path / "openvino" / "__init__.py").write_text("import numpy\nnumpy.no_such_part\n")
    parameters = words({"INPUT": scene, "MODEL": frozen_model(tmp_path), "OUTPUT": "map.tif"})
    run = qgis_process("run", ALGORITHM, "--", *parameters, folder=tmp_path, PYTHONPATH=str(tmp_path))
    assert run.code != 0
    assert "has no attribute 'no_such_part'" in run.stderr
    assert "pip install --no-deps" in run.stderr
    assert "Traceback" not in run.stderr
