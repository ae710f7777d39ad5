# SPDX-License-Identifier: GPL-2.0-or-later
"""Which Pythons can be workers, and what is said of those that cannot."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from concurrent.futures import Future
from io import BytesIO
from pathlib import Path
from typing import Any, Callable

import pytest

from classify_pixels.inference.errors import (
    InterpreterLacksError,
    RunCancelledError,
    WorkerDiedError,
    WorkerMessageError,
    WorkerStartError,
    WorkerVersionError,
)
from classify_pixels.inference.progress import SilentProgress
from classify_pixels.inference.runtimes import BackendOptions, open_backend
from classify_pixels.inference.runtimes.worker import child_environment, find_interpreter
from classify_pixels.inference.runtimes.worker.messages import PROTOCOL, read_message
from classify_pixels.inference.runtimes.worker.serving import Server
from classify_pixels.inference.version import version

ROOT = Path(__file__).resolve().parents[2]
SERVER = ROOT / "inference" / "runtimes" / "worker" / "server.py"

# Seconds, far more than any of this takes, so that a hang is a failure.
WATCHDOG = 300

posix = pytest.mark.skipif(os.name != "posix", reason="the stand-ins for a Python are shell scripts")


def start(python: Path) -> None:
    open_backend(Path("network.pt"), BackendOptions(python=python))


def script(path: Path, text: str) -> Path:
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)
    return path


def environment(folder: Path) -> Path:
    """Makes a Python environment without any package."""
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(folder)], check=True)
    return folder


# --- finding it ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("place", ["bin/python3", "bin/python", "Scripts/python.exe", "python.exe"])
def test_an_environment_is_named_by_its_folder_or_its_python(place: str, tmp_path: Path) -> None:
    python = tmp_path / place
    python.parent.mkdir(exist_ok=True)
    python.touch()
    assert find_interpreter(tmp_path) == find_interpreter(python) == python


def test_the_link_that_a_virtual_environments_python_is_stays_one(tmp_path: Path) -> None:
    (tmp_path / "python").symlink_to(sys.executable)
    assert find_interpreter(tmp_path / "python") == tmp_path / "python"


def test_a_relative_name_is_that_of_now(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "python").touch()
    monkeypatch.chdir(tmp_path)
    assert find_interpreter(Path("python")).is_absolute()


@pytest.mark.parametrize("name", ["", "absent", "absent/bin/python"])
def test_what_is_no_python_is_named(name: str, tmp_path: Path) -> None:
    with pytest.raises(WorkerStartError, match=str(tmp_path)):
        find_interpreter(tmp_path / name)


def test_the_environment_of_qgiss_own_python_is_left_out() -> None:
    variables = {"PYTHONHOME": "a", "PYTHONPATH": "b", "PATH": "c", "HTTPS_PROXY": "d"}
    found = child_environment(Path("/e/bin/python"), variables)
    assert found == {"PATH": os.pathsep.join(("/e/bin", "/e/bin/Library/bin", "c")), "HTTPS_PROXY": "d"}


# --- starting it -----------------------------------------------------------------------------------------


@posix
@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("echo no such option >&2; exit 2", "no such option"),
        ("exit 3", "exit code 3"),
        ("echo 'Hello, I am no Python at all.'; sleep 60", "is not the length of a message"),
        (r"printf '\000\000\000\002[]'; sleep 60", "is not an object"),
        ("exec 1>&-; sleep 60", "closed its output"),
    ],
    ids=["line", "code", "text", "list", "closed"],
)
def test_a_program_that_is_no_python_is_a_sentence(text: str, reason: str, tmp_path: Path) -> None:
    python = script(tmp_path / "program", text)
    with pytest.raises(WorkerStartError, match=reason) as caught:
        start(python)
    assert str(python) in str(caught.value)


@posix
def test_a_program_that_says_nothing_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("classify_pixels.inference.runtimes.worker.client.SECONDS_TO_GREET", 0.3)
    with pytest.raises(WorkerStartError, match="did not respond"):
        start(script(tmp_path / "silent", "sleep 60"))


@posix
@pytest.mark.parametrize("content", ["", "no program"])
def test_a_file_that_cannot_be_started_is_a_sentence(content: str, tmp_path: Path) -> None:
    path = tmp_path / "python"
    path.write_text(content)
    with pytest.raises(WorkerStartError, match="Permission denied"):
        start(path)


@posix
@pytest.mark.parametrize(("protocol", "plugin"), [(PROTOCOL + 1, "0.1.0"), (PROTOCOL, "0.0.1"), (None, None)])
def test_files_of_another_version_are_told(protocol: object, plugin: object, tmp_path: Path) -> None:
    code = (
        "import json, struct, sys, time; "
        f"m = json.dumps(dict(id=0, protocol={protocol!r}, plugin={plugin!r}, python='3')).encode(); "
        "sys.stdout.buffer.write(struct.pack('>I', len(m)) + m); sys.stdout.flush(); sys.stdin.read()"
    )
    with pytest.raises(WorkerVersionError, match="Restart QGIS"):
        start(script(tmp_path / "python", f'exec "{sys.executable}" -c "{code}"'))


# A worker that greets as one of this version does; what it does then is up to the test.
GREETING = """
import json, struct, sys, time

