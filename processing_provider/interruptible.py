# SPDX-License-Identifier: GPL-2.0-or-later
"""Work that Ctrl+C cancels in qgis_process as the Cancel button does on the desktop."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, TypeVar

from qgis.core import QgsApplication
from qgis.PyQt.QtCore import QCoreApplication, QEventLoop, QMetaObject, Qt, QThread

T = TypeVar("T")

COMMAND_LINE = "qgis_process"


def interruptible(work: Callable[[], T]) -> T:
    """Does a work and returns its result or raises its error; in qgis_process's main thread, another thread does it.

    qgis_process runs algorithms in its main thread, where its feedback learns of Ctrl+C only while events are
    processed. The desktop runs them in other threads itself.
    """
    if QgsApplication.platform() != COMMAND_LINE or not _is_main_thread():
        return work()
    with ThreadPoolExecutor(1, "run") as pool:
        outcome = pool.submit(work)
        _process_events_until(outcome)
    try:
        return outcome.result()
    finally:
        # An error refers to this frame, which must refer to neither the error nor an object of Qt's.
        del outcome


def _process_events_until(outcome: Future[Any]) -> None:
    loop = QEventLoop()
    # Queued, so that it neither precedes the loop nor overtakes the last progress of the other thread.
    outcome.add_done_callback(lambda _: QMetaObject.invokeMethod(loop, "quit", Qt.ConnectionType.QueuedConnection))
    loop.exec()


def _is_main_thread() -> bool:
    application = QCoreApplication.instance()
    return application is not None and QThread.currentThread() == application.thread()
