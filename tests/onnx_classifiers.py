# SPDX-License-Identifier: GPL-2.0-or-later
"""Classifiers of rows as converters of scikit-learn and the like write them, and networks for several dates."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
from onnx import TensorProto, helper

from .onnx_graphs import save_graph

ML = "ai.onnx.ml"
FLOAT, INT64, TEXT = TensorProto.FLOAT, TensorProto.INT64, TensorProto.STRING
BANDS = 3


def forest_node(labels: Sequence[Any], trees: int = 6, depth: int = 4, seed: int = 3) -> Any:
    """Returns random trees for rows of bytes, which give a label and probabilities."""
    random = np.random.default_rng(seed)
    inner = 2**depth - 1
    nodes: dict[str, list[Any]] = {
        key: [] for key in ("treeids", "nodeids", "featureids", "values", "modes", "truenodeids", "falsenodeids")
    }
    leaves: dict[str, list[Any]] = {key: [] for key in ("treeids", "nodeids", "ids", "weights")}
    for tree in range(trees):
        for node in range(2 * inner + 1):
            leaf = node >= inner
            below = (0, 0) if leaf else (2 * node + 1, 2 * node + 2)
            feature, threshold = int(random.integers(BANDS)), float(random.integers(40, 210))
            row = (tree, node, feature, threshold, "LEAF" if leaf else "BRANCH_LEQ", *below)
            for key, value in zip(nodes, row):
                nodes[key].append(value)
            for number, weight in enumerate(random.dirichlet([0.3] * len(labels)) / trees if leaf else ()):
                # Of two classes converters write the second one alone, as number 0; the rest is the first one's.
                if len(labels) == 2 and number == 0:
                    continue
                for key, value in zip(leaves, (tree, node, number if len(labels) > 2 else 0, float(weight))):
                    leaves[key].append(value)
    attributes = {f"nodes_{key}": value for key, value in nodes.items()}
    attributes.update({f"class_{key}": value for key, value in leaves.items()})
    kind = "classlabels_strings" if isinstance(labels[0], str) else "classlabels_int64s"
    return helper.make_node(
        "TreeEnsembleClassifier", ["rows"], ["label", "table"], domain=ML, post_transform="NONE",
        **{**attributes, kind: list(labels)},
    )  # fmt: skip


def forest(path: Path, labels: Sequence[Any] = (0, 1, 2, 3), maps: bool = False) -> Path:
    """Saves a forest whose probabilities are a table, or a sequence of maps (ZipMap)."""
    texts = isinstance(labels[0], str)
    nodes = [forest_node(labels)]
    outputs: list[Any] = [helper.make_tensor_value_info("label", TEXT if texts else INT64, ["n"])]
    if maps:
        kind = "classlabels_strings" if texts else "classlabels_int64s"
        nodes.append(helper.make_node("ZipMap", ["table"], ["maps"], domain=ML, **{kind: list(labels)}))
        element = helper.make_tensor_type_proto(FLOAT, [])
        entry = helper.make_map_type_proto(TEXT if texts else INT64, element)
        outputs.append(helper.make_value_info("maps", helper.make_sequence_type_proto(entry)))
    else:
        outputs.append(helper.make_tensor_value_info("table", FLOAT, ["n", len(labels)]))
    return save(path, nodes, outputs, [helper.make_tensor_value_info("rows", FLOAT, ["n", BANDS])])


def save(path: Path, nodes: Sequence[Any], outputs: Sequence[Any], inputs: Sequence[Any]) -> Path:
    """Saves a graph with inputs and outputs of any type."""
    graph = helper.make_graph(list(nodes), "classifier", list(inputs), list(outputs))
    imports = [helper.make_opsetid("", 17), helper.make_opsetid(ML, 1)]
    path.write_bytes(helper.make_model(graph, opset_imports=imports, ir_version=8).SerializeToString())
    return path


def rows_network(path: Path, nodes: Sequence[Any], weights: dict[str, np.ndarray], shape: Sequence[Any]) -> Path:
    """Saves a network from `rows` of a shape to a table of `scores`."""
    return save_graph(path, nodes, [("scores", FLOAT, None)], [("rows", FLOAT, shape)], weights)


def lstm(path: Path, times: int, bands: int, classes: int = 3) -> Path:
    """Saves an LSTM over the dates of each pixel (N, T, bands), whose last state is classified."""
    random, hidden = np.random.default_rng(5), 4
    weights = {
        "w": random.normal(size=(1, 4 * hidden, bands)).astype(np.float32) / 50,
        "r": random.normal(size=(1, 4 * hidden, hidden)).astype(np.float32),
        "last": random.normal(size=(hidden, classes)).astype(np.float32),
        "axis": np.array([0]),
    }
    nodes = [
        helper.make_node("Transpose", ["rows"], ["steps"], perm=[1, 0, 2]),
        helper.make_node("LSTM", ["steps", "w", "r"], ["", "state"], hidden_size=hidden),
        helper.make_node("Squeeze", ["state", "axis"], ["h"]),
        helper.make_node("MatMul", ["h", "last"], ["scores"]),
    ]
    return rows_network(path, nodes, weights, ["n", times, bands])


def convolution_in_time(path: Path, times: int, bands: int, classes: int = 3) -> Path:
    """Saves a Conv1D over the dates of each pixel (N, bands, T), averaged over them."""
    random = np.random.default_rng(6)
    weights = {"w": random.normal(size=(classes, bands, 2)).astype(np.float32)}
    nodes = [
        helper.make_node("Conv", ["rows", "w"], ["a"]),
        helper.make_node("Relu", ["a"], ["b"]),
        helper.make_node("ReduceMean", ["b"], ["scores"], axes=[2], keepdims=0),
    ]
    return rows_network(path, nodes, weights, ["n", bands, times])


def images_in_time(path: Path, layout: str, times: int, bands: int, classes: int = 3, free: bool = False) -> Path:
    """Saves a Conv3D over all dates and 3 x 3 pixels of images in a layout, whose scores have no dates."""
    random = np.random.default_rng(7)
    sizes = {"N": "n", "T": "t" if free else times, "C": "c" if free else bands, "H": "h", "W": "w"}
    weights = {"k": random.normal(size=(classes, bands, times, 3, 3)).astype(np.float32), "axis": np.array([2])}
    nodes = [
        helper.make_node("Transpose", ["image"], ["x"], perm=[layout.index(axis) for axis in "NCTHW"]),
        helper.make_node("Conv", ["x", "k"], ["y"], pads=[0, 1, 1, 0, 1, 1]),
        helper.make_node("Squeeze", ["y", "axis"], ["scores"]),
    ]
    image = ("image", FLOAT, [sizes[axis] for axis in layout])
    return save_graph(path, nodes, [("scores", FLOAT, ["n", classes, "h", "w"])], [image], weights)


def alone(network: Path, name: str, array: np.ndarray, outputs: Any = None, **more: np.ndarray) -> list[Any]:
    """Returns what ONNX Runtime alone gives for an array."""
    session = onnxruntime.InferenceSession(str(network), providers=["CPUExecutionProvider"])
    return session.run(outputs, {name: array.astype(np.float32), **more})
