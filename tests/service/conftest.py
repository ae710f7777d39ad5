# SPDX-License-Identifier: GPL-2.0-or-later
"""A store with a small scene and a model, and a service over it."""

from __future__ import annotations

import io
import json
import logging
import os
import re
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

pytest.importorskip("werkzeug", reason="the service needs werkzeug")

from werkzeug.serving import make_server
from werkzeug.test import Client, TestResponse

from classify_pixels.inference.run.resume.folder_lock import strips_folder
from classify_pixels.service import jobs
from classify_pixels.service.application import Application
from classify_pixels.service.dispatcher import Dispatcher
from classify_pixels.service.gate import Gate
from classify_pixels.service.gpserver import BASE, TASK
from classify_pixels.service.jobs import EXECUTING, Job, JobStore
from classify_pixels.service.os_processes import start_of
from classify_pixels.service.settings import Limits, Settings, read_stores
from tests.held_strips import HeldStrips
from tests.networks import class_definition, pointwise_network, pointwise_weights
from tests.unit.rasters import random_pixels, read_raster, write_raster

ROOT = Path(__file__).resolve().parents[2]
SERVE = ROOT / "scripts" / "serve"
TASK_PATH = f"{BASE}/{TASK}"
BANDS, VALUES, SIZE = 3, (1, 2, 3, 4), 96
PATIENCE = 300.0
# Cells (bands, height, width) of a scene that is cut into six strips.
LONG = (3, 3000, 300)


@dataclass(frozen=True)
class Stores:
    """The folder of the store `data`, the pixels of its scene, and a folder outside."""

    folder: Path
    outside: Path
    pixels: np.ndarray

    @property
    def file(self) -> Path:
        """The file of stores."""
        return self.outside / "stores.json"

    @property
    def gate(self) -> Gate:
        """The gate of the store."""
        return Gate({"data": self.folder.resolve()})

    def expected(self, pixels: np.ndarray | None = None) -> np.ndarray:
        """Returns the classes by numpy alone: the largest of the scores of a 1 x 1 convolution."""
        matrix, bias = pointwise_weights(BANDS, len(VALUES))
        values = (self.pixels if pixels is None else pixels).astype(np.float32)
        scores = np.tensordot(matrix, values, 1) + bias[:, None, None]
        return np.array(VALUES)[scores.argmax(axis=0)]


def make_stores(folder: Path) -> Stores:
    data, outside = folder / "data", folder / "outside"
    data.mkdir()
    outside.mkdir()
    pixels = random_pixels(BANDS, SIZE, SIZE)
    write_raster(data / "scene.tif", pixels)
    write_raster(outside / "secret.tif", pixels)
    network = pointwise_network(data / "network.onnx", BANDS, len(VALUES))
    definition = class_definition(network, BANDS, VALUES, 32)
    (data / "model.emd").write_text(json.dumps({**definition, "ModelFile": "network.onnx"}))
    (outside / "stores.json").write_text(json.dumps({"stores": {"data": str(data)}}))
    return Stores(data, outside, pixels)


@pytest.fixture
def stores(tmp_path: Path) -> Stores:
    return make_stores(tmp_path)


@pytest.fixture
def settings(stores: Stores, tmp_path: Path) -> Settings:
    return Settings(stores.gate, tmp_path / "jobs", "http://localhost", limits=Limits(seconds=PATIENCE))


@pytest.fixture
def store(settings: Settings) -> JobStore:
    return JobStore(settings.jobs)


@pytest.fixture
def client(settings: Settings) -> Client:
    return Client(Application(settings))


def inputs(**more: Any) -> dict[str, Any]:
    """Returns the parameters of a job on the scene."""
    return {
        "inputRaster": json.dumps({"uri": "/rasterStores/data/scene.tif"}),
        "model": json.dumps({"uri": "/fileShares/data/model.emd"}),
        **more,
    }


def submit(client: Client, **more: Any) -> str:
    """Submits a job; returns its id."""
    answer = client.post(f"{TASK_PATH}/submitJob", data={**inputs(**more), "f": "json"})
    return str(answer.get_json()["jobId"])


def status(client: Client, job: str) -> dict[str, Any]:
    """Returns the state of a job as GPServer has it."""
    return dict(client.get(f"{TASK_PATH}/jobs/{job}?f=json").get_json())


def errors_of(client: Client, job: str) -> list[str]:
    """Returns the errors among the messages of a job."""
    return [m["description"] for m in status(client, job)["messages"] if m["type"] == "esriJobMessageTypeError"]


