# SPDX-License-Identifier: GPL-2.0-or-later
"""The dispatcher: a process for each job, never more at once than it has slots."""

from __future__ import annotations

import fcntl
import logging
import os
import re
import shutil
import signal
import sqlite3
import subprocess
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from ..inference.new_files import NO_FOLLOW
from .errors import JobLostError, JobTimeError, JobUnknownError
from .gpus import environment_of
from .jobs import CANCELLED, CANCELLING, ENDED, EXECUTING, FAILED, TIMED_OUT, Job, JobStore
from .os_processes import STOPPED, kill_group, start_of
from .settings import Settings

LOG = logging.getLogger("classify_pixels.service")

PAUSE, PAUSE_AFTER_ERROR = 0.1, 5.0
# Seconds for a cancelled job to end before its process is killed; also for the jobs of a dispatcher that ends.
SECONDS_TO_CANCEL = 30.0
MOST_CRASHES = 3
SECONDS_BETWEEN_CLEANINGS = 600.0
FOLDER_OF_JOB = re.compile(r"j[0-9a-f]{32}")


@dataclass
class _Running:
    """A job, its process and its GPU, if any.

    `over` is the last second in which it may run, `cancelled` the one in which its cancellation was seen first, both of
    a clock that is never set. `verdict` is the state and the error of a job that was ended from here.
    """

    job: Job
    process: subprocess.Popen[bytes]
    start: str
    over: float
    gpu: str
    cancelled: float | None = None
    verdict: tuple[str, str] | None = None


