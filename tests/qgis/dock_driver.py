# SPDX-License-Identifier: GPL-2.0-or-later
"""Runs inside a real QGIS desktop: works with the panel as a user does and records the findings.

Started by test_dock_desktop.py with `qgis --code`; the environment names the folder for findings.
"""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from qgis import utils
from qgis.core import QgsApplication, QgsProject, QgsRasterLayer, QgsRectangle
from qgis.PyQt.QtCore import Qt, QTimer
from qgis.PyQt.QtTest import QTest
from qgis.PyQt.QtWidgets import QAction, QApplication
from qgis.utils import iface

from classify_pixels.tests.qgis.hold import Hold
from classify_pixels.tests.qgis.panel_steps import (
    MODEL,
    SAMPLE,
    add_layer,
    jobs,
    panel,
    play,
    screenshot,
    states,
    wait,
    write_large,
)

PLUGIN, EXECUTING = "classify_pixels", "esriJobExecuting"
# The row of the large raster where its runs are stopped for a look at them.
ROW = 1000


class Heartbeat:
    """Measures gaps of the event loop: the time between two beats, less the beat."""

    BEAT = 0.005

    def __init__(self) -> None:
        # Each gap, its end, and this thread's own work in it.
        self.gaps: list[tuple[float, float, float]] = []
        self._last = self._started = time.monotonic()
        self._worked = time.thread_time()
        self._timer = QTimer()
        self._timer.timeout.connect(self._beat)
        self._timer.start(round(1000 * self.BEAT))

    def _beat(self) -> None:
        now, worked = time.monotonic(), time.thread_time()
        self.gaps.append((now - self._last - self.BEAT, now - self._started, worked - self._worked))
        self._last, self._worked = now, worked

    def count(self, more: int) -> int:
        """Waits for so many more beats, and returns their number."""
        before = len(self.gaps)
        wait(until=lambda: len(self.gaps) >= before + more)
        return len(self.gaps) - before

    def stop(self) -> dict[str, Any]:
        """Returns the longest gaps in seconds."""
        self._timer.stop()
        longest = sorted(self.gaps, reverse=True)
        return {
            "longest": longest[0][0],
            "worked": max(worked for _, _, worked in self.gaps),
            "worst": longest[:5],
            "beats": len(self.gaps),
        }


def actions() -> dict[str, int]:
    """Returns the number of the panel's actions in QGIS's window, and the places of the visible ones."""
    shown = [action.objectName() for action in iface.pluginToolBar().actions()]
    menus = [action.text().replace("&", "") for action in iface.rasterMenu().actions()]
    return {
        "window": len(iface.mainWindow().findChildren(QAction, "ClassifyPixelsPanel")),
        "toolbar": shown.count("ClassifyPixelsPanel"),
        "menu": menus.count("Classify Pixels"),
    }


def describe(layer: QgsRasterLayer) -> dict[str, Any]:
    """Returns the legend of a layer and its extent."""
    renderer = layer.renderer()
    classes = renderer.classes() if renderer.type() == "paletted" else []
    return {
        "name": layer.name(),
        "source": layer.source(),
        "classes": [[c.value, c.label, c.color.name()] for c in classes],
        "width": layer.width(),
        "height": layer.height(),
    }


def classify_visible_extent() -> dict[str, Any]:
    """Classifies the middle of the sample and returns the layers of the map."""
    layer = add_layer(SAMPLE / "landsat7_olinda.tif", "Olinda")
    extent = QgsRectangle(layer.extent())
    extent.scale(0.5)
    iface.mapCanvas().setExtent(extent)
    form = panel().form
    form.raster.setLayer(layer)
    form.models.choose(str(MODEL))
    wait(until=lambda: "Water" in form.models.card.toPlainText())
    wait(until=lambda: form.checks.result is not None)
    checks = [line.mark.text() for line in form.checks.lines.values()]
    screenshot("panel")
    beat, hold = Heartbeat(), Hold(0)
    form.visible_extent.click()
    at_once = states()
    wait(until=lambda: hold.holds and states()[-1] == EXECUTING)
    beats = beat.count(10)
    hold.end()
    wait(until=lambda: jobs()[-1].state.over and len(QgsProject.instance().mapLayers()) == 2)
    areas = panel().view.areas.table
    wait(until=areas.rowCount)
    wait(1)
    gaps = beat.stop()
    screenshot("result")
    result = next(other for other in QgsProject.instance().mapLayers().values() if other.id() != layer.id())
    compare = panel().view.compare
    QTest.mouseClick(compare.toggle, Qt.MouseButton.LeftButton)
    hidden = not QgsProject.instance().layerTreeRoot().findLayer(result.id()).isVisible()
    QTest.mouseClick(compare.toggle, Qt.MouseButton.LeftButton)
    results = [other for other in QgsProject.instance().mapLayers().values() if other.id() != layer.id()]
    return {
        "at_once": at_once,
        "checks": checks,
        "hidden": hidden,
        "unfolded": iface.layerTreeView().isExpanded(
            iface.layerTreeView().node2index(QgsProject.instance().layerTreeRoot().findLayer(result.id()))
        ),
        "areas": [[areas.item(row, column).text() for column in range(1, 5)] for row in range(areas.rowCount())],
        "gaps": gaps,
        "beats": beats,
        "states": states(),
        "messages": [message.text for message in jobs()[-1].messages],
        "results": [describe(result) for result in results],
        "order": [shown.name() for shown in QgsProject.instance().layerTreeRoot().layerOrder()],
        "input": [layer.width(), layer.height()],
        "active": iface.activeLayer().name(),
        "card": form.models.card.toPlainText(),
    }


