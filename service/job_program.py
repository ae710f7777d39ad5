# SPDX-License-Identifier: GPL-2.0-or-later
"""The process of one job: it classifies, and writes its messages and its end into the store."""

from __future__ import annotations

import os
import signal
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import Any, Callable

from ..inference import Progress
from ..inference.cluster.settings import ClusterSettings, scheduler_address
from ..inference.errors import ClassifyPixelsError, RunCancelledError
from ..inference.events import Event, Progressed, StripsKept
from ..inference.raster import ClassCount, Collection
from ..inference.run.classification import classify_pixels
from ..inference.run.items import ItemResult, classify_items, place_of_results
from ..inference.run.request import ClassificationRequest
from ..inference.run.result import Classification
from .closed_gdal import close_gdal
from .errors import JobFolderError
from .job_request import FETCHED, RequestReader
from .jobs import CANCELLED, CANCELLING, FAILED, INFO, SUCCEEDED, WARNING, Job, JobStore
from .os_processes import STOPPED, start_of
from .settings import Settings
from .submission import read_submission

# Seconds between looks into the store for Cancel.
ATTENTION = 0.25
# The status of a process that another attempt has replaced.
REPLACED = 76


class JobProgress(Progress):
    """Writes the events of a run into the store; ends the run when the job is cancelled or the process is to stop."""

    def __init__(self, store: JobStore, job: Job, shown: Callable[[str], str]) -> None:
        self._store, self._job, self._shown = store, job, shown
        self._looked, self._fraction, self._status = 0.0, 0.0, ""
        self.is_stopping = False

    def emit(self, event: Event) -> None:
        """Stores the sentences of an event, or the finished share."""
        if isinstance(event, Progressed):
            self._fraction = event.fraction
            self._look()
        elif not isinstance(event, StripsKept):
            kind = WARNING if event.is_warning else INFO
            for phrase in event.phrases:
                self._store.tell(self._job.id, self._job.attempt, kind, self._shown(str(phrase)))

    @property
    def cancelled(self) -> bool:
        """True if the job was cancelled, or if this process is to end."""
        self._look()
        return self.is_stopping or self._status == CANCELLING

    def stop(self, *_: Any) -> None:
        """Ends the run soon; its strips stay."""
        self.is_stopping = True

    def _look(self) -> None:
        now = time.monotonic()
        if now - self._looked >= ATTENTION:
            self._looked = now
            self._status = self._store.advance(self._job.id, self._job.attempt, min(1.0, max(0.0, self._fraction)))
            # Another attempt has begun, or the job has ended.
            self.is_stopping = self.is_stopping or not self._status


def run_job(settings: Settings, job_id: str, attempt: int) -> int:
    """Runs an attempt at a job; returns the exit status."""
    store = JobStore(settings.jobs)
    if not store.claim(job_id, attempt, os.getpid(), start_of(os.getpid())):
        return REPLACED
    # Networks may print.
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    close_gdal()
    job = store.read(job_id)
    reader: list[RequestReader] = []
    private = _private_places(settings.cluster)

    def shown(text: str) -> str:
        text = reader[0].shown(text) if reader else settings.gate.shown(text)
        for place, name in private.items():
            text = text.replace(place, name)
        return text

    progress = JobProgress(store, job, shown)
    signal.signal(signal.SIGTERM, progress.stop)
    try:
        result = _classified(settings, job, store.folder_of(job.id), reader, progress)
    except RunCancelledError as error:
        if progress.is_stopping:
            return STOPPED
        store.end(job.id, attempt, CANCELLED, shown(str(error)))
    except ClassifyPixelsError as error:
        store.end(job.id, attempt, FAILED, shown(str(error)))
    else:
        store.end(job.id, attempt, SUCCEEDED, result=result)
        settings.remove_strips(job.id)
    return 0


def _private_places(cluster: ClusterSettings | None) -> dict[str, str]:
    """Returns the places of the cluster with the names that callers read instead."""
    if cluster is None:
        return {}
    places = {cluster.scheduler: "(scheduler)", cluster.strips: "(strips)"}
    with suppress(ClassifyPixelsError):
        places[scheduler_address(cluster.scheduler)] = "(scheduler)"
    return {place: name for place, name in places.items() if place}


def _classified(
    settings: Settings, job: Job, folder: Path, reader: list[RequestReader], progress: JobProgress
) -> dict[str, Any]:
    """Returns the result of the job: its files relative to the folder, its classes, device and seconds."""
    cluster = settings.cluster_of(job.id)
    try:
        (folder / FETCHED).mkdir(parents=True, exist_ok=True)
        if cluster is not None and cluster.strips:
            Path(cluster.strips).mkdir(exist_ok=True)
    except OSError as error:
        raise JobFolderError(reason=error.strerror) from error
    submission = read_submission(job.inputs, settings.gate, bool(settings.limits.gpus))
    opened = RequestReader(submission, settings.gate, folder, settings.jobs / "cache", settings.limits.fetched)
    reader.append(opened)
    request = opened.read()
    if request.separately and isinstance(request.raster, Collection):
        items = _classify_items(request.raster, request, cluster, progress)
        results = [item.classification for item in items if item.classification is not None]
        main = place_of_results(request.output)
        files = [main, *(result.output for result in results)]
    else:
        results = [_classify(request, cluster, progress)]
        files = [results[0].output]
    opened.check_states()
    present = [file for file in dict.fromkeys(files) if file.is_file()]
    return {
        "files": [str(file.relative_to(folder)) for file in present],
        "classes": _classes(results),
        "device": results[0].device,
        "seconds": round(sum(result.seconds for result in results), 3),
    }


def _classify(request: ClassificationRequest, cluster: ClusterSettings | None, progress: Progress) -> Classification:
    """Classifies a raster in this process, or on the workers of the cluster."""
    if cluster is None:
        return classify_pixels(request, progress)
    from ..inference.cluster.dask_executor import classify_on_dask

    return classify_on_dask(request, cluster, progress)


def _classify_items(
    items: Collection, request: ClassificationRequest, cluster: ClusterSettings | None, progress: Progress
) -> tuple[ItemResult, ...]:
    """Classifies each raster, as `_classify` does one."""
    if cluster is None:
        return classify_items(items, request, progress)
    from ..inference.cluster.dask_executor import items_on_dask

    with items_on_dask(cluster, request.output, progress) as classify:
        return classify_items(items, request, progress, classify)


def _classes(results: list[Classification]) -> list[dict[str, Any]]:
    """Returns the classes with pixels and area (square metres, None if unknown), summed over several results."""
    columns = zip(*(result.classes for result in results))
    return [_class(column) for column in columns]


def _class(counts: tuple[ClassCount, ...]) -> dict[str, Any]:
    known, areas = counts[0].legend_class, [count.area for count in counts]
    return {
        "value": known.value,
        "name": known.name,
        "color": list(known.color),
        "pixels": sum(count.pixels for count in counts),
        "area": None if None in areas else sum(area or 0.0 for area in areas),
    }
