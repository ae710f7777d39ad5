# SPDX-License-Identifier: GPL-2.0-or-later
"""Runs inside a real QGIS desktop: classifies the sample through the dialog and records the findings.

Started by test_desktop.py with `qgis --code`; the environment names the folder for findings.
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
from qgis.core import QgsProject, QgsRasterLayer, QgsSingleBandGrayRenderer
from qgis.PyQt.QtCore import QPoint, Qt, QTimer
from qgis.PyQt.QtTest import QTest
from qgis.PyQt.QtWidgets import QAction, QApplication, QLabel, QTextEdit, QTreeWidget, QWidget
from qgis.utils import iface, plugins

# Contains a copy of the sample, because QGIS writes statistics beside displayed rasters.
FOLDER = Path(os.environ["CLASSIFY_PIXELS_FINDINGS"])
SAMPLE = FOLDER / "sample"
LIMIT = 300.0


def keep_alive(seconds: float = 0.0, until: Callable[[], Any] | None = None) -> float:
    """Runs the event loop for a time, or until a condition holds; returns its longest gap."""
    started = last = time.monotonic()
    longest = 0.0
    while True:
        QApplication.processEvents()
        now = time.monotonic()
        longest, last = max(longest, now - last), now
        if until() if until else now - started >= seconds:
            return longest
        if now - started > LIMIT:
            raise TimeoutError(f"nothing came of it within {LIMIT} s")
        time.sleep(0.005)


def screenshot(name: str) -> None:
    """Saves the whole screen."""
    keep_alive(0.5)
    QApplication.primaryScreen().grabWindow(0).save(str(FOLDER / f"{name}.png"))


def toolbox_names() -> list[str]:
    """Returns the algorithms of the plugin's provider in the registry."""
    from qgis.core import QgsApplication

    provider = QgsApplication.processingRegistry().providerById("deeplearning")
    return [algorithm.displayName() for algorithm in provider.algorithms()] if provider else []


def run_dialog(layer: QgsRasterLayer, output: str) -> dict[str, Any]:
    """Opens the algorithm's dialog, runs it, and returns its duration and its log."""
    parameters = {"INPUT": layer, "MODEL": str(SAMPLE / "landsat7_landcover.dlpk"), "OUTPUT": output}
    dialog = processing.createAlgorithmDialog("deeplearning:classifypixels", parameters)
    dialog.show()
    model = dialog.mainWidget().wrappers["MODEL"].widget
    card_gap = keep_alive(until=lambda: "ONNX Runtime" in card_of(model))
    screenshot("dialog")
    layers = QgsProject.instance().mapLayers
    started, before = time.monotonic(), len(layers())
    dialog.runButton().click()
    gap = keep_alive(until=lambda: len(layers()) > before)
    seconds = time.monotonic() - started
    keep_alive(0.5)
    screenshot("log")
    log = "\n".join(text.toPlainText() for text in dialog.findChildren(QTextEdit))
    dialog.close()
    return {"seconds": seconds, "longest_gap": gap, "log": log, "card": card_of(model), "card_gap": card_gap}


def card_of(model: QWidget) -> str:
    """Returns the text below the field for the model."""
    return " ".join(label.text() for label in model.findChildren(QLabel) if not label.isHidden())


def restyle(result: QgsRasterLayer) -> str:
    """Removes the style of a result, restores it by the action of its menu, and returns the new renderer."""
    result.setRenderer(QgsSingleBandGrayRenderer(result.dataProvider(), 1))
    iface.setActiveLayer(result)
    [action] = [action for action in iface.mainWindow().findChildren(QAction) if action.text().startswith("Style with")]
    action.trigger()
    return result.renderer().type()


def identify(result: QgsRasterLayer) -> list[str]:
    """Clicks into the middle of the map with the identify tool and returns the identified values."""
    iface.setActiveLayer(result)
    iface.actionIdentify().trigger()
    canvas = iface.mapCanvas()
    button, modifier = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    QTest.mouseClick(canvas.viewport(), button, modifier, QPoint(canvas.width() // 2, canvas.height() // 2))
    tree = iface.mainWindow().findChild(QTreeWidget, "lstResults")

    def values() -> list[str]:
        items = tree.findItems("Band 1", Qt.MatchFlag.MatchStartsWith | Qt.MatchFlag.MatchRecursive)
        return [item.text(1) for item in items]

    keep_alive(until=lambda: any("  " in value for value in values()))
    screenshot("identify")
    return values()


def describe(layer: QgsRasterLayer) -> dict[str, Any]:
    """Returns the legend of a layer."""
    renderer = layer.renderer()
    classes = renderer.classes() if renderer.type() == "paletted" else []
    return {
        "name": layer.name(),
        "source": layer.source(),
        "renderer": renderer.type(),
        "classes": [[c.value, c.label, c.color.name()] for c in classes],
        "crs": layer.crs().authid(),
    }


def tour() -> dict[str, Any]:
    """Plays all steps of a user."""
    iface.mainWindow().setGeometry(0, 0, 1600, 1000)
    project = QgsProject.instance()
    layer = QgsRasterLayer(str(SAMPLE / "landsat7_olinda.tif"), "Olinda")
    project.addMapLayer(layer)
    iface.setActiveLayer(layer)
    iface.zoomToActiveLayer()
    findings = {"loaded": "classify_pixels" in plugins, "algorithms": toolbox_names()}
    findings.update(run_dialog(layer, str(FOLDER / "classes.tif")))
    results = [other for name, other in project.mapLayers().items() if name != layer.id()]
    findings["results"] = [describe(result) for result in results]
    findings["pages"] = [page.filename for page in resultsList.getResults()]
    findings["page"] = "".join(Path(name).read_text(encoding="utf-8") for name in findings["pages"])
    findings["order"] = [shown.name() for shown in project.layerTreeRoot().layerOrder()]
    for result in results:
        project.layerTreeRoot().findLayer(result.id()).setExpanded(True)
    iface.mapCanvas().refreshAllLayers()
    keep_alive(2)
    iface.mapCanvas().waitWhileRendering()
    screenshot("desktop")
    image = QApplication.primaryScreen().grabWindow(iface.mapCanvas().winId()).toImage()
    x, y = image.width() // 2, image.height() // 2
    findings["center_colors"] = [
        image.pixelColor(x + dx, y + dy).name() for dx in range(-60, 60, 6) for dy in range(-60, 60, 6)
    ]
    findings["restyled"] = [restyle(result) for result in results]
    findings["identified"] = [identify(result) for result in results]
    return findings


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