def send(**message):
    content = json.dumps(message).encode()
    sys.stdout.buffer.write(struct.pack(">I", len(content)) + content)
    sys.stdout.buffer.flush()

def receive():
    (length,) = struct.unpack(">I", sys.stdin.buffer.read(4))
    return json.loads(sys.stdin.buffer.read(length))

send(id=0, protocol={protocol}, plugin={plugin!r}, python="3")
"""


def worker(folder: Path, text: str) -> Path:
    """Returns a Python that greets, and then runs this program instead of the worker's."""
    program = folder / "worker.py"
    program.write_text(GREETING.format(protocol=PROTOCOL, plugin=version()) + text)
    return script(folder / "python", f'exec "{sys.executable}" "{program}"')


class CancelSoon(SilentProgress):
    """Cancels at the third look."""

    looks = 0

    @property
    def cancelled(self) -> bool:  # type: ignore[override]
        self.looks += 1
        return self.looks > 2


def ends(call: Callable[[], object]) -> bool:
    """Tells whether a call ends at all, before all else does."""
    thread = threading.Thread(target=call, daemon=True)
    thread.start()
    thread.join(WATCHDOG)
    return not thread.is_alive()


@posix
@pytest.mark.parametrize(
    "text",
    ["exec sleep 100", "setsid sleep 100 & exec sleep 100", "kill -STOP $$"],
    ids=["silent", "a child of its own holds the pipes", "stopped"],
)
def test_cancel_leaves_a_program_that_never_greets(text: str, tmp_path: Path) -> None:
    python, told = script(tmp_path / "python", text), []

    def run() -> None:
        with pytest.raises(RunCancelledError):
            open_backend(Path("network.pt"), BackendOptions(python=python), CancelSoon())
        told.append(True)

    assert ends(run)
    assert told


@posix
@pytest.mark.parametrize("text", ["time.sleep(100)", "receive()\ntime.sleep(100)"], ids=["deaf", "mute"])
def test_cancel_leaves_a_worker_that_does_not_answer(text: str, tmp_path: Path) -> None:
    """The request is longer than what a pipe takes, so that to write it waits for the worker as well."""
    options, told = BackendOptions(python=worker(tmp_path, text), arguments=(("text", "x" * 500_000),)), []

    def run() -> None:
        with pytest.raises(RunCancelledError):
            open_backend(Path("network.pt"), options, CancelSoon())
        told.append(True)

    assert ends(run)
    assert told


