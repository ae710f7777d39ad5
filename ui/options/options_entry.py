# SPDX-License-Identifier: GPL-2.0-or-later
"""How the page comes into QGIS's options, and goes."""

from __future__ import annotations

from qgis.gui import QgisInterface

from .options_page import OptionsFactory


class OptionsEntry:
    """The page, registered."""

    def __init__(self, iface: QgisInterface) -> None:
        self._iface = iface
        self._factory = OptionsFactory()
        iface.registerOptionsWidgetFactory(self._factory)

    def close(self) -> None:
        """Unregisters the page."""
        self._iface.unregisterOptionsWidgetFactory(self._factory)
