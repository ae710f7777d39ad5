# SPDX-License-Identifier: GPL-2.0-or-later
"""The store of jobs: one SQLite file that front, dispatcher and jobs share."""

from __future__ import annotations

import json
import secrets
import sqlite3
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from .errors import JobEndedError, JobUnknownError, QueueFullError, ShareFullError

SUBMITTED, EXECUTING, CANCELLING = "submitted", "executing", "cancelling"
SUCCEEDED, FAILED, TIMED_OUT, CANCELLED = "succeeded", "failed", "timedout", "cancelled"
ENDED = (SUCCEEDED, FAILED, TIMED_OUT, CANCELLED)
INFO, WARNING, ERROR = "info", "warning", "error"

# Seconds to wait for another process that writes; less for a caller, whose request keeps a thread.
BUSY = 30.0
BUSY_FRONT = 10.0

# `attempt` counts the processes started for a job; only the newest one may write. `ends` counts its ends. `turn` has
# the number of the last start of each owner's jobs, because ended jobs may be removed.
SCHEMA = """
CREATE TABLE IF NOT EXISTS job (
    id TEXT PRIMARY KEY, owner TEXT NOT NULL, inputs TEXT NOT NULL, name TEXT NOT NULL, status TEXT NOT NULL,
    progress REAL NOT NULL DEFAULT 0, submitted REAL NOT NULL, started REAL, updated REAL NOT NULL, finished REAL,
    attempt INTEGER NOT NULL DEFAULT 0, crashes INTEGER NOT NULL DEFAULT 0, pid INTEGER, pid_start TEXT,
    cancelled REAL, result TEXT, ends INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX IF NOT EXISTS job_status ON job (status, submitted);
CREATE INDEX IF NOT EXISTS job_owner ON job (owner, submitted);
CREATE TABLE IF NOT EXISTS message (
    job TEXT NOT NULL REFERENCES job (id) ON DELETE CASCADE, n INTEGER NOT NULL, at REAL NOT NULL, kind TEXT NOT NULL,
    text TEXT NOT NULL, PRIMARY KEY (job, n)
);
CREATE TABLE IF NOT EXISTS turn (owner TEXT PRIMARY KEY, number INTEGER NOT NULL);
"""
# The next job: of the owner with the fewest running jobs; of equal ones, the one whose last start is the longest ago.
NEXT = """
SELECT job.id FROM job LEFT JOIN turn ON turn.owner = job.owner LEFT JOIN (
    SELECT owner, count(*) AS count FROM job WHERE status IN ('executing', 'cancelling') GROUP BY owner
) AS running ON running.owner = job.owner
WHERE status = 'submitted' ORDER BY coalesce(count, 0), coalesce(number, 0), submitted, job.id LIMIT 1
"""
MOST_MESSAGES = 5000
LONGEST_MESSAGE = 10_000
# Jobs of an owner that ended without a process, such as refused ones; nothing else limits their number.
MOST_UNSTARTED = 200
# Characters of the parameters of a job in a list.
LONGEST_IN_LIST = 10_000


@dataclass(frozen=True)
class Job:
    """A job as it was when it was read; times are seconds since 1970, `progress` is 0 to 1."""

    id: str
    owner: str
    inputs: Mapping[str, Any]
    name: str
    status: str
    progress: float
    submitted: float
    started: float | None
    updated: float
    finished: float | None
    attempt: int
    crashes: int
    pid: int | None
    pid_start: str | None
    cancelled: float | None
    result: Mapping[str, Any] | None
    ends: int

    @property
    def has_ended(self) -> bool:
        """True if the job will not change any more."""
        return self.status in ENDED


@dataclass(frozen=True)
class Message:
    """A sentence of a job: information, a warning or an error."""

    kind: str
    text: str
    at: float


SHORT = f"CASE WHEN length(inputs) <= {LONGEST_IN_LIST} THEN inputs ELSE '{{}}' END AS inputs"
LISTED = ", ".join(SHORT if each.name == "inputs" else each.name for each in fields(Job))


