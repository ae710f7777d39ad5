# SPDX-License-Identifier: GPL-2.0-or-later
"""The store of jobs and the dispatcher: exact slots, each end once, and what a kill leaves."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from classify_pixels.service import jobs
from classify_pixels.service.dispatcher import Dispatcher
from classify_pixels.service.errors import JobEndedError, JobUnknownError, QueueFullError
from classify_pixels.service.jobs import JobStore
from classify_pixels.service.os_processes import is_alive, kill_group, start_of
from classify_pixels.service.settings import Settings

from .conftest import PATIENCE, only_job, with_limits, work_off

OWNER = "a"


def add(store: JobStore, count: int = 1, most: int = 100) -> list[str]:
    return [store.submit(OWNER, {}, "x", most).id for _ in range(count)]


def stub(settings: Settings, code: str) -> list[str]:
    """Returns the command of a process that does this instead of a job."""
    start = f"import os, sys, time; sys.path.insert(0, {str(Path(__file__).resolve().parents[2])!r}); "
    load = "import importlib.util; sys.path.insert(0, sys.path[0] + '/scripts'); import load_package; "
    load += "load_package.load_package(); from classify_pixels.service.jobs import JobStore; from pathlib import Path; "
    load += f"store = JobStore(Path({str(settings.jobs)!r})); job, attempt = sys.argv[1], int(sys.argv[2]); "
    load += "from classify_pixels.service.os_processes import start_of; "
    load += "store.claim(job, attempt, os.getpid(), start_of(os.getpid())); "
    return [sys.executable, "-c", start + load + code]


END = "store.end(job, attempt, 'succeeded', result={'files': []})"


def test_a_job_is_taken_once(store: JobStore) -> None:
    add(store, 40)
    taken: list[str] = []

    def take() -> None:
        while (job := store.take()) is not None:
            taken.append(job.id)

    threads = [threading.Thread(target=take) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(taken) == sorted(job.id for job in store.jobs())


def test_only_the_newest_attempt_ends_a_job_and_only_once(store: JobStore) -> None:
    (job,) = add(store)
    first = store.take()
    assert first is not None
    assert store.put_back(job, first.attempt, crashed=True)
    second = store.take()
    assert second is not None
    assert second.attempt == first.attempt + 1
    assert not store.end(job, first.attempt, jobs.SUCCEEDED)
    assert store.advance(job, first.attempt, 0.9) == ""
    assert not store.claim(job, first.attempt, 1, "x")
    assert store.end(job, second.attempt, jobs.SUCCEEDED, result={"files": ["a"]})
    assert not store.end(job, second.attempt, jobs.FAILED)
    found = store.read(job)
    assert (found.status, found.ends, found.progress, found.result) == (jobs.SUCCEEDED, 1, 1, {"files": ["a"]})


def test_a_job_is_its_owners(store: JobStore) -> None:
    (job,) = add(store)
    with pytest.raises(JobUnknownError):
        store.read(job, "b")
    with pytest.raises(JobUnknownError):
        store.cancel(job, "b")
    assert store.jobs("b") == []
    assert store.read(job, OWNER).status == jobs.SUBMITTED


def test_the_queue_has_an_end_under_concurrent_submissions(store: JobStore) -> None:
    refused: list[int] = []

    def fill() -> None:
        for _ in range(5):
            try:
                add(store, most=8)
            except QueueFullError:
                refused.append(1)

    threads = [threading.Thread(target=fill) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert store.counts() == {jobs.SUBMITTED: 8}
    assert len(refused) == 12


def test_a_waiting_job_is_cancelled_at_once_and_an_ended_one_never(store: JobStore) -> None:
    (job,) = add(store)
    assert store.cancel(job, OWNER).status == jobs.CANCELLED
    with pytest.raises(JobEndedError):
        store.cancel(job, OWNER)
    assert store.take() is None
    assert store.read(job).ends == 1


def test_never_more_processes_than_slots(settings: Settings, tmp_path: Path) -> None:
    go = tmp_path / "go"
    wait = f"\nwhile not Path({str(go)!r}).exists():\n    time.sleep(0.02)\n{END}"
    dispatcher = Dispatcher(with_limits(settings, slots=2), stub(settings, wait))
    add(dispatcher.store, 5)
    deadline = time.monotonic() + PATIENCE
    while running_of(dispatcher) < 2:
        assert time.monotonic() < deadline
        dispatcher.step()
        time.sleep(0.01)
    for _ in range(20):
        dispatcher.step()
        assert running_of(dispatcher) == 2
        assert dispatcher.store.counts() == {jobs.EXECUTING: 2, jobs.SUBMITTED: 3}
    go.touch()
    work_off(dispatcher)
    assert {(job.status, job.ends) for job in dispatcher.store.jobs()} == {(jobs.SUCCEEDED, 1)}


def running_of(dispatcher: Dispatcher) -> int:
    return sum(is_alive(job.pid, job.pid_start) for job in dispatcher.store.jobs(None, jobs.EXECUTING))


def test_a_process_that_dies_is_started_again_up_to_three_times(settings: Settings) -> None:
    dispatcher = Dispatcher(settings, stub(settings, "os.kill(os.getpid(), 9)"))
    add(dispatcher.store)
    work_off(dispatcher)
    job = only_job(dispatcher.store)
    assert (job.status, job.attempt, job.ends) == (jobs.FAILED, 3, 1)
    assert [message.kind for message in dispatcher.store.messages(job.id)] == [jobs.ERROR]


def test_a_job_has_a_time_limit(settings: Settings) -> None:
    dispatcher = Dispatcher(with_limits(settings, seconds=1.0), stub(settings, "time.sleep(600)"))
    add(dispatcher.store)
    work_off(dispatcher)
    job = only_job(dispatcher.store)
    assert (job.status, job.ends) == (jobs.TIMED_OUT, 1)


def test_a_job_that_ignores_cancel_is_killed(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("classify_pixels.service.dispatcher.SECONDS_TO_CANCEL", 0.3)
    dispatcher = Dispatcher(settings, stub(settings, "time.sleep(600)"))
    (job,) = add(dispatcher.store)
    dispatcher.step()
    assert dispatcher.store.cancel(job).status == jobs.CANCELLING
    work_off(dispatcher)
    found = only_job(dispatcher.store)
    assert (found.status, found.ends) == (jobs.CANCELLED, 1)


def test_children_of_a_job_do_not_outlive_it(settings: Settings, tmp_path: Path) -> None:
    note = tmp_path / "pid"
    child = (
        f"import subprocess; p = subprocess.Popen(['sleep', '600']); Path({str(note)!r}).write_text(str(p.pid)); {END}"
    )
    dispatcher = Dispatcher(settings, stub(settings, child))
    add(dispatcher.store)
    work_off(dispatcher)
    deadline = time.monotonic() + PATIENCE
    # The process ends after it has written its end.
    while start_of(int(note.read_text())):
        assert time.monotonic() < deadline
        dispatcher.step()
        time.sleep(0.02)


def test_what_a_killed_dispatcher_left_is_ended_and_done_again(settings: Settings) -> None:
    first = Dispatcher(settings, stub(settings, "time.sleep(600)"))
    (job,) = add(first.store)
    first.step()
    deadline = time.monotonic() + PATIENCE
    while (left := first.store.read(job)).pid is None:
        assert time.monotonic() < deadline
        time.sleep(0.02)
    second = Dispatcher(settings, stub(settings, END))
    second.take_over()
    assert second.store.read(job).status == jobs.SUBMITTED
    assert not is_alive(left.pid, left.pid_start)
    work_off(second)
    found = only_job(second.store)
    # The kill was not the job's fault.
    assert (found.status, found.attempt, found.crashes, found.ends) == (jobs.SUCCEEDED, 2, 0, 1)
    first.close()


def test_another_process_of_the_same_number_is_left_alone() -> None:
    with subprocess.Popen(["sleep", "600"], start_new_session=True) as process:
        try:
            kill_group(process.pid, "another start")
            assert start_of(process.pid)
            kill_group(process.pid, start_of(process.pid))
            assert start_of(process.pid) == ""
        finally:
            process.kill()


def test_old_results_are_removed(settings: Settings) -> None:
    dispatcher = Dispatcher(with_limits(settings, days=0.0), stub(settings, END))
    add(dispatcher.store, 2)
    work_off(dispatcher)
    folder = dispatcher.store.folder_of(dispatcher.store.jobs()[0].id)
    folder.mkdir(parents=True)
    add(dispatcher.store)
    dispatcher.remove_old()
    assert [job.status for job in dispatcher.store.jobs()] == [jobs.SUBMITTED]
    assert not folder.exists()
