# SPDX-License-Identifier: GPL-2.0-or-later
"""Plays the first minutes of a new user by clicking in the real QGIS, then the further ways into the panel.

Started by test_first_minutes.py with `qgis --code`; the environment names the folder for findings.
"""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import numpy as np
from osgeo import gdal
from qgis.core import QgsProject, QgsRectangle
from qgis.PyQt.QtCore import QMimeData, QPoint, QPointF, Qt, QTimer, QUrl
from qgis.PyQt.QtGui import QDragEnterEvent, QDropEvent
from qgis.PyQt.QtTest import QTest
from qgis.PyQt.QtWidgets import QAction, QApplication, QDockWidget, QMessageBox, QWidget
from qgis.utils import iface

from classify_pixels.tests.qgis.panel_steps import FOLDER, MODEL, SAMPLE, add_layer, jobs, panel, play, screenshot, wait

# A model that is nothing but code, which no step runs.
CODE_MODEL = {
    "Framework": "Custom",
    "ModelType": "ImageClassification",
    "InferenceFunction": "Blurring.py",
    "ImageHeight": 24,
    "ImageWidth": 24,
    "ExtractBands": [0, 1],
    "Classes": [{"Value": 3, "Name": "three", "Color": [1, 2, 3]}],
}


class Clicks:
    """Clicks on widgets as a user does, and counts."""

    def __init__(self) -> None:
        self.count = 0
        self.started = time.monotonic()

    def on(self, widget: QWidget) -> None:
        """Presses and releases the left button in the middle of a widget, once that is in sight and enabled."""
        wait(until=lambda: is_scrolled_to(widget) and widget.isEnabled())
        QTest.mouseClick(widget, Qt.MouseButton.LeftButton)
        self.count += 1

    @property
    def seconds(self) -> float:
        return time.monotonic() - self.started


def is_scrolled_to(widget: QWidget) -> bool:
    """Scrolls the panel, in which the lines of the checks may move a widget at any time; is it visible as a whole?"""
    panel().form.scroll.ensureWidgetVisible(widget)
    return bool(widget.isVisible() and widget.visibleRegion().boundingRect() == widget.rect())


def both_sizes(name: str) -> None:
    """Saves pictures of the state in both sizes of the window."""
    for width, height in ((1280, 800), (1600, 1000)):
        iface.mainWindow().setGeometry(0, 0, width, height)
        wait(0.3)
        screenshot(f"{name}_{width}")


def first_map() -> dict[str, Any]:
    """Clicks from an empty QGIS to the first coloured map."""
    panel().form.folder.setFilePath(str(FOLDER))
    clicks = Clicks()
    button = iface.pluginToolBar().widgetForAction(action("ClassifyPixelsPanel"))
    clicks.on(button)
    wait(until=lambda: panel().form.sample.isVisible())
    tabbed = [dock.objectName() for dock in iface.mainWindow().tabifiedDockWidgets(panel())]
    pause = time.monotonic()
    both_sizes("empty")
    # Pictures take no time of the user.
    clicks.started += time.monotonic() - pause
    clicks.on(panel().form.sample)
    wait(until=lambda: panel().form.whole_layer.isEnabled())
    clicks.on(panel().form.whole_layer)
    wait(until=lambda: jobs() and jobs()[-1].state.over)
    wait(until=lambda: len(results()) == 1 and not iface.mapCanvas().isDrawing())
    seconds = clicks.seconds
    both_sizes("first_map")
    [layer] = results()
    return {
        "clicks": clicks.count,
        "seconds": seconds,
        "tabbed": tabbed,
        "state": jobs()[-1].state.value,
        "output": jobs()[-1].request.output,
        "renderer": layer.renderer().type(),
        "canvas_colors": len(canvas_colors()),
        "sample_button": panel().form.sample.isVisible(),
    }


