# SPDX-License-Identifier: GPL-2.0-or-later
"""The action in a raster layer's menu that restores the classes of its model."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from qgis.core import QgsRasterLayer
from qgis.gui import QgisInterface
from qgis.PyQt.QtGui import QIcon
from qgis.PyQt.QtWidgets import QAction

from ..plugin_support.locations import ICON
from ..plugin_support.translation import tr

if TYPE_CHECKING:
    from .class_styling import ClassStyling


class StyleAction:
    """Styles the layer whose menu is open."""

    def __init__(self, iface: QgisInterface) -> None:
        self._iface = iface
        self._action = QAction(QIcon(str(ICON)), tr("Style with the model's classes"), iface.mainWindow())
        self._action.triggered.connect(lambda: self.style_selected())
        # A value of the enumeration of layer types, whose name differs between versions.
        iface.addCustomActionForLayerType(self._action, "", QgsRasterLayer().type(), True)

    def close(self) -> None:
        """Removes the action."""
        self._iface.removeCustomActionForLayerType(self._action)
        self._action.deleteLater()

    def style_selected(self) -> None:
        """Styles the active layer."""
        layer = self._iface.activeLayer()
        if isinstance(layer, QgsRasterLayer):
            self.styling.style(layer)

    @cached_property
    def styling(self) -> ClassStyling:
        """The styling, imported only when it is needed, because it needs the engine."""
        from .class_styling import ClassStyling

        return ClassStyling(self._iface, self._action)
