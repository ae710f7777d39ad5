# SPDX-License-Identifier: GPL-2.0-or-later
"""Runs inside a real QGIS desktop: looks at the map while long runs of the panel go on, and records the findings.

Started by test_partial_desktop.py with `qgis --code`; the environment names the folder for findings.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from osgeo import gdal
from qgis import utils
from qgis.core import QgsCoordinateReferenceSystem, QgsProject
from qgis.utils import iface

from classify_pixels.tests.qgis import panel_steps
from classify_pixels.tests.qgis.hold import Hold
from classify_pixels.tests.qgis.panel_steps import (
    MODEL,
    add_layer,
    jobs,
    panel,
    play,
    screenshot,
    states,
    wait,
    write_large,
)
from classify_pixels.ui.preview.overlay import PreviewOverlay

PLUGIN = "classify_pixels"
# Repetitions of the sample, the row where a run is stopped, and the least part of the result that is drawn then.
REPEATS, ROW, PART = 8, 1700, 0.3


def overlays() -> list[Any]:
    """Returns what is drawn over the map."""
    return [item for item in iface.mapCanvas().scene().items() if isinstance(item, PreviewOverlay)]


def drawn() -> np.ndarray:
    """Returns the cells (height, width) of the unfinished result that are drawn."""
    shown = overlays()
    return shown[0].preview.colors()[..., 3] > 0 if shown else np.zeros((1, 1), bool)


def wait_for_part(hold: Hold) -> None:
    """Waits until a run is stopped and what it has finished is drawn."""
    wait(until=lambda: hold.holds)
    wait(until=lambda: drawn().mean() > PART)


def watch(hold: Hold) -> dict[str, Any]:
    """Looks at the map in the middle of a run, in two projections, and after it."""
    panel().form.whole_layer.click()
    wait_for_part(hold)
    grid, part = overlays()[0].preview.grid, drawn().copy()
    colors = overlays()[0].preview.colors()
    screenshot("middle")
    found = {"state": states()[-1], "share": float(part.mean()), "overlays": len(overlays())}
    QgsProject.instance().setCrs(QgsCoordinateReferenceSystem("EPSG:3857"))
    iface.zoomToActiveLayer()
    screenshot("mercator")
    hold.let_go()
    wait(until=lambda: jobs()[-1].state.over)
    wait(until=lambda: not overlays())
    found["left"] = len(overlays())
    screenshot("replaced")
    wait(1)
    screenshot("done")
    found["ended"] = states()[-1]
    # Of the cells themselves, not of the overviews.
    dataset = gdal.OpenEx(jobs()[-1].request.output, open_options=["OVERVIEW_LEVEL=NONE"])
    table = dataset.GetRasterBand(1).GetColorTable()
    coarse = gdal.Translate(
        "", dataset, format="MEM", width=grid.width, height=grid.height, resampleAlg="nearest"
    ).ReadAsArray()
    expected = np.array([table.GetColorEntry(value) for value in range(256)], np.uint8)[coarse]
    found["equal"] = float((expected[part] == colors[part]).all(axis=-1).mean())
    found["layers"] = sorted(layer.source() for layer in QgsProject.instance().mapLayers().values())
    found["output"] = jobs()[-1].request.output
    return found


def end_early(hold: Hold) -> dict[str, Any]:
    """Cancels a run, and unloads the plugin during another."""
    panel().form.whole_layer.click()
    wait_for_part(hold)
    panel().view.select(jobs()[-1].id)
    panel().view.cancel.trigger()
    wait(until=lambda: jobs()[-1].state.over)
    found: dict[str, Any] = {"cancelled": [states()[-1], len(overlays())]}
    panel().view.retry.trigger()
    wait_for_part(hold)
    # What the cancelled run has finished is shown before the first new strip.
    found["resumed"] = float(drawn().mean())
    utils.unloadPlugin(PLUGIN)
    wait(0.5)
    found["unloaded"] = len(overlays())
    utils.loadPlugin(PLUGIN)
    utils.startPlugin(PLUGIN)
    wait(0.5)
    found["kept"] = states()[-1]
    return found


def tour() -> dict[str, Any]:
    """Plays both."""
    panel_steps.REPEATS = REPEATS
    panel().setUserVisible(True)
    layer = add_layer(write_large(), "Large")
    form = panel().form
    form.raster.setLayer(layer)
    form.models.choose(str(MODEL))
    wait(until=lambda: form.checks.result is not None and form.whole_layer.isEnabled())
    hold = Hold(ROW)
    return {"watched": watch(hold), "ended": end_early(hold)}


play(tour)
