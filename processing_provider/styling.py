# SPDX-License-Identifier: GPL-2.0-or-later
"""The look of a result on the map, its name, and what its layer says of itself."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import PurePath
from typing import ClassVar

from qgis.core import (
    QgsLayerMetadata,
    QgsMapLayer,
    QgsPalettedRasterRenderer,
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProcessingLayerPostProcessorInterface,
    QgsRasterLayer,
)
from qgis.PyQt.QtGui import QColor

from ..inference.models import ModelClass
from ..inference.raster import ClassCount, ClassRecord, read_class_record
from ..inference.redaction import without_markup, without_secrets
from ..plugin_support.translation import tr
from .summary import area_text

LONGEST_NAME = 60
# What the run writes into the file, in the order in which the layer tells it.
ORIGIN = ("TIFFTAG_SOFTWARE", "INPUT", "INPUT_BANDS", "MODEL", "MODEL_VERSION", "MODEL_FILE", "MODEL_ARGUMENTS")


class ClassMapStyler(QgsProcessingLayerPostProcessorInterface):
    """Gives the loaded layer a paletted renderer with the model's classes, a name and metadata."""

    # QGIS holds no reference to the Python object: without this one it would be gone before its turn.
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


def apply_classes(layer: QgsRasterLayer, classes: Sequence[ModelClass]) -> None:
    """Styles a layer with exactly these classes; what has no class is transparent."""
    layer.setRenderer(paletted_renderer(layer, classes))
    layer.triggerRepaint()
    layer.emitStyleChanged()


def paletted_renderer(layer: QgsRasterLayer, classes: Sequence[ModelClass]) -> QgsPalettedRasterRenderer:
    """Returns a renderer with exactly these classes, for the layer's first band."""
    entries = [QgsPalettedRasterRenderer.Class(c.value, QColor(*c.color), without_markup(c.name)) for c in classes]
    return QgsPalettedRasterRenderer(layer.dataProvider(), 1, entries)


def layer_name(record: ClassRecord) -> str:
    """Returns the names of raster and model, as far as the file tells them."""
    raster = re.split(r"[?|]", without_secrets(record.items.get("INPUT", "")))[0].replace("\\", "/")
    parts = [PurePath(raster).stem[:LONGEST_NAME], record.items.get("MODEL", "")[:LONGEST_NAME]]
    return without_markup(" – ".join(part for part in parts if part))


def describe_layer(layer: QgsRasterLayer, record: ClassRecord) -> None:
    """Writes classes, statistics and origin into the layer's metadata, which its properties show as HTML.

    What is shown was written by the makers of the model, and by whoever wrote the file.
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
