# SPDX-License-Identifier: GPL-2.0-or-later
"""ONNX networks that OpenVINO runs, and the choice between the libraries."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from onnx import TensorProto, helper

from classify_pixels.inference.errors import (
    ArgumentError,
    NetworkMismatchError,
    ProcessorError,
    RunCancelledError,
    RuntimeMissingError,
    WeightsUnreadableError,
)
from classify_pixels.inference.runtimes import Backend, BackendOptions, OutputForm, open_backend
from tests.networks import pointwise_network, save_network
from tests.unit.rasters import random_pixels, read_raster, write_raster
from tests.unit.runs import classify

SIZE = 64
PLACES = [(0, 0), (0, 7), (64, 128), (131, 33), (136, 236)]


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


def slow_network(path: Path, case: str) -> Path:
    """Saves a network with 800 MB of a constant, a hundred products of constants, nested branches, or 5000 steps."""
    image = ("n", 3, "h", "w")
    if case == "steps":
        names = ["image", *(f"v{number}" for number in range(1, 5000)), "scores"]
        kinds = ("Neg", "Abs") * 2500
        steps = [helper.make_node(*step) for step in zip(kinds, ([n] for n in names), ([n] for n in names[1:]))]
        return save_network(path, steps, {}, image, image)
    if case == "branches":
        return branching_network(path, 20)
    count, size = (0, [200_000_000]) if case == "constant" else (100, [3000, 3000])
    nodes = [helper.make_node("ConstantOfShape", ["size"], ["c0"])]
    nodes += [helper.make_node("MatMul", [f"c{n}", f"c{n}"], [f"c{n + 1}"]) for n in range(count)]
    nodes += [
        helper.make_node("ReduceMax", [f"c{count}"], ["most"], keepdims=0),
        helper.make_node("Add", ["image", "most"], ["scores"]),
    ]
    return save_network(path, nodes, {"size": np.array(size, np.int64)}, image, image)


def branching_network(path: Path, depth: int) -> Path:
    def branch(nodes: list[Any]) -> Any:
        return helper.make_graph(nodes, "g", [], [helper.make_tensor_value_info("y", TensorProto.FLOAT, None)])

    same = [helper.make_node("Identity", ["image"], ["y"])]
    nodes = same
    for _ in range(depth):
        parts = {"then_branch": branch(nodes), "else_branch": branch(same)}
        nodes = [helper.make_node("If", ["go"], ["y"], **parts)]
    image = ("n", 3, "h", "w")
    nodes = [*nodes, helper.make_node("Identity", ["y"], ["scores"])]
    return save_network(path, nodes, {"go": np.array(True)}, image, image)


def devices_of(monkeypatch: pytest.MonkeyPatch, names: list[str]) -> list[tuple[str, dict[str, Any]]]:
    """Lets OpenVINO list these devices, each of which is the CPU; returns the calls that compile."""
    import openvino

    real, compiled = openvino.Core, []

    class Core:
        available_devices = names

        def __init__(self) -> None:
            self._core = real()

        def read_model(self, path: str) -> Any:
            return self._core.read_model(path)

        def get_property(self, name: str, key: str) -> Any:
            return "A card" if key == "FULL_DEVICE_NAME" else ["FP32", "FP16"]

        def compile_model(self, network: Any, name: str, settings: dict[str, Any]) -> Any:
            compiled.append((name, settings))
            return self._core.compile_model(network, "CPU", {"INFERENCE_PRECISION_HINT": "f32"})

    monkeypatch.setattr(openvino, "Core", Core)
    return compiled


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

    def test_a_window_has_the_same_scores_wherever_it_lies(self, tmp_path: Path) -> None:
        """Bit for bit: alone or in a batch, at any place of it, in any of several threads."""
        path, scene = pooled_network(tmp_path / "n.onnx"), random_pixels(3, 200, 300).astype(np.float32)
        windows = np.stack([scene[:, row : row + SIZE, column : column + SIZE] for row, column in PLACES])
        for runtime, mixed in (("onnxruntime", False), ("openvino", False), ("openvino", True)):
            with closing(opened(path, runtime, calls=4, mixed_precision=mixed)) as backend:
                alone = np.concatenate([backend.run(window[np.newaxis]) for window in windows])
                assert np.array_equal(backend.run(windows), alone)
                assert np.array_equal(backend.run(windows[::-1])[::-1], alone)
                with ThreadPoolExecutor(4) as pool:
                    found = list(pool.map(lambda window: backend.run(window[np.newaxis]), [*windows] * 3))
                assert np.array_equal(np.concatenate(found), np.concatenate([alone] * 3))

    def test_an_expected_size_has_the_same_scores(self, tmp_path: Path) -> None:
        path, random = pooled_network(tmp_path / "n.onnx"), np.random.default_rng(3)
        tiles = random.random((6, 3, 96, 160), np.float32) * 255
        with closing(opened(path, "onnxruntime")) as usual, closing(opened(path, "openvino", calls=3)) as backend:
            for size in ((1, 3, 96, 160), (1, 3, 96, 160), (1, 3, 64, 64), (1, 3, 96, 160)):
                backend.expect(size)
                with ThreadPoolExecutor(3) as pool:
                    found = np.concatenate(list(pool.map(lambda tile: backend.run(tile[np.newaxis]), tiles)))
                np.testing.assert_allclose(found, usual.run(tiles), rtol=1e-5, atol=1e-3)
                # Batches, and tiles of another size, are not expected.
                np.testing.assert_allclose(backend.run(tiles), usual.run(tiles), rtol=1e-5, atol=1e-3)
                other = np.ascontiguousarray(tiles[:1, :, 8:72])
                np.testing.assert_allclose(backend.run(other), usual.run(other), rtol=1e-5, atol=1e-3)

    def test_calls_need_not_wait_for_new_requests(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """OpenVINO creates one only when the call that is under way on the first stream has ended."""
        import openvino

        size = (1, 3, 64, 64)
        with closing(opened(pooled_network(tmp_path / "n.onnx"), "openvino", calls=2)) as backend:
            backend.expect(size)
            monkeypatch.delattr(openvino.CompiledModel, "create_infer_request")
            for shape in (size, (1, 3, 96, 64)):
                both = threading.Barrier(2)

                def call(pixels: np.ndarray, both: threading.Barrier = both) -> np.ndarray:
                    both.wait(60)
                    return backend.run(pixels)

                with ThreadPoolExecutor(2) as pool:
                    assert len(list(pool.map(call, [np.zeros(shape, np.float32)] * 2))) == 2

    def test_a_size_that_the_network_refuses_is_not_expected(self, tmp_path: Path) -> None:
        with closing(opened(pooled_network(tmp_path / "n.onnx"), "openvino")) as backend:
            backend.expect((1, 4, 64, 64))
            assert backend.run(np.zeros((1, 3, 64, 64), np.float32)).shape == (1, 4, 64, 64)

    def test_a_size_that_would_take_long_to_compile_is_not_expected(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """All that depends on sizes only is evaluated by the compilation, which cannot be interrupted."""
        from classify_pixels.inference.runtimes.openvino.compiled_network import CompiledNetwork

        nodes = [
            helper.make_node("Shape", ["image"], ["all"]),
            helper.make_node("Gather", ["all", "rows"], ["side"]),
            helper.make_node("Concat", ["side", "side"], ["square"], axis=0),
            helper.make_node("ConstantOfShape", ["square"], ["a0"]),
            *(helper.make_node("MatMul", [f"a{n}", f"a{n}"], [f"a{n + 1}"]) for n in range(300)),
            helper.make_node("ReduceMax", ["a300"], ["most"], keepdims=0),
            helper.make_node("Add", ["image", "most"], ["scores"]),
        ]
        size = ("n", 3, "h", "w")
        path = save_network(tmp_path / "n.onnx", nodes, {"rows": np.array([2])}, size, size)
        network = CompiledNetwork(path, BackendOptions(processor="CPU"))

        def compiled(*_: Any) -> Any:
            pytest.fail("the network was compiled")

        with monkeypatch.context() as patched:
            patched.setattr(CompiledNetwork, "_begun", compiled)
            network.expect({"image": np.zeros((1, 3, 3000, 64), np.float32)})
        image = np.ones((1, 3, 8, 8), np.float32)
        network.expect({"image": image})
        np.testing.assert_array_equal(network.run({"image": image}, [0], "")[0], image)

    def test_other_scores_of_an_expected_size_leave_the_network_to_onnx_runtime(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        from classify_pixels.inference.runtimes.openvino.compiled_network import CompiledNetwork

        right, expected = CompiledNetwork.run, CompiledNetwork.expect
        wrong: list[CompiledNetwork] = []

        def run(network: CompiledNetwork, *given: Any) -> Any:
            return [scores * (1.1 if network in wrong else 1) for scores in right(network, *given)]

        def expect(network: CompiledNetwork, *given: Any) -> None:
            expected(network, *given)
            wrong.append(network)

        monkeypatch.setattr(CompiledNetwork, "run", run)
        monkeypatch.setattr(CompiledNetwork, "expect", expect)
        assert opened(pooled_network(tmp_path / "n.onnx")).runtime == "onnxruntime"

    def test_a_process_without_a_trial_compares_too(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """A process that continues a job gets the form of the output from another one."""
        from classify_pixels.inference.runtimes.openvino.compiled_network import CompiledNetwork

        right = CompiledNetwork.run
        monkeypatch.setattr(CompiledNetwork, "run", lambda *given: [scores * 1.1 for scores in right(*given)])
        path = pooled_network(tmp_path / "n.onnx")
        with closing(open_backend(path, BackendOptions(processor="CPU"))) as backend:
            backend.settle(OutputForm())
            assert backend.runtime == "onnxruntime"
        asked = open_backend(path, BackendOptions(processor="CPU", runtime="openvino"))
        with closing(asked), pytest.raises(NetworkMismatchError, match="other scores"):
            asked.settle(OutputForm())

    def test_a_call_under_way_is_interrupted(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        from classify_pixels.inference.runtimes.openvino.compiled_network import CompiledNetwork

        start = CompiledNetwork._start

        def interrupted(network: Any, *given: Any) -> None:
            start(network, *given)
            network.interrupt()

        nodes = [helper.make_node("Conv", ["image", "w0"], ["a1"], pads=[3, 3, 3, 3])]
        random = np.random.default_rng(0)
        weights = {"w0": random.normal(size=(64, 3, 7, 7)).astype("f4")}
        for number in range(1, 40):
            weights[f"w{number}"] = random.normal(size=(64, 64, 7, 7)).astype("f4") / 56
            made = f"a{number + 1}" if number < 39 else "scores"
            nodes.append(helper.make_node("Conv", [f"a{number}", f"w{number}"], [made], pads=[3, 3, 3, 3]))
        path = save_network(tmp_path / "n.onnx", nodes, weights, ("n", 3, "h", "w"), ("n", 64, "h", "w"))
        with closing(open_backend(path, BackendOptions(processor="CPU", runtime="openvino"))) as backend:
            monkeypatch.setattr(CompiledNetwork, "_start", interrupted)
            # The whole call, some 500 thousand million multiplications, would return scores.
            with pytest.raises(RunCancelledError):
                backend.compute(np.zeros((1, 3, 256, 256), np.float32), 0)

    @pytest.mark.parametrize(
        ("gpu", "mixed", "name", "half"),
        [(0, False, "GPU.0", ""), (1, False, "GPU.1", ""), (1, True, "GPU.1", "f16"), (2, True, "NPU", "f16")],
    )
    def test_a_gpu_that_is_requested_is_used(
        self, gpu: int, mixed: bool, name: str, half: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        compiled = devices_of(monkeypatch, ["CPU", "GPU.0", "GPU.1", "NPU"])
        path = pooled_network(tmp_path / "n.onnx")
        options = BackendOptions(processor="GPU", gpu=gpu, mixed_precision=mixed)
        with closing(open_backend(path, options)) as backend:
            pixels = np.zeros((1, 3, SIZE, SIZE), np.float32)
            backend.outputs(pixels)
            backend.settle(OutputForm())
            assert backend.device.startswith(f"{name} on A card{f' in {half}' if half else ''} (OpenVINO")
            assert backend.mixed_precision is mixed
            assert np.allclose(backend.run_precisely(pixels), backend.run(pixels), atol=1e-3)
        assert compiled[0][0] == name
        assert compiled[0][1].get("INFERENCE_PRECISION_HINT", "f16") == (half or "f32")

    def test_a_gpu_that_is_missing_or_wrong_never_becomes_the_cpu(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        path = pooled_network(tmp_path / "n.onnx")
        devices_of(monkeypatch, ["CPU", "NPU"])
        for runtime, library in (("auto", "ONNX Runtime"), ("openvino", "OpenVINO")):
            with pytest.raises(ProcessorError, match=library):
                open_backend(path, BackendOptions(processor="GPU", runtime=runtime))
        devices_of(monkeypatch, ["CPU", "GPU"])
        from classify_pixels.inference.runtimes.openvino.compiled_network import CompiledNetwork

        right = CompiledNetwork.run
        monkeypatch.setattr(CompiledNetwork, "run", lambda *given: [scores * 1.1 for scores in right(*given)])
        asked = open_backend(path, BackendOptions(processor="GPU"))
        with closing(asked), pytest.raises(NetworkMismatchError, match="other scores"):
            asked.settle(OutputForm())

    def test_auto_never_takes_a_gpu_of_openvino(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        devices_of(monkeypatch, ["CPU", "GPU"])
        with closing(open_backend(pooled_network(tmp_path / "n.onnx"), BackendOptions())) as backend:
            assert backend.device.startswith("CPU (OpenVINO")

    @pytest.mark.parametrize("case", ["constant", "matrix products", "branches", "steps"])
    def test_what_takes_long_to_compile_is_left_to_onnx_runtime(self, case: str, tmp_path: Path) -> None:
        path = slow_network(tmp_path / "n.onnx", case)
        with closing(open_backend(path, BackendOptions(processor="CPU"))) as backend:
            assert backend.runtime == "onnxruntime"
        with pytest.raises(WeightsUnreadableError, match="too long to compile"):
            open_backend(path, BackendOptions(processor="CPU", runtime="openvino"))

    def test_it_is_interrupted(self, tmp_path: Path) -> None:
        backend = opened(pooled_network(tmp_path / "n.onnx"))
        backend.interrupt()
        with pytest.raises(RunCancelledError):
            backend.run(np.zeros((1, 3, SIZE, SIZE), np.float32))
