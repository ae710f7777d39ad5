# SPDX-License-Identifier: GPL-2.0-or-later
"""A notice above the map after a run with warnings, whose log may be closed or out of sight."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from qgis.core import Qgis
from qgis.PyQt.QtCore import QCoreApplication, QThread

from ..inference.redaction import without_markup
from ..plugin_support.translation import tr


def tell_warnings(job: str, warnings: Sequence[str]) -> None:
    """Shows the first warning of a finished run in QGIS's message bar, if there is one; for the main thread.

    Any other thread and a QGIS without windows have the log alone.
    """
    # Not imported: a QGIS without windows need not have it.
    utils = sys.modules.get("qgis.utils")
    iface = getattr(utils, "iface", None)
    application = QCoreApplication.instance()
    if not warnings or iface is None or application is None or QThread.currentThread() != application.thread():
        return
    text = tr("{job}: finished with warnings. {warning}").format(job=job, warning=warnings[0])
    iface.messageBar().pushMessage(tr("Classify Pixels"), without_markup(text), Qgis.MessageLevel.Warning)
