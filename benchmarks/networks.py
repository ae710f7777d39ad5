# SPDX-License-Identifier: GPL-2.0-or-later
"""Networks and model definitions for measurements."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper

Weights = dict[str, np.ndarray]

# Convolutions of the light network: name, stride.
LAYERS = (("a", 1), ("b", 1), ("c", 2), ("d", 1), ("e", 1))

# Mean of the light network's scores, whose standard deviation is 1: GeoDeep sets scores below 0.5 to 0.
MEAN_SCORE = 16.0


def pointwise_network(path: Path, bands: int, classes: int) -> Path:
    """Saves a 1 x 1 convolution with free axes."""
    random = np.random.default_rng(0)
    weights = {"w": random.normal(size=(classes, bands, 1, 1)), "b": random.normal(size=classes) * 1000}
    onnx.save(_model([helper.make_node("Conv", ["image", "w", "b"], ["scores"])], weights, bands, classes, None), path)
    return path


def light_networks(folder: Path, pixels: np.ndarray, classes: int, size: int, width: int = 16) -> tuple[Path, Path]:
    """Saves six 3 x 3 convolutions at two scales, with a receptive field of 16 pixels on each side.

    Returns one that takes only tiles of this size, and the same one for tiles of any even size. All classes are
    found about as often in the pixels (bands, height, width).
    """
    bands = len(pixels)
    nodes, weights = _light_graph(bands, classes, width)
    session = onnxruntime.InferenceSession(_model(nodes, weights, bands, classes, None).SerializeToString())
    scores = session.run(None, {"image": pixels[np.newaxis]})[0]
    mean, std = scores.mean(axis=(0, 2, 3)), scores.std(axis=(0, 2, 3))
    weights = {**weights, "wo": weights["wo"] / std.reshape(-1, 1, 1, 1), "bo": MEAN_SCORE - mean / std}
    fixed, free = folder / f"light{size}.onnx", folder / "light.onnx"
    # Metadata for some programs is ignored by the others.
    properties = deepness_properties(classes, size)
    onnx.save(_model(nodes, weights, bands, classes, size, properties), fixed)
    onnx.save(_model(nodes, weights, bands, classes, None), free)
    return fixed, free


def deepness_properties(classes: int, size: int) -> dict[str, str]:
    """Returns metadata as Deepness and GeoDeep read them: values in JSON, resolution in cm, overlap in percent.

    Small segments are kept, as by the other programs.
    """
    values = {
        "model_type": "Segmentor",
        "class_names": {str(number): f"class {number}" for number in range(classes)},
        "resolution": 1000,
        "tile_size": size,
        "tiles_overlap": round(100 * 2 * 16 / size, 1),
        "seg_small_segment": 0,
    }
    return {key: json.dumps(value) for key, value in values.items()}


def definition(network: Path, bands: int, classes: int, tile: int) -> Path:
    """Writes a model definition beside a network and returns its path."""
    text = {
        "Framework": "ONNX",
        "ModelType": "ImageClassification",
        "ModelName": network.stem,
        "ModelFile": network.name,
        "ImageHeight": tile,
        "ImageWidth": tile,
        "ExtractBands": list(range(bands)),
        "Classes": [{"Value": i, "Name": f"class {i}", "Color": [40 * i % 256, 0, 90]} for i in range(1, classes + 1)],
    }
    path = network.with_suffix(".emd")
    path.write_text(json.dumps(text, indent=1), encoding="utf-8")
    return path


def _light_graph(bands: int, classes: int, width: int) -> tuple[list[Any], Weights]:
    random = np.random.default_rng(0)
    weights: Weights = {"scales": np.array([1, 1, 2, 2])}
    nodes, shown, channels = [], "image", bands
    for name, stride in LAYERS:
        weights[f"w{name}"] = random.normal(size=(width, channels, 3, 3)) / np.sqrt(9 * channels)
        weights[f"b{name}"] = random.normal(size=width) * 0.1
        nodes.append(_convolution(shown, name, f"c{name}", stride))
        nodes.append(helper.make_node("Relu", [f"c{name}"], [f"r{name}"]))
        shown, channels = f"r{name}", width
    nodes.append(helper.make_node("Resize", [shown, "", "scales"], ["up"], mode="nearest"))
    nodes.append(helper.make_node("Concat", ["up", "rb"], ["both"], axis=1))
    weights["wo"] = random.normal(size=(classes, 2 * width, 3, 3)) / np.sqrt(18 * width)
    weights["bo"] = np.zeros(classes)
    return [*nodes, _convolution("both", "o", "scores", 1)], weights


def _convolution(image: str, name: str, output: str, stride: int) -> Any:
    places = {"strides": [stride] * 2, "pads": [1] * 4, "kernel_shape": [3, 3]}
    return helper.make_node("Conv", [image, f"w{name}", f"b{name}"], [output], **places)


def _model(
    nodes: list[Any],
    weights: Weights,
    bands: int,
    classes: int,
    size: int | None,
    properties: Mapping[str, str] | None = None,
) -> Any:
    tensors = [numpy_helper.from_array(values.astype(np.float32), name) for name, values in weights.items()]
    sides: list[int | str] = [size, size] if size else ["h", "w"]
    image = helper.make_tensor_value_info("image", TensorProto.FLOAT, [1 if size else "n", bands, *sides])
    scores = helper.make_tensor_value_info("scores", TensorProto.FLOAT, [1 if size else "n", classes, *sides])
    graph = helper.make_graph(nodes, "network", [image], [scores], tensors)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8)
    helper.set_model_props(model, dict(properties or {}))
    return model
