# SPDX-License-Identifier: GPL-2.0-or-later
"""A run whose strips are made by the workers of a Dask scheduler."""

from __future__ import annotations

import asyncio
import gc
import sys
import time
import traceback
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path
from queue import Empty, Queue
from typing import Any

from ..errors import (
    ClassifyPixelsError,
    ClusterPythonError,
    ClusterWorkerError,
    ClusterWorkerLostError,
    DaskMissingError,
    NetworkMemoryError,
    RunCancelledError,
    SchedulerLostError,
    SchedulerUnreachableError,
)
from ..events import StripsKept
from ..new_files import new_token
from ..notices import Caution, Note
from ..progress import Progress
from ..run.classification import kept_of_many
from ..run.items import Classify
from ..run.job import StripJob
from ..run.request import ClassificationRequest
from ..run.result import Classification
from ..run.resume import SharedStrips
from ..run.resume.place import open_place
from ..run.session import SharedSession
from ..run.steps import begin, begin_again, finish
from ..tiling import StripSize
from .dask_worker import task_of
from .settings import ClusterSettings, scheduler_address
from .shares import Shares
from .shipping import PACKAGE, call_by_value, code_plugin, release_by_value

# Seconds: between looks at Cancel, between counts of workers, and until a scheduler has to answer.
LOOK, COUNT, ANSWER = 0.2, 5.0, 20

# Errors of Dask when processes or connections end; some versions of Python have several classes for a timeout. In old
# versions of Dask, a client without a connection has None as its scheduler.
LOST = (OSError, RuntimeError, ValueError, AttributeError, asyncio.TimeoutError, asyncio.CancelledError)

# Strips in the scheduler's hands for each thread of its workers, and at least: the graph stays small, but a cluster
# that grows with its tasks sees some, also while it has no worker.
PER_THREAD, AT_LEAST = 3, 16

# The worker of strips that are handed over while there is none.
ANY = ""


def classify_on_dask(
    request: ClassificationRequest, settings: ClusterSettings, progress: Progress, size: StripSize | None = None
) -> Classification:
    """Classifies a raster on the workers of a Dask scheduler; raises a ClassifyPixelsError.

    Finished strips of a failed or cancelled run stay in their place, and the same request resumes from them.
    """
    started, place = time.monotonic(), settings.place_of(request.output)
    with connected(settings, place, progress) as client:
        job = _Run(client, settings, request, place, progress).made(size)
    return _finished(job, request, place, progress, started)


@contextmanager
def items_on_dask(settings: ClusterSettings, output: Path, progress: Progress) -> Iterator[Classify]:
    """Yields the function that classifies one of several rasters; all share the networks that are open.

    `output` is a file or folder of the results.
    """
    with connected(settings, Path(settings.strips or output.parent), progress) as client:

        def classify(request: ClassificationRequest, shared: SharedSession, item: Progress) -> Classification:
            kept = kept_of_many(request, shared, item)
            if kept is not None:
                return kept
            started, place = time.monotonic(), settings.place_of(request.output)
            job = _Run(client, settings, request, place, item, shared).made()
            return _finished(job, request, place, item, started)

        yield classify


@contextmanager
def connected(settings: ClusterSettings, place: Path, progress: Progress) -> Iterator[Any]:
    """Yields a client of the scheduler, whose workers receive our code."""
    address = scheduler_address(settings.scheduler)
    try:
        from distributed import Client
    except ImportError as error:
        command = f"{sys.executable} -m pip install distributed"
        raise DaskMissingError(scheduler=address, reason=error, command=command) from error
    try:
        client = Client(address, timeout=ANSWER, set_as_default=False, name="classify_pixels")
    except (*LOST, TypeError) as error:
        # The client that failed must be gone before another one: its end in the other's thread would block that.
        traceback.clear_frames(error.__traceback__)
        gc.collect()
        raise SchedulerUnreachableError(scheduler=address, reason=error) from error
    try:
        _check_python(client, address)
        # Old versions have the second name only.
        register = client.register_plugin if hasattr(client, "register_plugin") else client.register_worker_plugin
        register(code_plugin())
        progress.note(Note.CLUSTER, scheduler=address, workers=len(client.nthreads()), place=place.as_posix())
        if not client.nthreads():
            progress.warn(Caution.NO_WORKERS, scheduler=address)
        yield client
    finally:
        with suppress(*LOST):
            if client.status == "running":
                client.run(release_by_value(), PACKAGE)
        with suppress(*LOST):
            client.close(timeout=ANSWER)


