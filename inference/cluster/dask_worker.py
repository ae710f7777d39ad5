# SPDX-License-Identifier: GPL-2.0-or-later
"""Strips that a process of a cluster makes, one at a time.

Raster and network stay open between them, the network also for the next raster of a collection.
"""

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
from ..run.kept_network import KeptNetwork
from ..run.resume import manifest_digest
from ..run.steps import job_of, opened_work
from .allocation import memory_kept
from .machine_here import machine_here

# All that is open in this process: the network, and for one task the rest.
_LOCK = RLock()
_NETWORK = KeptNetwork()
_OPEN: dict[str, tuple[ExitStack, Callable[[Iterable[int]], None]]] = {}


def task_of(job: StripJob, place: Path) -> str:
    """Returns what a worker has to know: where the job lies, and which one it is. No sign-in is in it."""
    given = {"place": place.as_posix(), "manifest": manifest_digest(job.manifest), "store": store_address()}
    return json.dumps(given)


def make_strip(task: str, index: int) -> int:
    """Makes a strip, unless it is there, and returns its index; raises a ClassifyPixelsError."""
    with _LOCK, ExitStack() as undone:
        # After a failure, raster and network are opened again.
        undone.callback(release)
        _opened(task)([index])
        undone.pop_all()
    return index


def release() -> None:
    """Closes raster and network, and releases their memory."""
    with _LOCK:
        _close_task()
        _NETWORK.close()


def release_if_idle() -> None:
    """Does the same, unless a strip is in work."""
    if _LOCK.acquire(blocking=False):
        try:
            release()
        finally:
            _LOCK.release()


def _close_task() -> None:
    for stack, _ in [_OPEN.pop(task) for task in [*_OPEN]]:
        stack.close()


def _opened(task: str) -> Callable[[Iterable[int]], None]:
    if task not in _OPEN:
        _close_task()
        content: dict[str, Any] = json.loads(task)
        set_store_address(content["store"])
        place = Path(content["place"])
        job = job_of(place)
        if manifest_digest(job.manifest) != content["manifest"]:
            raise StripPlaceError(place=place, output=job.request.output)
        with ExitStack() as stack:
            stack.enter_context(memory_kept())
            make = stack.enter_context(opened_work(job, place, machine_here(), SILENT, _NETWORK))
            _OPEN[task] = stack.pop_all(), make
    return _OPEN[task][1]
