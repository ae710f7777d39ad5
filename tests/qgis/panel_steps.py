# SPDX-License-Identifier: GPL-2.0-or-later
"""Steps of the panel's drivers inside a real QGIS desktop: wait, look, load layers, and end QGIS."""

from __future__ import annotations

import json
import os
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from osgeo import gdal
from qgis.core import QgsProject, QgsRasterLayer
from qgis.PyQt.QtCore import QTimer
from qgis.PyQt.QtWidgets import QApplication, QDockWidget
from qgis.utils import iface

FOLDER = Path(os.environ["CLASSIFY_PIXELS_FINDINGS"])
SAMPLE = FOLDER / "sample"
MODEL = SAMPLE / "landsat7_landcover.dlpk"
LIMIT = 300.0
# Repetitions of the sample in each direction.
REPEATS = 6


def wait(seconds: float = 0.0, until: Callable[[], Any] | None = None) -> None:
    """Runs the event loop for a time, or until a condition holds."""
    started = time.monotonic()
    while time.monotonic() - started < (LIMIT if until else seconds):
        QApplication.processEvents()
        if until and until():
            return
        time.sleep(0.002)
    # On a busy machine the last turn may have been long ago.
    QApplication.processEvents()
    if until:
        raise TimeoutError(f"nothing came of it within {LIMIT} s")


def screenshot(name: str) -> None:
    """Saves the whole screen."""
    wait(0.5)
    QApplication.primaryScreen().grabWindow(0).save(str(FOLDER / f"{name}.png"))


def panel() -> Any:
    """Returns the panel, None where there is none."""
    return iface.mainWindow().findChild(QDockWidget, "ClassifyPixelsDock")


def jobs() -> list[Any]:
    """Returns the jobs of the panel, the oldest first."""
    return panel().view._queue.jobs.jobs


def states() -> list[str]:
    """Returns the states of all jobs."""
    return [job.state.value for job in jobs()]


def add_layer(path: Path, name: str) -> QgsRasterLayer:
    """Adds a raster and shows all of it."""
    layer = QgsRasterLayer(str(path), name)
    QgsProject.instance().addMapLayer(layer)
    iface.setActiveLayer(layer)
    iface.zoomToActiveLayer()
    wait(0.5)
    return layer


def write_large() -> Path:
    """Repeats the sample in each direction."""
    source = gdal.Open(str(SAMPLE / "landsat7_olinda.tif"))
    pixels = np.tile(source.ReadAsArray(), (1, REPEATS, REPEATS))
    path = FOLDER / "large.tif"
    bands, height, width = pixels.shape
    target = gdal.GetDriverByName("GTiff").Create(
        str(path), width, height, bands, source.GetRasterBand(1).DataType, ["TILED=YES"]
    )
    target.SetGeoTransform(source.GetGeoTransform())
    target.SetProjection(source.GetProjection())
    target.WriteArray(pixels)
    return path


def write_findings(findings: dict[str, Any]) -> None:
    """Records the findings."""
    (FOLDER / "findings.json").write_text(json.dumps(findings), encoding="utf-8")


def play(tour: Callable[[], dict[str, Any]]) -> None:
    """Plays a tour once QGIS has started, writes its findings or the traceback, and ends QGIS."""
    QTimer.singleShot(500, lambda: _play(tour))


def _play(tour: Callable[[], dict[str, Any]]) -> None:
    findings: dict[str, Any] = {}
    try:
        iface.mainWindow().setGeometry(0, 0, 1600, 1000)
        findings = tour()
    except BaseException:
        screenshot("error")
        findings = {"error": traceback.format_exc()}
    finally:
        write_findings(findings)
        QgsProject.instance().clear()
        iface.actionExit().trigger()
