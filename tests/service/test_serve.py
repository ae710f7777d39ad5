# SPDX-License-Identifier: GPL-2.0-or-later
"""The command: its curl line, its end, and what a kill of each of its processes leaves."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode

import numpy as np
import pytest

pytest.importorskip("waitress", reason="scripts/serve needs waitress")

from classify_pixels.service import jobs
from classify_pixels.service.jobs import JobStore
from classify_pixels.service.os_processes import start_of
from tests.held_strips import HeldStrips
from tests.servers.ports import reserved_port
from tests.unit.rasters import random_pixels, read_raster, write_raster

from .conftest import LONG, PATIENCE, ROOT, SERVE, TASK_PATH, Stores, finished_strips, inputs, resumed


class Serving:
    """A service in its own processes."""

    def __init__(self, stores: Path, folder: Path, *more: str, **options: Any) -> None:
        with reserved_port() as port:
            self._start(port, stores, folder, *more, **options)

    def _start(self, port: int, stores: Path, folder: Path, *more: str, **options: Any) -> None:
        self.address, self.log = f"http://127.0.0.1:{port}", folder.parent / f"log{port}"
        command = [
            sys.executable,
            str(SERVE),
            "--stores",
            str(stores),
            "--jobs",
            str(folder),
            "--port",
            str(port),
            *more,
        ]
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log, text=True, **options)
        self.store = JobStore(folder)
        assert self.process.stdout is not None
        self.first_lines = [self.process.stdout.readline() for _ in range(3)]

    def get(self, path: str, **values: Any) -> Any:
        """Returns the JSON at a path."""
        with urllib.request.urlopen(f"{self.address}{path}?{urlencode({'f': 'json', **values})}") as answer:
            return json.load(answer)

    def submit(self, **more: Any) -> str:
        """Submits a job on the scene; returns its id."""
        return str(self.get(f"{TASK_PATH}/submitJob", **inputs(**more))["jobId"])

    def wait(self, done: Any) -> None:
        """Waits until a condition holds."""
        deadline = time.monotonic() + PATIENCE
        while not done():
            assert time.monotonic() < deadline, self.log.read_text()
            time.sleep(0.05)

    def dispatcher(self) -> int:
        """Returns the number of the dispatcher's process."""
        children = Path(f"/proc/{self.process.pid}/task")
        found = [pid for task in children.iterdir() for pid in (task / "children").read_text().split()]
        return int(found[0]) if found else 0

    def end(self, number: int = signal.SIGTERM) -> int:
        """Ends the first process; returns its status."""
        self.process.send_signal(number)
        return self.process.wait(PATIENCE)


def health_of(serving: Serving) -> str:
    """Returns the state of a service, also that of one without a dispatcher."""
    try:
        return str(serving.get("/health")["status"])
    except HTTPError as error:
        return str(json.load(error)["status"])


def is_told_to_end(pid: int) -> bool:
    """Returns True if SIGTERM waits for a stopped process."""
    (pending,) = re.findall(r"ShdPnd:\s*(\w+)", Path(f"/proc/{pid}/status").read_text())
    return bool(int(pending, 16) & 1 << (signal.SIGTERM - 1))


@pytest.fixture
def serving(stores: Stores, tmp_path: Path) -> Iterator[Serving]:
    made = Serving(stores.file, tmp_path / "jobs")
    yield made
    if made.process.poll() is None:
        made.end()


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")
def test_the_printed_line_classifies_the_sample(tmp_path: Path) -> None:
    serving = Serving(ROOT / "service" / "sample_stores.json", tmp_path / "jobs")
    try:
        line = serving.first_lines[1].partition("Try: ")[2]
        assert line.startswith("curl ")
        # As a person would paste it.
        done = subprocess.run(["bash", "-c", line], capture_output=True, text=True, check=True)
        job = json.loads(done.stdout)["jobId"]
        form = serving.first_lines[2].partition("Form: ")[2].strip()
        with urllib.request.urlopen(form) as answer:
            page = answer.read().decode()
        assert 'value="/rasterStores/sample/landsat7_olinda.tif"' in page
        assert 'value="/fileShares/sample/landsat7_landcover.dlpk"' in page
        serving.wait(lambda: serving.store.read(job).has_ended)
        assert serving.store.read(job).status == jobs.SUCCEEDED, serving.store.messages(job)
        assert serving.get("/health")["status"] == "ok"
    finally:
        status = serving.end()
    assert status == 0
    assert "Traceback" not in serving.log.read_text()


