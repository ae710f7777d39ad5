# SPDX-License-Identifier: GPL-2.0-or-later
"""The strips of a run on the disk: resumed, kept or deleted."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from ...events import StripsKept, StripsResumed
from ...progress import Progress
from ..request import ClassificationRequest
from .folder_lock import locked_output
from .manifest import Manifest, read_manifest
from .strip_store import LocalStrips, StripStore


@contextmanager
def open_strips(request: ClassificationRequest, progress: Progress) -> Iterator[LocalStrips]:
    """Yields the strips of a request; finished ones stay for the next run if the request is resumable."""
    with ExitStack() as stack:
        for output in filter(None, (request.probability_output, request.polygon_output)):
            stack.enter_context(locked_output(output, progress))
        store = LocalStrips(request.output, progress)
        completed = False
        try:
            yield store
            completed = True
        finally:
            kept = len(store.finished) if request.resumable and not completed else 0
            if kept:
                progress.emit(StripsKept(kept, store.folder))
            store.close(keep=bool(kept))


def take_over(store: StripStore, request_key: str, network_key: str, progress: Progress) -> Manifest | None:
    """Takes over the strips of an equal run; returns their manifest, None if there is no strip."""
    manifest = read_manifest(store.manifest())
    # An empty key identifies no raster, and so equals no other key.
    if (
        manifest is None
        or not request_key
        or (manifest.request_key, manifest.network_key) != (request_key, network_key)
    ):
        return None
    store.resume()
    if not store.finished:
        return None
    progress.emit(StripsResumed(len(store.finished)))
    return manifest
