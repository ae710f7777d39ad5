# SPDX-License-Identifier: GPL-2.0-or-later
"""Runs of ONNX networks: quantised ones, ones that never end, ones that are too large, and what runs them."""

from __future__ import annotations

import threading
import time
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import onnxruntime
import pytest
from onnx import TensorProto, helper

from classify_pixels.inference.errors import NetworkMemoryError, NetworkRunError, RunCancelledError
from classify_pixels.inference.runtimes import Backend, BackendOptions, open_backend
from classify_pixels.inference.runtimes.gpu_name import cuda_name, listed_name
from tests.networks import pointwise_network, pointwise_weights, pooling_network
from tests.onnx_graphs import IMAGE, endless_network, save_graph, with_metadata

FLOAT = TensorProto.FLOAT
PIXELS = np.random.default_rng(3).uniform(0, 255, size=(2, 3, 16, 12)).astype(np.float32)


def opened(weights: Path, **options: Any) -> Backend:
    return open_backend(weights, BackendOptions(**{"processor": "CPU", **options}))


def quantised(values: np.ndarray, scale: float, zero: int, dtype: Any) -> np.ndarray:
    limits = np.iinfo(dtype)
    return np.clip(np.rint(values / np.float32(scale)) + zero, limits.min, limits.max).astype(dtype)


@pytest.fixture
def steps() -> dict[str, np.ndarray]:
    """The matrix of a 1 x 1 convolution of three bands as int8, and all scales."""
    matrix, _ = pointwise_weights(3, 5)
    scale = np.float32(np.abs(matrix).max() / 127)
    return {
        "weights": quantised(matrix, scale, 0, np.int8)[:, :, None, None],
        "weights_scale": np.array(scale),
        "weights_zero": np.array(0, np.int8),
        "image_scale": np.array(1, np.float32),
        "image_zero": np.array(0, np.uint8),
        "scores_scale": np.array(8, np.float32),
        "scores_zero": np.array(100, np.uint8),
    }


def integer_scores(steps: dict[str, np.ndarray]) -> np.ndarray:
    """Works the convolution out in whole numbers."""
    image = quantised(PIXELS, 1, 0, np.uint8).astype(np.int64)
    whole = np.einsum("cb,nbhw->nchw", steps["weights"][:, :, 0, 0].astype(np.int64), image)
    return quantised(whole * steps["weights_scale"], 8, 100, np.uint8)


def test_a_network_with_quantising_steps_gives_what_whole_numbers_give(
    steps: dict[str, np.ndarray], tmp_path: Path
) -> None:
    nodes = [
        helper.make_node("QuantizeLinear", ["image", "image_scale", "image_zero"], ["q"]),
        helper.make_node("DequantizeLinear", ["q", "image_scale", "image_zero"], ["x"]),
        helper.make_node("DequantizeLinear", ["weights", "weights_scale", "weights_zero"], ["w"]),
        helper.make_node("Conv", ["x", "w"], ["y"], kernel_shape=[1, 1]),
        helper.make_node("QuantizeLinear", ["y", "scores_scale", "scores_zero"], ["z"]),
        helper.make_node("DequantizeLinear", ["z", "scores_scale", "scores_zero"], ["scores"]),
    ]
    path = save_graph(tmp_path / "n.onnx", nodes, [("scores", FLOAT, ("n", 5, "h", "w"))], weights=steps)
    with closing(opened(path)) as backend:
        found = backend.run(PIXELS)
    expected = (integer_scores(steps).astype(np.float32) - 100) * 8
    # A sum that lies between two steps may go to either.
    assert np.abs(found - expected).max() <= 8
    assert (found == expected).mean() > 0.99


def test_a_network_of_whole_numbers_gives_whole_scores(steps: dict[str, np.ndarray], tmp_path: Path) -> None:
    names = ["image_scale", "image_zero", "weights", "weights_scale", "weights_zero", "scores_scale", "scores_zero"]
    nodes = [helper.make_node("QLinearConv", ["image", *names], ["scores"], kernel_shape=[1, 1])]
    inputs = [("image", TensorProto.UINT8, IMAGE[2])]
    outputs = [("scores", TensorProto.UINT8, ("n", 5, "h", "w"))]
    with closing(opened(save_graph(tmp_path / "n.onnx", nodes, outputs, inputs, steps))) as backend:
        found = backend.run(PIXELS)
    assert found.dtype == np.uint8
    assert np.abs(found.astype(int) - integer_scores(steps)).max() <= 1


def test_half_precision_weights_give_nearly_the_same(tmp_path: Path) -> None:
    matrix, bias = pointwise_weights(3, 5)
    nodes = [
        helper.make_node("Cast", ["image"], ["x"], to=TensorProto.FLOAT16),
        helper.make_node("Conv", ["x", "w", "b"], ["scores"], kernel_shape=[1, 1]),
    ]
    weights = {"w": matrix[:, :, None, None].astype(np.float16), "b": bias.astype(np.float16)}
    path = save_graph(
        tmp_path / "n.onnx", nodes, [("scores", TensorProto.FLOAT16, ("n", 5, "h", "w"))], weights=weights
    )
    pixels = PIXELS / 255
    with closing(opened(path)) as backend:
        found = backend.run(pixels)
    np.testing.assert_allclose(found, np.einsum("cb,nbhw->nchw", matrix, pixels) + bias[:, None, None], atol=0.02)


