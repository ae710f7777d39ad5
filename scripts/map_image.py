# SPDX-License-Identifier: GPL-2.0-or-later
"""Draws a class map with its legend, as QGIS shows it."""

from __future__ import annotations

import os
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from qgis.core import (
    QgsApplication,
    QgsLayout,
    QgsLayoutExporter,
    QgsLayoutItem,
    QgsLayoutItemLabel,
    QgsLayoutItemLegend,
    QgsLayoutItemMap,
    QgsLayoutPoint,
    QgsLayoutSize,
    QgsProject,
    QgsRasterLayer,
)
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtGui import QFont

DPI = 120


def draw_map(raster: Path, image: Path, title: str) -> None:
    """Writes a PNG of the raster in its own style, with a title and the legend of its classes."""
    application = QgsApplication([], False)
    application.initQgis()
    try:
        layer = QgsRasterLayer(str(raster), raster.stem.capitalize())
        project = QgsProject.instance()
        project.setCrs(layer.crs())
        project.addMapLayer(layer)
        layout = _layout(project, layer, title)
        # Not exportToImage(): it would try to georeference the PNG.
        QgsLayoutExporter(layout).renderPageToImage(0, dpi=DPI).save(str(image))
    finally:
        QgsProject.instance().clear()
        application.exitQgis()


def _layout(project: QgsProject, layer: QgsRasterLayer, title: str) -> QgsLayout:
    """Lays out an A5 page: the map on the left, title and legend on the right; sizes are in millimetres."""
    layout = QgsLayout(project)
    layout.initializeDefaults()
    layout.pageCollection().page(0).setPageSize(QgsLayoutSize(190, 125))
    chart = QgsLayoutItemMap(layout)
    chart.setLayers([layer])
    _place(layout, chart, 5, 5, 115, 115)
    chart.setExtent(layer.extent())
    chart.setFrameEnabled(True)
    heading = QgsLayoutItemLabel(layout)
    heading.setText(title)
    heading.setFont(QFont("DejaVu Sans", 12))
    heading.setHAlign(Qt.AlignmentFlag.AlignLeft)
    _place(layout, heading, 126, 6, 60, 18)
    legend = QgsLayoutItemLegend(layout)
    legend.setLinkedMap(chart)
    legend.setAutoUpdateModel(True)
    _place(layout, legend, 124, 26, 60, 80)
    return layout


def _place(layout: QgsLayout, item: QgsLayoutItem, x: float, y: float, width: float, height: float) -> None:
    layout.addLayoutItem(item)
    item.attemptMove(QgsLayoutPoint(x, y))
    item.attemptResize(QgsLayoutSize(width, height))
