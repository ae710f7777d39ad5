# SPDX-License-Identifier: GPL-2.0-or-later
"""Antialiased resizing, which OpenVINO's reader of ONNX files drops."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import pytest
from onnx import TensorProto, helper, numpy_helper

from classify_pixels.inference.runtimes.openvino.antialiasing import keep_antialiasing, shrink_by_convolution


@pytest.mark.parametrize("size", [(20, 24), (40, 48), (60, 72), (80, 96), (100, 120), (41, 48), (40, 72), (50, 60)])
@pytest.mark.parametrize("expected_size", [False, True])
def test_it_equals_onnx_runtime(expected_size: bool, size: tuple[int, int], tmp_path: Path) -> None:
    compare(np.array([1, 3, 20, 24]), size, expected_size, tmp_path)


@pytest.mark.parametrize("factor", [0.5, 0.25, 0.4])
@pytest.mark.parametrize("expected_size", [False, True])
def test_factors_equal_onnx_runtime(expected_size: bool, factor: float, tmp_path: Path) -> None:
    compare(np.array([1, 1, factor, factor], np.float32), (40, 60), expected_size, tmp_path)


@pytest.mark.parametrize(("size", "left"), [((20, 24), set()), ((40, 48), {"GroupConvolution"})])
def test_a_resizing_by_a_whole_factor_is_replaced(size: tuple[int, int], left: set[str], tmp_path: Path) -> None:
    openvino = pytest.importorskip("openvino", reason="OpenVINO is optional")
    network = openvino.Core().read_model(save_resizing(tmp_path / "n.onnx", np.array([1, 3, 20, 24])))
    keep_antialiasing(network, openvino.opset11)
    network.reshape([1, 3, *size])
    shrink_by_convolution(network, openvino.opset11)
    assert {"Interpolate", "GroupConvolution"} & {node.get_type_name() for node in network.get_ops()} == left


def compare(given: np.ndarray, size: tuple[int, int], expected_size: bool, tmp_path: Path) -> None:
    pytest.importorskip("openvino", reason="OpenVINO is optional")
    from classify_pixels.inference.runtimes import BackendOptions
    from classify_pixels.inference.runtimes.openvino.compiled_network import CompiledNetwork

    path = save_resizing(tmp_path / "n.onnx", given)
    image = np.random.default_rng(3).random((1, 3, *size), np.float32)
    (expected,) = onnxruntime.InferenceSession(path).run(None, {"image": image})
    network = CompiledNetwork(path, BackendOptions(processor="CPU"))
    if expected_size:
        network.expect({"image": image})
    (found,) = network.run({"image": image}, [0], "")
    np.testing.assert_allclose(found, expected, atol=1e-6)


def save_resizing(path: Path, given: np.ndarray) -> Path:
    """Saves a network that resizes an image to given sizes or by given factors."""
    names = ["image", "", "", "given"] if given.dtype.kind == "i" else ["image", "", "given"]
    node = helper.make_node("Resize", names, ["scores"], mode="linear", antialias=1, exclude_outside=1)
    free = ["n", 3, "h", "w"]
    shapes = [helper.make_tensor_value_info(name, TensorProto.FLOAT, free) for name in ("image", "scores")]
    graph = helper.make_graph([node], "network", shapes[:1], shapes[1:], [numpy_helper.from_array(given, "given")])
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=8), path)
    return path
