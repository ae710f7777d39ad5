# SPDX-License-Identifier: GPL-2.0-or-later
"""Runs inside a real QGIS desktop: turns the wheel of the screen's mouse over every field of the algorithm's dialog.

Started by test_wheel_desktop.py with `qgis --code`. The events are the X server's own (XTEST), so that they take the
same way as those of a mouse.
"""

from __future__ import annotations

import ctypes
import json
import os
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

import processing
from qgis.core import QgsProject, QgsRasterLayer
from qgis.PyQt.QtCore import QEvent, QObject, QPoint, QTimer
from qgis.PyQt.QtWidgets import QAbstractSpinBox, QApplication, QComboBox, QGroupBox, QScrollArea, QWidget
from qgis.utils import iface

FOLDER = Path(os.environ["CLASSIFY_PIXELS_FINDINGS"])
SAMPLE = FOLDER / "sample"
LIMIT = 300.0
WHEEL_UP, WHEEL_DOWN = 4, 5


class Mouse:
    """The mouse of the X server."""

    def __init__(self) -> None:
        self._x11, self._xtst = ctypes.CDLL("libX11.so.6"), ctypes.CDLL("libXtst.so.6")
        self._x11.XOpenDisplay.restype = ctypes.c_void_p
        self._display = ctypes.c_void_p(self._x11.XOpenDisplay(None))

    def turn(self, place: QPoint, button: int) -> None:
        """Moves the pointer and turns the wheel by a notch."""
        self._xtst.XTestFakeMotionEvent(self._display, -1, place.x(), place.y(), 0)
        for pressed in (1, 0):
            self._xtst.XTestFakeButtonEvent(self._display, button, pressed, 0)
        self._x11.XSync(self._display, 0)


class Arrivals(QObject):
    """Counts the turns of the wheel that have come to a field or a part of it."""

    def __init__(self, field: QWidget) -> None:
        super().__init__(field)
        self.count = 0
        for part in (field, *field.findChildren(QWidget)):
            part.installEventFilter(self)

    def eventFilter(self, _: QObject, event: QEvent) -> bool:  # noqa: N802
        """Counts, and keeps no event from its widget."""
        self.count += event.type() == QEvent.Type.Wheel
        return False


def keep_alive(seconds: float = 0.0, until: Callable[[], Any] | None = None) -> None:
    """Runs the event loop for a time, or until a condition holds."""
    started = time.monotonic()
    while time.monotonic() - started < (LIMIT if until else seconds):
        QApplication.processEvents()
        if until and until():
            return
        time.sleep(0.005)
    # On a busy machine the last turn may have been long ago.
    QApplication.processEvents()
    if until:
        raise TimeoutError(f"nothing came of it within {LIMIT} s")


def value_of(field: Any) -> Any:
    """Returns the value of a field."""
    return field.currentIndex() if isinstance(field, QComboBox) else field.text()


def middle_of(field: QWidget, area: QScrollArea) -> QPoint | None:
    """Scrolls to a field and returns its centre on the screen; None if it is not visible."""
    area.ensureWidgetVisible(field)
    keep_alive(0.6)  # QGIS itself passes the wheel on for half a second after scrolling
    place = field.mapToGlobal(field.rect().center())
    return place if QApplication.widgetAt(place) in (field, *field.findChildren(QWidget)) else None


def tour() -> dict[str, Any]:
    """Opens the dialog with a raster and a model and scrolls with the mouse over each of its fields."""
    iface.mainWindow().setGeometry(0, 0, 1600, 1000)
    layer = QgsRasterLayer(str(SAMPLE / "landsat7_olinda.tif"), "Olinda")
    QgsProject.instance().addMapLayer(layer)
    given = {"INPUT": layer, "MODEL": str(SAMPLE / "landsat7_landcover.dlpk")}
    dialog = processing.createAlgorithmDialog("deeplearning:classifypixels", given)
    dialog.setGeometry(100, 50, 900, 800)
    dialog.show()
    table = dialog.mainWidget().wrappers["BAND_MAPPING"].widget.table
    keep_alive(until=lambda: table.rowCount() and table.cellWidget(0, 1))
    for group in dialog.findChildren(QGroupBox):
        group.setProperty("collapsed", False)
    keep_alive(1.0)
    area = next(each for each in dialog.findChildren(QScrollArea) if each.verticalScrollBar().maximum())
    mouse, before = Mouse(), dialog.createProcessingParameters()
    fields = [each for each in area.findChildren(QWidget) if isinstance(each, (QComboBox, QAbstractSpinBox))]
    turned, changed, scrolled = 0, [], 0
    for field in [each for each in fields if each.isVisible() and each.isEnabled()]:
        place = middle_of(field, area)
        if place is None or field.hasFocus():
            continue
        turned += 1
        arrivals = Arrivals(field)
        for button in (WHEEL_DOWN, WHEEL_UP):
            value, bar = value_of(field), area.verticalScrollBar().value()
            count = arrivals.count
            mouse.turn(place, button)
            keep_alive(until=lambda arrivals=arrivals, count=count: arrivals.count > count)
            keep_alive(0.05)
            scrolled += area.verticalScrollBar().value() != bar
            if value_of(field) != value:
                changed.append(f"{type(field).__name__} {field.objectName()} in {type(field.parent()).__name__}")
            middle_of(field, area)
    after = dialog.createProcessingParameters()
    QApplication.primaryScreen().grabWindow(0).save(str(FOLDER / "wheel.png"))
    dialog.close()
    kept = {name: str(value) for name, value in before.items()} == {name: str(value) for name, value in after.items()}
    return {"turned": turned, "changed": changed, "scrolled": scrolled, "kept": kept}


def go() -> None:
    """Writes the findings, or the traceback, and ends QGIS."""
    findings: dict[str, Any] = {}
    try:
        findings = tour()
    except Exception:
        findings = {"error": traceback.format_exc()}
    finally:
        (FOLDER / "findings.json").write_text(json.dumps(findings), encoding="utf-8")
        QgsProject.instance().clear()
        iface.actionExit().trigger()


QTimer.singleShot(500, go)
