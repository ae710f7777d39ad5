# SPDX-License-Identifier: GPL-2.0-or-later
"""The look of a result on the map."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from qgis.core import (
    QgsMapLayer,
    QgsPalettedRasterRenderer,
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProcessingLayerPostProcessorInterface,
    QgsRasterLayer,
)
from qgis.PyQt.QtGui import QColor

from ..inference.model import ModelClass


class ClassMapStyler(QgsProcessingLayerPostProcessorInterface):
    """Gives the loaded layer a paletted renderer with the model's classes."""

    # QGIS holds no reference to the Python object: without this one it would be gone before its turn.
    _waiting: ClassVar[set[ClassMapStyler]] = set()

    def __init__(self, classes: Sequence[ModelClass]) -> None:
        super().__init__()
        self._classes = tuple(classes)
        self._waiting.add(self)

    def postProcessLayer(  # noqa: N802
        self, layer: QgsMapLayer, context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> None:
        """Styles the layer; Processing calls this in the main thread after loading it."""
        self._waiting.discard(self)
        if isinstance(layer, QgsRasterLayer):
            layer.setRenderer(paletted_renderer(layer, self._classes))
            layer.triggerRepaint()
            layer.emitStyleChanged()


def paletted_renderer(layer: QgsRasterLayer, classes: Sequence[ModelClass]) -> QgsPalettedRasterRenderer:
    """Returns a renderer with exactly these classes, for the layer's first band."""
    entries = [QgsPalettedRasterRenderer.Class(c.value, QColor(*c.color), c.name) for c in classes]
    return QgsPalettedRasterRenderer(layer.dataProvider(), 1, entries)
