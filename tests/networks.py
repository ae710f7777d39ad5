# SPDX-License-Identifier: GPL-2.0-or-later
"""Small real networks in ONNX, built by the tests that need them."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Optional, Sequence, Union

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

Size = Union[int, str]


def save_network(
    path: Path,
    nodes: Sequence[Any],
    weights: dict[str, np.ndarray],
    input_shape: Sequence[Size],
    output_shape: Sequence[Size],
    output_type: int = TensorProto.FLOAT,
    input_type: int = TensorProto.FLOAT,
) -> Path:
    """Saves a graph from "image" to "scores"; a size given as text is free."""
    graph = helper.make_graph(
        list(nodes),
        "network",
        [helper.make_tensor_value_info("image", input_type, list(input_shape))],
        [helper.make_tensor_value_info("scores", output_type, list(output_shape))],
        [numpy_helper.from_array(array, name) for name, array in weights.items()],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    onnx.checker.check_model(model)
    onnx.save(model, str(path))
    return path


def pointwise_weights(bands: int, channels: int, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Returns the matrix (channels, bands) and the bias (channels,) of a 1 x 1 convolution."""
    random = np.random.default_rng(seed)
    matrix = random.normal(size=(channels, bands)).astype(np.float32)
    return matrix, random.normal(size=channels).astype(np.float32)


def pointwise_network(
    path: Path, bands: int, channels: int, seed: int = 0, size: Optional[int] = None, batch: Optional[int] = None
) -> Path:
    """Saves a 1 x 1 convolution, whose scores depend on nothing but the pixel itself."""
    matrix, bias = pointwise_weights(bands, channels, seed)
    shape = (batch or "n", bands, size or "h", size or "w")
    return save_network(
        path,
        [helper.make_node("Conv", ["image", "w", "b"], ["scores"], kernel_shape=[1, 1])],
        {"w": matrix[:, :, None, None], "b": bias},
        shape,
        (shape[0], channels, *shape[2:]),
    )


def pooling_network(path: Path, bands: int = 2, channels: int = 3, seed: int = 0, size: Optional[int] = None) -> Path:
    """Saves a little encoder and decoder of stride 4 whose scores depend on less than 16 pixels around.

    3 x 3 convolution, two average poolings, 3 x 3 convolution, nearest upsampling by 4, and a skip connection.
    """
    random = np.random.default_rng(seed)

    def kernel(out: int, into: int) -> np.ndarray:
        return random.normal(scale=0.4, size=(out, into, 3, 3)).astype(np.float32)

    nodes = [
        helper.make_node("Conv", ["image", "w1"], ["a"], pads=[1, 1, 1, 1]),
        helper.make_node("Tanh", ["a"], ["skip"]),
        helper.make_node("AveragePool", ["skip"], ["half"], kernel_shape=[2, 2], strides=[2, 2]),
        helper.make_node("AveragePool", ["half"], ["quarter"], kernel_shape=[2, 2], strides=[2, 2]),
        helper.make_node("Conv", ["quarter", "w2"], ["b"], pads=[1, 1, 1, 1]),
        helper.make_node("Tanh", ["b"], ["deep"]),
        helper.make_node("Resize", ["deep", "", "scales"], ["up"], mode="nearest"),
        helper.make_node("Concat", ["skip", "up"], ["both"], axis=1),
        helper.make_node("Conv", ["both", "w3"], ["scores"], pads=[1, 1, 1, 1]),
    ]
    weights = {
        "w1": kernel(4, bands),
        "w2": kernel(4, 4),
        "w3": kernel(channels, 8),
        "scales": np.array([1, 1, 4, 4], np.float32),
    }
    shape = ("n", bands, size or "h", size or "w")
    return save_network(path, nodes, weights, shape, ("n", channels, *shape[2:]))


def class_definition(
    weights: Path, bands: int, values: Sequence[int], tile: int, **keys: Any
) -> dict[str, Any]:
    """Returns a model definition in JSON's terms, its ModelFile absolute; `keys` are added to it."""
    return {
        "Framework": "ONNX",
        "ModelType": "ImageClassification",
        "ModelFile": str(weights),
        "ImageHeight": tile,
        "ImageWidth": tile,
        "ExtractBands": list(range(bands)),
        "Classes": [
            {"Value": value, "Name": f"class {value}", "Color": [value % 256, 255 - value % 256, 40 * index % 256]}
            for index, value in enumerate(values)
        ],
        **keys,
    }
