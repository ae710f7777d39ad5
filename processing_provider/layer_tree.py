# SPDX-License-Identifier: GPL-2.0-or-later
"""The entry of a loaded layer in the layer tree."""

from __future__ import annotations

from qgis.core import QgsMapLayer, QgsProject
from qgis.PyQt.QtCore import QTimer


def unfold(layer: QgsMapLayer) -> None:
    """Shows the legend of a layer, which some versions of QGIS add to the tree only after its post-processing."""
    layer_id = layer.id()
    _unfold(layer_id)
    QTimer.singleShot(0, lambda: _unfold(layer_id))


def _unfold(layer_id: str) -> None:
    node = QgsProject.instance().layerTreeRoot().findLayer(layer_id)
    if node is not None:
        # The tree's view follows changes only, and folds a layer whose legend comes after it.
        node.setExpanded(False)
        node.setExpanded(True)
