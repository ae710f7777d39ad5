# SPDX-License-Identifier: GPL-2.0-or-later
"""The limits of the process that reads files of OpenVINO's formats: its memory, and its time."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import tests.conftest
from classify_pixels.inference import runtimes
from classify_pixels.inference.errors import (
    NetworkMemoryError,
    OpeningTimeError,
    WeightsMemoryError,
    WorkerDiedError,
    WorkerOpeningError,
)
from classify_pixels.inference.runtimes import BackendOptions, open_backend
from classify_pixels.inference.runtimes.worker import client, memory_limit
from classify_pixels.inference.runtimes.worker.process import WorkerProcess

limited = pytest.mark.skipif(sys.platform != "linux", reason="only Linux keeps the limit of a process")


def memory_after(limit: str, tmp_path: Path) -> str:
    """Returns what a process prints that takes a gibibyte after it was limited; `limit` sets the constants."""
    program = tmp_path / "program.py"
    program.write_text(
        f"import sys\nsys.path.insert(0, {str(Path(tests.conftest.__file__).parents[1])!r})\n"
        "import tests.conftest\nimport numpy as np\n"
        "from classify_pixels.inference.runtimes.worker import memory_limit\n"
        f"{limit}\n"
        "try:\n    taken = np.ones(2**30, np.uint8)\n    print('taken')\n"
        "except MemoryError:\n    print('refused')\n"
    )
    done = subprocess.run([sys.executable, str(program)], capture_output=True, text=True, check=True)
    return done.stdout.strip()


@limited
@pytest.mark.parametrize(
    ("constants", "size", "end"),
    [
        ("free, LEAST = 2**29, 2**29", 0, "refused"),
        ("free, LEAST = 2**29, 2**32", 0, "taken"),
        ("free, LEAST = 2**32, 2**29", 0, "taken"),
        ("free, LEAST = 2**29, 2**29", 2**27, "taken"),
    ],
    ids=["little", "little free", "much free", "a large file"],
)
def test_a_worker_takes_no_more_than_is_free_or_its_files_explain(
    constants: str, size: int, end: str, tmp_path: Path
) -> None:
    limit = f"{constants}\nmemory_limit.available, memory_limit.LEAST = lambda: free, LEAST\n"
    assert memory_after(f"{limit}memory_limit.limit_memory({size})", tmp_path) == end


@limited
def test_other_programs_are_ended_later_where_memory_runs_out(tmp_path: Path) -> None:
    show = f"memory_limit.limit_memory(0)\nprint(open({str(memory_limit.OOM_SCORE)!r}).read().strip())"
    assert memory_after(show, tmp_path).splitlines() == [memory_limit.EXPENDABLE, "taken"]


@pytest.mark.parametrize("where", ["compiled", "run"])
def test_a_tiny_file_that_asks_for_hundreds_of_gigabytes_is_named(where: str, tmp_path: Path) -> None:
    pytest.importorskip("openvino", reason="OpenVINO is optional")
    from tests.faults.hostile_openvino import BANDS, IMAGE, hundreds_of_gigabytes, save_built

    free = (1, BANDS, -1, -1)
    path = save_built(tmp_path / "net.xml", hundreds_of_gigabytes, IMAGE if where == "compiled" else free)
    assert path.stat().st_size + path.with_suffix(".bin").stat().st_size < 20_000
    if where == "compiled":
        with pytest.raises(WeightsMemoryError, match=r"net\.xml"):
            open_backend(path, BackendOptions(processor="CPU"))
        return
    backend = open_backend(path, BackendOptions(processor="CPU"))
    try:
        with pytest.raises(NetworkMemoryError, match="32 x 32"):
            backend.run(np.zeros(IMAGE, np.float32))
    finally:
        backend.close()


def test_a_compilation_that_never_ends_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("openvino", reason="OpenVINO is optional")
    from tests.faults.hostile_openvino import never_compiled, save_built

    started: list[WorkerProcess] = []

    class Kept(WorkerProcess):
        def __init__(self, python: Any) -> None:
            super().__init__(python)
            started.append(self)

    monkeypatch.setattr(client, "WorkerProcess", Kept)
    monkeypatch.setattr(runtimes, "LONGEST", 5.0)
    with pytest.raises(OpeningTimeError, match=r"net\.xml"):
        open_backend(save_built(tmp_path / "net.xml", never_compiled), BackendOptions(processor="CPU"))
    (worker,) = started
    assert worker._process.wait(30) != 0


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no signals")
def test_a_worker_that_is_ended_while_it_opens_a_network_names_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As the system ends it where memory runs out."""
    path = tmp_path / "net.xml"
    path.write_text("<net/>")

    class Killed(WorkerProcess):
        def ask(self, request: Any) -> Any:
            self._process.kill()
            return super().ask(request)

    monkeypatch.setattr(client, "WorkerProcess", Killed)
    with pytest.raises(WorkerOpeningError, match=r"signal 9.*net\.xml") as raised:
        open_backend(path, BackendOptions(processor="CPU"))
    assert isinstance(raised.value, WorkerDiedError)
