# SPDX-License-Identifier: GPL-2.0-or-later
"""Work that Ctrl+C cancels in qgis_process as the Cancel button does on the desktop."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from typing import TypeVar

from qgis.core import QgsApplication
from qgis.PyQt.QtCore import QCoreApplication, QThread

T = TypeVar("T")

COMMAND_LINE = "qgis_process"
# Seconds between two rounds of events.
PERIOD = 0.1


def interruptible(work: Callable[[], T]) -> T:
    """Does a work and returns its result or raises its error; in qgis_process's main thread, another thread does it.

    qgis_process runs algorithms in its main thread, where its feedback learns of Ctrl+C only while events are
    processed. The desktop runs them in other threads itself.
    """
    if QgsApplication.platform() != COMMAND_LINE or not _is_main_thread():
        return work()
    with ThreadPoolExecutor(1, "run") as pool:
        outcome = pool.submit(work)
        while not wait([outcome], PERIOD).done:
            QCoreApplication.processEvents()
    # The last progress may still be on its way to this thread.
    QCoreApplication.processEvents()
    try:
        return outcome.result()
    finally:
        # An error refers to this frame, which must not refer to the error.
        del outcome


def _is_main_thread() -> bool:
    application = QCoreApplication.instance()
    return application is not None and QThread.currentThread() == application.thread()
