# SPDX-License-Identifier: GPL-2.0-or-later
"""The strips of a run on the disk: gone on with, kept or deleted."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext

from ...events import StripsKept, StripsResumed
from ...network import PreparedModel
from ...progress import Progress
from ..request import ClassificationRequest
from .folder_lock import locked_output
from .manifest import Manifest, read_manifest
from .strip_store import StripStore


class StripRun:
    """The strips of one request, among them those that an earlier run of it finished."""

    def __init__(self, store: StripStore, progress: Progress) -> None:
        self.store = store
        self._progress = progress
        self._request_key = ""

    def resume(self, request_key: str, prepared: PreparedModel) -> PreparedModel:
        """Takes over the strips of a run with this key; returns the model as that run fitted it."""
        self._request_key = request_key
        manifest = read_manifest(self.store.manifest())
        # An empty key says nothing of a raster, and so equals no other one.
        if manifest is not None and request_key and manifest.request_key == request_key:
            self.store.resume()
        if manifest is None or not self.store.finished:
            self.begin(prepared)
            return prepared
        self._progress.emit(StripsResumed(len(self.store.finished)))
        return manifest.fits(prepared)

    def begin(self, prepared: PreparedModel) -> None:
        """Deletes all strips and writes down what the new ones are made of."""
        self.store.begin(Manifest(self._request_key, prepared.shape, prepared.batch_size).document())


@contextmanager
def open_strips(request: ClassificationRequest, progress: Progress) -> Iterator[StripRun]:
    """Gives the strips of a request; those that are finished stay for the next run where the request wants that."""
    scores = request.probability_output
    with nullcontext() if scores is None else locked_output(scores, progress):
        yield from _strips(request, progress)


def _strips(request: ClassificationRequest, progress: Progress) -> Iterator[StripRun]:
    store = StripStore(request.output, progress)
    completed = False
    try:
        yield StripRun(store, progress)
        completed = True
    finally:
        kept = len(store.finished) if request.resumable and not completed else 0
        if kept:
            progress.emit(StripsKept(kept, store.folder))
        store.close(keep=bool(kept))