def refusal_of(answer: TestResponse) -> str:
    """Returns the message of an error of GPServer, empty if it is none."""
    return str((answer.get_json() or {}).get("error", {}).get("message", ""))


def job_command(stores: Stores, settings: Settings) -> list[str]:
    """Returns the command of a job's process."""
    return [sys.executable, str(SERVE), "--stores", str(stores.file), "--jobs", str(settings.jobs), "--job"]


def work_off(dispatcher: Dispatcher) -> None:
    """Lets a dispatcher work until no job waits or runs."""
    deadline = time.monotonic() + PATIENCE
    while any(not job.has_ended for job in dispatcher.store.jobs()):
        assert time.monotonic() < deadline
        dispatcher.step()
        time.sleep(0.02)


def finished_strips(store: JobStore, job: str) -> dict[str, tuple[int, int]]:
    """Returns the records of a job's finished strips, with their inodes and times."""
    found = {}
    for path in strips_folder(store.folder_of(job) / "classified.tif").glob("*.strip.json"):
        with suppress(FileNotFoundError):
            found[path.name] = (path.stat().st_ino, path.stat().st_mtime_ns)
    return found


def resumed(store: JobStore, job: str) -> int:
    """Returns the number of strips that the last process of a job has taken over."""
    texts = [message.text for message in store.messages(job)]
    counts = [int(found[1]) for text in texts if (found := re.match(r"Resuming: (\d+) strips", text))]
    return counts[-1] if counts else 0


@pytest.fixture
def held(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> HeldStrips:
    """Stops every job amid its strips until it is let go."""
    return HeldStrips(tmp_path, monkeypatch)


def run_until_held(dispatcher: Dispatcher, job: str, held: HeldStrips) -> int:
    """Starts a job and waits until it is stopped amid its strips; returns the number of its process."""
    deadline = time.monotonic() + PATIENCE
    dispatcher.step()
    while len(finished_strips(dispatcher.store, job)) < held.count:
        assert time.monotonic() < deadline, dispatcher.store.messages(job)
        time.sleep(0.02)
    running = dispatcher.store.read(job)
    assert (running.status, running.pid is None) == (EXECUTING, False)
    return running.pid or 0


def killed_amid(dispatcher: Dispatcher, job: str, held: HeldStrips) -> set[str]:
    """Kills a job's process once some strips are finished; returns their records."""
    pid = run_until_held(dispatcher, job, held)
    os.killpg(pid, signal.SIGKILL)
    wait_until(lambda: not start_of(pid))
    found = set(finished_strips(dispatcher.store, job))
    held.let_go()
    return found


def wait_until(done: Callable[[], Any]) -> None:
    """Waits until a condition holds."""
    deadline = time.monotonic() + PATIENCE
    while not done():
        assert time.monotonic() < deadline
        time.sleep(0.02)


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """The log of this process."""
    text = io.StringIO()
    handler, logger = logging.StreamHandler(text), logging.getLogger()
    logger.addHandler(handler)
    before = logger.level
    logger.setLevel(logging.DEBUG)
    yield text
    logger.removeHandler(handler)
    logger.setLevel(before)


def write_stores(stores: Stores, **more: Any) -> Gate:
    """Writes the file of stores with further keys; returns its gate."""
    stores.file.write_text(json.dumps({"stores": {"data": str(stores.folder)}, **more}))
    return read_stores(stores.file)


def classes_of(dispatcher: Dispatcher, job_id: str) -> np.ndarray:
    """Returns the cells of the result of a job, which has succeeded."""
    job = dispatcher.store.read(job_id)
    assert job.status == jobs.SUCCEEDED, dispatcher.store.messages(job_id)
    assert job.result is not None
    return np.squeeze(read_raster(dispatcher.store.folder_of(job_id) / job.result["files"][0]))


@pytest.fixture
def dispatcher(stores: Stores, settings: Settings) -> Iterator[Dispatcher]:
    made = Dispatcher(settings, job_command(stores, settings))
    yield made
    made.close()


def with_limits(settings: Settings, **limits: Any) -> Settings:
    """Returns the settings with other limits."""
    return replace(settings, limits=replace(settings.limits, **limits))


def only_job(store: JobStore) -> Job:
    """Returns the one job of a store."""
    (job,) = store.jobs()
    return job


@contextmanager
def listening(application: Any) -> Iterator[str]:
    """Yields the address of an application on a free port of this machine."""
    server = make_server("127.0.0.1", 0, application, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def live_address(settings: Settings) -> Iterator[str]:
    """The address of a front that listens on a port of this machine."""
    with listening(Application(settings)) as address:
        yield address
