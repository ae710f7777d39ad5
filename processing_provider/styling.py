# SPDX-License-Identifier: GPL-2.0-or-later
"""Style, name and metadata of a result layer."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import PurePath
from typing import ClassVar

from qgis.core import (
    QgsCategorizedSymbolRenderer,
    QgsFillSymbol,
    QgsLayerMetadata,
    QgsMapLayer,
    QgsPalettedRasterRenderer,
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProcessingLayerPostProcessorInterface,
    QgsRasterLayer,
    QgsRendererCategory,
    QgsVectorLayer,
)
from qgis.PyQt.QtGui import QColor

from ..inference.models import ModelClass
from ..inference.raster import ClassCount, ClassRecord, read_class_record
from ..inference.raster.polygons.style import STYLE_FIELD
from ..inference.redaction import without_markup, without_secrets
from ..plugin_support.translation import tr
from .summary import area_text

LONGEST_NAME = 60
# Metadata items of the file, in the order of the layer's history.
ORIGIN = ("TIFFTAG_SOFTWARE", "INPUT", "INPUT_BANDS", "MODEL", "MODEL_VERSION", "MODEL_FILE", "MODEL_ARGUMENTS")


class ClassMapStyler(QgsProcessingLayerPostProcessorInterface):
    """Applies a paletted renderer with the model's classes, a name and metadata to the loaded layer."""

    # QGIS holds no reference to the Python object, so one is kept until it is called.
    _waiting: ClassVar[set[ClassMapStyler]] = set()

    def __init__(self, classes: Sequence[ModelClass], names_layer: bool = True) -> None:
        super().__init__()
        self._classes = tuple(classes)
        self._names_layer = names_layer
        self._waiting.add(self)

    def postProcessLayer(  # noqa: N802
        self, layer: QgsMapLayer, context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> None:
        """Styles the layer; Processing calls this in the main thread after loading it."""
        self._waiting.discard(self)
        if isinstance(layer, QgsRasterLayer):
            record = read_class_record(layer.source())
            describe_layer(layer, record)
            if self._names_layer:
                layer.setName(layer_name(record) or layer.name())
            apply_classes(layer, self._classes)


class PolygonStyler(QgsProcessingLayerPostProcessorInterface):
    """Applies a categorised renderer with the model's classes, and a name, to the loaded layer of polygons."""

    # QGIS holds no reference to the Python object, so one is kept until it is called.
    _waiting: ClassVar[set[PolygonStyler]] = set()

    def __init__(self, classes: Sequence[ModelClass], name: str) -> None:
        super().__init__()
        self._classes, self._name = tuple(classes), name
        self._waiting.add(self)

    def postProcessLayer(  # noqa: N802
        self, layer: QgsMapLayer, context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> None:
        """Styles the layer; Processing calls this in the main thread after loading it."""
        self._waiting.discard(self)
        if isinstance(layer, QgsVectorLayer):
            if self._name:
                layer.setName(tr("{name} – polygons").format(name=self._name))
            layer.setRenderer(categorized_renderer(self._classes))
            layer.triggerRepaint()
            layer.emitStyleChanged()


def categorized_renderer(classes: Sequence[ModelClass]) -> QgsCategorizedSymbolRenderer:
    """Returns a renderer of polygons with exactly these classes, filled and outlined in their colours."""
    categories = []
    for known in classes:
        color = "{},{},{},255".format(*known.color)
        symbol = QgsFillSymbol.createSimple({"color": color, "outline_color": color, "outline_width": "0.1"})
        categories.append(QgsRendererCategory(known.value, symbol, without_markup(known.name)))
    return QgsCategorizedSymbolRenderer(STYLE_FIELD, categories)


def apply_classes(layer: QgsRasterLayer, classes: Sequence[ModelClass]) -> None:
    """Styles a layer with exactly these classes; other values are transparent."""
    layer.setRenderer(paletted_renderer(layer, classes))
    layer.triggerRepaint()
    layer.emitStyleChanged()


def paletted_renderer(layer: QgsRasterLayer, classes: Sequence[ModelClass]) -> QgsPalettedRasterRenderer:
    """Returns a renderer with exactly these classes, for the layer's first band."""
    entries = [QgsPalettedRasterRenderer.Class(c.value, QColor(*c.color), without_markup(c.name)) for c in classes]
    return QgsPalettedRasterRenderer(layer.dataProvider(), 1, entries)


def layer_name(record: ClassRecord) -> str:
    """Returns the names of raster and model, if known from the file."""
    raster = re.split(r"[?|]", without_secrets(record.items.get("INPUT", "")))[0].replace("\\", "/")
    parts = [PurePath(raster).stem[:LONGEST_NAME], record.items.get("MODEL", "")[:LONGEST_NAME]]
    return without_markup(" – ".join(part for part in parts if part))


def describe_layer(layer: QgsRasterLayer, record: ClassRecord) -> None:
    """Writes classes, statistics and origin into the layer's metadata.

    Its properties show them as HTML, so the untrusted texts of model and file are stripped of markup.
    """
    metadata = QgsLayerMetadata(layer.metadata())
    metadata.setType("dataset")
    metadata.setTitle(layer_name(record))
    lines = [record.items.get("MODEL_DESCRIPTION", ""), *map(_class_line, record.classes)]
    metadata.setAbstract(without_markup("\n".join(line for line in lines if line)))
    origin = [f"{name}: {record.items[name]}" for name in ORIGIN if name in record.items]
    metadata.setHistory([without_markup(without_secrets(line)) for line in origin])
    names = [without_markup(count.legend_class.name) for count in record.classes]
    if names:
        metadata.addKeywords("classes", names)
    layer.setMetadata(metadata)


def _class_line(count: ClassCount) -> str:
    legend_class = count.legend_class
    shown = {"value": legend_class.value, "name": legend_class.name, "pixels": count.pixels}
    if count.area is None:
        return tr("{value}  {name}: {pixels} pixels").format(**shown)
    return tr("{value}  {name}: {pixels} pixels, {area}").format(**shown, area=area_text(count.area))
