# SPDX-License-Identifier: GPL-2.0-or-later
"""Many jobs of a small scene from several clients at once, while processes of the service are killed at random.

    python -m benchmarks.service FOLDER [--count 200] [--clients 8] [--kills 40]

Every job that was accepted must end once and successfully, with the classes that ONNX Runtime returns for the whole
scene. Measured are the latency of a poll under this load, and the seconds of a job beyond its classification.
"""

from __future__ import annotations

import http.client
import json
import os
import random
import signal
import sqlite3
import statistics
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import numpy as np
import onnxruntime
from osgeo import gdal

from benchmarks.command import main
from benchmarks.measure import Finding, Target
from benchmarks.networks import definition, pointwise_network
from benchmarks.scenes import make_scene
from tests.servers.ports import reserved_port

ROOT = Path(__file__).resolve().parents[1]
TASK = "/arcgis/rest/services/System/RasterAnalysisTools/GPServer/ClassifyPixelsUsingDeepLearning"
PATIENCE = 3600.0
SLOTS = 2
SIZE, BANDS, CLASSES = 256, 3, 4
# Targets: milliseconds of a poll, and seconds of a job beside its classification, with both cores busy.
POLL, LATE_POLL, BEYOND = 100.0, 1000.0, 15.0


@dataclass
class Load:
    """The service, its jobs as the clients know them, and what was measured."""

    stores: Path
    folder: Path
    model: Path
    port: int
    accepted: list[str] = field(default_factory=list)
    polls: list[float] = field(default_factory=list)
    kills: dict[str, int] = field(default_factory=dict)
    process: Any = None

    def start(self) -> None:
        """Starts the service."""
        command = [sys.executable, str(ROOT / "scripts" / "serve"), "--stores", str(self.stores)]
        command += ["--jobs", str(self.folder), "--port", str(self.port), "--slots", str(SLOTS), "--waiting", "10000"]
        log = (self.folder.parent / "service.log").open("ab")
        self.process = subprocess.Popen(command, stdout=log, stderr=log)
        log.close()

    def get(self, path: str, **values: str) -> Any:
        """Returns an answer; waits while the service is being started again."""
        url = f"http://127.0.0.1:{self.port}{path}?{urlencode({'f': 'json', **values})}"
        deadline = time.monotonic() + PATIENCE
        while True:
            # The killed front may have answered in part.
            with suppress(OSError, ValueError, http.client.HTTPException):
                started = time.monotonic()
                with urllib.request.urlopen(url, timeout=60) as answer:
                    document = json.load(answer)
                self.polls.append(time.monotonic() - started)
                return document
            if time.monotonic() > deadline:
                raise TimeoutError(url)
            time.sleep(0.2)

    def work(self, count: int) -> None:
        """Submits jobs one after the other, and polls each until it has ended."""
        for _ in range(count):
            raster, model = "/rasterStores/data/scene.tif", f"/fileShares/data/{self.model.name}"
            context = json.dumps({"parallelProcessingFactor": "1"})
            job = self.get(f"{TASK}/submitJob", inputRaster=raster, model=model, context=context)["jobId"]
            self.accepted.append(job)
            ended = ("esriJobSucceeded", "esriJobFailed", "esriJobTimedOut", "esriJobCancelled")
            while self.get(f"{TASK}/jobs/{job}", returnMessages="false")["jobStatus"] not in ended:
                time.sleep(0.1)

    def rows(self) -> list[dict[str, Any]]:
        """Returns all jobs, read without the service."""
        with closing(sqlite3.connect(self.folder / "jobs.sqlite", timeout=60)) as database:
            database.row_factory = sqlite3.Row
            return [dict(row) for row in database.execute("SELECT * FROM job")]

    def kill_one(self, choice: random.Random) -> None:
        """Kills the front, the dispatcher or the process of a job."""
        kind = choice.choice(("front", "dispatcher", "job", "job"))
        with suppress(OSError, IndexError, ValueError):
            if kind == "front":
                self.process.kill()
                self.process.wait()
                self.start()
            elif kind == "dispatcher":
                tasks = Path(f"/proc/{self.process.pid}/task").iterdir()
                os.kill(
                    int([pid for task in tasks for pid in (task / "children").read_text().split()][0]), signal.SIGKILL
                )
            else:
                # The third crash of a job is a failure, as intended.
                running = [
                    row for row in self.rows() if row["status"] == "executing" and row["crashes"] < 2 and row["pid"]
                ]
                os.killpg(choice.choice(running)["pid"], signal.SIGKILL)
            self.kills[kind] = self.kills.get(kind, 0) + 1