def preview() -> dict[str, Any]:
    """Previews, moves the map, changes an argument, and turns the preview off."""
    form, canvas = panel().form, iface.mapCanvas()
    files = everything()
    layers = sorted(QgsProject.instance().mapLayers())
    truth = gdal.Open(jobs()[-1].request.output)
    found: dict[str, Any] = {"seconds": []}
    Clicks().on(form.preview_button)
    found["shown"] = [previewed(truth)]
    found["text"] = form.preview_text.text()
    both_sizes("preview")
    for step in (0.3, -0.25):
        extent = QgsRectangle(canvas.extent())
        extent.scale(0.4)
        extent.setXMinimum(extent.xMinimum() + step * extent.width())
        started = time.monotonic()
        canvas.setExtent(extent)
        canvas.refresh()
        found["shown"].append(previewed(truth))
        found["seconds"].append(time.monotonic() - started)
    screenshot("preview_moved")
    # The colour of a pixel on the screen, without the layers below the preview.
    overlay = form.preview.overlay
    found["overlay_colors"] = sorted({overlay.image.convertToFormat(4).pixelColor(*p).name() for p in spots(overlay)})
    form.settings.setCollapsed(False)
    wait(0.3)
    table = form.settings.arguments
    row = next(row for row in range(table.rowCount()) if table.token(row) == "test_time_augmentation")
    table.cellWidget(row, 1).setCurrentIndex(table.cellWidget(row, 1).findData("true"))
    wait(until=lambda: form.preview._shown is not None and form.preview._shown.settings and not form.preview.is_busy)
    found["with_argument"] = dict(form.preview._shown.settings)
    both_sizes("settings")
    table.cellWidget(row, 1).setCurrentIndex(table.cellWidget(row, 1).findData("false"))
    form.settings.setCollapsed(True)
    wait(until=lambda: not form.preview.is_busy)
    Clicks().on(form.preview_button)
    wait(until=lambda: not form.preview.is_busy)
    found["items_left"] = overlay in canvas.scene().items()
    found["session_left"] = form.preview._session is not None
    found["new_files"] = sorted(everything() - files)
    found["new_layers"] = sorted(set(QgsProject.instance().mapLayers()) - set(layers))
    iface.zoomToActiveLayer()
    return found


def previewed(truth: Any) -> dict[str, Any]:
    """Waits for the preview, and compares it with the pixels of the whole run."""
    live = panel().form.preview
    wait(0.1)
    wait(until=lambda: not live.is_busy and live.overlay is not None and live.overlay.isVisible())
    grid, values = live.overlay.preview.grid, live.overlay.preview.values
    x0, dx, _, y0, _, dy = truth.GetGeoTransform()
    x, y = round((grid.origin[0] - x0) / dx), round((grid.origin[1] - y0) / dy)
    whole = truth.ReadAsArray(x, y, grid.width, grid.height)
    return {"size": [grid.width, grid.height], "differing": int(np.count_nonzero(whole != values))}


def other_ways() -> dict[str, Any]:
    """Uses the layer menu, drops, several layers and an area."""
    form = panel().form
    second = add_layer(SAMPLE / "landsat7_olinda.tif", "Second")
    panel().hide()
    view = iface.layerTreeView()
    first = form.choice.box.layer(0)
    view.setCurrentLayer(second)
    entry = next(a for a in iface.mainWindow().findChildren(QAction) if a.text() == "Classify…")
    entry.trigger()
    wait(until=lambda: panel().isVisible() and form.layer.name() == "Second")
    found: dict[str, Any] = {"by_menu": [panel().isVisible(), form.layer.name()]}
    form.choice.fill_menu()
    others = [a for a in form.choice.more.menu().actions() if a.isCheckable()]
    sample = next(a for a in others if a.text() == "Landsat 7 Olinda")
    sample.trigger()
    found["several"] = [layer.name() for layer in form.choice.layers]
    count = len(jobs())
    Clicks().on(form.visible_extent)
    wait(until=lambda: len(jobs()) == count + 2 and all(job.state.over for job in jobs()))
    found["queued"] = [[job.request.raster, job.state.value] for job in jobs()[count:]]
    form.choice.choose([second])
    extent = QgsRectangle(second.extent())
    extent.scale(0.3)
    form.area.setOutputExtentFromUser(extent, second.crs())
    wait(until=lambda: form.checks.result is not None)
    Clicks().on(form.area_button)
    wait(until=lambda: len(jobs()) == count + 3 and jobs()[-1].state.over)
    done = gdal.Open(jobs()[-1].request.output)
    found["area"] = [done.RasterXSize, done.RasterYSize]
    found["dropped_on_panel"] = drop(panel(), SAMPLE / "landsat7_landcover.onnx")
    found["dropped_on_window"] = drop(iface.mainWindow(), SAMPLE / "landsat7_landcover.emd")
    found["layers_opened_by_drop"] = [
        x.name() for x in QgsProject.instance().mapLayers().values() if "landcover.emd" in x.source()
    ]
    found["first"] = first.name() if first else ""
    return found


