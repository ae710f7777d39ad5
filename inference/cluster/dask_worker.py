# SPDX-License-Identifier: GPL-2.0-or-later
"""Strips that a process of a cluster makes, one at a time; raster and network stay open between them."""

from __future__ import annotations

import json
from collections.abc import Iterable
from contextlib import ExitStack
from pathlib import Path
from threading import RLock
from typing import Any, Callable

from ..errors import StripPlaceError
from ..progress import SILENT
from ..raster.write.object_store import set_store_address, store_address
from ..run.job import StripJob
from ..run.steps import job_of, opened_work
from .machine_here import machine_here

# All that is open in this process, for the task that it was opened for.
_LOCK = RLock()
_OPEN: dict[str, tuple[ExitStack, Callable[[Iterable[int]], None]]] = {}


def task_of(job: StripJob, place: Path) -> str:
    """Returns what a worker has to know: where the job lies, and which one it is. No sign-in is in it."""
    names = place.as_posix(), job.manifest.request_key, job.manifest.network_key
    return json.dumps({"place": names[0], "keys": names[1:], "store": store_address()})


def make_strip(task: str, index: int) -> int:
    """Makes a strip, unless it is there, and returns its index; raises a ClassifyPixelsError."""
    with _LOCK, ExitStack() as undone:
        # What has failed is opened again.
        undone.callback(release)
        _opened(task)([index])
        undone.pop_all()
    return index


def release() -> None:
    """Closes raster and network, and lets their memory go."""
    with _LOCK:
        for stack, _ in [_OPEN.pop(task) for task in [*_OPEN]]:
            stack.close()


def release_if_idle() -> None:
    """Does the same where no strip is in work, which would have to be waited for."""
    if _LOCK.acquire(blocking=False):
        try:
            release()
        finally:
            _LOCK.release()


def _opened(task: str) -> Callable[[Iterable[int]], None]:
    if task not in _OPEN:
        release()
        content: dict[str, Any] = json.loads(task)
        set_store_address(content["store"])
        place = Path(content["place"])
        job = job_of(place)
        if [job.manifest.request_key, job.manifest.network_key] != content["keys"]:
            raise StripPlaceError(place=place, output=job.request.output)
        with ExitStack() as stack:
            make = stack.enter_context(opened_work(job, place, machine_here(), SILENT))
            _OPEN[task] = stack.pop_all(), make
    return _OPEN[task][1]
