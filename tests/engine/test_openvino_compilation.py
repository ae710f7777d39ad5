# SPDX-License-Identifier: GPL-2.0-or-later
"""The compilations of a network in OpenVINO: for one size of images, and for all others, each once and in time."""

from __future__ import annotations

import gc
import threading
import weakref
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
import pytest
from onnx import helper

from classify_pixels.inference.errors import RunCancelledError, WeightsMemoryError, WeightsUnreadableError
from classify_pixels.inference.progress import SilentProgress
from classify_pixels.inference.runtimes import Backend, BackendOptions, OutputForm, open_backend
from tests.networks import class_definition, pooling_network, save_network
from tests.unit.rasters import random_pixels, write_raster
from tests.unit.runs import classify

openvino = pytest.importorskip("openvino", reason="OpenVINO is optional")

# Far more than any of this needs, so that a hang is a failure.
WATCHDOG = 300

KNOWN = {"runtime": "openvino", "compared": True}
BANDS = 3


class Compilations:
    """The sizes of the image for which networks were compiled, in text, and what happens before each."""

    def __init__(self) -> None:
        self.sizes: list[str] = []
        self.before: Callable[[str], object] = lambda _: None


@pytest.fixture
def compilations(monkeypatch: pytest.MonkeyPatch) -> Compilations:
    found, real = Compilations(), openvino.Core.compile_model

    def compile_model(core: Any, network: Any, *given: Any) -> Any:
        size = str(network.inputs[0].partial_shape)
        found.sizes.append(size)
        found.before(size)
        return real(core, network, *given)

    monkeypatch.setattr(openvino.Core, "compile_model", compile_model)
    return found


def scaling_network(path: Path, *sizes: Any) -> Path:
    """Saves a network that multiplies its image (n, 3, h, w), or one of other sizes, and adds a constant."""
    nodes = [helper.make_node("Mul", ["image", "a"], ["b"]), helper.make_node("Add", ["b", "c"], ["scores"])]
    constants = {"a": np.float32([[[2]], [[-1]], [[0.5]]]), "c": np.array(7, np.float32)}
    image = sizes or ("n", BANDS, "h", "w")
    return save_network(path, nodes, constants, image, image)


def opened(path: Path, **options: Any) -> Backend:
    backend = open_backend(path, BackendOptions(processor="CPU", **options))
    backend.settle(OutputForm())
    return backend


def images(height: int, width: int) -> np.ndarray:
    return np.random.default_rng(height).random((1, BANDS, height, width), np.float32)


def expected_scores(path: Path, pixels: np.ndarray) -> np.ndarray:
    found: np.ndarray = onnxruntime.InferenceSession(path).run(None, {"image": pixels})[0]
    return found


@pytest.fixture
def known(tmp_path: Path) -> Iterator[Backend]:
    """A network of any size that this machine has run before."""
    with closing(opened(scaling_network(tmp_path / "n.onnx"), calls=2, **KNOWN)) as backend:
        yield backend


def test_a_known_network_is_compiled_for_the_sizes_of_its_calls(
    tmp_path: Path, compilations: Compilations, known: Backend
) -> None:
    assert compilations.sizes == []
    known.expect((1, BANDS, 16, 24))
    assert compilations.sizes == ["[1,3,16,24]"]
    for pixels in (images(16, 24), images(16, 17), images(16, 24), images(40, 24)):
        np.testing.assert_allclose(known.run(pixels), expected_scores(tmp_path / "n.onnx", pixels), rtol=1e-6)
    assert compilations.sizes == ["[1,3,16,24]", "[?,3,?,?]"]


def test_threads_share_a_compilation(tmp_path: Path, compilations: Compilations, known: Backend) -> None:
    both, tiles = threading.Barrier(2), [images(16, 24), images(20, 30)]

    def call(pixels: np.ndarray) -> np.ndarray:
        both.wait(WATCHDOG)
        return known.run(pixels)

    with ThreadPoolExecutor(2) as pool:
        found = list(pool.map(call, tiles))
    assert compilations.sizes == ["[?,3,?,?]"]
    for pixels, scores in zip(tiles, found):
        np.testing.assert_allclose(scores, expected_scores(tmp_path / "n.onnx", pixels), rtol=1e-6)


def test_a_call_of_the_expected_size_does_not_wait_for_a_compilation(
    compilations: Compilations, known: Backend
) -> None:
    begun, go_on = threading.Event(), threading.Event()
    known.expect((1, BANDS, 16, 24))

    def hold(_: str) -> None:
        begun.set()
        assert go_on.wait(WATCHDOG)

    compilations.before = hold
    with ThreadPoolExecutor(1) as pool:
        other = pool.submit(known.run, images(20, 30))
        assert begun.wait(WATCHDOG)
        assert known.run(images(16, 24)).shape == (1, BANDS, 16, 24)
        go_on.set()
        assert other.result(WATCHDOG).shape == (1, BANDS, 20, 30)


