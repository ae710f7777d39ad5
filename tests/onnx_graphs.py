# SPDX-License-Identifier: GPL-2.0-or-later
"""Graphs in ONNX with several inputs and outputs, metadata and files beside them, as they are found in the wild."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

# Name, type, shape; a size given as text is free, and a shape may be unknown altogether.
Value = tuple[str, int, Any]

IMAGE: Value = ("image", TensorProto.FLOAT, ("n", 3, "h", "w"))


def save_graph(
    path: Path,
    nodes: Sequence[Any],
    outputs: Sequence[Value],
    inputs: Sequence[Value] = (IMAGE,),
    weights: Mapping[str, np.ndarray] | None = None,
    metadata: Mapping[str, str] | None = None,
    opset: int = 17,
) -> Path:
    """Saves a graph as it is, also one whose declared shapes are not true."""
    graph = helper.make_graph(
        list(nodes),
        "graph",
        [helper.make_tensor_value_info(*value) for value in inputs],
        [helper.make_tensor_value_info(*value) for value in outputs],
        [numpy_helper.from_array(array, name) for name, array in (weights or {}).items()],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset)], ir_version=8)
    helper.set_model_props(model, dict(metadata or {}))
    path.write_bytes(model.SerializeToString())
    return path


def several_outputs(path: Path, outputs: Sequence[Value], inputs: Sequence[Value] = (IMAGE,)) -> Path:
    """Saves a graph whose outputs hold, flat, how many they are: 10 in the first, 11 in the second and so on.

    Outputs with free sizes have those of the image.
    """
    nodes, weights = [helper.make_node("Shape", ["image"], ["shape"])], {}
    for number, (name, _, shape) in enumerate(outputs):
        sizes = [size if isinstance(size, int) else -1 for size in shape]
        weights[f"sizes{number}"] = np.array([max(size, 1) for size in sizes], np.int64)
        weights[f"free{number}"] = np.array([size < 0 for size in sizes])
        weights[f"value{number}"] = np.array(10 + number, np.float32)
        like = "shape"
        if len(sizes) != 4:
            # Of (N, bands, height, width) the last ones, or the batch and the last two.
            places = [0, 2, 3] if len(sizes) == 3 else list(range(len(sizes)))
            weights[f"places{number}"] = np.array(places, np.int64)
            nodes.append(helper.make_node("Gather", ["shape", f"places{number}"], [f"like{number}"]))
            like = f"like{number}"
        nodes.append(helper.make_node("Where", [f"free{number}", like, f"sizes{number}"], [f"all{number}"]))
        nodes.append(helper.make_node("Expand", [f"value{number}", f"all{number}"], [name]))
    return save_graph(path, nodes, outputs, inputs, weights)


def endless_network(path: Path, above: float = -np.inf) -> Path:
    """Saves a network that counts to 2 to the power of 60 before it gives an image back whose values are all above."""
    body = helper.make_graph(
        [helper.make_node("Identity", ["go"], ["go_on"]), helper.make_node("Sin", ["x"], ["y"])],
        "body",
        [
            helper.make_tensor_value_info("step", TensorProto.INT64, []),
            helper.make_tensor_value_info("go", TensorProto.BOOL, []),
            helper.make_tensor_value_info("x", TensorProto.FLOAT, None),
        ],
        [
            helper.make_tensor_value_info("go_on", TensorProto.BOOL, []),
            helper.make_tensor_value_info("y", TensorProto.FLOAT, None),
        ],
    )
    return save_graph(
        path,
        [
            helper.make_node("ReduceMin", ["image"], ["least"], keepdims=0),
            helper.make_node("Greater", ["least", "above"], ["long"]),
            helper.make_node("Where", ["long", "many", "none"], ["steps"]),
            helper.make_node("Loop", ["steps", "go", "image"], ["scores"], body=body),
        ],
        [("scores", TensorProto.FLOAT, ("n", 3, "h", "w"))],
        weights={
            "above": np.array(above, np.float32),
            "many": np.array(2**60, np.int64),
            "none": np.array(0, np.int64),
            "go": np.array(True),
        },
    )


def external_network(path: Path, location: str, channels: int = 4, in_constant: bool = False) -> np.ndarray:
    """Saves a 1 x 1 convolution of three bands whose matrix lies elsewhere, and returns the matrix.

    The file with the matrix is not written. With `in_constant` a Constant node holds the matrix.
    """
    matrix = np.random.default_rng(7).normal(size=(channels, 3, 1, 1)).astype(np.float32)
    tensor = TensorProto(name="w", data_type=TensorProto.FLOAT, dims=matrix.shape)
    tensor.data_location = TensorProto.EXTERNAL
    for key, value in (("location", location), ("offset", "0"), ("length", str(matrix.nbytes))):
        tensor.external_data.add(key=key, value=value)
    nodes = [helper.make_node("Conv", ["image", "w"], ["scores"], kernel_shape=[1, 1])]
    if in_constant:
        nodes.insert(0, helper.make_node("Constant", [], ["w"], value=tensor))
    graph = helper.make_graph(
        nodes,
        "graph",
        [helper.make_tensor_value_info(*IMAGE)],
        [helper.make_tensor_value_info("scores", TensorProto.FLOAT, ("n", channels, "h", "w"))],
        [] if in_constant else [tensor],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(model.SerializeToString())
    return matrix


def with_metadata(path: Path, **metadata: str) -> Path:
    """Adds metadata to a saved network."""
    model = onnx.load(str(path))
    helper.set_model_props(model, metadata)
    onnx.save(model, str(path))
    return path
