# SPDX-License-Identifier: GPL-2.0-or-later
"""Runs inside a real QGIS desktop and takes the pictures of the user guide.

Started by screenshots.py with `qgis --code`; the environment names the folder for pictures and findings.
"""

from __future__ import annotations

import json
import os
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

import processing
from processing.core.ProcessingResults import resultsList
from processing.modeler.ModelerDialog import ModelerDialog
from qgis.core import (
    QgsProcessingModelAlgorithm,
    QgsProcessingModelChildAlgorithm,
    QgsProcessingModelChildParameterSource,
    QgsProcessingModelOutput,
    QgsProcessingModelParameter,
    QgsProcessingParameterRasterLayer,
    QgsProject,
    QgsRasterLayer,
    QgsRectangle,
)
from qgis.PyQt.QtCore import QPointF, QSize, Qt, QTimer, QUrl
from qgis.PyQt.QtWebKitWidgets import QWebView
from qgis.PyQt.QtWidgets import QAction, QApplication, QDockWidget, QLabel, QTreeView, QWidget
from qgis.utils import iface

FOLDER = Path(os.environ["CLASSIFY_PIXELS_FINDINGS"])
SAMPLE = FOLDER / "sample"
MODEL = str(SAMPLE / "landsat7_landcover.dlpk")
ALGORITHM = "deeplearning:classifypixels"
LIMIT = 60.0
# Folder of packages on a user's machine, instead of this one.
PACKAGES = "/usr/lib/python3/dist-packages"

pictures: list[str] = []


def wait(seconds: float = 0.0, until: Callable[[], Any] | None = None) -> None:
    """Runs the event loop for a time, or until a condition holds."""
    started = time.monotonic()
    while time.monotonic() - started < (LIMIT if until else seconds):
        QApplication.processEvents()
        if until and until():
            return
        time.sleep(0.005)
    if until:
        raise TimeoutError(f"nothing came of it within {LIMIT} s")


def take(name: str, widget: QWidget) -> None:
    """Takes a picture of a widget as the screen shows it."""
    wait(0.7)
    widget.grab().save(str(FOLDER / f"{name}.png"))
    pictures.append(name)


def panel() -> Any:
    """Returns the plugin's panel."""
    return iface.mainWindow().findChild(QDockWidget, "ClassifyPixelsDock")


def layers() -> dict[str, Any]:
    """Returns the layers of the project."""
    return QgsProject.instance().mapLayers()


def add_sample() -> QgsRasterLayer:
    """Adds the sample, shows all of it in natural colours, and its legend folded."""
    layer = QgsRasterLayer(str(SAMPLE / "landsat7_olinda.tif"), "Olinda")
    renderer = layer.renderer()
    for band, use in ((3, renderer.setRedBand), (2, renderer.setGreenBand), (1, renderer.setBlueBand)):
        use(band)
    QgsProject.instance().addMapLayer(layer)
    layer.setDefaultContrastEnhancement()
    QgsProject.instance().layerTreeRoot().findLayer(layer.id()).setExpanded(False)
    iface.setActiveLayer(layer)
    iface.zoomToActiveLayer()
    wait(1)
    return layer


def take_toolbox() -> None:
    """Takes the toolbox, filtered by a typical search."""
    toolbox = iface.mainWindow().findChild(QDockWidget, "ProcessingToolbox")
    toolbox.setFloating(True)
    toolbox.show()
    toolbox.resize(420, 330)
    toolbox.searchBox.setText("deep learning")
    wait(0.5)
    toolbox.findChild(QTreeView).expandAll()
    take("toolbox", toolbox)
    toolbox.setFloating(False)
    toolbox.hide()


def take_dialog(layer: QgsRasterLayer) -> None:
    """Takes the dialog with the model's card, its arguments, its log, and the result on the map."""
    parameters = {"INPUT": layer, "MODEL": MODEL, "OUTPUT": str(FOLDER / "landcover.tif")}
    dialog = processing.createAlgorithmDialog(ALGORITHM, parameters)
    dialog.show()
    dialog.resize(1100, 820)
    model = dialog.mainWidget().wrappers["MODEL"].widget
    wait(until=lambda: any("ONNX Runtime" in label.text() for label in model.findChildren(QLabel)))
    take("dialog", dialog)
    arguments = dialog.mainWidget().wrappers["MODEL_ARGUMENTS"].widget
    arguments.set_value("padding 32;batch_size 4")
    take("arguments", arguments)
    before = len(layers())
    dialog.runButton().click()
    wait(until=lambda: len(layers()) > before)
    wait(1)
    take("log", dialog)
    dialog.close()


def take_map(layer: QgsRasterLayer) -> None:
    """Takes the window with the result on the map."""
    [result] = [other for other in layers().values() if other.id() != layer.id()]
    QgsProject.instance().layerTreeRoot().findLayer(result.id()).setExpanded(True)
    for dock in iface.mainWindow().findChildren(QDockWidget):
        dock.setVisible(dock.objectName() in ("Layers",))
    layer_panel = iface.mainWindow().findChild(QDockWidget, "Layers")
    iface.mainWindow().resizeDocks([layer_panel], [400], Qt.Orientation.Horizontal)
    iface.zoomToActiveLayer()
    wait(2)
    take("map", iface.mainWindow())


def take_summary() -> None:
    """Takes the page with the summary of the run, as a browser shows it."""
    page = Path(resultsList.getResults()[0].filename)
    view = QWebView()
    view.load(QUrl.fromLocalFile(str(page)))
    view.resize(820, 640)
    view.show()
    take("summary", view)
    view.close()