def drop(widget: QWidget, path: Path) -> str:
    """Drops a file; returns the file name of the model that is then chosen."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    actions, buttons = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
    keys, place = Qt.KeyboardModifier.NoModifier, QPoint(10, 10)
    QApplication.sendEvent(widget, QDragEnterEvent(place, actions, data, buttons, keys))
    QApplication.sendEvent(widget, QDropEvent(QPointF(place), actions, data, buttons, keys))
    wait(until=lambda: Path(panel().form.models.path).name == path.name)
    return Path(panel().form.models.path).name


def allow_code() -> dict[str, Any]:
    """Chooses a model that is code, reads the question, and allows it."""
    folder = FOLDER / "code"
    folder.mkdir()
    (folder / "Blurring.py").write_text("class Blurring:\n    pass\n", encoding="utf-8")
    path = folder / "model.emd"
    path.write_text(json.dumps(CODE_MODEL), encoding="utf-8")
    form = panel().form
    form.models.choose(str(path))
    wait(until=lambda: "Allow" in form.models.card.toPlainText())
    seen: dict[str, Any] = {}

    def answer() -> None:
        box = QApplication.activeModalWidget()
        if not isinstance(box, QMessageBox):
            QTimer.singleShot(200, answer)
            return
        screenshot("allow_code")
        seen.update(text=box.text(), more=box.informativeText(), default=box.defaultButton() is box.button(NO))
        QTest.mouseClick(box.button(QMessageBox.StandardButton.Yes), Qt.MouseButton.LeftButton)

    QTimer.singleShot(300, answer)
    wait(until=lambda: form.allow.isVisible())
    Clicks().on(form.allow)
    wait(until=lambda: not form.allow.isVisible())
    form.models.choose(str(MODEL))
    return seen


NO = QMessageBox.StandardButton.No


def dialog() -> dict[str, Any]:
    """Opens the algorithm's dialog and the batch window with a result as the active layer."""
    import processing

    iface.setActiveLayer(results()[0])
    opened = processing.createAlgorithmDialog("deeplearning:classifypixels", {})
    opened.show()
    wait(1)
    wrappers = opened.mainWidget().wrappers
    shown = QgsProject.instance().mapLayer(wrappers["INPUT"].parameterValue())
    table = wrappers["MODEL_ARGUMENTS"].widget.table
    found: dict[str, Any] = {"input": shown.name() if shown else "", "rows_without_model": table.isVisible()}
    model = wrappers["MODEL"].widget
    model.recent.fill_menu()
    found["recent"] = [entry.text() for entry in model.recent.menu().actions()]
    opened.resize(900, 800)
    screenshot("dialog_empty")
    model.recent.menu().actions()[0].trigger()
    wait(until=lambda: table.isVisible() and table.rowCount())
    wait(1)
    found["labels"] = [table.item(row, 0).text() for row in range(table.rowCount())]
    screenshot("dialog")
    opened.close()
    return found


def small() -> dict[str, Any]:
    """Floats the panel at 300 x 400 pixels."""
    dock = panel()
    dock.setFloating(True)
    dock.resize(300, 400)
    wait(0.5)
    screenshot("small")
    area = dock.form.scroll
    found = {
        "size": [dock.width(), dock.height()],
        "cut": area.horizontalScrollBar().maximum(),
    }
    dock.setFloating(False)
    return found


def close_panel() -> dict[str, Any]:
    """Closes the panel while a preview is shown."""
    form = panel().form
    form.preview_button.setChecked(True)
    wait(until=lambda: form.preview._shown is not None)
    panel().close()
    wait(0.5)
    return {"preview": form.preview.is_on}


def action(name: str) -> QAction:
    return iface.mainWindow().findChild(QAction, name)


def results() -> list[Any]:
    """Returns the layers of results."""
    outputs = {job.request.output for job in jobs()}
    return [layer for layer in QgsProject.instance().mapLayers().values() if layer.source() in outputs]


def everything() -> set[str]:
    """Returns the files of the folder that a preview might write, without settings and caches."""
    kinds = (".tif", ".vrt", ".json", ".part")
    return {str(p) for p in FOLDER.rglob("*") if p.is_file() and p.suffix in kinds and "packages" not in p.parts}


def canvas_colors() -> set[str]:
    image = iface.mapCanvas().grab().toImage()
    return {image.pixelColor(x, y).name() for x in range(0, image.width(), 9) for y in range(0, image.height(), 9)}


def spots(overlay: Any) -> list[tuple[int, int]]:
    return [(x, y) for x in range(0, overlay.image.width(), 7) for y in range(0, overlay.image.height(), 7)]


def tour() -> dict[str, Any]:
    """Plays all steps."""
    assert panel() is not None
    toolbox = iface.mainWindow().findChild(QDockWidget, "ProcessingToolbox")
    findings: dict[str, Any] = {"toolbox": toolbox is not None}
    findings["first_map"] = first_map()
    findings["preview"] = preview()
    findings["other_ways"] = other_ways()
    findings["allow_code"] = allow_code()
    findings["dialog"] = dialog()
    findings["small"] = small()
    findings["closed"] = close_panel()
    # QGIS is closed with a preview under way.
    panel().setUserVisible(True)
    panel().form.preview_button.setChecked(True)
    wait(0.3)
    return findings


play(tour)