def test_a_port_in_use_is_refused_in_a_sentence(serving: Serving, stores: Stores, tmp_path: Path) -> None:
    """The dispatcher that was started before ends as well."""
    port = serving.address.rpartition(":")[2]
    command = [sys.executable, str(SERVE), "--stores", str(stores.file), "--jobs", str(tmp_path / "j"), "--port", port]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=PATIENCE)
    assert done.returncode == 2
    assert port in done.stderr
    assert "Traceback" not in done.stderr


def test_ctrl_c_ends_all_processes(stores: Stores, tmp_path: Path) -> None:
    """A terminal sends SIGINT to all processes at once."""

    def as_in_a_terminal() -> None:
        # Programs in the background of a script ignore SIGINT, and so would their children.
        signal.signal(signal.SIGINT, signal.SIG_DFL)

    serving = Serving(stores.file, tmp_path / "jobs", start_new_session=True, preexec_fn=as_in_a_terminal)
    try:
        serving.wait(lambda: health_of(serving) == "ok")
        dispatcher = serving.dispatcher()
        os.killpg(serving.process.pid, signal.SIGINT)
        assert serving.process.wait(PATIENCE) == 0
        assert start_of(dispatcher) == ""
    finally:
        serving.process.kill()
    assert "Traceback" not in serving.log.read_text()


def test_a_service_for_others_needs_tokens(stores: Stores, tmp_path: Path) -> None:
    command = [
        sys.executable,
        str(SERVE),
        "--stores",
        str(stores.file),
        "--jobs",
        str(tmp_path / "j"),
        "--host",
        "0.0.0.0",
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "--tokens" in done.stderr


@pytest.mark.slow
@pytest.mark.parametrize("victim", ["front", "dispatcher", "job", "all"])
def test_a_kill_of_any_part_loses_and_doubles_nothing(
    victim: str, held: HeldStrips, serving: Serving, stores: Stores, tmp_path: Path
) -> None:
    """The file has the bytes of an undisturbed job, and finished strips are taken over."""
    write_raster(stores.folder / "scene.tif", pixels := random_pixels(*LONG), options=["TILED=YES"])
    store, job = serving.store, serving.submit()
    serving.wait(lambda: len(finished_strips(store, job)) >= held.count)
    before, dispatcher = store.read(job), serving.dispatcher()
    assert before.pid is not None
    strips = finished_strips(store, job)

    def has_ended_with_the_same_strips() -> bool:
        now = finished_strips(store, job)
        assert all(strips[name] == now[name] for name in strips if name in now)
        return store.read(job).has_ended

    if victim in ("dispatcher", "all"):
        os.kill(dispatcher, signal.SIGKILL)
    if victim in ("job", "all"):
        os.killpg(before.pid, signal.SIGKILL)
    if victim == "front":
        # Stopped, the job ends no sooner than the dispatcher has told it to.
        os.kill(before.pid, signal.SIGSTOP)
    if victim in ("front", "all"):
        serving.end(signal.SIGKILL)
    if victim == "front":
        serving.wait(lambda: is_told_to_end(before.pid))
        held.let_go()
        os.kill(before.pid, signal.SIGCONT)
    serving.wait(lambda: start_of(before.pid) == "")
    held.let_go()
    if victim in ("front", "all"):
        serving.wait(lambda: start_of(dispatcher) == "")
        serving = Serving(stores.file, tmp_path / "jobs")
    try:
        serving.wait(has_ended_with_the_same_strips)
        undisturbed = serving.submit()
        serving.wait(lambda: store.read(undisturbed).has_ended)
    finally:
        serving.end()
    ended = store.read(job)
    assert (ended.status, ended.ends, ended.attempt) == (jobs.SUCCEEDED, 1, 2), store.messages(job)
    # The dispatcher lets a job go on alone; what it has finished until its end counts as well.
    assert resumed(store, job) >= len(strips)
    file = store.folder_of(job) / "classified.tif"
    assert file.read_bytes() == (store.folder_of(undisturbed) / "classified.tif").read_bytes()
    assert np.array_equal(np.squeeze(read_raster(file)), stores.expected(pixels))
