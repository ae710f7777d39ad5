# SPDX-License-Identifier: GPL-2.0-or-later
"""The sample scene and its model, added to map and panel."""

from __future__ import annotations

from qgis.core import QgsCoordinateTransform, QgsProject, QgsRasterLayer
from qgis.gui import QgsMapCanvas

from ...plugin_support.locations import PLUGIN

SAMPLE = PLUGIN / "resources" / "sample"
SCENE, MODEL = SAMPLE / "landsat7_olinda.tif", SAMPLE / "landsat7_landcover.dlpk"
NAME = "Landsat 7 Olinda"


def sample_layer(project: QgsProject) -> QgsRasterLayer:
    """Returns the layer of the sample scene, added to the project if it is not there."""
    found = (layer for layer in project.mapLayers().values() if layer.source().split("|")[0] == str(SCENE))
    layer = next(found, None)
    if layer is None:
        layer = QgsRasterLayer(str(SCENE), NAME)
        project.addMapLayer(layer)
    return layer


def zoom_to(canvas: QgsMapCanvas, layer: QgsRasterLayer) -> None:
    """Shows all of a layer."""
    settings = canvas.mapSettings()
    transform = QgsCoordinateTransform(layer.crs(), settings.destinationCrs(), settings.transformContext())
    extent = transform.transformBoundingBox(layer.extent()) if settings.destinationCrs().isValid() else layer.extent()
    extent.scale(1.05)
    canvas.setExtent(extent)
    canvas.refresh()
