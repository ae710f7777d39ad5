# SPDX-License-Identifier: GPL-2.0-or-later
"""Runs inside a real QGIS desktop: opens the options at the plugin's page, and records the findings."""

from __future__ import annotations

import json
import os
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

from qgis.core import QgsSettings
from qgis.PyQt.QtCore import QTimer
from qgis.PyQt.QtWidgets import QApplication, QDialogButtonBox, QScrollArea, QWidget
from qgis.utils import iface

FOLDER = Path(os.environ["CLASSIFY_PIXELS_FINDINGS"])
PAGE = "ClassifyPixelsOptions"
LIMIT = 300.0

findings: dict[str, Any] = {}


def keep_alive(seconds: float = 0.0, until: Callable[[], Any] | None = None) -> None:
    """Runs the event loop for a time, or until a condition holds."""
    end = time.monotonic() + (LIMIT if until else seconds)
    while not (until and until()):
        QApplication.processEvents()
        if time.monotonic() > end:
            if until:
                raise TimeoutError(f"nothing came of it within {LIMIT} s")
            return
        time.sleep(0.005)


def screenshot(name: str) -> None:
    QApplication.primaryScreen().grabWindow(0).save(str(FOLDER / f"{name}.png"))


def find_page() -> QWidget | None:
    # Newer versions of QGIS also give the page's name to its scroll area.
    pages = [widget for widget in QApplication.allWidgets() if widget.objectName() == PAGE]
    return next((page for page in pages if page.isVisible() and hasattr(page, "runtimes")), None)


def rows_of(page: QWidget) -> list[list[str]]:
    table = page.runtimes.table
    rows = [table.topLevelItem(number) for number in range(table.topLevelItemCount())]
    return [[row.text(column) for column in range(table.columnCount())] for row in rows]


def look() -> None:
    """Called while the dialog waits for the user."""
    page = find_page()
    if page is None:
        QTimer.singleShot(100, look)
        return
    try:
        keep_alive(until=lambda: not any("checking" in row[1] for row in rows_of(page)))
        keep_alive(until=page.cache.clear_button.isEnabled)
        keep_alive(0.5)
        screenshot("options")
        findings["rows"] = rows_of(page)
        area = page.findChild(QScrollArea)
        area.ensureWidgetVisible(page.cache)
        keep_alive(0.3)
        screenshot("options_end")
        findings["cache"] = page.cache.size_label.text()
        page.stores.add_row("north", "/data/north")
        page.portal.url.setText("https://maps.example.org/portal")
        options = QApplication.activeModalWidget()
        page.runtimes._install("onnxruntime")
        keep_alive(until=lambda: QApplication.activeModalWidget() not in (options, None))
        keep_alive(0.5)
        screenshot("install")
        QApplication.activeModalWidget().reject()
        keep_alive(until=lambda: QApplication.activeModalWidget() is options)
        box = page.window().findChild(QDialogButtonBox, "buttonBox")
        box.button(QDialogButtonBox.StandardButton.Ok).click()
    except Exception:
        findings["error"] = traceback.format_exc()
        QApplication.activeModalWidget().reject()


def go() -> None:
    """Opens the options, which return when they are closed, and ends QGIS."""
    iface.mainWindow().setGeometry(0, 0, 1600, 1000)
    try:
        QTimer.singleShot(100, look)
        iface.showOptionsDialog(iface.mainWindow(), PAGE)
        settings = QgsSettings()
        findings["store"] = settings.value("classify_pixels/data_stores/north")
        findings["portal"] = settings.value("classify_pixels/portal/url")
    except Exception:
        findings["error"] = traceback.format_exc()
    finally:
        (FOLDER / "findings.json").write_text(json.dumps(findings), encoding="utf-8")
        iface.actionExit().trigger()


QTimer.singleShot(500, go)
