# SPDX-License-Identifier: GPL-2.0-or-later
"""Python raster functions that were allowed: the protocol, the pixels, and what broken ones end in."""

from __future__ import annotations

import importlib.util
import os
import py_compile
import re
import sys
import tempfile
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from classify_pixels.inference.errors import (
    ArgumentError,
    ArgumentUnknownError,
    FunctionChangedError,
    FunctionError,
    FunctionNotAllowedError,
    RunCancelledError,
    UnlistedClassError,
    WeightsUnreadableError,
    WorkerDiedError,
    WorkerStartError,
)
from classify_pixels.inference.events import Event, StripsResumed
from classify_pixels.inference.models import ModelReference, open_model
from classify_pixels.inference.notices import Note
from classify_pixels.inference.raster import GdalInput
from classify_pixels.inference.run.classification import classify_pixels
from classify_pixels.inference.run.request import ClassificationRequest, Environment
from classify_pixels.inference.runtimes import Backend, BackendOptions, NetworkInput, open_backend
from tests.raster_functions import simple_function, write_blurring_model, write_model
from tests.unit.rasters import read_raster, write_raster
from tests.unit.runs import Recorder, classify, names_in


def fingerprint(emd: Path) -> str:
    """Returns the SHA-256 that the error about a function tells to the user."""
    with pytest.raises(FunctionNotAllowedError) as caught:
        open_model(ModelReference(path=emd), emd.parent / "cache")
    return str(caught.value.values["fingerprint"])


def opened(emd: Path, processor: str = "CPU", python: Path | None = None, **arguments: str) -> Backend:
    """Opens the function as a run does that allows it."""
    model = open_model(ModelReference(path=emd), emd.parent / "cache", frozenset([fingerprint(emd)]))
    assert model.function is not None
    options = BackendOptions(
        processor=processor, bands=2, definition=model.function.definition, digest=model.function.digest,
        code=model.function.code, arguments=tuple(arguments.items()), python=python,
    )  # fmt: skip
    return open_backend(model.weights, options)


def means(pixels: np.ndarray, reach: int) -> np.ndarray:
    """Returns the mean of all bands in a window around each pixel, zeros beyond the raster; by shifted sums."""
    bands, height, width = pixels.shape
    padded = np.zeros((height + 2 * reach, width + 2 * reach))
    padded[reach : reach + height, reach : reach + width] = pixels.mean(axis=0)
    shifts = [(row, column) for row in range(2 * reach + 1) for column in range(2 * reach + 1)]
    return sum(padded[y : y + height, x : x + width] for y, x in shifts) / len(shifts)


@pytest.fixture
def scene(tmp_path: Path) -> tuple[Path, np.ndarray]:
    pixels = np.random.default_rng(4).integers(0, 255, (2, 61, 47)).astype(np.uint8)
    return write_raster(tmp_path / "scene.tif", pixels), pixels


@pytest.mark.parametrize(
    ("arguments", "reach", "level", "above"),
    [
        ({}, 2, 100, True),
        ({"padding": "4", "level": "130.5"}, 4, 130.5, True),
        ({"padding": "1", "LEVEL": "120", "mode": "below"}, 1, 120, False),
    ],
)
def test_a_scene_in_blocks_is_the_scene_as_a_whole(
    scene: tuple[Path, np.ndarray], arguments: dict[str, str], reach: int, level: float, above: bool, tmp_path: Path
) -> None:
    emd = write_blurring_model(tmp_path / "model")
    recorder = Recorder()
    allowed = frozenset([fingerprint(emd)])
    given = {name.lower(): value for name, value in arguments.items()}
    result = classify(scene[0], emd, tmp_path / "out.tif", given, recorder, allowed_functions=allowed, workers=2)
    expected = np.where((means(scene[1], reach) > level) == above, 7, 3)
    np.testing.assert_array_equal(read_raster(tmp_path / "out.tif").squeeze(), expected)
    assert set(np.unique(expected)) == {3, 7}
    assert [count.legend_class.name for count in result.classes] == ["Background", "class 3!", "class 7!"]
    assert "Blurring.py" in result.device
    assert (result.tile, result.halo) == ((24, 24), reach)
    assert recorder.said(Note.FUNCTION_RUN) == [{"function": "Blurring.py"}]
    (used,) = recorder.said(Note.ARGUMENTS)
    assert all(f"{name} {value}" in used["arguments"] for name, value in given.items())


