# SPDX-License-Identifier: GPL-2.0-or-later
"""QGIS's door: what is registered when the plugin starts is unregistered when it ends."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from qgis.core import QgsApplication

from .plugin_support.translation import install_translator, remove_translator
from .processing_provider import DeepLearningProvider

if TYPE_CHECKING:
    from qgis.gui import QgisInterface
    from qgis.PyQt.QtCore import QTranslator


class WindowPart(Protocol):
    """Something that was added to QGIS's window."""

    def close(self) -> None:
        """Removes it."""


class ClassifyPixelsPlugin:
    """Adds the Processing provider to QGIS, and what the desktop shows beside it."""

    def __init__(self, iface: QgisInterface | None = None) -> None:
        self._iface = iface
        self._provider: DeepLearningProvider | None = None
        self._parts: list[WindowPart] = []
        self._translator: QTranslator | None = None

    def initProcessing(self) -> None:  # noqa: N802  (QGIS calls it so, in qgis_process too)
        """Registers the provider."""
        if self._provider is None:
            self._translator = install_translator()
            self._provider = DeepLearningProvider()
            QgsApplication.processingRegistry().addProvider(self._provider)

    def initGui(self) -> None:  # noqa: N802  (QGIS calls it so)
        """Registers what the desktop shows."""
        self.initProcessing()
        if self._iface is not None and not self._parts:
            self._parts = _window_parts(self._iface)

    def unload(self) -> None:
        """Removes what the desktop shows, and unregisters the provider, which QGIS then deletes."""
        while self._parts:
            self._parts.pop().close()
        if self._provider is not None:
            QgsApplication.processingRegistry().removeProvider(self._provider)
            self._provider = None
            remove_translator(self._translator)
            self._translator = None


def _window_parts(iface: QgisInterface) -> list[WindowPart]:
    """Adds to QGIS's window; only here are widgets imported, for qgis_process has none."""
    from .ui.identify_names import IdentifyNames
    from .ui.options.options_entry import OptionsEntry
    from .ui.panel.dock_entry import DockEntry
    from .ui.style_action import StyleAction

    return [DockEntry(iface), StyleAction(iface), OptionsEntry(iface), IdentifyNames(iface)]
