# SPDX-License-Identifier: GPL-2.0-or-later
"""Malicious or damaged models: each runs or ends in a named error.

In time, within the memory, and with nothing written outside the cache. A crash of a runtime is a failure too,
which names its model.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest

from classify_pixels.inference.describe.model_description import describe_model
from classify_pixels.inference.errors import RunCancelledError
from classify_pixels.inference.models import ModelReference
from tests.faults.hostile_cases import Cases, Make
from tests.faults.hostile_configs import config_cases
from tests.faults.hostile_definitions import definition_cases
from tests.faults.hostile_graphs import doubling_loop, graph_cases
from tests.faults.hostile_onnx import hungry, onnx_cases, product_of_constants, with_definition
from tests.faults.hostile_packages import package_cases
from tests.faults.hostile_paths import path_cases
from tests.faults.sandbox import GIB, Sandbox, Tried, tried, tried_cases
from tests.onnx_graphs import endless_network
from tests.processor_time import CancelAmid
from tests.unit.runs import classify

pytest.importorskip("torch", reason="PyTorch is optional")

from tests.faults.hostile_tensors import long_program, tensor_cases  # noqa: E402
from tests.faults.hostile_torch import endless_state, exports_programs, hungry_script, script, torch_cases  # noqa: E402

# The least number of cases of each kind.
LEAST = {
    "package": 240, "definition": 320, "STAC item": 60, "ONNX": 300, ".pth": 100, ".pt": 60, ".safetensors": 55,
    ".pt2": 65, ".pb": 10, "bare": 70, "YAML": 60,
}  # fmt: skip


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Sandbox:
    return Sandbox(tmp_path_factory.mktemp("sandbox"))


@pytest.fixture(scope="module")
def everything(sandbox: Sandbox) -> Tried:
    """Tries all models in a few processes at once."""
    cases: Cases = {}
    makers = (
        package_cases, definition_cases, path_cases, onnx_cases, graph_cases, torch_cases, tensor_cases, config_cases,
    )  # fmt: skip
    for make in makers:
        parts = sandbox.folder / "parts" / make.__name__
        parts.mkdir()
        cases.update(make(parts))
    return tried_cases(sandbox, "bad", cases, 4 * GIB)


@pytest.mark.parametrize("kind", LEAST)
def test_each_model_runs_or_ends_in_a_named_error(kind: str, everything: Tried) -> None:
    if kind == ".pt2" and not exports_programs():
        pytest.skip("this PyTorch exports programs in another form")
    ends = {name: end for name, end in everything.ends.items() if _kind(name) == kind}
    assert len(ends) >= LEAST[kind]
    bad = {name: (end.end, end.bytes, end.length, end.trespasses) for name, end in ends.items() if not end.is_good}
    assert bad == {}


def _kind(name: str) -> str:
    return "bare" if name.startswith("bare ") else name.split(":")[0]


# Words in the names of models that must not run, by their kind. Nested packages are never unpacked.
HARMFUL = {
    "package": (
        "canary'", "named '{canary}", "folder named", "is a link", "is a pipe", "is a disk", "bomb", "doubled",
        "encrypted", "wrong CRC", "too many members", "member 'CON", "member 'NUL", "member 'com1", "member '...",
    ),
    "ONNX": ("external data", "hidden key", "double 18 times", "double 40 times", "double 400 times"),
    ".pth": ("code", "foreign tensor", "place of memory"), ".pt": ("code that", "code in its"),
    ".pt2": ("code as", "code in"),
}  # fmt: skip
# No system reads these dots as a parent folder.
HARMLESS = ("bomb within a package within", "external data the network itself", "\uff0e\uff0e/canary'")


def test_what_would_do_harm_is_refused(everything: Tried) -> None:
    ends = {name: end.end for name, end in everything.ends.items() if not name.endswith(HARMLESS)}
    found = {
        name: end for name, end in ends.items() if any(word in name for word in HARMFUL.get(name.split(":")[0], ()))
    }
    assert len(found) > 100
    assert {name for name, end in found.items() if end == "ran"} == set()


def test_nothing_is_written_outside_the_cache(everything: Tried) -> None:
    """Pickles that would run code, members outside the folder and tensors elsewhere all aim at a canary."""
    assert len(everything.ends) >= sum(LEAST.values())
    assert everything.after == everything.before
    assert not Path("/tmp/classify_pixels_canary").exists()


HUNGRY: dict[str, Make] = {
    "ONNX": with_definition(hungry(3 * GIB // 4), "net.onnx"),
    "a loop in ONNX": with_definition(doubling_loop(), "net.onnx"),
    "TorchScript": with_definition(hungry_script(3 * GIB // 4), "net.pt"),
}


@pytest.mark.parametrize("kind", HUNGRY)
def test_a_network_that_asks_for_more_memory_than_there_is_is_told(kind: str, sandbox: Sandbox) -> None:
    """The memory of a running network cannot be known in advance by any reader."""
    (end,) = tried(sandbox, [sandbox.made(f"hungry-{kind}", HUNGRY[kind])], GIB).values()
    assert end.end == "NetworkMemoryError", end
    assert end.is_good, end


def _endless(folder: Path) -> Path:
    content = endless_network(folder / "net.onnx").read_bytes()
    return with_definition(content, "net.onnx")(folder)


def _long_program(folder: Path) -> Path:
    if not exports_programs():
        pytest.skip("this PyTorch exports programs in another form")
    return with_definition(long_program(500, 4000), "net.pt2")(folder)


ENDLESS: dict[str, Make] = {
    "a loop in ONNX": _endless,
    "a long product in ONNX": with_definition(product_of_constants(200, 2500), "net.onnx"),
    "a long product in a program of PyTorch's": _long_program,
    "a loop in TorchScript that is opened": with_definition(endless_state(), "net.pt"),
    "a loop in TorchScript": with_definition(script("while bool(x.sum() == 0.0):\n        x = x * 0"), "net.pt"),
}


@pytest.mark.parametrize("kind", ENDLESS)
def test_a_network_that_never_returns_can_be_cancelled(kind: str, sandbox: Sandbox, tmp_path: Path) -> None:
    """These do so before the first tile, when they are tried on zeros; PyTorch is left with its process."""
    model = sandbox.made(f"endless {kind}", ENDLESS[kind])
    environment: dict[str, Any] = {"torch_python": Path(sys.executable)} if "Torch" in kind else {}
    (tmp_path / "out").mkdir()
    with pytest.raises(RunCancelledError):
        classify(
            sandbox.folder / "scene.tif", model, tmp_path / "out" / "map.tif",
            progress=CancelAmid(4), processor="CPU", **environment,
        )  # fmt: skip
    assert list((tmp_path / "out").iterdir()) == []


@pytest.mark.parametrize("kind", ENDLESS)
def test_describing_such_a_network_can_be_cancelled(kind: str, sandbox: Sandbox) -> None:
    model = sandbox.made(f"described {kind}", ENDLESS[kind])
    python = Path(sys.executable) if "Torch" in kind else None
    with pytest.raises(RunCancelledError):
        describe_model(
            ModelReference(path=model), sandbox.folder / "cache",
            processor="CPU", torch_python=python, progress=CancelAmid(4),
        )  # fmt: skip