def test_the_block_is_what_the_function_asks_for(tmp_path: Path) -> None:
    with closing(opened(write_blurring_model(tmp_path / "model"))) as backend:
        assert backend.input == NetworkInput(1, 2, 24, 24)
        assert [declared.name for declared in backend.arguments] == ["padding", "Level", "mode"]
        pixels = np.random.default_rng(0).uniform(0, 200, (3, 2, 24, 24)).astype(np.float32)
        before = pixels.copy()
        output = backend.run(pixels)
    assert output.shape == (3, 1, 20, 20)
    assert output.dtype == np.int32
    np.testing.assert_array_equal(pixels, before)


@pytest.mark.parametrize(
    ("arguments", "error", "match"),
    [
        ({"level": "high"}, ArgumentError, "Level has the value high; it must be a number"),
        ({"mode": "beside"}, ArgumentError, "one of above, below"),
    ],
)
def test_arguments_are_held_to_what_the_function_declares(
    arguments: dict[str, str], error: type[Exception], match: str, tmp_path: Path
) -> None:
    with pytest.raises(error, match=match):
        opened(write_blurring_model(tmp_path / "model"), **arguments)


def test_an_argument_that_nobody_declares_is_an_error_that_names_the_functions_own(
    scene: tuple[Path, np.ndarray], tmp_path: Path
) -> None:
    emd = write_blurring_model(tmp_path / "model")
    with pytest.raises(ArgumentUnknownError, match="levl is unknown.*Level, mode"):
        classify(scene[0], emd, tmp_path / "o.tif", {"levl": "1"}, allowed_functions=frozenset([fingerprint(emd)]))
    assert not (tmp_path / "o.tif").exists()


def test_nothing_of_a_function_reaches_this_python(tmp_path: Path) -> None:
    emd = write_blurring_model(tmp_path / "model")
    path, modules, variables = list(sys.path), set(sys.modules), dict(os.environ)
    with closing(opened(emd)) as backend:
        backend.run(np.zeros((1, 2, 24, 24), np.float32))
        assert [file.name for file in backend.imported] == ["blur_helper.py"]
        assert not [name for name in set(sys.modules) - modules if "lur" in name]
    assert (sys.path, dict(os.environ)) == (path, variables)
    assert not list((tmp_path / "model").rglob("__pycache__"))


ENDLESS = "while True:\n            pass"


class CancelAt(Recorder):
    """Is cancelled as soon as a file is there."""

    def __init__(self, file: Path) -> None:
        self._file = file
        super().__init__()

    @property
    def cancelled(self) -> bool:
        return self._file.exists()

    @cancelled.setter
    def cancelled(self, _: bool) -> None:
        """The file alone counts."""


@pytest.mark.parametrize("method", ["initialize", "updatePixels"])
def test_cancel_leaves_a_function_that_never_returns(
    method: str, scene: tuple[Path, np.ndarray], tmp_path: Path
) -> None:
    started = tmp_path / "started"
    endless = f"open({str(started)!r}, 'w').close()\n        {ENDLESS}"
    code = simple_function(setting_up=endless) if method == "initialize" else simple_function()
    if method == "updatePixels":
        head, mark, rest = code.partition("def updatePixels(self, tlc, shape, props, **pixelBlocks):\n")
        assert mark
        code = f"{head}{mark}        {endless}\n{rest}"
    emd = write_model(tmp_path / "model", code, "Simple")
    with pytest.raises(RunCancelledError):
        classify(
            scene[0],
            emd,
            tmp_path / "o.tif",
            progress=CancelAt(started),
            allowed_functions=frozenset([fingerprint(emd)]),
        )
    assert not (tmp_path / "o.tif").exists()


@pytest.mark.parametrize("method", ["initialize", "updatePixels"])
def test_a_function_that_ends_its_process_is_an_error_and_no_end_of_this_one(method: str, tmp_path: Path) -> None:
    ending = "__import__('os')._exit(7)"
    emd = simple(tmp_path, **{"setting_up" if method == "initialize" else "body": ending})
    with pytest.raises(WorkerDiedError, match="exit code 7"), closing(opened(emd)) as backend:
        backend.run(np.zeros((1, 2, 6, 8), np.float32))


def test_a_function_that_says_too_much_of_itself_is_named(tmp_path: Path) -> None:
    info = """*({"name": f"p{n}", "dataType": "string", "description": "x" * 200} for n in range(9999))"""
    with pytest.raises(WeightsUnreadableError, match="too long"):
        opened(simple(tmp_path, info=info))


def test_what_a_function_prints_is_no_answer(tmp_path: Path) -> None:
    with closing(opened(simple(tmp_path, setting_up="print('x' * 10_000_000)"))) as backend:
        assert backend.run(np.zeros((1, 2, 6, 8), np.float32)).max() == 3