@posix
@pytest.mark.parametrize(
    "answer",
    [
        "send(id=1)",
        "send(id=1, device='CPU', input={}, output={}, metadata={}, mixed_precision=False, versions={})",
        "send(id=1, device='CPU', input=7, output=dict(number=0, names=[]), metadata={}, mixed_precision=0)",
        "send(id=1, device='CPU', input={'x': 1}, output=[], metadata=[], mixed_precision=0, versions=0)",
        "send(id=1, error='SystemExit', values={})",
        "send(id=1, error='WeightsUnreadableError', values={})",
        "send(id=1, error='WeightsUnreadableError', values=7)",
        "send(id=1, error='WeightsUnreadableError')",
    ],
)
def test_an_answer_that_makes_no_sense_is_named(answer: str, tmp_path: Path) -> None:
    with pytest.raises(WorkerMessageError, match="cannot communicate with the worker"):
        start(worker(tmp_path, f"receive()\n{answer}\nsys.stdin.read()"))


@posix
@pytest.mark.parametrize("text", ["send(id=1, device='x' * 2**20)", "send(id=7)", "sys.stdout.write('text' * 9)"])
def test_an_answer_that_cannot_be_read_ends_the_worker(text: str, tmp_path: Path) -> None:
    with pytest.raises(WorkerDiedError):
        start(worker(tmp_path, f"receive()\n{text}\nsys.stdout.flush()\nsys.stdin.read()"))


@posix
def test_a_request_that_is_too_long_is_named(tmp_path: Path) -> None:
    options = BackendOptions(python=worker(tmp_path, "sys.stdin.read()"), arguments=(("text", "x" * 2**20),))
    with pytest.raises(WorkerMessageError, match="too long"):
        open_backend(Path("network.pt"), options)


@pytest.mark.parametrize("result", [{"metadata": {"text": "x" * 2**20}}, {"metadata": {"bytes": b"x"}}])
def test_an_answer_that_cannot_be_sent_is_a_failure_that_is(result: dict[str, Any]) -> None:
    pipe, future = BytesIO(), Future[dict[str, Any]]()
    future.set_result(result)
    Server(pipe).answer(7, future)
    pipe.seek(0)
    message = read_message(pipe)
    assert message is not None
    assert message["id"] == 7
    assert "too long" in message["failure"] or "bytes" in message["failure"]


def test_a_python_without_numpy_is_told(tmp_path: Path) -> None:
    with pytest.raises(WorkerStartError, match="No module named 'numpy'"):
        start(environment(tmp_path / "bare"))


def test_a_python_without_pytorch_is_told(tmp_path: Path) -> None:
    numpy = pytest.importorskip("numpy")
    folder = environment(tmp_path / "numbers")
    [packages] = folder.glob("lib/python3*/site-packages") or folder.glob("Lib/site-packages")
    place = Path(numpy.__file__).parents[1]
    for name in place.glob("numpy*"):
        (packages / name.name).symlink_to(name)
    weights = tmp_path / "network.pt"
    weights.write_bytes(b"")
    with pytest.raises(InterpreterLacksError, match=r"PyTorch cannot be used in .*numbers.*No module named 'torch'"):
        open_backend(_torchscript(weights), BackendOptions(python=folder))


def _torchscript(path: Path) -> Path:
    torch = pytest.importorskip("torch", reason="PyTorch is optional")
    torch.jit.CompilationUnit("def forward(x):\n    return x\n").forward.save(str(path))
    return path


def test_the_program_needs_neither_qgis_nor_gdal_and_writes_nothing_into_the_plugin() -> None:
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-B", str(SERVER)], input=b"", capture_output=True, check=True
    )
    loaded = {line.rpartition("|")[2].strip() for line in done.stderr.decode().splitlines()}
    assert {"numpy", "classify_pixels.inference.runtimes.worker.serving"} <= loaded
    assert not {name.split(".")[0] for name in loaded} & {
        "osgeo",
        "qgis",
        "PyQt5",
        "torch",
        "onnxruntime",
        "tensorflow",
    }


def test_the_program_parses_with_old_pythons_to_say_so() -> None:
    import ast

    ast.parse(SERVER.read_text(encoding="utf-8"), feature_version=(3, 7))