class JobStore:
    """The jobs in a folder; each job has a folder of its own for its files. Every call opens the file again."""

    def __init__(self, folder: Path, busy: float = BUSY) -> None:
        self.folder, self._busy = folder, busy
        folder.mkdir(parents=True, exist_ok=True)
        with self._reading() as database:
            database.execute("PRAGMA journal_mode = WAL")
            database.executescript(SCHEMA)

    def folder_of(self, job: str) -> Path:
        """Returns the folder of a job's files."""
        return self.folder / "files" / job

    def submit(
        self, owner: str, inputs: Mapping[str, Any], name: str, most_waiting: int, refusal: str = "",
        most_own: int | None = None,
    ) -> Job:  # fmt: skip
        """Adds a job that waits, or one that has failed with a refusal.

        Raises a QueueFullError at the limit of waiting jobs, and a ShareFullError at the limit of this owner.
        """
        now, job = time.time(), f"j{secrets.token_hex(16)}"
        with self._writing() as database:
            if not refusal:
                _check_queue(database, owner, most_waiting, most_waiting if most_own is None else most_own)
            state = (FAILED, now, 1) if refusal else (SUBMITTED, None, 0)
            database.execute(
                "INSERT INTO job (id, owner, inputs, name, submitted, updated, status, finished, ends) "
                "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (job, owner, json.dumps(inputs), name, now, now, *state),
            )
            if refusal:
                _add_message(database, job, ERROR, refusal)
            database.execute(
                "DELETE FROM job WHERE id IN (SELECT id FROM job WHERE owner = ? AND attempt = 0 AND status <> ? "
                "ORDER BY submitted DESC, rowid DESC LIMIT -1 OFFSET ?)",
                (owner, SUBMITTED, MOST_UNSTARTED),
            )
        return self.read(job, owner)

    def read(self, job: str, owner: str | None = None) -> Job:
        """Returns a job, of this owner if one is given; raises a JobUnknownError."""
        with self._reading() as database:
            row = database.execute("SELECT * FROM job WHERE id = ?", (job,)).fetchone()
        if row is None or owner not in (None, row["owner"]):
            raise JobUnknownError(job=job)
        return _job(row)

    def jobs(self, owner: str | None = None, *status: str, most: int = -1, offset: int = 0) -> list[Job]:
        """Returns the jobs of an owner or of all, newest first; of these states if any are given.

        Long parameters are left out, because a list of many such jobs would fill the memory.
        """
        marks = ", ".join("?" * len(status))
        where = ["1"] + ["owner = ?"] * (owner is not None) + [f"status IN ({marks})"] * bool(status)
        values = [*([owner] if owner is not None else []), *status, most, offset]
        # Only names of columns and marks are put together here.
        query = f"SELECT {LISTED} FROM job WHERE {' AND '.join(where)} ORDER BY submitted DESC, id LIMIT ? OFFSET ?"  # noqa: S608  # nosec B608
        with self._reading() as database:
            return [_job(row) for row in database.execute(query, values)]

    def messages(self, job: str, newest: int = -1) -> list[Message]:
        """Returns the messages of a job in their order, or the newest of them."""
        query = "SELECT kind, text, at FROM message WHERE job = ? ORDER BY n DESC LIMIT ?"
        with self._reading() as database:
            rows = database.execute(query, (job, newest)).fetchall()
        return [Message(*row) for row in reversed(rows)]

    def ids(self) -> set[str]:
        """Returns the ids of all jobs."""
        with self._reading() as database:
            return {str(row["id"]) for row in database.execute("SELECT id FROM job")}

    def counts(self) -> dict[str, int]:
        """Returns the number of jobs by state."""
        with self._reading() as database:
            return dict(map(tuple, database.execute("SELECT status, count(*) FROM job GROUP BY status")))

    def cancel(self, job: str, owner: str | None = None) -> Job:
        """Cancels a waiting job, and marks a running one for its process; raises a JobEndedError."""
        now = time.time()
        self.read(job, owner)
        with self._writing() as database:
            waiting = database.execute(
                "UPDATE job SET status = ?, finished = ?, updated = ?, cancelled = ?, ends = ends + 1 "
                "WHERE id = ? AND status = ?",
                (CANCELLED, now, now, now, job, SUBMITTED),
            ).rowcount
            running = database.execute(
                "UPDATE job SET status = ?, updated = ?, cancelled = coalesce(cancelled, ?) "
                "WHERE id = ? AND status IN (?, ?)",
                (CANCELLING, now, now, job, EXECUTING, CANCELLING),
            ).rowcount
        if not waiting and not running:
            raise JobEndedError(job=job)
        return self.read(job)

    def remove(self, job: str) -> None:
        """Removes an ended job and its messages."""
        with self._writing() as database:
            marks = ", ".join("?" * len(ENDED))
            query = f"DELETE FROM job WHERE id = ? AND status IN ({marks})"  # noqa: S608  # nosec B608
            database.execute(query, (job, *ENDED))

    # --- the dispatcher

    def take(self) -> Job | None:
        """Marks the next waiting job as executing, for one process only; None if no job waits.

        Owners take turns, each with their oldest job.
        """
        with self._writing() as database:
            row = database.execute(
                "UPDATE job SET status = ?, attempt = attempt + 1, started = coalesce(started, ?), updated = ?, "
                f"pid = NULL, pid_start = NULL WHERE id = ({NEXT}) RETURNING *",  # noqa: S608  # nosec B608
                (EXECUTING, time.time(), time.time()),
            ).fetchone()
            if row is not None:
                last = "(SELECT coalesce(max(number), 0) + 1 FROM turn)"
                database.execute(f"INSERT OR REPLACE INTO turn VALUES (?, {last})", (row["owner"],))  # noqa: S608  # nosec B608
        return None if row is None else _job(row)

    def put_back(self, job: str, attempt: int, crashed: bool) -> bool:
        """Lets a job wait again whose process is gone, unless it was cancelled; True if it does."""
        with self._writing() as database:
            count = database.execute(
                "UPDATE job SET status = ?, updated = ?, crashes = crashes + ? "
                "WHERE id = ? AND attempt = ? AND status = ?",
                (SUBMITTED, time.time(), int(crashed), job, attempt, EXECUTING),
            ).rowcount
        return bool(count)

    # --- the process of a job

    def claim(self, job: str, attempt: int, pid: int, pid_start: str) -> bool:
        """Writes the process of an attempt; False if another one has begun since."""
        with self._writing() as database:
            count = database.execute(
                "UPDATE job SET pid = ?, pid_start = ? WHERE id = ? AND attempt = ? AND status IN (?, ?)",
                (pid, pid_start, job, attempt, EXECUTING, CANCELLING),
            ).rowcount
        return bool(count)

    def tell(self, job: str, attempt: int, kind: str, text: str) -> None:
        """Adds a message of an attempt, if it is the newest one."""
        with self._writing() as database:
            found = database.execute("SELECT 1 FROM job WHERE id = ? AND attempt = ?", (job, attempt)).fetchone()
            if found:
                _add_message(database, job, kind, text)

    def advance(self, job: str, attempt: int, progress: float) -> str:
        """Writes the finished share of an attempt, 0 to 1; returns the state of the job, empty for an old attempt."""
        with self._writing() as database:
            row = database.execute(
                "UPDATE job SET progress = ?, updated = ? WHERE id = ? AND attempt = ? AND status IN (?, ?) "
                "RETURNING status",
                (progress, time.time(), job, attempt, EXECUTING, CANCELLING),
            ).fetchone()
        return "" if row is None else str(row["status"])

    def end(
        self, job: str, attempt: int, status: str, error: str = "", result: Mapping[str, Any] | None = None
    ) -> bool:
        """Ends a job with its last message and result, once; False if it has ended or is that of another attempt.

        A job that is being cancelled ends as cancelled, because its caller has been told so.
        """
        now = time.time()
        values = {
            "job": job, "attempt": attempt, "status": status, "now": now,
            "result": json.dumps(result) if result else None,
        }  # fmt: skip
        with self._writing() as database:
            cancelled = database.execute(
                "UPDATE job SET status = 'cancelled', finished = :now, updated = :now, ends = ends + 1, pid = NULL "
                "WHERE id = :job AND attempt = :attempt AND status = 'cancelling'",
                values,
            ).rowcount
            own = database.execute(
                "UPDATE job SET status = :status, finished = :now, updated = :now, result = :result, "
                "ends = ends + 1, progress = CASE WHEN :status = 'succeeded' THEN 1 ELSE progress END, pid = NULL "
                "WHERE id = :job AND attempt = :attempt AND status = 'executing'",
                values,
            ).rowcount
            ended = cancelled or own
            if ended and error:
                _add_message(database, job, ERROR, error)
        return bool(ended)

    @contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection]:
        """Yields a connection; each statement is a transaction."""
        with closing(
            sqlite3.connect(self.folder / "jobs.sqlite", timeout=self._busy, isolation_level=None)
        ) as database:
            database.row_factory = sqlite3.Row
            database.execute("PRAGMA foreign_keys = ON")
            database.execute("PRAGMA synchronous = NORMAL")
            yield database

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        """Yields a connection in one transaction, which keeps others from writing from its beginning."""
        with self._reading() as database:
            database.execute("BEGIN IMMEDIATE")
            # An exception closes the connection, which undoes the transaction.
            yield database
            database.execute("COMMIT")


