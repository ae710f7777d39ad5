# SPDX-License-Identifier: GPL-2.0-or-later
"""Antialiased resizing, which OpenVINO's reader of ONNX files drops."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import pytest
from onnx import TensorProto, helper, numpy_helper


@pytest.mark.parametrize("size", [(40, 48), (60, 72), (80, 96), (100, 120), (41, 48), (40, 72), (50, 60)])
@pytest.mark.parametrize("expected_size", [False, True])
def test_it_equals_onnx_runtime(expected_size: bool, size: tuple[int, int], tmp_path: Path) -> None:
    compare(np.array([1, 3, 20, 24]), size, expected_size, tmp_path)


@pytest.mark.parametrize("factor", [0.5, 0.25, 0.4])
@pytest.mark.parametrize("expected_size", [False, True])
def test_factors_equal_onnx_runtime(expected_size: bool, factor: float, tmp_path: Path) -> None:
    compare(np.array([1, 1, factor, factor], np.float32), (40, 60), expected_size, tmp_path)


def compare(given: np.ndarray, size: tuple[int, int], expected_size: bool, tmp_path: Path) -> None:
    pytest.importorskip("openvino", reason="OpenVINO is optional")
    from classify_pixels.inference.runtimes import BackendOptions
    from classify_pixels.inference.runtimes.openvino.compiled_network import CompiledNetwork

    names = ["image", "", "", "given"] if given.dtype.kind == "i" else ["image", "", "given"]
    node = helper.make_node("Resize", names, ["scores"], mode="linear", antialias=1, exclude_outside=1)
    free = ["n", 3, "h", "w"]
    shapes = [helper.make_tensor_value_info(name, TensorProto.FLOAT, free) for name in ("image", "scores")]
    graph = helper.make_graph([node], "network", shapes[:1], shapes[1:], [numpy_helper.from_array(given, "given")])
    path = tmp_path / "n.onnx"
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=8), path)
    image = np.random.default_rng(3).random((1, 3, *size), np.float32)
    (expected,) = onnxruntime.InferenceSession(path).run(None, {"image": image})
    network = CompiledNetwork(path, BackendOptions(processor="CPU"))
    if expected_size:
        network.expect({"image": image})
    (found,) = network.run({"image": image}, [0], "")
    np.testing.assert_allclose(found, expected, atol=1e-6)
