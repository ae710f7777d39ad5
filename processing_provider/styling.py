# SPDX-License-Identifier: GPL-2.0-or-later
"""Style, name and metadata of a result layer."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import PurePath

from qgis.core import (
    QgsCategorizedSymbolRenderer,
    QgsFillSymbol,
    QgsLayerMetadata,
    QgsMapLayer,
    QgsPalettedRasterRenderer,
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
from .areas import area_text
from .layer_styler import LayerStyler
from .layer_tree import unfold

LONGEST_NAME = 60
# Metadata items of the file, in the order of the layer's history.
ORIGIN = ("TIFFTAG_SOFTWARE", "INPUT", "INPUT_BANDS", "MODEL", "MODEL_VERSION", "MODEL_FILE", "MODEL_ARGUMENTS")


class ClassMapStyler(LayerStyler):
    """Applies a paletted renderer with the model's classes, a name and metadata to the loaded layer."""

    def __init__(self, classes: Sequence[ModelClass], names_layer: bool = True, run: str = "") -> None:
        super().__init__()
        self._run = run
        self._classes = tuple(classes)
        self._names_layer = names_layer

    def style(self, layer: QgsMapLayer) -> None:
        """Styles the layer."""
        if isinstance(layer, QgsRasterLayer):
            record = read_class_record(layer.source())
            describe_layer(layer, record)
            if self._names_layer:
                layer.setName(run_name(record, self._run) or layer.name())
            apply_classes(layer, self._classes)
            unfold(layer)


class PolygonStyler(LayerStyler):
    """Applies a categorised renderer with the model's classes, and a name, to the loaded layer of polygons."""

    def __init__(self, classes: Sequence[ModelClass], name: str) -> None:
        super().__init__()
        self._classes, self._name = tuple(classes), name

    def style(self, layer: QgsMapLayer) -> None:
        """Styles the layer."""
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


def run_name(record: ClassRecord, run: str) -> str:
    """Returns the name of a result: raster, model, and the part and time of its run, if known."""
    name = layer_name(record)
    return f"{name} – {run}" if name and run else name


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


def is_result(layer: QgsMapLayer) -> bool:
    """Returns True for a result, recognised by the origin in its metadata."""
    return any(line.startswith("MODEL: ") for line in layer.metadata().history())


def _class_line(count: ClassCount) -> str:
    legend_class = count.legend_class
    shown = {"value": legend_class.value, "name": legend_class.name, "pixels": count.pixels}
    if count.area is None:
        return tr("{value}  {name}: {pixels} pixels").format(**shown)
    return tr("{value}  {name}: {pixels} pixels, {area}").format(**shown, area=area_text(count.area))
