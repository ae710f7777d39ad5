# SPDX-License-Identifier: GPL-2.0-or-later
"""Mixed precision: only if requested, with OpenVINO or with PyTorch on a GPU, and otherwise a warning."""

from __future__ import annotations

import json
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from onnx import helper
from osgeo import gdal

from classify_pixels.inference.errors import ArgumentError
from classify_pixels.inference.models import Model, RasterFunction, check_arguments, read_arguments
from classify_pixels.inference.network.opening import backend_options
from classify_pixels.inference.notices import Caution, Note
from classify_pixels.inference.run.request import Environment
from classify_pixels.inference.runtimes import BackendOptions, NetworkInput, ShrinkingBackend, open_backend
from tests.networks import bare_run, class_definition, identity_network, save_network
from tests.unit.rasters import random_pixels, read_raster, write_raster
from tests.unit.runs import Recorder, classify

ASKED = {"mixed_precision": "True"}


def options_of(function: RasterFunction | None = None, **arguments: str) -> BackendOptions:
    model = Model("net", Path("net.onnx"), None, function=function)
    return backend_options(model, Environment(), read_arguments(arguments))


def mixed_backend(network: Any, device: str, asked: bool = True) -> Any:
    torch = pytest.importorskip("torch", reason="PyTorch is optional")
    from classify_pixels.inference.runtimes.torch.torch_backend import TorchBackend

    options = BackendOptions(mixed_precision=asked)
    return TorchBackend(torch, torch.device(device), "net.pt", network, NetworkInput(bands=3), options)


def scripted(path: Path) -> Path:
    torch = pytest.importorskip("torch", reason="PyTorch is optional")
    torch.jit.CompilationUnit("def forward(x):\n    return x\n").forward.save(str(path))
    return path


def used_arguments(path: Path) -> dict[str, object]:
    return dict(json.loads(gdal.Open(str(path)).GetMetadata()["MODEL_ARGUMENTS"]))


# --- asking for it ------------------------------------------------------------------------------------


@pytest.mark.parametrize(("text", "asked"), [("true", True), ("1", True), ("no", False), ("", False)])
def test_the_argument_reaches_the_backend(text: str, asked: bool) -> None:
    assert options_of(mixed_precision=text).mixed_precision is asked


def test_nobody_gets_it_unasked() -> None:
    assert not options_of().mixed_precision


def test_another_word_is_refused_before_a_network_is_opened() -> None:
    model = Model("net", Path("net.onnx"), None)
    with pytest.raises(ArgumentError, match="mixed_precision.*half.*true or false"):
        check_arguments(read_arguments({"mixed_precision": "half"}), model)


def test_a_raster_function_may_have_an_argument_of_that_name() -> None:
    function = RasterFunction(Path("f.py"), Path("m.emd"), "abc", "def", allowed=True)
    options = options_of(function, mixed_precision="only the roofs")
    assert not options.mixed_precision
    assert dict(options.arguments) == {"mixed_precision": "only the roofs"}


# --- a run that cannot have it ------------------------------------------------------------------------


@pytest.mark.parametrize(("suffix", "runtime"), [(".onnx", "onnxruntime"), (".pt", "torch")])
def test_on_a_processor_a_run_says_that_it_has_no_effect(suffix: str, runtime: str, tmp_path: Path) -> None:
    weights = tmp_path / f"net{suffix}"
    if suffix == ".pt":
        scripted(weights)
    else:
        identity_network(weights, 2)
    model = class_definition(weights, 2, (10, 20), 16, Padding=0, ClassifyPixels={"Stride": 1})
    model["Framework"] = "PyTorch" if suffix == ".pt" else "ONNX"
    raster = write_raster(tmp_path / "scene.tif", random_pixels(2, 20, 30))
    (tmp_path / "maps").mkdir()
    maps = {}
    for name, arguments in (("plain", {"runtime": runtime}), ("mixed", {"runtime": runtime, **ASKED})):
        progress, path = Recorder(), tmp_path / "maps" / f"{name}.tif"
        classify(raster, model, path, arguments, progress, processor="CPU")
        assert [text["device"][:3] for text in progress.said(Caution.NO_MIXED_PRECISION)] == ["CPU"] * (name == "mixed")
        assert "mixed_precision" not in used_arguments(path)
        assert "mixed_precision" not in progress.said(Note.ARGUMENTS)[0]["arguments"]
        maps[name] = read_raster(path)
    assert (maps["plain"] == maps["mixed"]).all()


def test_a_worker_takes_the_wish_and_tells_what_became_of_it(tmp_path: Path) -> None:
    options = BackendOptions(processor="CPU", mixed_precision=True, python=Path(sys.executable))
    with closing(open_backend(scripted(tmp_path / "net.pt"), options)) as backend:
        assert backend.device.startswith("CPU")
        assert not backend.mixed_precision


# --- OpenVINO -----------------------------------------------------------------------------------------


def close_network(path: Path) -> Path:
    """Saves a network of two classes whose scores differ by little, so that rounding decides for some pixels."""
    random = np.random.default_rng(3)
    weights = {
        name: random.normal(size=shape).astype("f4") for name, shape in (("w", (16, 2, 3, 3)), ("v", (3, 16, 1, 1)))
    }
    nodes = [
        helper.make_node("Conv", ["image", "w"], ["a"], pads=[1, 1, 1, 1]),
        helper.make_node("Relu", ["a"], ["b"]),
        helper.make_node("Conv", ["b", "v"], ["scores"]),
    ]
    return save_network(path, nodes, weights, ("n", 2, "h", "w"), ("n", 3, "h", "w"))


