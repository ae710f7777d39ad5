# SPDX-License-Identifier: GPL-2.0-or-later
"""Winners that ONNX Runtime chooses where the scores lie: here in the processor's memory, as in a GPU's."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
import pytest
from hypothesis import given
from hypothesis import strategies as st
from onnx import TensorProto, helper

from classify_pixels.inference.errors import (
    NetworkMemoryError,
    NetworkMismatchError,
    NetworkRunError,
    RunCancelledError,
    ScoresError,
)
from classify_pixels.inference.network.argmax import winning_channel
from classify_pixels.inference.runtimes import BackendOptions, ShrinkingBackend
from classify_pixels.inference.runtimes.onnx import onnx_backend
from classify_pixels.inference.runtimes.onnx.device_argmax import HOST, OnnxWinners, run_bound
from classify_pixels.inference.runtimes.onnx.onnx_backend import OnnxBackend
from tests.networks import (
    channels_last_network,
    class_definition,
    class_network,
    identity_network,
    logarithm_network,
    pointwise_network,
    pooling_network,
    save_network,
)
from tests.onnx_graphs import IMAGE, endless_network, save_graph
from tests.unit.rasters import random_pixels, read_raster, write_raster
from tests.unit.runs import classify

CPU = "CPUExecutionProvider"
PROVIDERS = [name for name in ("CUDAExecutionProvider",) if name in onnxruntime.get_available_providers()]


@pytest.fixture
def deciding(monkeypatch: pytest.MonkeyPatch) -> None:
    """The processor's memory counts as that of a device."""
    monkeypatch.setitem(onnx_backend.MEMORY, CPU, "cpu")


def opened(weights: Path, **options: Any) -> OnnxBackend:
    return OnnxBackend(weights, BackendOptions(**{"processor": "CPU", **options}))


def open_graph(graph: bytes) -> Any:
    return onnxruntime.InferenceSession(graph, providers=[CPU])


def chosen(scores: np.ndarray, axis: int = 1, never: tuple[int, ...] = (), winners: Any = None) -> np.ndarray:
    """Lets a graph choose among scores (N, channels, height, width), handed over with the channels on this axis."""
    given = np.ascontiguousarray(np.moveaxis(scores, 1, axis))
    value = onnxruntime.OrtValue.ortvalue_from_numpy(given, *HOST)
    return (winners or OnnxWinners(open_graph)).choose(value, axis, never, onnxruntime.RunOptions())


def expected_winners(scores: np.ndarray, never: tuple[int, ...]) -> np.ndarray:
    """Asks numpy for the first of the largest, and marks each pixel with a score that is not finite."""
    scores = scores.astype(np.float32)
    left = np.delete(np.arange(scores.shape[1]), never)
    dtype = np.uint8 if scores.shape[1] < 256 else np.int32
    winners = left[scores[:, left].argmax(axis=1)].astype(dtype)
    return np.where(np.isfinite(scores).all(axis=1), winners, np.iinfo(dtype).max)


@given(st.data(), st.integers(1, 300), st.sampled_from([1, 3]), st.sampled_from(["f2", "f4", "f8"]), st.booleans())
def test_winners_are_numpy_s(data: st.DataObject, channels: int, axis: int, dtype: str, ties: bool) -> None:
    shape = (data.draw(st.integers(1, 3)), channels, data.draw(st.integers(1, 6)), data.draw(st.integers(1, 6)))
    random = np.random.default_rng(data.draw(st.integers(0, 99)))
    scores = random.integers(-1, 2, shape) * 1.0 if ties else random.normal(size=shape)
    bad = data.draw(st.sampled_from([None, np.nan, np.inf, -np.inf]))
    if bad is not None:
        scores[random.random(shape) < 0.5 / channels] = bad
    never = tuple(sorted(data.draw(st.sets(st.integers(0, channels - 1), max_size=min(4, channels - 1)))))
    scores = scores.astype(dtype)
    found, wanted = chosen(scores, axis, never), expected_winners(scores, never)
    assert found.dtype == wanted.dtype
    assert np.array_equal(found, wanted)


@pytest.mark.parametrize("channels", [1, 2, 254, 255, 256, 257])
def test_the_last_channel_of_many_is_told_from_the_mark(channels: int) -> None:
    scores = np.zeros((1, channels, 1, 3), np.float32)
    scores[0, -1, 0, 1] = 1
    scores[0, -1, 0, 2] = np.nan
    mark = 255 if channels < 256 else 2**31 - 1
    assert chosen(scores).tolist() == [[[0, channels - 1, mark]]]


