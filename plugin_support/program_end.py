# SPDX-License-Identifier: GPL-2.0-or-later
"""The end of QGIS, which does not end Python (seen with 3.22 and 3.44)."""

from __future__ import annotations

import sys

from qgis.PyQt.QtCore import QCoreApplication

THREADS = f"{__package__.rpartition('.')[0]}.inference.runtimes.library_thread"


def wait_for_libraries_at_end() -> None:
    """Lets QGIS wait at its end for libraries that still open a network; it would crash otherwise."""
    application = QCoreApplication.instance()
    if application is not None:
        application.aboutToQuit.connect(_wait)


def _wait() -> None:
    # Not imported: without a run there are no such threads.
    threads = sys.modules.get(THREADS)
    if threads is not None:
        threads.wait_for_all()