def test_a_function_runs_in_the_python_that_is_named_for_pytorch(tmp_path: Path) -> None:
    emd = simple(tmp_path, setting_up="import sys; raise ValueError(sys.executable)")
    with pytest.raises(FunctionError, match=re.escape(sys.executable)):
        opened(emd, python=Path(sys.executable))


def test_without_a_program_of_its_own_python_it_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "base_prefix", str(tmp_path))
    with pytest.raises(WorkerStartError, match="QGIS's Python has no executable there.*Choose another"):
        opened(simple(tmp_path))


# Tells the type of the pixels as a class value, and reads its weights where the definition says they are.
READING = """
import json
import os


class Reading:
    def initialize(self, **kwargs):
        with open(kwargs["model"]) as file:
            definition = json.load(file)
        path = definition["ModelFile"]
        if not os.path.isabs(path):
            path = os.path.abspath(os.path.join(os.path.dirname(kwargs["model"]), path))
        with open(path) as file:
            self.value = int(file.read())

    def getParameterInfo(self):
        return [{"name": "raster", "dataType": "raster"}]

    def updateRasterInfo(self, **kwargs):
        assert kwargs["output_info"]["pixelType"] == kwargs["raster_info"]["pixelType"]
        self.expected = kwargs["raster_info"]["pixelType"]
        kwargs["output_info"].update(bandCount=1, pixelType="i4")
        return kwargs

    def updatePixels(self, tlc, shape, props, **pixelBlocks):
        pixels = pixelBlocks["raster_pixels"]
        assert pixels.dtype.str[1:] == self.expected, (pixels.dtype, self.expected)
        value = self.value if pixels.dtype.kind == "u" else 3
        pixelBlocks["output_pixels"] = (pixels[0] * 0 + value).astype("i4")
        return pixelBlocks
"""


def classify_with(emd: Path, scene: Path, output: Path, **more: Any) -> None:
    """Classifies with a function beside a network, which is allowed."""
    cache = output.parent.parent / "cache"
    function = open_model(ModelReference(path=emd), cache).function
    assert function is not None
    environment = Environment(cache=cache, allowed_functions=frozenset([function.fingerprint]))
    raster = GdalInput(str(scene))
    request = ClassificationRequest(raster, ModelReference(path=emd), output, environment=environment, **more)
    classify_pixels(request, Recorder())


@pytest.mark.parametrize("named", [".\\Weights\\NET.onnx", "Weights/net.onnx", "C:\\Data\\net.onnx"])
def test_weights_are_found_however_the_definition_was_written(
    named: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Functions join the folder and ModelFile themselves, which leads nowhere with a path of another system."""
    emd = write_model(tmp_path / "model", READING, "Reading", ModelFile=named)
    folder = emd.parent if named.startswith("C") else emd.parent / "Weights"
    folder.mkdir(exist_ok=True)
    (folder / named.replace("\\", "/").rpartition("/")[2]).write_text("7")
    (tmp_path / "temporary").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    before = sorted(emd.parent.rglob("*"))
    classify_with(emd, write_raster(tmp_path / "scene.tif", np.ones((2, 9, 9), np.uint8)), tmp_path / "out.tif")
    assert set(np.unique(read_raster(tmp_path / "out.tif"))) == {7}
    assert sorted(emd.parent.rglob("*")) == before
    assert names_in(tmp_path / "temporary") == []


@pytest.mark.parametrize(
    ("dtype", "scale", "value"),
    [("uint8", (), 7), ("uint16", (), 7), ("uint8", (0.5,), 3), ("float32", (), 3), ("int16", (), 3)],
)
def test_pixels_have_the_type_of_the_raster(dtype: str, scale: tuple[float, ...], value: int, tmp_path: Path) -> None:
    """Functions tell by the type what the numbers are, as PyTorch's ToTensor does, which divides bytes alone."""
    emd = write_model(tmp_path / "model", READING, "Reading", ModelFile="net.onnx")
    (tmp_path / "model" / "net.onnx").write_text("7")
    scene = write_raster(tmp_path / "scene.tif", np.ones((2, 30, 40), dtype))
    classify_with(emd, scene, tmp_path / "out.tif", input_scale=scale)
    assert set(np.unique(read_raster(tmp_path / "out.tif"))) == {value}


def test_two_models_with_modules_of_one_name_run_their_own(tmp_path: Path) -> None:
    first, second = (write_blurring_model(tmp_path / name) for name in ("first", "second"))
    helper = second.with_name("blur_helper.py")
    helper.write_text(helper.read_text().replace("windows.mean(axis=(2, 3))", "0 * windows.mean(axis=(2, 3)) + 1e9"))
    zeros = np.zeros((1, 2, 24, 24), np.float32)
    with closing(opened(first)) as backend:
        assert set(np.unique(backend.run(zeros))) == {3}
    with closing(opened(second)) as backend:
        assert set(np.unique(backend.run(zeros))) == {7}


def test_a_gpu_is_handed_on_by_its_number(tmp_path: Path) -> None:
    emd = write_blurring_model(tmp_path / "model")
    with closing(opened(emd, "GPU")) as backend:
        assert backend.device.startswith("GPU 0")
    with pytest.raises(FunctionError, match="ValueError: 0"):
        opened(simple(tmp_path, setting_up="raise ValueError(kwargs['device'])"), "GPU")


def simple(tmp_path: Path, **parts: str) -> Path:
    return write_model(tmp_path / "model", simple_function(**parts), "Simple")


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("np.zeros((9, 9))", r"float64 pixels of the shape \(9, 9\) instead of \(1, 4, 6\)"),
        ("np.zeros((2, 4, 6))", r"\(2, 4, 6\) instead"),
        ("np.full(shape, np.nan)", "not finite"),
        ("np.full(shape, 'a')", "instead of"),
        ("[[1], [2, 3]]", "updatePixels"),
        ("None", "instead of"),
        ("1 / 0", "ZeroDivisionError"),
        ("exit(3)", "SystemExit: 3"),
        ("(_ for _ in ()).throw(BaseException('odd'))", "BaseException: odd"),
        ("self.absent", "AttributeError"),
    ],
)
def test_wrong_pixels_and_failures_are_named(body: str, reason: str, tmp_path: Path) -> None:
    with closing(opened(simple(tmp_path, body=body))) as backend:
        with pytest.raises(FunctionError, match=reason) as caught:
            backend.run(np.zeros((1, 2, 6, 8), np.float32))
        assert "Simple.py failed in updatePixels" in str(caught.value)