def test_zeros_of_either_sign_and_the_smallest_numbers_are_compared_as_numpy_does() -> None:
    scores = np.array([[-0.0, 0.0, -1.0], [0.0, -0.0, -1.0], [1e-45, 3e38, -3e38], [-1e-45, 1e-40, 0.0]], np.float32)
    scores = scores.T[np.newaxis, :, :, np.newaxis]
    assert np.array_equal(chosen(scores), expected_winners(scores, ()))


def test_a_double_that_float_cannot_hold_is_as_unusable_as_on_the_ordinary_way() -> None:
    scores = np.array([1e300, 0.0]).reshape(1, 2, 1, 1)
    assert chosen(scores).item() == 255
    with pytest.raises(ScoresError), np.errstate(over="ignore"):
        winning_channel(scores[0].astype(np.float32))


def test_a_graph_is_opened_once_for_each_kind_of_scores() -> None:
    opened_graphs: list[bytes] = []

    def open_slowly(graph: bytes) -> Any:
        opened_graphs.append(graph)
        time.sleep(0.05)
        return open_graph(graph)

    winners = OnnxWinners(open_slowly)
    random = np.random.default_rng(5)
    tiles = [random.normal(size=(2, 4, 8 + n % 3, 9)).astype(np.float32) for n in range(24)]
    with ThreadPoolExecutor(6) as pool:
        found = list(pool.map(lambda tile: chosen(tile, never=(1,), winners=winners), tiles))
    assert all(np.array_equal(a, expected_winners(tile, (1,))) for a, tile in zip(found, tiles))
    assert len(opened_graphs) == 1
    chosen(tiles[0], axis=3, never=(1,), winners=winners)
    chosen(tiles[0], winners=winners)
    assert len(set(opened_graphs)) == len(opened_graphs) == 3


@pytest.mark.usefixtures("deciding")
@pytest.mark.parametrize("never", [(), (0,), (1, 3)])
def test_a_network_gives_the_winners_of_its_scores(tmp_path: Path, never: tuple[int, ...]) -> None:
    first, last = pointwise_network(tmp_path / "a.onnx", 3, 5), channels_last_network(tmp_path / "b.onnx", 3, 5)
    for weights in (first, last):
        with closing(opened(weights)) as backend:
            assert backend.decides
            for size in ((16, 12), (5, 5), (1, 40), (16, 12)):
                pixels = np.random.default_rng(2).normal(size=(2, 3, *size)).astype(np.float32)
                wanted = expected_winners(backend.run(pixels), never)
                assert np.array_equal(backend.run_winners(pixels, never), wanted)
                # Rows of a larger array do not lie one after the other.
                assert np.array_equal(backend.run_winners(pixels[:, :, :, ::2], never), wanted[:, :, ::2])


@pytest.mark.usefixtures("deciding")
def test_several_threads_get_their_own_winners(tmp_path: Path) -> None:
    random = np.random.default_rng(3)
    tiles = [random.normal(size=(1, 3, 20 + n % 4, 30)).astype(np.float32) for n in range(40)]
    with closing(opened(pointwise_network(tmp_path / "n.onnx", 3, 6))) as backend, ThreadPoolExecutor(6) as pool:
        found = list(pool.map(backend.run_winners, tiles))
        assert all(np.array_equal(a, backend.run(tile).argmax(axis=1)) for a, tile in zip(found, tiles))


@pytest.mark.usefixtures("deciding")
@pytest.mark.parametrize("element", [TensorProto.FLOAT16, TensorProto.DOUBLE])
def test_scores_of_other_floats(tmp_path: Path, element: int) -> None:
    nodes = [helper.make_node("Cast", ["image"], ["scores"], to=element)]
    shape = ("n", 3, "h", "w")
    weights = save_network(tmp_path / "n.onnx", nodes, {}, shape, shape, output_type=element)
    pixels = np.random.default_rng(4).normal(size=(2, 3, 7, 9)).astype(np.float32)
    with closing(opened(weights)) as backend:
        assert backend.decides
        assert np.array_equal(backend.run_winners(pixels), backend.run(pixels).argmax(axis=1))


