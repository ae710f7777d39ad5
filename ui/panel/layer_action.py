# SPDX-License-Identifier: GPL-2.0-or-later
"""*Classify…* in the context menu of raster layers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Callable

from qgis.core import QgsMapLayer, QgsRasterLayer
from qgis.gui import QgisInterface
from qgis.PyQt.QtGui import QIcon
from qgis.PyQt.QtWidgets import QAction

from ...plugin_support.locations import ICON
from ...plugin_support.translation import tr


class LayerAction:
    """Passes the selected raster layers, the clicked one first."""

    def __init__(self, iface: QgisInterface, take: Callable[[Sequence[QgsMapLayer]], None]) -> None:
        self._iface, self._take = iface, take
        self.action = QAction(QIcon(str(ICON)), tr("Classify…"), iface.mainWindow())
        self.action.triggered.connect(lambda: self.take_selected())
        # A value of the enumeration of layer types, whose name differs between versions.
        iface.addCustomActionForLayerType(self.action, "", QgsRasterLayer().type(), True)

    def close(self) -> None:
        """Removes the action."""
        self._iface.removeCustomActionForLayerType(self.action)
        self.action.deleteLater()

    def take_selected(self) -> None:
        """Passes the selected layers."""
        active = self._iface.activeLayer()
        selected = self._iface.layerTreeView().selectedLayers()
        layers = [active, *(layer for layer in selected if layer is not active)]
        rasters = [layer for layer in layers if isinstance(layer, QgsRasterLayer)]
        if rasters:
            self._take(rasters)
