# SPDX-License-Identifier: GPL-2.0-or-later
"""The jobs of the profile on disk, one file each, so that parallel QGIS sessions do not overwrite each other's."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from qgis.PyQt.QtCore import QLockFile

from ...inference.new_files import write_whole
from .job import Job, JobState, read_job, write_job

# The oldest finished jobs are removed first.
MOST_JOBS = 100
JOB_ID = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True)
class HistoryProblem:
    """A file of the history that could not be read or written, with the reason."""

    file: Path
    reason: str


class JobHistory:
    """Jobs in a folder; unreadable or unwritable files are only listed in `problems`."""

    def __init__(self, folder: Path, most: int = MOST_JOBS) -> None:
        self._folder, self._most = folder, most
        self._locks: dict[str, QLockFile] = {}
        self.problems: list[HistoryProblem] = []

    def load(self) -> list[Job]:
        """Returns the jobs from oldest to newest; unfinished jobs of an ended QGIS are interrupted."""
        self.problems = []
        jobs = [job for path in sorted(self._folder.glob("*.json")) if (job := self._read(path)) is not None]
        jobs = sorted((self._of_earlier(job) for job in jobs), key=lambda job: job.created)
        for job in jobs:
            # Earlier versions saved addresses with their sign-in.
            if job.request.without_secrets() != job.request:
                self._write(job)
        surplus = {job.id for job in self.trim(jobs)}
        return [job for job in jobs if job.id not in surplus]

    def save(self, job: Job) -> None:
        """Writes a job, and locks it for this QGIS until it is over."""
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            self._hold(job)
        except OSError as error:
            self.problems.append(HistoryProblem(self._folder, error.strerror or str(error)))
            return
        self._write(job)

    def forget(self, job: Job) -> None:
        """Removes the file of a job, not its result."""
        self._let_go(job)
        try:
            self._path(job).unlink(missing_ok=True)
        except OSError as error:
            self.problems.append(HistoryProblem(self._path(job), error.strerror or str(error)))

    def trim(self, jobs: Sequence[Job]) -> list[Job]:
        """Removes the oldest finished jobs beyond the limit, and returns them."""
        surplus = max(0, len(jobs) - self._most)
        old = [job for job in jobs if job.state.over][:surplus]
        for job in old:
            self.forget(job)
        return old

    def close(self) -> None:
        """Releases the jobs of this QGIS."""
        for lock in self._locks.values():
            lock.unlock()
        self._locks.clear()

    def _read(self, path: Path) -> Job | None:
        try:
            job = read_job(path.read_text(encoding="utf-8"))
            if path.stem != job.id or not JOB_ID.fullmatch(job.id):
                raise ValueError(f"it holds the job {job.id}")
        except (OSError, ValueError) as error:
            self.problems.append(HistoryProblem(path, str(error)))
            return None
        return job

    def _write(self, job: Job) -> None:
        path = self._path(job)
        try:
            write_whole(path, write_job(job))
        except OSError as error:
            self.problems.append(HistoryProblem(path, error.strerror or str(error)))

    def _of_earlier(self, job: Job) -> Job:
        """Returns an unfinished job as interrupted if no QGIS holds its lock."""
        if job.state.over:
            return job
        lock = self._lock(job)
        if not lock.tryLock(0):
            return job
        lock.unlock()
        return replace(job, state=JobState.INTERRUPTED)

    def _hold(self, job: Job) -> None:
        if job.state.over:
            self._let_go(job)
        elif job.id not in self._locks:
            lock = self._lock(job)
            lock.tryLock(0)
            self._locks[job.id] = lock

    def _let_go(self, job: Job) -> None:
        lock = self._locks.pop(job.id, None)
        if lock is not None:
            lock.unlock()

    def _lock(self, job: Job) -> QLockFile:
        lock = QLockFile(str(self._folder / f"{job.id}.lock"))
        # Only the end of its process makes a lock stale, because runs may take hours.
        lock.setStaleLockTime(0)
        return lock

    def _path(self, job: Job) -> Path:
        return self._folder / f"{job.id}.json"
