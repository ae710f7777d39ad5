# SPDX-License-Identifier: GPL-2.0-or-later
"""Antialiased resizing, which OpenVINO's reader of ONNX files drops."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import pytest
from onnx import TensorProto, helper, numpy_helper


@pytest.mark.parametrize("by", ["sizes", "scales"])
def test_it_equals_onnx_runtime(by: str, tmp_path: Path) -> None:
    pytest.importorskip("openvino", reason="OpenVINO is optional")
    from classify_pixels.inference.runtimes import BackendOptions
    from classify_pixels.inference.runtimes.openvino.compiled_network import CompiledNetwork

    given = np.array([1, 3, 20, 24]) if by == "sizes" else np.array([1, 1, 0.5, 0.5], np.float32)
    names = ["image", "", "", "given"] if by == "sizes" else ["image", "", "given"]
    node = helper.make_node("Resize", names, ["scores"], mode="linear", antialias=1, exclude_outside=1)
    size = ["n", 3, "h", "w"]
    shapes = [helper.make_tensor_value_info(name, TensorProto.FLOAT, size) for name in ("image", "scores")]
    graph = helper.make_graph([node], "network", shapes[:1], shapes[1:], [numpy_helper.from_array(given, "given")])
    path = tmp_path / "n.onnx"
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=8), path)
    image = np.random.default_rng(3).random((1, 3, 40, 48), np.float32)
    (expected,) = onnxruntime.InferenceSession(path).run(None, {"image": image})
    (found,) = CompiledNetwork(path, BackendOptions(processor="CPU")).run({"image": image}, [0], "48 x 40")
    np.testing.assert_allclose(found, expected, atol=1e-6)
