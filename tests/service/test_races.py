# SPDX-License-Identifier: GPL-2.0-or-later
"""What happens at the same time: ends, cancels, removals, restarts, faults of the database and files that change."""

from __future__ import annotations

import json
import os
import random
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from werkzeug.test import Client

from classify_pixels.service import dispatcher as dispatching
from classify_pixels.service import jobs
from classify_pixels.service.application import Application
from classify_pixels.service.dispatcher import Dispatcher
from classify_pixels.service.errors import JobEndedError, JobUnknownError, ParameterRefusedError, ReferenceRefusedError
from classify_pixels.service.job_request import RequestReader
from classify_pixels.service.jobs import JobStore
from classify_pixels.service.os_processes import start_of
from classify_pixels.service.settings import Settings
from classify_pixels.service.submission import read_submission
from tests.unit.rasters import write_raster

from .conftest import PATIENCE, TASK_PATH, Stores, errors_of, inputs, only_job, status, submit, work_off
from .test_jobs import END, add, stub


@pytest.fixture
def waiting_for(settings: Settings, tmp_path: Path) -> Iterator[tuple[Dispatcher, Path]]:
    """A dispatcher whose jobs succeed at once, and whose processes end when a file is there."""
    go = tmp_path / "go"
    code = f"{END}\nwhile not Path({str(go)!r}).exists():\n    time.sleep(0.02)"
    made = Dispatcher(settings, stub(settings, code))
    yield made, go
    go.touch()
    made.close()


def step_until(dispatcher: Dispatcher, done: Any) -> None:
    """Lets a dispatcher work until a condition holds."""
    deadline = time.monotonic() + PATIENCE
    while not done():
        assert time.monotonic() < deadline
        dispatcher.step()
        time.sleep(0.02)


@contextmanager
def locked(settings: Settings) -> Iterator[None]:
    """Keeps all others from writing into the database of the jobs."""
    with closing(sqlite3.connect(settings.jobs / "jobs.sqlite", isolation_level=None)) as database:
        database.execute("BEGIN IMMEDIATE")
        yield
        database.execute("ROLLBACK")


# --- ends, cancels and removals


@pytest.mark.parametrize("way", ["dismissed", "expired"])
def test_a_job_that_is_removed_before_its_process_ends_stops_no_dispatcher(
    way: str, waiting_for: tuple[Dispatcher, Path], settings: Settings
) -> None:
    """A process needs a while to end after its job has ended, and callers are faster."""
    dispatcher, go = waiting_for
    client = Client(Application(settings))
    (job,) = [dispatcher.store.submit("anyone", {}, "x", 5).id]
    step_until(dispatcher, lambda: dispatcher.store.read(job).has_ended)
    if way == "dismissed":
        assert client.delete(f"/ogc/jobs/{job}").status_code == 200
    else:
        dispatcher._settings = replace(settings, limits=replace(settings.limits, days=0.0))
        dispatcher.remove_old()
    with pytest.raises(JobUnknownError):
        dispatcher.store.read(job)
    for _ in range(5):
        dispatcher.step()
    go.touch()
    step_until(dispatcher, lambda: not dispatcher._running)
    # It works on.
    add(dispatcher.store)
    work_off(dispatcher)
    assert only_job(dispatcher.store).status == jobs.SUCCEEDED


@pytest.mark.parametrize("end", [jobs.SUCCEEDED, jobs.FAILED, jobs.TIMED_OUT])
def test_a_job_whose_cancel_was_accepted_ends_as_cancelled(end: str, client: Client, store: JobStore) -> None:
    """OGC's state for it is an end: a dismissed job must not succeed afterwards."""
    job = submit(client)
    taken = store.take()
    assert taken is not None
    assert client.delete(f"/ogc/jobs/{job}").get_json()["status"] == "dismissed"
    assert store.end(job, taken.attempt, end, result={"files": ["x.tif"], "classes": []})
    assert not store.end(job, taken.attempt, end)
    found = store.read(job)
    assert (found.status, found.ends, found.result) == (jobs.CANCELLED, 1, None)
    assert client.get(f"/ogc/jobs/{job}").get_json()["status"] == "dismissed"
    assert client.get(f"/files/{job}/x.tif").status_code == 404


