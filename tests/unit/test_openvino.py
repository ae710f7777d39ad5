# SPDX-License-Identifier: GPL-2.0-or-later
"""ONNX networks that OpenVINO runs, and the choice between the libraries."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from onnx import helper

from classify_pixels.inference.errors import ArgumentError, RunCancelledError, RuntimeMissingError
from classify_pixels.inference.runtimes import Backend, BackendOptions, OutputForm, open_backend
from tests.networks import pointwise_network, save_network
from tests.unit.rasters import random_pixels, read_raster, write_raster
from tests.unit.runs import classify

SIZE = 64


def opened(path: Path, runtime: str = "auto", **options: Any) -> Backend:
    backend = open_backend(path, BackendOptions(processor="CPU", runtime=runtime, **options))
    pixels = np.zeros((1, backend.input.bands or 3, SIZE, SIZE), np.float32)
    backend.outputs(pixels)
    backend.settle(OutputForm())
    return backend


def pooled_network(path: Path) -> Path:
    """Saves a network that convolves, pools and enlarges again."""
    random = np.random.default_rng(5)
    weights = {"w": random.normal(size=(8, 3, 3, 3)).astype("f4"), "v": random.normal(size=(4, 8, 1, 1)).astype("f4")}
    nodes = [
        helper.make_node("Conv", ["image", "w"], ["a"], kernel_shape=[3, 3], pads=[1, 1, 1, 1]),
        helper.make_node("Relu", ["a"], ["b"]),
        helper.make_node("MaxPool", ["b"], ["c"], kernel_shape=[2, 2], strides=[2, 2]),
        helper.make_node("Resize", ["c", "", "scales"], ["d"], mode="nearest", nearest_mode="floor"),
        helper.make_node("Conv", ["d", "v"], ["scores"], kernel_shape=[1, 1]),
    ]
    weights["scales"] = np.array([1, 1, 2, 2], np.float32)
    return save_network(path, nodes, weights, ("n", 3, "h", "w"), ("n", 4, "h", "w"))


def test_a_library_that_does_not_read_the_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ArgumentError, match="onnxruntime or openvino"):
        open_backend(pointwise_network(tmp_path / "n.onnx", 3, 2), BackendOptions(runtime="torch"))
    with pytest.raises(ArgumentError, match="torch"):
        open_backend(tmp_path / "n.pt", BackendOptions(runtime="openvino"))


def test_where_it_is_missing_only_a_request_for_it_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = pointwise_network(tmp_path / "n.onnx", 3, 2)
    monkeypatch.setitem(__import__("sys").modules, "openvino", None)
    assert opened(path).runtime == "onnxruntime"
    with pytest.raises(RuntimeMissingError, match="openvino"):
        opened(path, "openvino")


class TestInstalled:
    @pytest.fixture(autouse=True)
    def library(self) -> None:
        pytest.importorskip("openvino", reason="OpenVINO is optional")

    def test_it_runs_networks_unless_another_library_is_asked_for(self, tmp_path: Path) -> None:
        path = pooled_network(tmp_path / "n.onnx")
        fast, usual = opened(path), opened(path, "onnxruntime")
        assert (fast.runtime, usual.runtime) == ("openvino", "onnxruntime")
        assert "OpenVINO" in fast.device
        pixels = np.random.default_rng(1).random((2, 3, 96, 160), np.float32)
        np.testing.assert_allclose(fast.run(pixels), usual.run(pixels), rtol=1e-5, atol=1e-5)

    def test_a_map_is_that_of_the_other_library(self, tmp_path: Path) -> None:
        raster = write_raster(tmp_path / "r.tif", random_pixels(3, 200, 300))
        model = {
            "Framework": "ONNX", "ModelType": "ImageClassification", "ExtractBands": [0, 1, 2],
            "ModelFile": str(pooled_network(tmp_path / "n.onnx")), "ImageHeight": 64, "ImageWidth": 64,
            "Classes": [{"Value": n, "Name": str(n), "Color": [n, n, n]} for n in range(1, 5)],
        }  # fmt: skip
        maps = []
        for runtime, workers in (("onnxruntime", 1), ("openvino", 1), ("openvino", 2), ("openvino", 4)):
            output = tmp_path / f"{runtime}{workers}.tif"
            done = classify(raster, model, output, {"runtime": runtime}, workers=workers)
            assert ("OpenVINO" in done.device) == (runtime == "openvino")
            maps.append(read_raster(output))
        for other in maps[1:]:
            np.testing.assert_array_equal(maps[0], other)

    def test_other_scores_leave_the_network_to_onnx_runtime(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        from classify_pixels.inference.runtimes.openvino.compiled_network import CompiledNetwork

        right = CompiledNetwork.run
        monkeypatch.setattr(CompiledNetwork, "run", lambda *given: [scores * 1.1 for scores in right(*given)])
        backend = opened(pooled_network(tmp_path / "n.onnx"))
        assert backend.runtime == "onnxruntime"
        assert "ONNX Runtime" in backend.device

    def test_it_is_interrupted(self, tmp_path: Path) -> None:
        backend = opened(pooled_network(tmp_path / "n.onnx"))
        backend.interrupt()
        with pytest.raises(RunCancelledError):
            backend.run(np.zeros((1, 3, SIZE, SIZE), np.float32))
