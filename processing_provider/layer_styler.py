# SPDX-License-Identifier: GPL-2.0-or-later
"""Styling of a layer after Processing has loaded it."""

from __future__ import annotations

from typing import ClassVar

from qgis.core import (
    QgsMapLayer,
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProcessingLayerPostProcessorInterface,
)


class LayerStyler(QgsProcessingLayerPostProcessorInterface):
    """Styles a loaded layer once, in the main thread; subclasses define `style`."""

    # QGIS holds no reference to the Python object, so one is kept until it is called.
    _waiting: ClassVar[set[LayerStyler]] = set()

    def __init__(self) -> None:
        super().__init__()
        self._waiting.add(self)

    def style(self, layer: QgsMapLayer) -> None:
        """Styles the layer."""
        raise NotImplementedError

    def postProcessLayer(  # noqa: N802
        self, layer: QgsMapLayer, context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> None:
        """Styles the layer; Processing calls this after loading it."""
        self._waiting.discard(self)
        self.style(layer)