def measure(folder: Path, count: int = 200, clients: int = 8, kills: int = 40, seed: int = 5) -> Iterator[Finding]:
    """Runs the load; raises an AssertionError for a job that is lost, doubled or wrong."""
    with reserved_port() as port:
        load = _load(folder, port)
        load.start()
        try:
            _run(load, count, clients, kills, random.Random(seed))
            rows = load.rows()
        finally:
            load.process.terminate()
            load.process.wait()
    _check(load, rows)
    beyond = [
        row["finished"] - row["started"] - json.loads(row["result"])["seconds"] for row in rows if row["attempt"] == 1
    ]
    polls = sorted(load.polls)
    note = (
        f"{len(rows)} jobs, {clients} clients, kills: {json.dumps(load.kills)}; each ended once with the right classes"
    )
    median, late = 1000 * statistics.median(polls), 1000 * polls[int(0.95 * len(polls))]
    yield Finding("service: a poll, median (ms)", Target(POLL), (median,), note)
    yield Finding("service: a poll, 95 percent (ms)", Target(LATE_POLL), (late,))
    yield Finding("service: seconds of a job beyond its classification", Target(BEYOND), (statistics.median(beyond),))


def _load(folder: Path, port: int) -> Load:
    folder.mkdir(parents=True, exist_ok=True)
    data, stores = folder / "data", folder / "stores.json"
    data.mkdir(exist_ok=True)
    make_scene(data / "scene.tif", SIZE, BANDS)
    model = definition(pointwise_network(data / "network.onnx", BANDS, CLASSES), BANDS, CLASSES, 64)
    stores.write_text(json.dumps({"stores": {"data": str(data)}}), encoding="utf-8")
    return Load(stores, folder / f"jobs{os.getpid()}", model, port)


def _expected(load: Load) -> Any:
    """Returns the classes of the scene by ONNX Runtime alone, on the whole scene at once."""
    session = onnxruntime.InferenceSession(
        str(load.model.with_name("network.onnx")), providers=["CPUExecutionProvider"]
    )
    values = gdal.Open(str(load.model.with_name("scene.tif"))).ReadAsArray().astype(np.float32)
    (scores,) = session.run(None, {session.get_inputs()[0].name: values[None]})
    # The definition names the classes from 1.
    return scores[0].argmax(axis=0) + 1


def _run(load: Load, count: int, clients: int, kills: int, choice: random.Random) -> None:
    shares = [count // clients + (number < count % clients) for number in range(clients)]
    threads = [threading.Thread(target=load.work, args=(share,), daemon=True) for share in shares]
    for thread in threads:
        thread.start()
    for number in range(1, kills + 1):
        # Spread over the whole load, whatever the speed of the machine.
        while any(thread.is_alive() for thread in threads) and len(load.accepted) < count * number / (kills + 1):
            time.sleep(0.05)
        time.sleep(choice.uniform(0.0, 1.0))
        load.kill_one(choice)
    for thread in threads:
        thread.join()
    if len(load.accepted) != count:
        raise AssertionError(f"{len(load.accepted)} of {count} jobs were accepted")


def _check(load: Load, rows: list[dict[str, Any]]) -> None:
    known = {row["id"]: row for row in rows}
    if set(load.accepted) - set(known):
        raise AssertionError("a job was lost")
    # The front may be killed between a job and its answer: the client then submits again.
    strange = [row["id"] for row in rows if row["ends"] != 1 or row["status"] != "succeeded"]
    if strange:
        raise AssertionError(f"these jobs did not end once and successfully: {strange}")
    expected = _expected(load)
    for row in rows:
        name = json.loads(row["result"])["files"][0]
        pixels = gdal.Open(str(load.folder / "files" / row["id"] / name)).ReadAsArray()
        if not np.array_equal(pixels, expected):
            raise AssertionError(f"the job {row['id']} has a wrong result")


if __name__ == "__main__":
    main(measure, __doc__, count=200, clients=8, kills=40)
