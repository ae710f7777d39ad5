# SPDX-License-Identifier: GPL-2.0-or-later
"""Slots of GPUs, and jobs on the workers of a Dask scheduler."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from werkzeug.test import Client

from classify_pixels.inference.cluster.settings import ClusterSettings
from classify_pixels.service import gpus, jobs
from classify_pixels.service.application import Application
from classify_pixels.service.dispatcher import Dispatcher
from classify_pixels.service.errors import SettingsError
from classify_pixels.service.jobs import Job, JobStore
from classify_pixels.service.settings import Settings
from tests.held_strips import HeldStrips
from tests.servers.dask_cluster import started
from tests.unit.rasters import random_pixels, read_raster, write_raster

from .conftest import (
    LONG,
    PATIENCE,
    SERVE,
    Stores,
    errors_of,
    job_command,
    killed_amid,
    resumed,
    submit,
    with_limits,
    work_off,
)

# Stands for a job's process: it writes the variables it sees, and waits until it is let go.
PROCESS = """
import json, os, pathlib, sys, time
folder, job = pathlib.Path(sys.argv[1]), sys.argv[2]
names = ("CUDA_VISIBLE_DEVICES", "CUDA_DEVICE_ORDER")
part = folder / f"{job}.part"
part.write_text(json.dumps([os.environ.get(name) for name in names]))
part.rename(folder / f"{job}.json")
while not (folder / f"{job}.go").exists():
    time.sleep(0.01)
"""


class Processes:
    """Jobs whose processes only report the GPU that they see."""

    def __init__(self, settings: Settings, folder: Path) -> None:
        folder.mkdir()
        self._folder = folder
        self.dispatcher = Dispatcher(settings, [sys.executable, "-c", PROCESS, str(folder)])

    def gpu_of(self, job: str) -> list[str | None]:
        """Returns the variables of a job's process, once it runs."""
        report, deadline = self._folder / f"{job}.json", time.monotonic() + PATIENCE
        while not report.exists():
            assert time.monotonic() < deadline
            self.dispatcher.step()
            time.sleep(0.02)
        found: list[str | None] = json.loads(report.read_text())
        return found

    def has_begun(self, job: str) -> bool:
        """Returns True if a job's process has been started."""
        self.dispatcher.step()
        return self.dispatcher.store.read(job).attempt > 0

    def let_go(self, job: str) -> None:
        """Ends a job's process, and its job with it."""
        store = self.dispatcher.store
        store.end(job, store.read(job).attempt, jobs.SUCCEEDED)
        (self._folder / f"{job}.go").touch()


def test_each_job_gets_a_free_gpu(settings: Settings, client: Client, tmp_path: Path) -> None:
    made = Processes(with_limits(settings, gpus=("GPU-a", "3"), slots=7), tmp_path / "seen")
    first, second, third = (submit(client) for _ in range(3))
    order = "PCI_BUS_ID"
    try:
        assert made.gpu_of(first) == ["GPU-a", order]
        assert made.gpu_of(second) == ["3", order]
        assert not made.has_begun(third)
        made.let_go(second)
        assert made.gpu_of(third) == ["3", order]
        made.let_go(third)
        made.let_go(first)
        work_off(made.dispatcher)
    finally:
        made.dispatcher.close()


def test_slots_without_gpus_leave_the_choice_to_the_job(
    settings: Settings, client: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "5,6")
    monkeypatch.delenv("CUDA_DEVICE_ORDER", raising=False)
    made = Processes(with_limits(settings, slots=2), tmp_path / "seen")
    first, second, third = (submit(client, context='{"gpuId": 1}') for _ in range(3))
    try:
        assert [made.gpu_of(job) for job in (first, second)] == 2 * [["5,6", None]]
        assert not made.has_begun(third)
    finally:
        for job in (first, second):
            made.let_go(job)
        made.dispatcher.close()