@pytest.mark.usefixtures("deciding")
def test_pixels_are_made_what_the_network_takes(tmp_path: Path) -> None:
    weights = identity_network(tmp_path / "n.onnx", 3, input_type=TensorProto.UINT8)
    pixels = np.random.default_rng(4).uniform(-50, 300, size=(1, 3, 8, 8)).astype(np.float32)
    with closing(opened(weights)) as backend:
        assert np.array_equal(backend.run_winners(pixels), backend.run(pixels).argmax(axis=1))


def test_without_such_a_device_scores_come_back(tmp_path: Path) -> None:
    with closing(opened(pointwise_network(tmp_path / "n.onnx", 3, 5))) as backend:
        assert not backend.decides


@pytest.mark.usefixtures("deciding")
def test_ready_classes_and_outputs_without_channels_come_back_as_they_are(tmp_path: Path) -> None:
    flat = save_graph(
        tmp_path / "flat.onnx",
        [helper.make_node("ReduceMean", ["image"], ["scores"], axes=[1], keepdims=0)],
        [("scores", TensorProto.FLOAT, ("n", "h", "w"))],
    )
    for weights in (class_network(tmp_path / "a.onnx"), class_network(tmp_path / "b.onnx", False), flat):
        with closing(opened(weights)) as backend:
            assert not backend.decides


@pytest.mark.usefixtures("deciding")
def test_scores_that_are_not_as_declared_are_told(tmp_path: Path) -> None:
    """Nothing can know beforehand what a Loop gives."""
    outputs = [("scores", TensorProto.FLOAT, ("n", 3, "h", "w"))]
    body = helper.make_graph(
        [helper.make_node("Identity", ["go"], ["on"]), helper.make_node("Squeeze", ["x", "first"], ["y"])],
        "body",
        [
            helper.make_tensor_value_info("step", TensorProto.INT64, []),
            helper.make_tensor_value_info("go", TensorProto.BOOL, []),
            helper.make_tensor_value_info("x", TensorProto.FLOAT, None),
        ],
        [
            helper.make_tensor_value_info("on", TensorProto.BOOL, []),
            helper.make_tensor_value_info("y", TensorProto.FLOAT, None),
        ],
    )
    nodes = [helper.make_node("Loop", ["steps", "go", "image"], ["scores"], body=body)]
    constants = {"steps": np.array(1), "go": np.array(True), "first": np.array([0])}
    weights = save_graph(tmp_path / "n.onnx", nodes, outputs, weights=constants)
    with closing(opened(weights)) as backend, pytest.raises(NetworkMismatchError, match="3 x 4 x 6 values"):
        backend.run_winners(np.zeros((1, 3, 4, 6), np.float32))


@pytest.mark.usefixtures("deciding")
def test_an_interruption_ends_the_calls(tmp_path: Path) -> None:
    with closing(opened(endless_network(tmp_path / "n.onnx"))) as backend:
        failures: list[BaseException] = []

        def call() -> None:
            try:
                backend.run_winners(np.zeros((1, 3, 8, 8), np.float32))
            except RunCancelledError as error:
                failures.append(error)

        threads = [threading.Thread(target=call) for _ in range(2)]
        for thread in threads:
            thread.start()
        time.sleep(0.3)
        assert all(thread.is_alive() for thread in threads)
        backend.interrupt()
        for thread in threads:
            thread.join(timeout=120)
        assert len(failures) == 2
        with pytest.raises(RunCancelledError):
            backend.run_winners(np.zeros((1, 3, 8, 8), np.float32))


def test_the_choice_itself_can_be_ended() -> None:
    options = onnxruntime.RunOptions()
    options.terminate = True
    value = onnxruntime.OrtValue.ortvalue_from_numpy(np.zeros((1, 2, 3, 4), np.float32), *HOST)
    with pytest.raises(Exception, match="terminate"):
        OnnxWinners(open_graph).choose(value, 1, (), options)


