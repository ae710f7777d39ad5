# SPDX-License-Identifier: GPL-2.0-or-later
"""The classes of a layer, from its style or otherwise from its file."""

from __future__ import annotations

from typing import Any

from qgis.core import (
    QgsCategorizedSymbolRenderer,
    QgsMapLayer,
    QgsPalettedRasterRenderer,
    QgsProcessingContext,
    QgsProcessingUtils,
    QgsRasterLayer,
    QgsVectorLayer,
)

from ..inference.errors import ClassTableError
from ..inference.models import ModelClass, read_class_table
from ..inference.phrase import Phrase
from ..inference.raster import read_class_names

# Values of the category for all other values, by version of QGIS.
NO_VALUE = ("", "NULL", "None")


def read_layer_classes(value: Any, context: QgsProcessingContext) -> tuple[ModelClass, ...]:
    """Returns the classes of a layer or file in the order of its legend; none for None.

    GDAL reads a raster without a paletted style, because loading it as a layer would write a side file.
    """
    if value is None:
        return ()
    layer = value if isinstance(value, QgsMapLayer) else _layer(str(value), context)
    if isinstance(layer, QgsVectorLayer):
        return _of_categories(layer)
    if isinstance(layer, QgsRasterLayer) and isinstance(layer.renderer(), QgsPalettedRasterRenderer):
        entries = layer.renderer().classes()
        return read_class_table([[entry.value, entry.label, entry.color.name()] for entry in entries])
    return read_class_names(layer.source() if layer is not None else str(value))


def _layer(text: str, context: QgsProcessingContext) -> QgsMapLayer | None:
    """Returns a layer of the project by id, name or source, otherwise the polygons of a file with its style."""
    layer = QgsProcessingUtils.mapLayerFromString(text, context, allowLoadingNewLayers=False)
    if layer is not None:
        return layer
    polygons = QgsVectorLayer(text, "classes", "ogr")
    return polygons if polygons.isValid() else None


def _of_categories(layer: QgsVectorLayer) -> tuple[ModelClass, ...]:
    """Returns the classes of all categories except the one for all other values."""
    renderer = layer.renderer()
    if not isinstance(renderer, QgsCategorizedSymbolRenderer):
        raise ClassTableError(classes=layer.name(), reason=Phrase("its style has no categories"))
    categories = [category for category in renderer.categories() if str(category.value()) not in NO_VALUE]
    rows = [[category.value(), category.label(), category.symbol().color().name()] for category in categories]
    return read_class_table(rows)
