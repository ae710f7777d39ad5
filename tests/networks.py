# SPDX-License-Identifier: GPL-2.0-or-later
"""Small real networks in ONNX, built by the tests that need them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Union

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
    path: Path, bands: int, channels: int, seed: int = 0, size: int | None = None, batch: int | None = None
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


def identity_network(
    path: Path,
    bands: Size,
    size: int | None = None,
    batch: int | None = None,
    input_type: int = TensorProto.FLOAT,
) -> Path:
    """Saves a network whose scores are the bands themselves: the brightest band names the class."""
    shape = (batch or "n", bands, size or "h", size or "w")
    nodes = [helper.make_node("Cast", ["image"], ["scores"], to=TensorProto.FLOAT)]
    return save_network(path, nodes, {}, shape, shape, input_type=input_type)


def channels_last_network(path: Path, bands: int, channels: int, seed: int = 0, size: int | None = None) -> Path:
    """Saves the pointwise network for images (N, height, width, bands), as Keras exports them."""
    matrix, bias = pointwise_weights(bands, channels, seed)
    shape = ("n", size or "h", size or "w", bands)
    nodes = [
        helper.make_node("MatMul", ["image", "w"], ["a"]),
        helper.make_node("Add", ["a", "b"], ["scores"]),
    ]
    return save_network(path, nodes, {"w": matrix.T.copy(), "b": bias}, shape, (*shape[:3], channels))


def probability_network(path: Path, scale: float = 1.0) -> Path:
    """Saves a network of one band whose only channel is the sigmoid of it, times a scale."""
    nodes = [
        helper.make_node("Mul", ["image", "scale"], ["a"]),
        helper.make_node("Sigmoid", ["a"], ["scores"]),
    ]
    shape = ("n", 1, "h", "w")
    return save_network(path, nodes, {"scale": np.array(scale, np.float32)}, shape, shape)


def class_network(path: Path, keep_channel: bool = True) -> Path:
    """Saves a network of one band that gives its rounded values as ready classes (int64)."""
    nodes = [
        helper.make_node("Round", ["image"], ["a"]),
        helper.make_node("Cast", ["a"], ["b"], to=TensorProto.INT64),
    ]
    nodes.append(
        helper.make_node("Identity", ["b"], ["scores"])
        if keep_channel
        else helper.make_node("Squeeze", ["b", "axis"], ["scores"])
    )
    weights = {} if keep_channel else {"axis": np.array([1], np.int64)}
    output = ("n", 1, "h", "w") if keep_channel else ("n", "h", "w")
    return save_network(path, nodes, weights, ("n", 1, "h", "w"), output, output_type=TensorProto.INT64)


def logarithm_network(path: Path, bands: int = 2) -> Path:
    """Saves a network whose scores are NaN where a band is below 0 and -Inf where it is 0."""
    shape = ("n", bands, "h", "w")
    return save_network(path, [helper.make_node("Log", ["image"], ["scores"])], {}, shape, shape)


def whole_image_network(path: Path, bands: int, channels_last: bool = False) -> Path:
    """Saves a network that gives one score per band for the whole image, as scene classifiers do."""
    nodes = [
        helper.make_node("ReduceMean", ["image"], ["scores"], axes=[1, 2] if channels_last else [2, 3], keepdims=0)
    ]
    shape = ("n", "h", "w", bands) if channels_last else ("n", bands, "h", "w")
    return save_network(path, nodes, {}, shape, ("n", bands))


def halving_network(path: Path, bands: int = 2) -> Path:
    """Saves a network that halves and doubles its image: an odd size loses a row and a column."""
    nodes = [
        helper.make_node("MaxPool", ["image"], ["half"], kernel_shape=[2, 2], strides=[2, 2]),
        helper.make_node("Resize", ["half", "", "scales"], ["scores"], mode="nearest"),
    ]
    scales = {"scales": np.array([1, 1, 2, 2], np.float32)}
    return save_network(path, nodes, scales, ("n", bands, "h", "w"), ("n", bands, "h2", "w2"))


def valid_kernel(bands: int, channels: int, seed: int = 0) -> np.ndarray:
    """Returns the 5 x 5 kernel (channels, bands, 5, 5) of the network without padding."""
    return np.random.default_rng(seed).normal(size=(channels, bands, 5, 5)).astype(np.float32)


def valid_network(path: Path, bands: int = 2, channels: int = 3, seed: int = 0, size: int | None = None) -> Path:
    """Saves one 5 x 5 convolution without padding: its output lacks 2 pixels on each side."""
    shape = ("n", bands, size or "h", size or "w")
    output = ("n", channels, *((size - 4, size - 4) if size else ("h2", "w2")))
    nodes = [helper.make_node("Conv", ["image", "w"], ["scores"], kernel_shape=[5, 5])]
    return save_network(path, nodes, {"w": valid_kernel(bands, channels, seed)}, shape, output)


def pooling_weights(bands: int, channels: int, seed: int = 0) -> dict[str, np.ndarray]:
    """Returns the three 3 x 3 kernels (out, in, 3, 3) of the pooling network."""
    random = np.random.default_rng(seed)
    sizes = {"w1": (4, bands), "w2": (4, 4), "w3": (channels, 8)}
    return {name: random.normal(scale=0.4, size=(*size, 3, 3)).astype(np.float32) for name, size in sizes.items()}


def pooling_network(path: Path, bands: int = 2, channels: int = 3, seed: int = 0, size: int | None = None) -> Path:
    """Saves a little encoder and decoder of stride 4 whose scores depend on less than 12 pixels around.

    3 x 3 convolution, two average poolings, 3 x 3 convolution, nearest upsampling by 4, a skip connection.
    """
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
    weights = {**pooling_weights(bands, channels, seed), "scales": np.array([1, 1, 4, 4], np.float32)}
    shape = ("n", bands, size or "h", size or "w")
    return save_network(path, nodes, weights, shape, ("n", channels, *shape[2:]))


def traced_pooling_network(path: Path, bands: int = 2, channels: int = 3, seed: int = 0) -> Path:
    """Saves the pooling network, with the same weights, as TorchScript."""
    import torch
    from torch.nn import functional

    w1, w2, w3 = (torch.from_numpy(array) for array in pooling_weights(bands, channels, seed).values())

    class Pooling(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.w1, self.w2, self.w3 = (torch.nn.Parameter(w, requires_grad=False) for w in (w1, w2, w3))

        def forward(self, image: torch.Tensor) -> torch.Tensor:
            skip = torch.tanh(functional.conv2d(image, self.w1, padding=1))
            quarter = functional.avg_pool2d(functional.avg_pool2d(skip, 2), 2)
            deep = torch.tanh(functional.conv2d(quarter, self.w2, padding=1))
            up = functional.interpolate(deep, scale_factor=4.0, mode="nearest")
            return functional.conv2d(torch.cat([skip, up], 1), self.w3, padding=1)

    torch.jit.trace(Pooling(), torch.zeros(1, bands, 16, 16)).save(str(path))
    return path


def bare_run(network: Path, pixels: np.ndarray) -> np.ndarray:
    """Returns what ONNX Runtime alone gives for pixels (N, bands, height, width)."""
    import onnxruntime

    session = onnxruntime.InferenceSession(str(network), providers=["CPUExecutionProvider"])
    return session.run(None, {"image": pixels})[0]


def class_definition(weights: Path, bands: int, values: Sequence[int], tile: int, **keys: Any) -> dict[str, Any]:
    """Returns a model definition in JSON's terms, its ModelFile absolute; `keys` are added to it."""
    return {
        "Framework": "ONNX",
        "ModelType": "ImageClassification",
        "ModelFile": str(weights),
        "ImageHeight": tile,
        "ImageWidth": tile,
        "ExtractBands": list(range(bands)),
        "Classes": [
            {
                "Value": value,
                "Name": f"class {value}",
                "Color": [value % 256, 255 - value % 256, 40 * index % 256],
            }
            for index, value in enumerate(values)
        ],
        **keys,
    }