def test_numbers_of_another_type_become_the_promised_one(tmp_path: Path) -> None:
    with closing(opened(simple(tmp_path, body="np.full((1, *shape), 7.0)"))) as backend:
        output = backend.run(np.zeros((2, 2, 6, 8), np.float32))
    assert (output.shape, output.dtype, set(np.unique(output))) == ((2, 1, 4, 6), np.int32, {7})


BROKEN = {
    "def": "import",
    "import a_module_that_nobody_has": "import",
    "raise SystemExit": "import",
    "class Other: pass": "import",
    "Simple = 5": "import",
    simple_function(setting_up="raise ValueError('no weights')"): "initialize",
    simple_function(info="5"): "getParameterInfo",
    simple_function().replace("getParameterInfo", "anything"): "getParameterInfo",
    simple_function().replace('"padding": 1', '"padding": -1'): "getConfiguration",
    simple_function().replace('"tx": 6', '"tx": 1e9'): "getConfiguration",
    simple_function().replace('"tx": 6', '"tx": "wide"'): "getConfiguration",
    simple_function().replace('"padding": 1', '"extractBands": 4'): "getConfiguration",
    simple_function().replace('"i4"', '"i3"'): "updateRasterInfo",
    simple_function().replace("bandCount=1", "bandCount=None"): "updateRasterInfo",
    simple_function().replace("return kwargs", "return None"): "updateRasterInfo",
    simple_function().replace("bandCount=1", "bandCount=1, rasterAttributeTable='{'"): "updateRasterInfo",
}


@pytest.mark.parametrize("code", BROKEN)
def test_what_does_not_follow_the_protocol_is_named_with_the_method(code: str, tmp_path: Path) -> None:
    with pytest.raises(FunctionError, match=f"Simple.py failed in {BROKEN[code]}:"):
        opened(write_model(tmp_path / "model", code, "Simple"))


def test_a_required_parameter_without_a_value_is_asked_for(tmp_path: Path) -> None:
    emd = simple(tmp_path, info='{"name": "scale", "dataType": "GPDouble", "required": True}')
    with pytest.raises(ArgumentError, match="scale has the value none; it must be set"):
        opened(emd)
    with closing(opened(emd, scale="0,5")) as backend:
        assert [declared.name for declared in backend.arguments] == ["scale"]