def _check_queue(database: sqlite3.Connection, owner: str, most_waiting: int, most_own: int) -> None:
    query = "SELECT count(*), coalesce(sum(owner = ?), 0) FROM job WHERE status = ?"
    waiting, own = database.execute(query, (owner, SUBMITTED)).fetchone()
    if waiting >= most_waiting:
        raise QueueFullError(count=waiting)
    if own >= most_own:
        raise ShareFullError(count=own)


def _add_message(database: sqlite3.Connection, job: str, kind: str, text: str) -> None:
    # SQLite takes no half of a pair of UTF-16.
    text = text.encode("utf-8", "replace").decode()
    text = text if len(text) <= LONGEST_MESSAGE else f"{text[:LONGEST_MESSAGE]}…"
    database.execute(
        "INSERT INTO message SELECT ?, coalesce(max(n), 0) + 1, ?, ?, ? FROM message WHERE job = ? "
        "HAVING count(*) < ? OR ? = ?",
        (job, time.time(), kind, text, job, MOST_MESSAGES, kind, ERROR),
    )


def _job(row: sqlite3.Row) -> Job:
    values = dict(row)
    values["inputs"] = json.loads(values["inputs"])
    values["result"] = json.loads(values["result"]) if values["result"] else None
    return Job(**values)
