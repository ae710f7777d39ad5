# SPDX-License-Identifier: GPL-2.0-or-later
"""Requests to model catalogs in a separate thread, one at a time."""

from __future__ import annotations

from threading import Event, Thread
from typing import Any, Callable

from qgis.PyQt.QtCore import QObject, pyqtSignal

from ...inference.errors import ClassifyPixelsError, RunCancelledError
from ...inference.redaction import without_secrets
from ...plugin_support.http import cancelled_by
from ...plugin_support.translation import sentence_of

Step = Callable[[Callable[[int], object]], Any]


class CatalogWork(QObject):
    """Runs a function; of several, only the last one reports.

    `advanced` passes the bytes that have arrived, `done` the result, `failed` a translated sentence, empty for Cancel.
    """

    advanced = pyqtSignal(float)
    done = pyqtSignal(object)
    failed = pyqtSignal(str)
    _arrived = pyqtSignal(object, str, object)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._cancelled = Event()
        self._arrived.connect(self._take)

    def start(self, step: Step) -> None:
        """Cancels the current function and runs another."""
        self.cancel()
        self._cancelled = Event()
        # A daemon, so that QGIS can exit while a server is silent.
        Thread(target=self._work, args=(step, self._cancelled), daemon=True).start()

    def cancel(self) -> None:
        """Ends the current function soon; it reports nothing any more."""
        self._cancelled.set()

    def _work(self, step: Step, cancelled: Event) -> None:
        def send(kind: str, value: object) -> None:
            if cancelled.is_set():
                return
            try:
                self._arrived.emit(cancelled, kind, value)
            except RuntimeError:
                # The dialog was closed, and Qt's part of this object is deleted.
                cancelled.set()

        with cancelled_by(cancelled.is_set):
            try:
                send("done", step(lambda length: send("advanced", float(length))))
            except RunCancelledError:
                return
            except ClassifyPixelsError as error:
                send("failed", sentence_of(error))
            except OSError as error:
                send("failed", without_secrets(str(error)))

    def _take(self, cancelled: Event, kind: str, value: object) -> None:
        if cancelled is self._cancelled and not cancelled.is_set():
            getattr(self, kind).emit(value)
