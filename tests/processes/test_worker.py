# SPDX-License-Identifier: GPL-2.0-or-later
"""Networks in another Python: the same pixels as here, and no end of that Python that is the end of this one."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from classify_pixels.inference.errors import (
    ArchitectureMissingError,
    NetworkRunError,
    ProcessorError,
    RunCancelledError,
    WeightsMissingError,
    WeightsUnreadableError,
    WorkerDiedError,
)
from classify_pixels.inference.runtimes import Backend, BackendOptions, NetworkInput, OutputForm, open_backend
from classify_pixels.inference.runtimes.worker import frames
from tests.networks import traced_pooling_network

torch = pytest.importorskip("torch", reason="PyTorch is optional")

ROOT = Path(__file__).resolve().parents[2]
PYTHON = Path(sys.executable)
PIXELS = np.random.default_rng(5).normal(size=(2, 2, 32, 20)).astype(np.float32)
ENDLESS = "while bool((x == x).all()):\n        x = x * 1\n    return x"
needs_proc = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="processes are found through /proc")


def opened(weights: Path, python: Path | None = PYTHON, **options: Any) -> Backend:
    return open_backend(weights, BackendOptions(**{"processor": "CPU", "python": python, **options}))


def save_script(path: Path, body: str) -> Path:
    """Saves a TorchScript network whose body is given as source."""
    torch.jit.CompilationUnit(f"def forward(x):\n    {body}\n").forward.save(str(path))
    return path


def workers_of(parent: int) -> list[int]:
    """Returns the processes that another one started."""
    found = []
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, owner = status.read_text().rpartition(")")[2].split()[:2]
        except OSError:
            continue
        if int(owner) == parent and state != "Z":
            found.append(int(status.parent.name))
    return found


def wait_until(holds: Callable[[], Any], seconds: float = 300.0) -> Any:
    end = time.monotonic() + seconds
    while not holds() and time.monotonic() < end:
        time.sleep(0.02)
    return holds()


@pytest.fixture
def frame_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[], set[Path]]:
    """Lists the folders of frames, which lie apart from those of other processes of this machine."""
    place = tmp_path / "memory"
    place.mkdir()
    monkeypatch.setattr(frames, "MEMORY", place)
    monkeypatch.setattr(frames, "ENOUGH", 0)
    return lambda: set(place.iterdir())


# --- the same as in this process ------------------------------------------------------------------------


def test_the_sample_gives_the_same_pixels_as_in_this_process(sample: Path) -> None:
    weights = sample / "landsat7_landcover_torchscript.pt"
    pixels = np.random.default_rng(2).normal(size=(2, 6, 64, 96)).astype(np.float32)
    with closing(opened(weights)) as there, closing(opened(weights, None)) as here:
        np.testing.assert_array_equal(there.run(pixels), here.run(pixels))
        assert (there.input, there.output, there.metadata) == (here.input, here.output, here.metadata)
        assert there.device.startswith(here.device + ", in a process of its own with Python 3.")


def test_frames_of_any_size_in_any_order(tmp_path: Path) -> None:
    weights, random = traced_pooling_network(tmp_path / "n.pt"), np.random.default_rng(1)
    shapes = [(2, 2, 32, 24), (1, 2, 16, 16), (3, 2, 8, 64), (1, 2, 128, 128), (1, 2, 16, 16)]
    blocks = [random.normal(size=shape).astype(np.float32) for shape in shapes]
    with closing(opened(weights)) as there, closing(opened(weights, None)) as here:
        for block in (*blocks, *(block[:, :, ::-1, ::2] for block in blocks)):
            np.testing.assert_array_equal(there.run(block), here.run(np.ascontiguousarray(block)))


def test_an_output_stays_as_it_is_when_the_next_one_comes(tmp_path: Path) -> None:
    with closing(opened(save_script(tmp_path / "n.pt", "return x * 2"))) as backend:
        first = backend.run(PIXELS)
        backend.run(PIXELS + 1)
        np.testing.assert_array_equal(first, PIXELS * 2)
        first += 1


@pytest.mark.parametrize("body", ["return x.argmax(1).to(torch.uint8)", "return x > 0", "return x.double()"])
def test_an_output_of_any_type(body: str, tmp_path: Path) -> None:
    weights = save_script(tmp_path / "n.pt", body)
    with closing(opened(weights)) as there, closing(opened(weights, None)) as here:
        found, expected = there.run(PIXELS), here.run(PIXELS)
        assert found.dtype == expected.dtype
        np.testing.assert_array_equal(found, expected)


@pytest.mark.parametrize(("asked", "times"), [("", 1), ("0", 1), ("more", 2), ("1", 2)])
def test_an_output_is_chosen_in_the_worker_as_here(asked: str, times: int, tmp_path: Path) -> None:
    weights = save_script(tmp_path / "n.pt", 'return {"out": x, "more": 2 * x}')
    for python in (PYTHON, None):
        with closing(opened(weights, python, output=asked)) as backend:
            given = backend.outputs(PIXELS)
            assert [(output.name, output.shape) for output in given] == [("out", PIXELS.shape), ("more", PIXELS.shape)]
            assert backend.output.names == ("out", "more")
            np.testing.assert_array_equal(backend.run(PIXELS), times * PIXELS)
            backend.settle(OutputForm(1, "NHWC"))
            turned = (2 * PIXELS).transpose(0, 3, 1, 2)
            np.testing.assert_array_equal(backend.run(PIXELS), turned)


def test_the_options_reach_the_worker(tmp_path: Path) -> None:
    weights = save_script(tmp_path / "n.pt", "return x")
    with closing(opened(weights, bands=2, layout="NHWC")) as backend:
        assert backend.input == NetworkInput(bands=2, layout="NHWC")
        np.testing.assert_array_equal(backend.run(PIXELS), PIXELS)


def test_several_threads_are_served_at_once_and_none_gets_anothers_pixels(tmp_path: Path) -> None:
    weights = save_script(tmp_path / "n.pt", "return x + torch.tanh(x).sum() * 0")
    blocks = [np.full((1, 2, 40, 40), number, np.float32) for number in range(40)]
    with closing(opened(weights)) as backend, ThreadPoolExecutor(6) as pool:
        for block, output in zip(blocks, pool.map(backend.run, blocks)):
            np.testing.assert_array_equal(output, block)


def test_what_a_network_prints_does_not_disturb_the_pipe(tmp_path: Path) -> None:
    weights = save_script(tmp_path / "n.pt", f"print('{'x' * 2000}')\n    return x")
    with closing(opened(weights)) as backend:
        for _ in range(40):
            np.testing.assert_array_equal(backend.run(PIXELS), PIXELS)


def test_a_folder_names_the_python_in_it(tmp_path: Path) -> None:
    if PYTHON.parent.name != "bin":
        pytest.skip("this Python does not lie in the bin folder of its environment")
    with closing(opened(save_script(tmp_path / "n.pt", "return x"), PYTHON.parents[1])) as backend:
        np.testing.assert_array_equal(backend.run(PIXELS), PIXELS)


def test_what_qgis_sets_for_its_own_python_is_kept_from_the_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "numpy.py").write_text("raise ImportError('the wrong numpy')\n")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.setenv("PYTHONHOME", str(tmp_path))
    with closing(opened(save_script(tmp_path / "n.pt", "return x"))) as backend:
        np.testing.assert_array_equal(backend.run(PIXELS), PIXELS)


def test_networks_of_onnx_stay_in_this_process(sample: Path) -> None:
    with closing(opened(sample / "landsat7_landcover.onnx")) as backend:
        assert "process of its own" not in backend.device


# --- failures --------------------------------------------------------------------------------------------


def test_errors_have_the_names_and_values_that_they_have_here(tmp_path: Path) -> None:
    with closing(opened(traced_pooling_network(tmp_path / "n.pt"))) as backend:
        with pytest.raises(NetworkRunError, match="6 x 9 ") as caught:
            backend.run(np.zeros((1, 2, 9, 6), np.float32))
        assert caught.value.values["size"] == "6 x 9"
        backend.run(PIXELS)


def test_weights_that_cannot_be_opened_are_named(tmp_path: Path, frame_folders: Callable[[], set[Path]]) -> None:
    (tmp_path / "text.pt").write_text("a text that was renamed")
    with pytest.raises((ArchitectureMissingError, WeightsUnreadableError), match=r"text\.pt"):
        opened(tmp_path / "text.pt")
    with pytest.raises((ArchitectureMissingError, WeightsUnreadableError, WeightsMissingError), match=r"absent\.pt"):
        opened(tmp_path / "absent.pt")
    assert frame_folders() == set()


@pytest.mark.skipif(torch.cuda.is_available(), reason="this machine has a GPU for PyTorch")
def test_a_gpu_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ProcessorError, match="PyTorch"):
        opened(traced_pooling_network(tmp_path / "n.pt"), processor="GPU")


@needs_proc
@pytest.mark.parametrize("kind", [signal.SIGSEGV, signal.SIGKILL])
def test_a_crash_of_the_worker_is_a_sentence(kind: signal.Signals, tmp_path: Path) -> None:
    before = set(workers_of(os.getpid()))
    # Some builds of PyTorch add where they were when such a signal came.
    last = "." if kind == signal.SIGSEGV else "the last words"
    with closing(opened(save_script(tmp_path / "n.pt", f"print('the last words')\n    {ENDLESS}"))) as backend:
        [worker] = set(workers_of(os.getpid())) - before
        with ThreadPoolExecutor(3) as pool:
            runs = [pool.submit(backend.run, PIXELS) for _ in range(3)]
            assert wait_until(lambda: "the last words" in backend._process._lines)
            assert not any(run.done() for run in runs)
            os.kill(worker, kind)
            for run in runs:
                with pytest.raises(
                    WorkerDiedError, match=f"signal {kind.value}, .*; its last output: {last}"
                ) as caught:
                    run.result(300)
        assert str(PYTHON) in str(caught.value)
        with pytest.raises(WorkerDiedError):
            backend.run(PIXELS)


def test_an_interrupt_leaves_a_network_that_never_returns(tmp_path: Path) -> None:
    network = save_script(tmp_path / "n.pt", f"print('under way')\n    {ENDLESS}")
    with closing(opened(network)) as backend, ThreadPoolExecutor(2) as pool:
        runs = [pool.submit(backend.run, PIXELS) for _ in range(2)]
        assert wait_until(lambda: "under way" in backend._process._lines)
        backend.interrupt()
        for run in runs:
            with pytest.raises(RunCancelledError):
                run.result(300)
        backend.interrupt()
        with pytest.raises(RunCancelledError):
            backend.run(PIXELS)


@needs_proc
def test_closing_ends_the_worker_and_removes_its_frames(tmp_path: Path, frame_folders: Callable[[], set[Path]]) -> None:
    workers = workers_of(os.getpid())
    backend = opened(traced_pooling_network(tmp_path / "n.pt"))
    backend.run(PIXELS)
    assert len(workers_of(os.getpid())) == len(workers) + 1
    assert len(frame_folders()) == 1
    backend.close()
    backend.close()
    assert workers_of(os.getpid()) == workers
    assert frame_folders() == set()


CODE = """
import sys
sys.path.insert(0, {packages!r})
import threading, time
from pathlib import Path
import numpy as np
from classify_pixels.inference.runtimes import BackendOptions, open_backend
backend = open_backend(Path({weights!r}), BackendOptions(python=Path({python!r})))
print(backend._folder, flush=True)
threading.Thread(target=backend.run, args=[np.zeros((1, 2, 8, 8), np.float32)], daemon=True).start()
while "under way" not in backend._process._lines:
    time.sleep(0.02)
print("under way", flush=True)
time.sleep(1000)
"""


@needs_proc
def test_a_worker_does_not_outlive_its_owner(tmp_path: Path) -> None:
    """Even in the middle of a network that never returns."""
    (tmp_path / "classify_pixels").symlink_to(ROOT, target_is_directory=True)
    weights = str(save_script(tmp_path / "n.pt", f"print('under way')\n    {ENDLESS}"))
    code = CODE.format(packages=str(tmp_path), weights=weights, python=str(PYTHON))
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as owner:
        folder = Path(owner.stdout.readline().strip())
        [worker] = workers_of(owner.pid)
        assert folder.is_dir()
        assert owner.stdout.readline() == "under way\n"
        owner.kill()
    assert wait_until(lambda: not Path(f"/proc/{worker}").exists())
    assert wait_until(lambda: not folder.exists())