class Dispatcher:
    """Takes waiting jobs, watches their processes, and removes old results.

    `command` starts a job; its id and attempt are appended.
    """

    def __init__(self, settings: Settings, command: Sequence[str]) -> None:
        self.store = JobStore(settings.jobs)
        self._settings, self._command = settings, [*command]
        self._running: list[_Running] = []
        self._cleaned = 0.0
        self._stopping = False
        self._parent = os.getppid()

    def run(self) -> None:
        """Works until the process receives SIGTERM or SIGINT, or its parent is gone; one dispatcher for a folder."""
        signal.signal(signal.SIGTERM, self._stop)
        signal.signal(signal.SIGINT, self._stop)
        path = self._settings.jobs / "dispatcher.lock"
        file = os.open(path, os.O_RDWR | os.O_CREAT | NO_FOLLOW, 0o600)
        try:
            if self._lock(file):
                self.take_over()
                while not self._is_over():
                    try:
                        self.step()
                    except sqlite3.Error as error:
                        # Locked, or a full disk; running jobs must not end for that. The next step tries again.
                        LOG.error("The database of the jobs: %s", error)
                        time.sleep(PAUSE_AFTER_ERROR)
                    time.sleep(PAUSE)
                self.close()
        finally:
            os.close(file)

    def step(self) -> None:
        """Looks after the running jobs, and starts waiting ones while slots are free."""
        for running in [*self._running]:
            self._watch(running)
        free = self._free_slots()
        while free and (job := self.store.take()) is not None:
            try:
                self._start(job, free.pop(0))
            except OSError as error:
                LOG.error("The process of a job does not start: %s", error.strerror)
                self._left(job, None)
                time.sleep(PAUSE_AFTER_ERROR)
                break
        if time.monotonic() - self._cleaned > SECONDS_BETWEEN_CLEANINGS:
            self._cleaned = time.monotonic()
            self.remove_old()

    def take_over(self) -> None:
        """Ends the processes that a killed dispatcher left, and lets their jobs wait again."""
        for job in self.store.jobs(None, EXECUTING, CANCELLING):
            _end_process(job)
            self._left(job, None)
            # One that has just started and claimed the job in between; now none can any more.
            with suppress(JobUnknownError):
                _end_process(self.store.read(job.id))

    def close(self) -> None:
        """Ends all jobs, which go on at the next start."""
        for running in self._running:
            running.process.terminate()
        deadline = time.monotonic() + SECONDS_TO_CANCEL
        for running in [*self._running]:
            try:
                running.process.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                kill_group(running.process.pid, running.start)
                running.process.wait()
            # The next dispatcher decides on what could not be written.
            with suppress(sqlite3.Error):
                self._left(running.job, None)
        self._running = []

    def remove_old(self) -> None:
        """Removes ended jobs of more days than the settings allow, and folders without a job."""
        files = self.store.folder_of("")
        # A job is in the store before its folder is made, and longer: listed in this order, none is without its job.
        folders = [name for name in os.listdir(files) if FOLDER_OF_JOB.fullmatch(name)] if files.is_dir() else []
        for name in {*folders} - self.store.ids():
            shutil.rmtree(files / name, ignore_errors=True)
        limit = time.time() - self._settings.limits.days * 86400
        for job in self.store.jobs(None, *ENDED):
            if job.finished is not None and job.finished < limit:
                self._settings.remove_strips(job.id)
                shutil.rmtree(self.store.folder_of(job.id), ignore_errors=True)
                self.store.remove(job.id)

    def _free_slots(self) -> list[str]:
        """Returns the GPU of each free slot, empty where slots have none."""
        free = [*(self._settings.limits.gpus or [""] * self._settings.limits.slots)]
        for running in self._running:
            free.remove(running.gpu)
        return free

    def _start(self, job: Job, gpu: str) -> None:
        environment = {**os.environ, **environment_of(gpu), "CLASSIFY_PIXELS_ALLOWED_FUNCTIONS": ""}
        process = subprocess.Popen(
            [*self._command, job.id, str(job.attempt)], stdin=subprocess.DEVNULL, start_new_session=True,
            env=environment,
        )  # fmt: skip
        over = time.monotonic() + self._settings.limits.seconds
        self._running.append(_Running(job, process, start_of(process.pid), over, gpu))

    def _watch(self, running: _Running) -> None:
        """Looks after a job; a step whose writing fails is done again."""
        process = running.process
        if process.returncode is None and not _has_ended(process.pid):
            self._limit(running)
        elif process.returncode is None:
            # Its children must not outlive it; until it is waited for, its number is no other's.
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        if process.returncode is not None:
            if running.verdict:
                self.store.end(running.job.id, running.job.attempt, *running.verdict)
            else:
                self._left(running.job, None if process.returncode == STOPPED else process.returncode)
            self._running.remove(running)

    def _limit(self, running: _Running) -> None:
        """Ends the process of a job that takes too long, or does not end when it is cancelled."""
        now = time.monotonic()
        if now > running.over:
            running.verdict = TIMED_OUT, str(JobTimeError(seconds=round(self._settings.limits.seconds)))
        elif self._status_of(running.job) == CANCELLING:
            running.cancelled = running.cancelled or now
            if now - running.cancelled > SECONDS_TO_CANCEL:
                running.verdict = CANCELLED, ""
        if running.verdict:
            kill_group(running.process.pid, running.start)
            running.process.wait()

    def _status_of(self, job: Job) -> str:
        """Returns the state of a job, empty for one that was removed when it had ended, before its process has."""
        try:
            return self.store.read(job.id).status
        except JobUnknownError:
            return ""

    def _left(self, job: Job, status: int | None) -> None:
        """Decides on a job whose process is gone; without a status it was ended on purpose."""
        try:
            now = self.store.read(job.id)
        except JobUnknownError:
            return
        if now.has_ended or now.attempt != job.attempt:
            return
        if now.status == CANCELLING:
            self.store.end(job.id, job.attempt, CANCELLED)
        elif status is not None and now.crashes + 1 >= MOST_CRASHES:
            error = JobLostError(count=MOST_CRASHES, status=status)
            self.store.end(job.id, job.attempt, FAILED, str(error))
        elif not self.store.put_back(job.id, job.attempt, crashed=status is not None):
            # It was cancelled in between.
            self.store.end(job.id, job.attempt, CANCELLED)

    def _lock(self, file: int) -> bool:
        """Waits for the lock of another dispatcher; False if this one is to end before."""
        while not self._is_over():
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                time.sleep(PAUSE)
            else:
                return True
        return False

    def _is_over(self) -> bool:
        return self._stopping or os.getppid() != self._parent

    def _stop(self, *_: Any) -> None:
        self._stopping = True


def _end_process(job: Job) -> None:
    if job.pid is not None and job.pid_start:
        kill_group(job.pid, job.pid_start)


def _has_ended(pid: int) -> bool:
    return os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None
