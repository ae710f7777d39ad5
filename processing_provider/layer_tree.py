# SPDX-License-Identifier: GPL-2.0-or-later
"""The entry of a loaded layer in the layer tree."""

from __future__ import annotations

from qgis.core import QgsMapLayer, QgsProject
from qgis.PyQt.QtCore import QTimer


def unfold(layer: QgsMapLayer) -> None:
    """Shows the legend of a layer, which some versions of QGIS add to the tree only after its post-processing."""
    if not _unfold(layer.id()):
        layer_id = layer.id()
        QTimer.singleShot(0, lambda: _unfold(layer_id))


def _unfold(layer_id: str) -> bool:
    node = QgsProject.instance().layerTreeRoot().findLayer(layer_id)
    if node is not None:
        node.setExpanded(True)
    return node is not None
