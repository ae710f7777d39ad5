# SPDX-License-Identifier: GPL-2.0-or-later
"""Registration of the page in QGIS's options."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qgis.gui import QgisInterface, QgsOptionsWidgetFactory
from qgis.PyQt.QtGui import QIcon
from qgis.PyQt.QtWidgets import QWidget

from ...plugin_support.locations import ICON
from ...plugin_support.translation import tr

if TYPE_CHECKING:
    from .options_page import OptionsPage


class OptionsFactory(QgsOptionsWidgetFactory):
    """Creates the page each time the options are opened."""

    def __init__(self) -> None:
        super().__init__()
        self.setTitle(tr("Classify Pixels"))
        self.setIcon(QIcon(str(ICON)))

    def icon(self) -> QIcon:
        """Returns the icon of the page."""
        return QIcon(str(ICON))

    def createWidget(self, parent: QWidget) -> OptionsPage:  # noqa: N802  (QGIS calls it so)
        """Returns a new page; imports it only here, because it needs the engine."""
        from .options_page import OptionsPage

        return OptionsPage(parent)


class OptionsEntry:
    """The registered page."""

    def __init__(self, iface: QgisInterface) -> None:
        self._iface = iface
        self._factory = OptionsFactory()
        iface.registerOptionsWidgetFactory(self._factory)

    def close(self) -> None:
        """Unregisters the page."""
        self._iface.unregisterOptionsWidgetFactory(self._factory)