def make_on_dask(client: Any, settings: ClusterSettings, job: StripJob, place: Path, progress: Progress) -> None:
    """Makes the strips that the place lacks; raises the error of the first worker that failed."""
    store = SharedStrips(open_place(place), job.request.output)
    store.resume(form=job.outputs().form)
    total, done = len(job.strips), len(store.finished)
    strips = _Strips(client, settings, job, place, Shares(total, store.finished))
    progress.report(done / total)
    try:
        while strips.submit():
            if progress.cancelled:
                raise RunCancelledError
            done += strips.collect()
            progress.report(done / total)
    finally:
        strips.cancel()


@dataclass(frozen=True)
class _Run:
    """A run from its begin to the last strip."""

    client: Any
    settings: ClusterSettings
    request: ClassificationRequest
    place: Path
    progress: Progress
    shared: SharedSession | None = None

    def made(self, size: StripSize | None = None) -> StripJob:
        """Makes all strips, again with smaller tiles if memory of a worker runs out; returns the completed job."""
        job: StripJob | None = begin(self.request, self.place, self.progress, size, self.shared)
        while job is not None:
            try:
                make_on_dask(self.client, self.settings, job, self.place, self.progress)
                return job
            except NetworkMemoryError as error:
                failed = error
            except ClassifyPixelsError:
                _tell_kept(self.request, self.place, self.progress)
                raise
            job = begin_again(job, self.request, self.place, self.progress, self.shared)
        _tell_kept(self.request, self.place, self.progress)
        raise failed


def _finished(
    job: StripJob, request: ClassificationRequest, place: Path, progress: Progress, started: float
) -> Classification:
    done = finish(job, place, progress, request.environment)
    # Its name belongs to the output; whatever else lies there stays.
    with suppress(OSError):
        place.rmdir()
    return replace(done, seconds=time.monotonic() - started)


@dataclass(frozen=True)
class _Waiting:
    """A strip in the scheduler's hands, and the worker that it was meant for."""

    index: int
    worker: str
    future: Any