def test_code_that_changed_after_it_was_looked_at_is_not_run(tmp_path: Path) -> None:
    emd = simple(tmp_path)
    canary = tmp_path / "canary"
    model = open_model(ModelReference(path=emd), tmp_path, frozenset([fingerprint(emd)]))
    model.weights.write_text(f"open({str(canary)!r}, 'w')")
    options = BackendOptions(definition=emd, digest=model.function.digest)  # type: ignore[union-attr]
    with pytest.raises(FunctionChangedError, match=r"Simple\.py"):
        open_backend(model.weights, options)
    with pytest.raises(FunctionChangedError):
        open_backend(model.weights, BackendOptions(definition=emd))
    assert not canary.exists()


def test_code_is_read_from_its_file_never_from_a_compiled_one(tmp_path: Path) -> None:
    emd = simple(tmp_path)
    path = emd.with_name("Simple.py")
    times = path.stat()
    good = path.read_text()
    path.write_text("raise RuntimeError('the compiled file was run')".ljust(len(good)))
    os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))
    py_compile.compile(str(path), importlib.util.cache_from_source(str(path)))
    path.write_text(good)
    os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))
    with closing(opened(emd)) as backend:
        assert backend.run(np.zeros((1, 2, 6, 8), np.float32)).max() == 3


def test_a_class_that_is_not_listed_is_an_error_of_the_run(scene: tuple[Path, Any], tmp_path: Path) -> None:
    emd = simple(tmp_path, body="np.zeros(shape, 'i4') + 5")
    with pytest.raises(UnlistedClassError, match="5"):
        classify(scene[0], emd, tmp_path / "o.tif", allowed_functions=frozenset([fingerprint(emd)]))
    assert not (tmp_path / "o.tif").exists()


# --- going on with a run ---------------------------------------------------------------------------------


THRESHOLD = """
import os
import sys

import numpy as np

sys.path[:0] = [os.path.dirname(__file__), os.path.join(os.path.dirname(os.path.dirname(__file__)), "shared")]
from {module} import LEVEL


class Threshold:
    def getParameterInfo(self):
        return [{{"name": "raster", "dataType": "raster", "required": True}}]

    def getConfiguration(self, **scalars):
        return {{"padding": 0, "tx": 16, "ty": 16}}

    def updateRasterInfo(self, **kwargs):
        kwargs["output_info"].update(bandCount=1, pixelType="u1")
        return kwargs

    def updatePixels(self, tlc, shape, props, **blocks):
        blocks["output_pixels"] = np.where(blocks["raster_pixels"][0] > LEVEL, 7, 3).astype("u1")
        return blocks
"""


class CancelAfterStrips(Recorder):
    """Cancels as soon as some strips are finished."""

    def __init__(self, output: Path) -> None:
        super().__init__()
        self._strips = output.with_name(f".{output.name}.strips")

    def emit(self, event: Event) -> None:
        super().emit(event)
        self.cancelled = len(list(self._strips.glob("*.strip.json"))) >= 2


@pytest.mark.parametrize("place", ["beside", "behind a link", "elsewhere", "imported by what is elsewhere"])
@pytest.mark.parametrize("changed", [True, False])
def test_a_run_never_goes_on_with_changed_code(
    place: str, changed: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("classify_pixels.inference.tiling.strips.HEIGHT", 16)
    pixels = np.random.default_rng(4).integers(0, 255, (2, 200, 40)).astype(np.uint8)
    raster = write_raster(tmp_path / "scene.tif", pixels)
    module = "level"
    emd = write_model(tmp_path / "model", THRESHOLD.format(module=module), "Threshold")
    for folder in ("shared", "out", "linked"):
        (tmp_path / folder).mkdir()
    code = {
        "beside": emd.parent / f"{module}.py",
        "behind a link": tmp_path / "linked" / "__init__.py",
        "elsewhere": tmp_path / "shared" / f"{module}.py",
        "imported by what is elsewhere": tmp_path / "shared" / f"inner_{module}.py",
    }[place]
    if place == "behind a link":
        (emd.parent / module).symlink_to(tmp_path / "linked")
    if place == "imported by what is elsewhere":
        (tmp_path / "shared" / f"{module}.py").write_text(f"from inner_{module} import LEVEL\n")
    code.write_text("LEVEL = 120\n")
    output = tmp_path / "out" / "classes.tif"
    progress, allowed = CancelAfterStrips(output), frozenset([fingerprint(emd)])
    with pytest.raises(RunCancelledError):
        classify(raster, emd, output, progress=progress, allowed_functions=allowed)
    if changed:
        code.write_text("LEVEL = 160\n")
    again = Recorder()
    classify(raster, emd, output, progress=again, allowed_functions=frozenset([fingerprint(emd)]))
    assert bool(again.all_of(StripsResumed)) is not changed
    np.testing.assert_array_equal(read_raster(output), np.where(pixels[0] > (160 if changed else 120), 7, 3))