def test_calls_that_never_return_are_ended(tmp_path: Path) -> None:
    with closing(opened(endless_network(tmp_path / "n.onnx"))) as backend:
        failures: list[BaseException] = []

        def call() -> None:
            try:
                backend.run(PIXELS)
            except RunCancelledError as error:
                failures.append(error)

        threads = [threading.Thread(target=call) for _ in range(3)]
        for thread in threads:
            thread.start()
        begun = time.process_time()
        while time.process_time() - begun < 1:
            time.sleep(0.01)
        assert all(thread.is_alive() for thread in threads)
        backend.interrupt()
        for thread in threads:
            thread.join(timeout=300)
        assert len(failures) == 3


def test_after_an_interruption_nothing_is_run(tmp_path: Path) -> None:
    with closing(opened(pooling_network(tmp_path / "n.onnx", 3))) as backend:
        backend.run(PIXELS)
        backend.interrupt()
        backend.interrupt()
        with pytest.raises(RunCancelledError):
            backend.run(PIXELS)


def test_networks_of_other_kinds_take_an_interruption(tmp_path: Path) -> None:
    pytest.importorskip("torch")
    from tests.networks import traced_pooling_network

    with closing(opened(traced_pooling_network(tmp_path / "n.pt", bands=3))) as backend:
        backend.interrupt()
        assert (backend.metadata, backend.output.names) == ({}, ())


def test_too_little_memory_is_told_from_other_failures(tmp_path: Path) -> None:
    nodes = [
        helper.make_node("Shape", ["image"], ["shape"]),
        helper.make_node("Mul", ["shape", "many"], ["huge"]),
        helper.make_node("Expand", ["image", "huge"], ["scores"]),
    ]
    weights = {"many": np.array([2**40, 1, 1, 1], np.int64)}
    outputs = [("scores", FLOAT, ("m", 3, "h", "w"))]
    with (
        closing(opened(save_graph(tmp_path / "n.onnx", nodes, outputs, weights=weights))) as backend,
        pytest.raises(NetworkMemoryError, match="Not enough memory for a tile of 12 x 16 pixels"),
    ):
        backend.run(PIXELS[:1])
    with (
        closing(opened(pooling_network(tmp_path / "n.onnx", 3))) as backend,
        pytest.raises(NetworkRunError) as caught,
    ):
        backend.run(PIXELS[:, :, :15])
    assert not isinstance(caught.value, NetworkMemoryError)


def test_opening_works_nothing_large_out(tmp_path: Path) -> None:
    """A constant of 800 MB is made in the run, if at all."""
    resource = pytest.importorskip("resource")
    if tuple(map(int, onnxruntime.__version__.split(".")[:2])) < (1, 32):
        pytest.skip("older releases of ONNX Runtime have no such limit")
    nodes = [
        helper.make_node("ConstantOfShape", ["size"], ["zeros"]),
        helper.make_node("ReduceMax", ["zeros"], ["zero"], keepdims=0),
        helper.make_node("Add", ["image", "zero"], ["scores"]),
    ]
    weights = {"size": np.array([200_000_000], np.int64)}
    path = save_graph(tmp_path / "n.onnx", nodes, [("scores", *IMAGE[1:])], weights=weights)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    opened(path).close()
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 400_000


def test_metadata_come_as_they_are(tmp_path: Path) -> None:
    path = with_metadata(pointwise_network(tmp_path / "n.onnx", 3, 2), model_type='"Segmentor"', other="ä")
    with closing(opened(path)) as backend:
        assert backend.metadata == {"model_type": '"Segmentor"', "other": "ä"}


def test_a_machine_without_the_driver_has_no_card() -> None:
    assert cuda_name(0, library="libno_such_driver.so") == ""
    # A library that is no driver.
    assert cuda_name(0, library="libc.so.6") == ""


def test_a_card_is_found_by_its_number() -> None:
    def entry(provider: str, **metadata: str) -> Any:
        return SimpleNamespace(ep_name=provider, device=SimpleNamespace(metadata=metadata))

    listed = [
        entry("CPUExecutionProvider"),
        entry("DmlExecutionProvider", DxgiAdapterNumber="1", Description="Card B", DxgiVideoMemory="8000 MB"),
        entry("DmlExecutionProvider", DxgiAdapterNumber="0", Description="Card A"),
    ]
    assert listed_name(listed, "DmlExecutionProvider", 1) == "Card B, 8000 MB"
    assert listed_name(listed, "DmlExecutionProvider", 0) == "Card A"
    assert listed_name(listed, "DmlExecutionProvider", 2) == ""
    assert listed_name([], "CoreMLExecutionProvider", 0) == ""


def test_large_constants_are_not_worked_out_while_the_network_is_opened(tmp_path: Path) -> None:
    nodes = [helper.make_node("ConstantOfShape", ["s"], ["c0"])]
    nodes += [helper.make_node("MatMul", [f"c{k}", f"c{k}"], [f"c{k + 1}"]) for k in range(100)]
    nodes.append(helper.make_node("ReduceMean", ["c100"], ["m"], keepdims=0))
    nodes.append(helper.make_node("Add", ["image", "m"], ["y"]))
    path = save_graph(tmp_path / "n.onnx", nodes, [("y", FLOAT, IMAGE[2])], weights={"s": np.array([3000, 3000])})
    opened(path).close()