def classify_large(hold: Hold) -> dict[str, Any]:
    """Classifies a large raster with two more jobs waiting, and measures the event loop meanwhile."""
    idle = Heartbeat()
    wait(5)
    findings: dict[str, Any] = {"idle": idle.stop()}
    layer = add_layer(write_large(), "Large")
    form, tasks = panel().form, QgsApplication.taskManager()
    form.raster.setLayer(layer)
    wait(1)
    busy = Heartbeat()
    started = time.monotonic()
    for _ in range(3):
        form.whole_layer.click()
    wait(until=lambda: hold.holds and states()[-3] == EXECUTING)
    findings["beats"] = busy.count(10)
    findings["running"] = states()[-3:]
    findings["tasks"] = sorted(task.description() for task in tasks.tasks())
    findings["outputs"] = sorted({Path(job.request.output).name for job in jobs()[-3:]})
    panel().view.select(jobs()[-1].id)
    panel().view.cancel.trigger()
    wait(until=lambda: jobs()[-1].state.over)
    hold.let_go()
    wait(until=lambda: jobs()[-3].state.over)
    findings["seconds"] = time.monotonic() - started
    wait(0.5)
    findings["gaps"] = busy.stop()
    screenshot("running")
    wait(until=lambda: hold.holds and states()[-2] == EXECUTING)
    pressed = time.monotonic()
    panel().view.select(jobs()[-2].id)
    panel().view.cancel.trigger()
    findings["cancelling"] = states()[-2]
    wait(until=lambda: jobs()[-2].state.over)
    findings["cancel_seconds"] = time.monotonic() - pressed
    findings["states"] = states()[-3:]
    findings["files"] = [Path(job.request.output).exists() for job in jobs()[-3:]]
    findings["pixels"] = [layer.width(), layer.height()]
    screenshot("cancelled")
    return findings


def fail() -> dict[str, Any]:
    """Requests a model whose file is gone after its checks."""
    form = panel().form
    gone = SAMPLE / "gone.emd"
    gone.write_bytes((SAMPLE / "landsat7_landcover.emd").read_bytes())
    form.models.choose(str(gone))
    wait(until=lambda: form.models.library.has(str(gone)) and form.checks.result is not None)
    gone.unlink()
    form.models.choose(str(gone))
    shown = form.models.box.currentText()
    form.whole_layer.click()
    wait(until=lambda: jobs()[-1].state.over and iface.messageBar().currentItem())
    wait(0.5)
    screenshot("failed")
    messages = iface.messageBar().currentItem()
    findings = {
        "shown": shown,
        "state": states()[-1],
        "details": panel().view.details.toPlainText(),
        "message": messages.text() if messages else "",
    }
    panel().view.remove.trigger()
    iface.messageBar().clearWidgets()
    form.models.forget.click()
    return {**findings, "removed": len(jobs()), "model": form.models.path}


def open_options() -> dict[str, Any]:
    """Opens the algorithm's dialog from the panel."""
    before = set(QApplication.topLevelWidgets())
    panel().form.options.click()

    def opened() -> list[Any]:
        return [w for w in set(QApplication.topLevelWidgets()) - before if w.isVisible() and hasattr(w, "algorithm")]

    wait(until=opened)
    wait(1)
    findings = [dialog.algorithm().id() for dialog in opened()]
    for dialog in opened():
        dialog.close()
    return {"opened": findings}


def reload_plugin(hold: Hold) -> dict[str, Any]:
    """Unloads and loads the plugin twice; the first time a job is running, which is resumed in the end."""
    panel().view.select(jobs()[-2].id)
    panel().view.retry.trigger()
    wait(until=lambda: hold.holds and states()[-2] == EXECUTING)
    count = len(jobs())
    findings: dict[str, Any] = {"turns": [reload_once(count) for _ in range(2)]}
    findings["messages"] = [item.text() for item in iface.messageBar().items()]
    panel().setUserVisible(True)
    panel().view.select(jobs()[-2].id)
    screenshot("reloaded")
    findings["button"] = panel().view.retry.text()
    panel().view.retry.trigger()
    wait(until=lambda: jobs()[-2].state.over)
    return {**findings, "resumed": states()[-2], "told": [message.text for message in jobs()[-2].messages]}


def reload_once(count: int) -> dict[str, Any]:
    """Unloads and loads the plugin, and returns the state in between and afterwards."""
    utils.unloadPlugin(PLUGIN)
    wait(0.5)
    active = len(QgsApplication.taskManager().activeTasks())
    gone = {"panel": panel() is None, "actions": actions(), "tasks": active}
    utils.loadPlugin(PLUGIN)
    started = time.monotonic()
    utils.startPlugin(PLUGIN)
    seconds = time.monotonic() - started
    wait(0.5)
    kept = len(jobs()) == count
    return {"gone": gone, "jobs_kept": kept, "state": states()[-2], "actions": actions(), "start": seconds}


def tour() -> dict[str, Any]:
    """Plays all steps of a user."""
    findings: dict[str, Any] = {"actions": actions(), "hidden_at_first": not panel().isVisible()}
    iface.mainWindow().findChild(QAction, "ClassifyPixelsPanel").trigger()
    wait(0.5)
    findings["shown_by_action"] = panel().isVisible()
    findings["visible_extent"] = classify_visible_extent()
    findings["failed"] = fail()
    findings["options"] = open_options()
    hold = Hold(ROW)
    findings["large"] = classify_large(hold)
    findings["reloaded"] = reload_plugin(hold)
    return findings


play(tour)
