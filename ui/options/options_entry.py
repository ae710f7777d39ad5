# SPDX-License-Identifier: GPL-2.0-or-later
"""Registration of the page in QGIS's options."""

from __future__ import annotations

from qgis.gui import QgisInterface

from .options_page import OptionsFactory


class OptionsEntry:
    """The registered page."""

    def __init__(self, iface: QgisInterface) -> None:
        self._iface = iface
        self._factory = OptionsFactory()
        iface.registerOptionsWidgetFactory(self._factory)

    def close(self) -> None:
        """Unregisters the page."""
        self._iface.unregisterOptionsWidgetFactory(self._factory)