def test_openvino_has_it_if_the_processor_does(tmp_path: Path) -> None:
    openvino = pytest.importorskip("openvino", reason="OpenVINO is optional")
    able = "BF16" in openvino.Core().get_property("CPU", "OPTIMIZATION_CAPABILITIES")
    network = close_network(tmp_path / "net.onnx")
    model = class_definition(network, 2, (10, 20, 30), 64)
    pixels = random_pixels(2, 150, 200)
    raster = write_raster(tmp_path / "scene.tif", pixels)
    (tmp_path / "maps").mkdir()
    maps = {}
    for name, workers in (("a", 1), ("b", 4)):
        progress, path = Recorder(), tmp_path / "maps" / f"{name}.tif"
        done = classify(
            raster, model, path, {"runtime": "openvino", **ASKED}, progress, processor="CPU", workers=workers
        )
        assert ("CPU in bf16" in done.device) == able
        assert len(progress.said(Caution.NO_MIXED_PRECISION)) == (not able)
        assert len(progress.said(Note.MIXED_PRECISION)) == able
        assert used_arguments(path).get("mixed_precision", False) is able
        maps[name] = read_raster(path)
    assert (maps["a"] == maps["b"]).all()
    share = (maps["a"] != np.array([10, 20, 30])[bare_run(network, pixels[None])[0].argmax(axis=0)]).mean()
    assert share < 0.05
    if able:
        told = float(progress.said(Note.MIXED_PRECISION)[0]["share"]) / 100
        assert 0 < told < 0.05
        assert used_arguments(path)["mixed_precision_changes"] == pytest.approx(told, rel=0.01)


def test_a_processor_without_16_bit_floats_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("openvino", reason="OpenVINO is optional")
    from classify_pixels.inference.runtimes.openvino import devices

    monkeypatch.setattr(devices, "HALVES", {"CPU": ("NO SUCH FLOATS", "bf16")})
    model = class_definition(close_network(tmp_path / "net.onnx"), 2, (10, 20, 30), 64)
    raster = write_raster(tmp_path / "scene.tif", random_pixels(2, 50, 60))
    (tmp_path / "maps").mkdir()
    progress, path = Recorder(), tmp_path / "maps" / "map.tif"
    done = classify(raster, model, path, {"runtime": "openvino", **ASKED}, progress, processor="CPU")
    assert done.device.startswith("CPU (OpenVINO")
    assert len(progress.said(Caution.NO_MIXED_PRECISION)) == 1
    assert not progress.said(Note.MIXED_PRECISION)
    assert "mixed_precision" not in used_arguments(path)


# --- PyTorch ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("asked", [True, False])
@pytest.mark.parametrize("device", ["cuda", "mps"])
def test_a_gpu_has_it_where_it_was_asked_for(device: str, asked: bool) -> None:
    with closing(ShrinkingBackend(mixed_backend(lambda x: x, device, asked), print)) as backend:
        assert backend.mixed_precision is asked


def test_a_result_records_it_where_it_was_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ShrinkingBackend, "mixed_precision", True)
    model = class_definition(identity_network(tmp_path / "net.onnx", 2), 2, (10, 20), 16, Padding=0)
    raster = write_raster(tmp_path / "scene.tif", random_pixels(2, 20, 30))
    (tmp_path / "maps").mkdir()
    progress, path = Recorder(), tmp_path / "maps" / "classes.tif"
    classify(raster, model, path, ASKED, progress, processor="CPU")
    assert not progress.said(Caution.NO_MIXED_PRECISION)
    assert used_arguments(path)["mixed_precision"] is True
    assert "mixed_precision True" in progress.said(Note.ARGUMENTS)[0]["arguments"]


def test_a_processor_never_has_it() -> None:
    """Networks on a processor see 32-bit floats, whatever was asked for."""
    torch = pytest.importorskip("torch", reason="PyTorch is optional")
    seen = []

    def network(pixels: Any) -> Any:
        seen.append(torch.is_autocast_enabled())
        return torch.nn.functional.conv2d(pixels, torch.full((2, 3, 1, 1), 1 / 3))

    for asked in (False, True):
        with closing(mixed_backend(network, "cpu", asked)) as backend:
            assert backend.run(np.full((1, 3, 2, 2), 1.0, np.float32)).dtype == np.float32
            assert not backend.mixed_precision
    assert seen
    assert not any(seen)


def test_scores_of_a_card_stay_near_and_come_back_as_32_bits() -> None:
    torch = pytest.importorskip("torch", reason="PyTorch is optional")
    if not torch.cuda.is_available():
        pytest.skip("this machine has no CUDA")
    generator = np.random.default_rng(0)
    weight = torch.from_numpy(generator.normal(size=(5, 3, 3, 3)).astype(np.float32)).cuda()
    pixels = generator.normal(size=(2, 3, 40, 48)).astype(np.float32)
    kinds, scores = [], []

    def network(image: Any) -> Any:
        output = torch.nn.functional.conv2d(image, weight, padding=1)
        kinds.append(output.dtype)
        return output

    for asked in (False, True):
        with closing(mixed_backend(network, "cuda", asked)) as backend:
            scores.append(backend.run(pixels))
    assert kinds == [torch.float32, torch.float16]
    assert scores[1].dtype == np.float32
    np.testing.assert_allclose(scores[1], scores[0], rtol=0, atol=0.05)
