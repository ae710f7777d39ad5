# SPDX-License-Identifier: GPL-2.0-or-later
"""The command: its curl line, its end, and what a kill of each of its processes leaves."""

from __future__ import annotations

import json
import os
import shlex
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import numpy as np
import pytest

pytest.importorskip("waitress", reason="scripts/serve needs waitress")

from classify_pixels.service import jobs
from classify_pixels.service.jobs import JobStore
from classify_pixels.service.processes import start_of
from tests.unit.rasters import random_pixels, read_raster, write_raster

from .conftest import PATIENCE, ROOT, SERVE, TASK_PATH, Stores, inputs


class Serving:
    """A service in its own processes."""

    def __init__(self, stores: Path, folder: Path, *more: str) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
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
            self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log, text=True)
        self.store = JobStore(folder)
        assert self.process.stdout is not None
        self.first_lines = [self.process.stdout.readline() for _ in range(2)]

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
        return self.process.wait(60)


@pytest.fixture
def serving(stores: Stores, tmp_path: Path) -> Iterator[Serving]:
    made = Serving(stores.file, tmp_path / "jobs")
    yield made
    if made.process.poll() is None:
        made.end()


def test_the_printed_line_classifies_the_sample(tmp_path: Path) -> None:
    serving = Serving(ROOT / "service" / "sample_stores.json", tmp_path / "jobs")
    try:
        line = serving.first_lines[1].partition("Try: ")[2]
        assert line.startswith("curl ")
        url = shlex.split(line)[-1]
        with urllib.request.urlopen(url) as answer:
            job = json.load(answer)["jobId"]
        serving.wait(lambda: serving.store.read(job).has_ended)
        assert serving.store.read(job).status == jobs.SUCCEEDED, serving.store.messages(job)
        assert serving.get("/health")["status"] == "ok"
    finally:
        status = serving.end()
    assert status == 0
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


@pytest.mark.parametrize("victim", ["front", "dispatcher"])
def test_a_kill_of_any_part_loses_and_doubles_nothing(
    victim: str, serving: Serving, stores: Stores, tmp_path: Path
) -> None:
    write_raster(stores.folder / "scene.tif", pixels := random_pixels(3, 3000, 3000), options=["TILED=YES"])
    job = serving.submit()
    serving.wait(lambda: serving.store.read(job).progress > 0.1)
    before = serving.store.read(job)
    if victim == "front":
        dispatcher = serving.dispatcher()
        serving.end(signal.SIGKILL)
        serving.wait(lambda: start_of(dispatcher) == "")
        serving = Serving(stores.file, tmp_path / "jobs")
    else:
        os.kill(serving.dispatcher(), signal.SIGKILL)
    try:
        serving.wait(lambda: serving.store.read(job).has_ended)
    finally:
        serving.end()
    ended = serving.store.read(job)
    assert (ended.status, ended.ends) == (jobs.SUCCEEDED, 1), serving.store.messages(job)
    assert before.has_ended or ended.attempt == 2
    assert ended.result is not None
    classes = np.squeeze(read_raster(serving.store.folder_of(job) / ended.result["files"][0]))
    assert np.array_equal(classes, stores.expected(pixels))