@pytest.mark.parametrize("context", ['{"gpuId": 1}', '{"gpuId": "1"}', '{"gpuId": 1, "processorType": "GPU"}'])
def test_a_job_that_asks_for_another_gpu_is_refused(context: str, settings: Settings) -> None:
    client = Client(Application(with_limits(settings, gpus=("0", "1"))))
    (error,) = errors_of(client, submit(client, context=context))
    assert "gpuId" in error
    assert not errors_of(client, submit(client, context='{"gpuId": 0}'))
    body = {"inputs": {"inputRaster": "/rasterStores/data/scene.tif", "model": "/fileShares/data/model.emd"}}
    body["inputs"]["context"] = json.loads(context)
    assert client.post("/ogc/processes/classify-pixels/execution", json=body).status_code == 400


def test_a_job_that_waited_for_another_gpu_is_refused_when_it_starts(
    settings: Settings, client: Client, stores: Stores
) -> None:
    job = submit(client, context='{"gpuId": 1}')
    command = job_command(stores, settings)
    command.insert(command.index("--job"), "--gpus=0")
    work_off(Dispatcher(with_limits(settings, gpus=("0",)), command))
    (error,) = errors_of(client, job)
    assert "gpuId" in error


@pytest.fixture
def faked_list(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An nvidia-smi of two GPUs."""
    program = tmp_path / "bin" / "nvidia-smi"
    program.parent.mkdir()
    program.write_text("#!/bin/sh\necho GPU-11\necho GPU-22\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}:{os.environ['PATH']}")
    monkeypatch.delenv("CUDA_VISIBLE_DEVICES", raising=False)
    return program


def test_all_gpus_of_the_machine(faked_list: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert gpus.read_gpus("all") == ("GPU-11", "GPU-22")
    assert gpus.read_gpus(" 0, MIG-1f/2 ") == ("0", "MIG-1f/2")
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "1,0")
    assert gpus.read_gpus("all") == ("1", "0")


@pytest.mark.parametrize("text", [",", "0,0", "0,all", "-1", "0;1", "GPU 0"])
def test_a_list_that_names_no_gpus_is_refused(text: str) -> None:
    with pytest.raises(SettingsError):
        gpus.read_gpus(text)


@pytest.mark.parametrize("answer", ["exit 9", "true"])
def test_a_machine_without_gpus_is_refused(answer: str, faked_list: Path) -> None:
    faked_list.write_text(f"#!/bin/sh\n{answer}\n")
    with pytest.raises(SettingsError):
        gpus.read_gpus("all")


def files_of(store: JobStore, job: Job) -> dict[str, bytes]:
    """Returns the files of a result, without the request keys: those for other machines ignore parts of seconds."""
    assert job.result is not None
    files = {name: (store.folder_of(job.id) / name).read_bytes() for name in job.result["files"]}
    return {name: re.sub(rb"(REQUEST_KEY\D{,20})[0-9a-f]{64}", rb"\1", content) for name, content in files.items()}


@pytest.mark.slow
@pytest.mark.parametrize("strips", ["beside", "folder"])
def test_a_cluster_gives_the_same_bytes(strips: str, stores: Stores, settings: Settings, tmp_path: Path) -> None:
    """Two workers without our code; one raster, and each raster of a folder."""
    pytest.importorskip("distributed", reason="the package distributed is not installed")
    write_raster(stores.folder / "scene.tif", pixels := random_pixels(3, 2500, 2000), options=["TILED=YES"])
    scenes = stores.folder / "scenes"
    scenes.mkdir()
    for name in ("a", "b"):
        write_raster(scenes / f"{name}.tif", random_pixels(3, 300, 200))
    client, usual = Client(Application(settings)), Dispatcher(settings, job_command(stores, settings))
    place = tmp_path / "strips"
    place.mkdir()
    forms: list[dict[str, str]] = [{}, {"inputRaster": "/rasterStores/data/scenes", "processAllRasterItems": "true"}]
    ours = [submit(client, **form) for form in forms]
    work_off(usual)
    with started(tmp_path, 2) as cluster:
        named = ClusterSettings(cluster.address, str(place) if strips == "folder" else "")
        command = job_command(stores, settings)
        options = [f"--scheduler={named.scheduler}", f"--strips={named.strips}"]
        command[command.index("--job") : command.index("--job")] = options
        theirs = [submit(client, **form) for form in forms]
        work_off(Dispatcher(settings, command))
    store = usual.store
    for our, their in zip(ours, theirs):
        one, other = store.read(our), store.read(their)
        assert other.status == jobs.SUCCEEDED, store.messages(their)
        assert files_of(store, other) == files_of(store, one)
        assert one.result is not None
        assert other.result is not None
        assert other.result["classes"] == one.result["classes"]
        texts = [message.text for message in store.messages(their)]
        assert any("(scheduler), workers: " in text for text in texts)
        assert not any(cluster.address in text or str(tmp_path) in text for text in texts)
    classes = np.squeeze(read_raster(store.folder_of(theirs[0]) / "classified.tif"))
    assert np.array_equal(classes, stores.expected(pixels))
    assert not [*place.iterdir()]


@pytest.mark.parametrize("way", ["expiry", "dismissal"])
def test_the_strips_of_a_removed_job_are_removed(way: str, settings: Settings, tmp_path: Path) -> None:
    """Only its own, in the folder that all jobs share."""
    place = tmp_path / "strips"
    shared = replace(settings, cluster=ClusterSettings("tcp://127.0.0.1:1", str(place)))
    client = Client(Application(shared))
    removed, waiting = submit(client), submit(client)
    for job in (removed, waiting):
        (place / job / "classified").mkdir(parents=True)
    client.delete(f"/ogc/jobs/{removed}")
    assert (place / removed).exists()
    if way == "dismissal":
        client.delete(f"/ogc/jobs/{removed}")
    else:
        Dispatcher(with_limits(shared, days=-1.0), []).remove_old()
    assert [each.name for each in place.iterdir()] == [waiting]


@pytest.mark.slow
def test_a_killed_job_goes_on_from_the_strips_of_the_cluster(
    stores: Stores, settings: Settings, client: Client, tmp_path: Path, held: HeldStrips
) -> None:
    """The workers may still write strips of the killed job; they have the same bytes."""
    pytest.importorskip("distributed", reason="the package distributed is not installed")
    write_raster(stores.folder / "scene.tif", pixels := random_pixels(*LONG), options=["TILED=YES"])
    with started(tmp_path, 2) as cluster:
        command = job_command(stores, settings)
        command.insert(command.index("--job"), f"--scheduler={cluster.address}")
        dispatcher, job = Dispatcher(settings, command), submit(client)
        store = dispatcher.store
        killed = killed_amid(dispatcher, job, held)
        work_off(dispatcher)
    ended = store.read(job)
    assert (ended.status, ended.ends, ended.attempt) == (jobs.SUCCEEDED, 1, 2), store.messages(job)
    assert resumed(store, job) >= len(killed)
    classes = np.squeeze(read_raster(store.folder_of(job) / "classified.tif"))
    assert np.array_equal(classes, stores.expected(pixels))


@pytest.mark.parametrize(
    "options",
    [
        ["--scheduler", "tcp://203.0.113.5:8786"],
        ["--scheduler", "none"],
        ["--gpus", "0", "--slots", "2"],
        ["--gpus", "GPU 0"],
        ["--port", "99999"],
        ["--port", "0"],
        ["--jobs", "/proc/none"],
        ["--jobs", __file__],
        ["--host", "203.0.113.5"],
    ],
)
def test_settings_that_no_job_could_use_are_refused(options: list[str], stores: Stores, tmp_path: Path) -> None:
    command = [sys.executable, str(SERVE), "--stores", str(stores.file), "--jobs", str(tmp_path / "j"), *options]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr


def test_a_bucket_for_strips_is_refused(stores: Stores, tmp_path: Path) -> None:
    command = [sys.executable, str(SERVE), "--stores", str(stores.file), "--jobs", str(tmp_path / "j")]
    command += ["--scheduler", "tcp://127.0.0.1:8786", "--strips", "/vsis3/bucket/strips"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "/vsis3/bucket/strips" in done.stderr