@pytest.mark.parametrize("options", [{"runtime": "openvino"}, KNOWN], ids=["first", "known"])
def test_a_network_of_fixed_sizes_is_compiled_once(
    options: dict[str, Any], tmp_path: Path, compilations: Compilations
) -> None:
    path = scaling_network(tmp_path / "n.onnx", 1, BANDS, 16, 24)
    with closing(opened(path, **options)) as backend:
        backend.expect((1, BANDS, 16, 24))
        pixels = images(16, 24)
        np.testing.assert_allclose(backend.run(pixels), expected_scores(path, pixels), rtol=1e-6)
    assert compilations.sizes == ["[1,3,16,24]"]


@pytest.mark.parametrize(
    ("failure", "named"),
    [(RuntimeError("Check 'x' failed\na reason"), "a reason"), (MemoryError(), "not enough memory")],
)
def test_a_network_that_cannot_be_compiled_is_named_or_left_to_onnx_runtime(
    failure: Exception, named: str, tmp_path: Path, compilations: Compilations
) -> None:
    path = scaling_network(tmp_path / "n.onnx")
    kind = WeightsMemoryError if isinstance(failure, MemoryError) else WeightsUnreadableError

    def fail(size: str) -> None:
        if "?" in size:
            raise failure

    compilations.before = fail
    with closing(opened(path)) as backend:
        assert backend.runtime == "onnxruntime"
    with pytest.raises(kind, match=named):
        opened(path, runtime="openvino")
    with closing(opened(path, **KNOWN)) as backend:
        backend.expect((1, BANDS, 16, 24))
        assert backend.run(images(16, 24)).shape == (1, BANDS, 16, 24)
        # In each of the threads.
        for _ in range(2):
            with pytest.raises(kind, match=named):
                backend.run(images(20, 30))
    assert compilations.sizes.count("[?,3,?,?]") == 3


def test_an_expected_size_that_cannot_be_compiled_uses_the_other_compilation(
    tmp_path: Path, compilations: Compilations, known: Backend
) -> None:
    def fail(size: str) -> None:
        if "?" not in size:
            raise RuntimeError("a reason")

    compilations.before = fail
    known.expect((1, BANDS, 16, 24))
    pixels = images(16, 24)
    np.testing.assert_allclose(known.run(pixels), expected_scores(tmp_path / "n.onnx", pixels), rtol=1e-6)


@pytest.mark.parametrize("of", ["call", "expected size"])
def test_cancel_does_not_wait_for_a_compilation(of: str, compilations: Compilations, known: Backend) -> None:
    begun, go_on = threading.Event(), threading.Event()

    def hold(_: str) -> None:
        begun.set()
        assert go_on.wait(WATCHDOG)

    compilations.before = hold
    with ThreadPoolExecutor(2) as pool:
        try:
            if of == "call":
                waiting = [pool.submit(known.run, images(16, 24)) for _ in range(2)]
            else:
                waiting = [pool.submit(known.expect, (1, BANDS, 16, 24))]
            assert begun.wait(WATCHDOG)
            known.interrupt()
            for each in waiting:
                with pytest.raises(RunCancelledError):
                    each.result(WATCHDOG)
            with pytest.raises(RunCancelledError):
                known.run(images(16, 24))
        finally:
            go_on.set()


def test_cancel_ends_a_run_during_the_compilation_for_its_tiles(tmp_path: Path, compilations: Compilations) -> None:
    raster = write_raster(tmp_path / "scene.tif", random_pixels(2, 96, 96))
    model = class_definition(pooling_network(tmp_path / "n.onnx"), 2, [11, 22, 33], 40)
    classify(raster, model, tmp_path / "first.tif", {"runtime": "openvino"})
    progress, go_on = SilentProgress(), threading.Event()

    def hold(_: str) -> None:
        progress.cancelled = True
        assert go_on.wait(WATCHDOG)

    compilations.before = hold
    try:
        with pytest.raises(RunCancelledError):
            classify(raster, model, tmp_path / "second.tif", {"runtime": "openvino"}, progress)
    finally:
        go_on.set()
    assert not (tmp_path / "second.tif").exists()


def test_a_network_that_onnx_runtime_opens_only_when_optimized_is_described(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, levels = onnxruntime.InferenceSession, []

    def session(path: str, settings: Any, *given: Any) -> Any:
        levels.append(settings.graph_optimization_level)
        if settings.graph_optimization_level == onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL:
            raise RuntimeError("Type (tensor(float16)) of output arg does not match expected type (tensor(float)).")
        return real(path, settings, *given)

    path, pixels = scaling_network(tmp_path / "n.onnx"), images(16, 24)
    expected = expected_scores(path, pixels)
    monkeypatch.setattr(onnxruntime, "InferenceSession", session)
    with closing(opened(path, **KNOWN)) as backend:
        np.testing.assert_allclose(backend.run(pixels), expected, rtol=1e-6)
    assert len(levels) == 2


@pytest.mark.parametrize("runtime", ["onnxruntime", "openvino"])
def test_a_closed_network_leaves_no_session(runtime: str, tmp_path: Path) -> None:
    """Not even until Python's garbage collector runs."""
    gc.collect()
    gc.disable()
    try:
        backend: Any = open_backend(scaling_network(tmp_path / "n.onnx"), BackendOptions("CPU", runtime=runtime))
        onnx = backend.behind if runtime == "openvino" else backend
        session = weakref.ref(onnx._session._sess)
        backend.close()
        assert session() is None
    finally:
        gc.enable()