class _Strips:
    """The strips that are in the scheduler's hands, and those that are not yet."""

    def __init__(self, client: Any, settings: ClusterSettings, job: StripJob, place: Path, missing: Shares) -> None:
        self._client, self._settings, self._place, self._missing = client, settings, place, missing
        self._task, self._call, self._run = task_of(job, place), call_by_value(), new_token()
        self._waiting: dict[str, _Waiting] = {}
        self._ended: Queue[Any] = Queue()
        self._numbers = count()
        self._threads: dict[str, int] = {}
        self._counted = 0.0

    def submit(self) -> bool:
        """Submits as many strips as the workers can make soon; returns True if any are unfinished."""
        self._check_connected()
        workers = self._workers() or {ANY: 1}
        each = max(PER_THREAD, -(-AT_LEAST // sum(workers.values())))
        given = Counter(waiting.worker for waiting in self._waiting.values())
        while free := [worker for worker, threads in workers.items() if given[worker] < each * threads]:
            worker = min(free, key=given.__getitem__)
            index = self._missing.take(worker)
            if index is None:
                break
            self._submit(index, worker)
            given[worker] += 1
        return bool(self._waiting)

    def _submit(self, index: int, worker: str) -> None:
        # An equal key of an earlier run would give its result, and a model that is wrong is so again. Another worker
        # may take the strip where this one is lost or late.
        key, options = f"classify-{self._run}-{index}-{next(self._numbers)}", {"pure": False, "retries": 0}
        meant = {} if worker == ANY else {"workers": [worker], "allow_other_workers": True}
        with self._connection():
            future = self._client.submit(self._call, PACKAGE, self._task, index, key=key, **options, **meant)
        self._waiting[key] = _Waiting(index, worker, future)
        future.add_done_callback(self._ended.put)

    def collect(self) -> int:
        """Waits shortly for a strip; returns 1 if one has finished, otherwise 0; raises the error of a failed one."""
        try:
            future = self._ended.get(timeout=LOOK)
        except Empty:
            return 0
        waiting = self._waiting.pop(future.key, None)
        if waiting is None:
            return 0  # It was handed over again.
        index = waiting.index
        if future.status != "finished":
            self._raise(future, index)
        future.release()
        return 1

    def cancel(self) -> None:
        """Cancels the strips that no worker has begun; strips in work are finished and kept."""
        futures = [waiting.future for waiting in self._waiting.values()]
        self._waiting.clear()
        if futures:
            with suppress(SchedulerLostError, *LOST), self._connection():
                self._client.cancel(futures, force=True)

    def _workers(self) -> dict[str, int]:
        """Returns the number of threads of each worker."""
        now = time.monotonic()
        if now - self._counted > COUNT:
            self._counted = now
            with suppress(SchedulerLostError, *LOST), self._connection():
                self._threads = dict(self._client.nthreads())
            self._submit_again()
        return self._threads

    def _submit_again(self) -> None:
        """Submits strips of lost workers to any worker; without one for a moment, Dask would keep them for ever."""
        lost = [key for key, waiting in self._waiting.items() if waiting.worker not in (ANY, *self._threads)]
        if lost and self._threads:
            given = [self._waiting.pop(key) for key in lost]
            with self._connection():
                self._client.cancel([waiting.future for waiting in given], force=True)
            for waiting in given:
                self._submit(waiting.index, ANY)

    def _check_connected(self) -> None:
        if self._client.status not in ("running", "connecting"):
            raise SchedulerLostError(scheduler=self._settings.scheduler, place=self._place)

    @contextmanager
    def _connection(self) -> Iterator[None]:
        """Raises a SchedulerLostError if the scheduler has ended; old versions of Dask raise a plain Exception."""
        is_answered = False
        try:
            yield
            is_answered = True
        finally:
            if not is_answered:
                self._check_connected()

    def _raise(self, future: Any, index: int) -> None:
        from distributed import KilledWorker

        if future.status != "error":
            # A stopped scheduler cancels its tasks.
            raise SchedulerLostError(scheduler=self._settings.scheduler, place=self._place)
        with self._connection():
            error = future.exception(timeout=ANSWER)
        if isinstance(error, KilledWorker):
            raise ClusterWorkerLostError(strip=index) from error
        if isinstance(error, ClassifyPixelsError):
            raise error
        raise ClusterWorkerError(strip=index, reason=f"{type(error).__name__}: {error}") from error


def _check_python(client: Any, address: str) -> None:
    """Raises a ClusterPythonError if workers have another Python: functions sent by value are code of this version."""
    expected = "{}.{}".format(*sys.version_info[:2])
    for known in client.get_versions(check=False)["workers"].values():
        found = ".".join(str((known or {}).get("host", {}).get("python", expected)).split(".")[:2])
        if found != expected:
            raise ClusterPythonError(scheduler=address, found=found, expected=expected)


def _tell_kept(request: ClassificationRequest, place: Path, progress: Progress) -> None:
    store = SharedStrips(open_place(place), request.output)
    with suppress(ClassifyPixelsError, OSError):
        store.resume()
        if store.finished:
            progress.emit(StripsKept(len(store.finished), place))
