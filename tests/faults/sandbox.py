# SPDX-License-Identifier: GPL-2.0-or-later
"""A folder in which models are tried by processes that may crash, and each model's outcome."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from classify_pixels.inference import errors
from tests.faults.hostile_cases import Cases, Make
from tests.faults.hostile_onnx import with_definition
from tests.networks import pointwise_network
from tests.runs import write

TRIAL = Path(__file__).with_name("model_trial.py")
GIB = 1024**3
# Two libraries that run ONNX networks take 0.2 GiB by themselves.
BYTES, LONGEST_SENTENCE = 5 * GIB // 4, 4000

# More processes would only wait for each other.
PROCESSES = 2

# After this many seconds without output a process is killed.
PATIENCE = 300.0


@dataclass(frozen=True)
class End:
    """The outcome of a model: "ran", the name of an error and its sentence, or "crash"; with seconds and bytes.

    `seconds` are those of computing, without any wait for the processor.
    `trespasses` are actions elsewhere: files written, programs started, hosts connected to.
    """

    model: str
    end: str
    text: str = ""
    length: int = 0
    seconds: float = 0.0
    bytes: int = 0
    trespasses: Sequence[str] = ()

    @property
    def is_good(self) -> bool:
        """True for an acceptable outcome."""
        named = self.end == "ran" or issubclass(getattr(errors, self.end, int), errors.ClassifyPixelsError)
        is_cheap = self.bytes < BYTES and self.length < LONGEST_SENTENCE
        return named and is_cheap and not self.trespasses


class Sandbox:
    """A folder with a home, temporary files, and everything else that a trial needs."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for name in ("home", "tmp", "work", "models", "results", "parts"):
            (folder / name).mkdir()
        write(folder / "scene.tif", np.random.default_rng(1).integers(0, 255, (3, 40, 44)).astype(np.uint8))
        self.good = [self.made(f"good-{name}", make) for name, make in self._good().items()]

    def made(self, name: str, make: Make) -> Path:
        """Returns the model of a case, in a separate folder."""
        folder = self.folder / "models" / name
        folder.mkdir()
        return make(folder)

    def listing(self) -> set[str]:
        """Returns everything outside the cache and the results; of files also their state."""
        apart = {self.folder / "cache", self.folder / "results"}
        return {_state(path) for path in self.folder.rglob("*") if not apart & {path, *path.parents}}

    def start(self, models: Sequence[Path], limit: int) -> subprocess.Popen[str]:
        """Starts the trial of these models."""
        places = ("scene.tif", "results", "cache")
        words = [sys.executable, TRIAL, limit, *(self.folder / name for name in places), *self.good, *models]
        own = {"HOME": str(self.folder / "home"), "TMPDIR": str(self.folder / "tmp"), "PYTHONDONTWRITEBYTECODE": "1"}
        return subprocess.Popen(
            [str(word) for word in words], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
            cwd=self.folder / "work", env={**os.environ, **own, "OMP_NUM_THREADS": "1"},
        )  # fmt: skip

    def _good(self) -> Cases:
        """Models that load the runtimes."""
        content = pointwise_network(self.folder / "parts" / "good.onnx", 3, 2).read_bytes()
        cases = {"onnx": with_definition(content, "net.onnx", ClassifyPixels={})}
        torch = pytest.importorskip("torch", reason="PyTorch is optional")
        unit = torch.jit.CompilationUnit("def forward(x):\n    return x[:, :2]\n")
        unit.forward.save(str(self.folder / "parts" / "good.pt"))
        script = (self.folder / "parts" / "good.pt").read_bytes()
        return {**cases, "torch": with_definition(script, "net.pt", ClassifyPixels={})}


def _state(path: Path) -> str:
    if path.is_dir() and not path.is_symlink():
        return str(path)
    found = path.lstat()
    return f"{path} of {found.st_size} bytes, written at {found.st_mtime_ns}"


def tried(sandbox: Sandbox, models: Sequence[Path], limit: int) -> dict[str, End]:
    """Returns the outcome of each model within a memory limit; after a crash another process tries the rest."""
    left, ends = list(models), {}
    while left:
        ends.update({end.model: end for end in _ends_of_process(sandbox, left, limit)})
        left = [model for model in left if str(model) not in ends]
    good = {str(model) for model in sandbox.good}
    assert {end.end for model, end in ends.items() if model in good} == {"ran"}, [ends[model] for model in good]
    return {model: end for model, end in ends.items() if model not in good}


@dataclass(frozen=True)
class Tried:
    """The outcome of each model by its name, and the contents of the sandbox around."""

    ends: dict[str, End]
    before: set[str]
    after: set[str]


def tried_cases(sandbox: Sandbox, kind: str, cases: Cases, limit: int) -> Tried:
    """Makes and tries the models of all cases in a few processes at once; `kind` begins the names of their folders."""
    models = [sandbox.made(f"{kind}-{number:04}", make) for number, make in enumerate(cases.values())]
    names, before = dict(zip(map(str, models), cases)), sandbox.listing()
    shares = [models[number::PROCESSES] for number in range(PROCESSES)]
    ends: dict[str, End] = {}
    with ThreadPoolExecutor(PROCESSES) as pool:
        for found in pool.map(lambda share: tried(sandbox, share, limit), shares):
            ends.update(found)
    return Tried({names[model]: end for model, end in ends.items()}, before, sandbox.listing())


def _ends_of_process(sandbox: Sandbox, models: Sequence[Path], limit: int) -> Iterator[End]:
    process = sandbox.start(models, limit)
    timer, current = _killed_later(process), "before the first model"
    assert process.stdout is not None
    for line in process.stdout:
        timer.cancel()
        message = json.loads(line)
        if "begins" in message:
            timer, current = _killed_later(process), message["begins"]
        else:
            yield End(message.pop("ends"), **message)
    timer.cancel()
    code = process.wait()
    if code:
        reason = signal.strsignal(-code) if code < 0 else f"exit code {code}"
        assert current in map(str, models), f"the process ended at {current}: {reason}"
        yield End(current, "crash", f"of the process: {reason}")


def _killed_later(process: subprocess.Popen[str]) -> threading.Timer:
    timer = threading.Timer(PATIENCE, process.kill)
    timer.start()
    return timer