@pytest.mark.usefixtures("deciding")
def test_failures_have_a_name_and_a_size(tmp_path: Path) -> None:
    with closing(opened(pooling_network(tmp_path / "n.onnx", 3))) as backend, pytest.raises(NetworkRunError) as caught:
        backend.run_winners(np.zeros((1, 3, 15, 12), np.float32))
    assert "12 x 15" in str(caught.value)
    nodes = [
        helper.make_node("Shape", ["image"], ["shape"]),
        helper.make_node("Mul", ["shape", "many"], ["huge"]),
        helper.make_node("Expand", ["image", "huge"], ["scores"]),
    ]
    many = {"many": np.array([2**40, 1, 1, 1], np.int64)}
    weights = save_graph(tmp_path / "m.onnx", nodes, [("scores", IMAGE[1], ("m", 3, "h", "w"))], weights=many)
    with closing(opened(weights)) as backend, pytest.raises(NetworkMemoryError):
        backend.run_winners(np.zeros((1, 3, 12, 16), np.float32))


@pytest.mark.usefixtures("deciding")
def test_a_backend_that_shrinks_passes_the_choice_on(tmp_path: Path) -> None:
    pixels = np.random.default_rng(6).normal(size=(5, 3, 8, 8)).astype(np.float32)
    with closing(ShrinkingBackend(opened(pointwise_network(tmp_path / "n.onnx", 3, 4)), lambda count: None)) as backend:
        assert backend.decides
        assert np.array_equal(backend.run_winners(pixels, (2,)), expected_winners(backend.run(pixels), (2,)))


@pytest.mark.parametrize("arguments", [{}, {"padding": "8"}, {"batch_size": "3"}, {"padding": "4", "batch_size": "2"}])
def test_a_device_that_decides_makes_the_same_map(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: dict[str, str]
) -> None:
    pixels = random_pixels(2, 90, 110)
    pixels[:, 10:30, 20:50] = -9999
    raster = write_raster(tmp_path / "scene.tif", pixels, no_data=-9999)
    model = class_definition(pooling_network(tmp_path / "n.onnx", 2), 2, [4, 5], 40, ClassifyPixels={"Stride": 4})
    calls: list[int] = []
    ordinary = OnnxBackend.run_winners

    def counted(self: OnnxBackend, pixels: Any, never: Any = ()) -> Any:
        calls.append(len(pixels))
        return ordinary(self, pixels, never)

    monkeypatch.setattr(OnnxBackend, "run_winners", counted)
    (tmp_path / "result").mkdir()
    first, second = tmp_path / "result" / "plain.tif", tmp_path / "result" / "decided.tif"
    classify(raster, model, first, arguments, processor="CPU")
    assert not calls
    monkeypatch.setitem(onnx_backend.MEMORY, CPU, "cpu")
    classify(raster, model, second, arguments, processor="CPU")
    assert calls
    assert np.array_equal(read_raster(first), read_raster(second))
    assert first.read_bytes() == second.read_bytes()


@pytest.mark.usefixtures("deciding")
def test_scores_that_are_not_finite_end_a_run(tmp_path: Path) -> None:
    raster = write_raster(tmp_path / "scene.tif", np.full((2, 40, 40), -1, np.int16))
    model = class_definition(logarithm_network(tmp_path / "n.onnx"), 2, [1, 2], 40)
    (tmp_path / "result").mkdir()
    with pytest.raises(ScoresError):
        classify(raster, model, tmp_path / "result" / "classes.tif", processor="CPU")


@pytest.mark.skipif(not PROVIDERS, reason="this machine has no CUDA")
def test_cuda_chooses_as_the_processor_does(tmp_path: Path) -> None:
    random = np.random.default_rng(7)
    weights = pointwise_network(tmp_path / "n.onnx", 3, 9)
    with closing(opened(weights, processor="GPU")) as backend:
        assert backend.decides
        for size in (16, 33, 16):
            pixels = random.integers(-2, 3, (2, 3, size, size)).astype(np.float32)
            wanted = expected_winners(backend.run(pixels), (0,))
            assert np.array_equal(backend.run_winners(pixels, (0,)), wanted)


def test_an_output_stays_where_it_is_asked_for(tmp_path: Path) -> None:
    session = onnxruntime.InferenceSession(str(pointwise_network(tmp_path / "n.onnx", 3, 5)), providers=[CPU])
    pixels = np.random.default_rng(8).normal(size=(1, 3, 4, 4)).astype(np.float32)
    scores = run_bound(session, "image", pixels, "scores", HOST, onnxruntime.RunOptions())
    assert (scores.device_name(), list(scores.shape())) == ("cpu", [1, 5, 4, 4])
    assert np.array_equal(scores.numpy(), session.run(["scores"], {"image": pixels})[0])