def test_a_job_that_ends_while_it_is_dismissed_is_removed(
    client: Client, store: JobStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = submit(client)
    taken = store.take()
    assert taken is not None
    cancel = JobStore.cancel

    def ended_before(self: JobStore, *values: Any) -> Any:
        self.end(job, taken.attempt, jobs.SUCCEEDED, result={"files": [], "classes": []})
        return cancel(self, *values)

    monkeypatch.setattr(JobStore, "cancel", ended_before)
    answer = client.delete(f"/ogc/jobs/{job}")
    assert (answer.status_code, answer.get_json()["status"]) == (200, "dismissed")
    assert client.get(f"/ogc/jobs/{job}").status_code == 404


def test_each_job_ends_once_whoever_comes_first(store: JobStore) -> None:
    """Processes end jobs, callers cancel them, and a dispatcher takes them back, all at once."""
    ids = add(store, 60)
    accepted: set[str] = set()

    def works() -> None:
        while (job := store.take()) is not None:
            time.sleep(random.random() / 100)
            if random.random() < 0.3 and store.put_back(job.id, job.attempt, crashed=False):
                continue
            store.end(job.id, job.attempt, jobs.SUCCEEDED, result={"files": []})

    def cancels() -> None:
        for job in random.sample(ids, 40):
            with suppress(JobEndedError):
                store.cancel(job, "a")
                accepted.add(job)

    threads = [threading.Thread(target=each) for each in [works] * 3 + [cancels] * 3]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    works()
    for job in store.jobs():
        expected = jobs.CANCELLED if job.id in accepted else jobs.SUCCEEDED
        assert (job.status, job.ends) == (expected, 1)


# --- restarts


def test_a_process_that_claims_its_job_while_a_dispatcher_takes_over_is_ended(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The dispatcher was killed between the start of the process and its first word."""
    store = JobStore(settings.jobs)
    (job,) = add(store)
    taken = store.take()
    assert taken is not None
    with subprocess.Popen(["sleep", "600"], start_new_session=True) as process:
        put_back = JobStore.put_back

        def claimed_before(self: JobStore, *values: Any, **named: Any) -> bool:
            assert self.claim(job, taken.attempt, process.pid, start_of(process.pid))
            return put_back(self, *values, **named)

        monkeypatch.setattr(JobStore, "put_back", claimed_before)
        try:
            Dispatcher(settings, stub(settings, END)).take_over()
            assert start_of(process.pid) == ""
        finally:
            process.kill()
    assert store.read(job).status == jobs.SUBMITTED


def has_open(pid: int, name: str) -> bool:
    """Returns True if a process has a file of this name open."""
    found = False
    for file in Path(f"/proc/{pid}/fd").iterdir():
        with suppress(FileNotFoundError):
            found = found or os.readlink(file).endswith(f"/{name}")
    return found


def test_a_second_dispatcher_waits_for_the_first(settings: Settings, stores: Stores) -> None:
    script = Path(__file__).resolve().parents[2] / "scripts" / "serve"
    command = [sys.executable, str(script), "--stores", str(stores.file), "--jobs", str(settings.jobs)]
    client = Client(Application(settings))
    with subprocess.Popen([*command, "--only", "dispatcher"]) as first:
        try:
            deadline = time.monotonic() + PATIENCE
            while client.get("/health").status_code != 200:
                assert time.monotonic() < deadline
                time.sleep(0.05)
            with subprocess.Popen([*command, "--only", "dispatcher"]) as second:
                while not has_open(second.pid, "dispatcher.lock"):
                    assert time.monotonic() < deadline
                    time.sleep(0.05)
                job = submit(client)
                while not status(client, job)["jobStatus"].endswith(("Succeeded", "Failed")):
                    assert time.monotonic() < deadline
                    time.sleep(0.05)
                assert second.poll() is None
                second.terminate()
                assert second.wait(PATIENCE) == 0
        finally:
            first.terminate()
    found = only_job(JobStore(settings.jobs))
    assert (found.status, found.attempt, found.ends) == (jobs.SUCCEEDED, 1, 1)


def test_a_process_that_cannot_be_started_leaves_its_job_waiting(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As with too many processes, or no memory."""
    monkeypatch.setattr(dispatching, "PAUSE_AFTER_ERROR", 0.0)
    dispatcher = Dispatcher(settings, ["/no/such/program"])
    add(dispatcher.store, 2)
    dispatcher.step()
    assert dispatcher.store.counts() == {jobs.SUBMITTED: 2}
    dispatcher._command = stub(settings, END)
    work_off(dispatcher)
    assert {(job.status, job.crashes, job.ends) for job in dispatcher.store.jobs()} == {(jobs.SUCCEEDED, 0, 1)}


def test_folders_without_a_job_are_removed_and_no_others(settings: Settings) -> None:
    """They are left where a service was killed in the middle of a removal."""
    dispatcher = Dispatcher(settings, stub(settings, END))
    kept, lost = dispatcher.store.folder_of(add(dispatcher.store)[0]), dispatcher.store.folder_of(f"j{'0' * 32}")
    other = settings.jobs / "files" / "notes"
    for folder in (kept, lost, other):
        folder.mkdir(parents=True)
    dispatcher.remove_old()
    assert (kept.exists(), lost.exists(), other.exists()) == (True, False, True)


def test_a_clock_that_is_set_back_lets_no_cancelled_job_run_on(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dispatching, "SECONDS_TO_CANCEL", 0.3)
    dispatcher = Dispatcher(settings, stub(settings, "time.sleep(600)"))
    (job,) = add(dispatcher.store)
    dispatcher.step()
    with monkeypatch.context() as tomorrow:
        now = time.time()
        tomorrow.setattr(time, "time", lambda: now + 86400)
        dispatcher.store.cancel(job)
    work_off(dispatcher)
    assert (only_job(dispatcher.store).status, only_job(dispatcher.store).ends) == (jobs.CANCELLED, 1)


# --- the database


def test_a_locked_database_is_an_answer_that_says_so(settings: Settings, store: JobStore) -> None:
    application = Application(settings)
    application._store._busy = 0.1
    client = Client(application)
    with locked(settings):
        answer = client.post(f"{TASK_PATH}/submitJob", data={**inputs(), "f": "json"})
        assert (answer.get_json()["error"]["code"], answer.headers["Retry-After"]) == (503, "30")
        values = {"inputRaster": "/rasterStores/data/scene.tif", "model": "/rasterStores/data/model.emd"}
        answer = client.post("/ogc/processes/classify-pixels/execution", json={"inputs": values})
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "30")
        assert client.post(f"{TASK_PATH}/submitJob", data=inputs()).status_code == 503
        # Who only reads is not kept waiting.
        assert client.get("/ogc/jobs").status_code == 200
    assert store.jobs() == []
    submit(client)


def test_a_database_that_cannot_be_read_is_no_crash(settings: Settings) -> None:
    client = Client(Application(settings))
    for file in settings.jobs.glob("jobs.sqlite*"):
        file.write_bytes(b"no database" * 1000)
    answer = client.get("/health")
    assert (answer.status_code, answer.get_json()["status"]) == (503, "no database")
    for path in ("/metrics", "/ogc/jobs", f"{TASK_PATH}/jobs"):
        assert client.get(path).status_code == 503


def test_what_a_locked_database_kept_from_being_written_is_written_later(settings: Settings) -> None:
    dispatcher = Dispatcher(settings, stub(settings, "os.kill(os.getpid(), 9)"))
    dispatcher.store._busy = 0.1
    add(dispatcher.store)
    dispatcher.step()
    process = dispatcher._running[0].process
    while not dispatching._has_ended(process.pid):
        time.sleep(0.02)
    with locked(settings):
        for _ in range(3):
            with pytest.raises(sqlite3.OperationalError):
                dispatcher.step()
    work_off(dispatcher)
    job = only_job(dispatcher.store)
    assert (job.status, job.attempt, job.ends) == (jobs.FAILED, 3, 1)


def test_a_dispatcher_lives_on_after_a_fault_of_the_database(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dispatching, "PAUSE_AFTER_ERROR", 0.0)
    dispatcher = Dispatcher(settings, stub(settings, END))
    add(dispatcher.store)
    step, steps = dispatcher.step, []

    def faulty() -> None:
        steps.append(1)
        if len(steps) < 4:
            raise sqlite3.OperationalError("database or disk is full")
        step()
        dispatcher._stopping = only_job(dispatcher.store).has_ended

    monkeypatch.setattr(dispatcher, "step", faulty)
    monkeypatch.setattr("signal.signal", lambda *_: None)
    dispatcher.run()
    assert (only_job(dispatcher.store).status, only_job(dispatcher.store).ends) == (jobs.SUCCEEDED, 1)


# --- files


def test_a_folder_that_cannot_be_made_is_a_sentence(client: Client, dispatcher: Dispatcher, settings: Settings) -> None:
    (settings.jobs / "files").write_text("in the way")
    job = submit(client)
    work_off(dispatcher)
    assert (only_job(dispatcher.store).status, only_job(dispatcher.store).attempt) == (jobs.FAILED, 1)
    (error,) = errors_of(client, job)
    assert str(settings.jobs) not in error


@pytest.mark.parametrize("victim", ["scene.tif", "scene.tif.msk", "network.onnx", "mask.geojson"])
@pytest.mark.parametrize("way", ["link", "file", "removed", "put back"])
def test_a_file_that_is_replaced_after_its_check_ends_the_job(
    victim: str, way: str, stores: Stores, tmp_path: Path
) -> None:
    """A link could lead out of the store; another file would be another scene."""
    folder = stores.folder
    write_raster(folder / "scene.tif.msk", stores.pixels[:1] * 0 + 255)
    square = [[[-1000, -1000], [10**7, -1000], [10**7, 10**7], [-1000, 10**7], [-1000, -1000]]]
    features = [{"type": "Feature", "properties": {}, "geometry": {"type": "Polygon", "coordinates": square}}]
    (folder / "mask.geojson").write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    given = inputs(context=json.dumps({"mask": "/rasterStores/data/mask.geojson"}))
    reader = RequestReader(
        read_submission(given, stores.gate), stores.gate, tmp_path / "job", tmp_path / "cache", 10**6
    )
    reader.read()
    reader.check_states()
    (folder / victim).rename(tmp_path / "aside")
    if way == "link":
        (folder / victim).symlink_to(stores.outside / "secret.tif")
    elif way == "file":
        (folder / victim).write_bytes((tmp_path / "aside").read_bytes())
    elif way == "put back":
        (tmp_path / "aside").rename(folder / victim)
    with pytest.raises(ParameterRefusedError) as caught:
        reader.check_states()
    assert victim in str(caught.value)
    assert str(folder) not in str(caught.value)


def test_a_side_file_that_is_added_after_the_check_is_checked_as_well(stores: Stores, tmp_path: Path) -> None:
    reader = RequestReader(
        read_submission(inputs(), stores.gate), stores.gate, tmp_path / "job", tmp_path / "cache", 10**6
    )
    reader.read()
    (stores.folder / "scene.tif.msk").symlink_to(stores.outside / "secret.tif")
    with pytest.raises(ReferenceRefusedError):
        reader.check_states()