def take_panel(layer: QgsRasterLayer) -> None:
    """Takes the panel with finished jobs."""
    iface.mainWindow().findChild(QAction, "ClassifyPixelsPanel").trigger()
    dock = panel()
    dock.setFloating(True)
    dock.resize(470, 760)
    extent = QgsRectangle(layer.extent())
    extent.scale(0.5)
    dock.form.raster.setLayer(layer)
    dock.form.models.choose(MODEL)
    wait(until=lambda: "Water" in dock.form.models.card.toPlainText())
    dock.form.whole_layer.click()
    iface.mapCanvas().setExtent(extent)
    dock.form.visible_extent.click()
    wait(until=lambda: dock.view._queue.jobs.jobs[-1].state.over)
    dock.form.raster.setLayer(layer)
    wait(1)
    take("panel", dock)
    dock.setFloating(False)
    dock.hide()


def take_options() -> None:
    """Takes the page of the options, and the installer that it opens."""

    def look() -> None:
        try:
            named = (widget for widget in QApplication.allWidgets() if widget.objectName() == "ClassifyPixelsOptions")
            page = next(widget for widget in named if widget.isVisible())
            done: list[bool] = []
            page.runtimes.survey.finished.connect(lambda: done.append(True))
            wait(until=lambda: done)
            tidy(page.runtimes.table)
            page.window().resize(1000, 760)
            take("options", page.window())
        finally:
            QApplication.activeModalWidget().reject()

    QTimer.singleShot(1500, look)
    iface.showOptionsDialog(iface.mainWindow(), "ClassifyPixelsOptions")


def tidy(table: Any) -> None:
    """Shows packages in the folder of a user's machine."""
    for number in range(table.topLevelItemCount()):
        item = table.topLevelItem(number)
        for column in range(table.columnCount()):
            text = item.text(column)
            if "site-packages" in text:
                item.setText(column, PACKAGES + text.partition("site-packages")[2])


def take_modeler() -> None:
    """Takes the modeler with a model that classifies, removes specks and draws polygons."""
    modeler = ModelerDialog()
    modeler.loadModel(saved(chain()))
    modeler.show()
    modeler.resize(1100, 640)
    wait(1)
    zoom = modeler.findChild(QAction, "mActionZoomToItems")
    if zoom is not None:
        zoom.trigger()
    take("modeler", modeler)
    modeler.setDirty(False)
    modeler.close()


def chain() -> QgsProcessingModelAlgorithm:
    """Returns the model."""
    model = QgsProcessingModelAlgorithm("Land cover as polygons", "Examples")
    raster = QgsProcessingModelParameter("raster")
    raster.setPosition(QPointF(150, 80))
    model.addModelParameter(QgsProcessingParameterRasterLayer("raster", "Scene"), raster)
    steps = (
        ("classify", ALGORITHM, "Classify pixels", {"MODEL": MODEL}, ""),
        (
            "sieve",
            "gdal:sieve",
            "Remove specks",
            {"THRESHOLD": 10, "EIGHT_CONNECTEDNESS": False, "NO_MASK": False},
            "classify",
        ),
        (
            "polygons",
            "gdal:polygonize",
            "Draw polygons",
            {"BAND": 1, "FIELD": "class", "EIGHT_CONNECTEDNESS": False},
            "sieve",
        ),
    )
    of = QgsProcessingModelChildParameterSource
    for number, (name, algorithm, text, values, before) in enumerate(steps):
        child = QgsProcessingModelChildAlgorithm(algorithm)
        child.setChildId(name)
        child.setDescription(text)
        child.setPosition(QPointF(150 + 260 * number, 200 + 90 * number))
        source = of.fromChildOutput(before, "OUTPUT") if before else of.fromModelParameter("raster")
        child.addParameterSources("INPUT", [source])
        for key, value in values.items():
            child.addParameterSources(key, [of.fromStaticValue(value)])
        if name == "polygons":
            result = QgsProcessingModelOutput("Polygons")
            result.setChildId(name)
            result.setChildOutputName("OUTPUT")
            result.setPosition(QPointF(940, 480))
            child.setModelOutputs({"Polygons": result})
        model.addChildAlgorithm(child)
    return model


def saved(model: QgsProcessingModelAlgorithm) -> str:
    """Writes the model and returns its path."""
    path = FOLDER / "polygons.model3"
    model.toFile(str(path))
    return str(path)


def tour() -> None:
    """Takes all pictures."""
    iface.mainWindow().setGeometry(0, 0, 1280, 800)
    iface.mainWindow().setFixedSize(QSize(1280, 800))
    layer = add_sample()
    take_toolbox()
    take_dialog(layer)
    take_map(layer)
    take_summary()
    take_panel(layer)
    take_options()
    take_modeler()


def go() -> None:
    """Writes the list of pictures, or the traceback, and ends QGIS."""
    findings: dict[str, Any] = {}
    try:
        tour()
        findings = {"pictures": pictures}
    except BaseException:
        for number, widget in enumerate(QApplication.topLevelWidgets()):
            if widget.isVisible():
                widget.grab().save(str(FOLDER / f"error{number}.png"))
        findings = {"error": traceback.format_exc()}
    finally:
        (FOLDER / "findings.json").write_text(json.dumps(findings), encoding="utf-8")
        QgsProject.instance().clear()
        iface.actionExit().trigger()


QTimer.singleShot(500, go)