def dilated_network(path: Path, kernel: int, dilation: int, size: int | None = None) -> Path:
    """Saves one convolution, which looks dilation x (kernel - 1) / 2 pixels far."""
    weights = np.random.default_rng(0).normal(size=(3, 2, kernel, kernel)).astype(np.float32)
    pad = dilation * (kernel - 1) // 2
    node = helper.make_node(
        "Conv", ["image", "w"], ["scores"], dilations=[dilation] * 2, kernel_shape=[kernel] * 2, pads=[pad] * 4
    )
    shape = ("n", 2, size or "h", size or "w")
    return save_network(path, [node], {"w": weights}, shape, ("n", 3, *shape[2:]))


def context_network(path: Path, size: int | None = None, weight: float = 1.0) -> Path:
    """Saves a 5 x 5 convolution beside the mean of the whole image, times a weight."""
    kernel = np.random.default_rng(0).normal(size=(2, 2, 5, 5)).astype(np.float32)
    nodes = [
        helper.make_node("Conv", ["image", "w"], ["near"], kernel_shape=[5, 5], pads=[2] * 4),
        helper.make_node("GlobalAveragePool", ["image"], ["mean"]),
        helper.make_node("Mul", ["mean", "weight"], ["far"]),
        helper.make_node("Add", ["near", "far"], ["scores"]),
    ]
    shape = ("n", 2, size or "h", size or "w")
    return save_network(path, nodes, {"w": kernel, "weight": np.array(weight, np.float32)}, shape, shape)
