# SPDX-License-Identifier: GPL-2.0-or-later
"""Entry point for QGIS: registers and unregisters the parts of the plugin."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from qgis.core import QgsApplication

from .plugin_support.program_end import wait_for_libraries_at_end
from .plugin_support.translation import install_translator, remove_translator
from .processing_provider import DeepLearningProvider

if TYPE_CHECKING:
    from qgis.gui import QgisInterface
    from qgis.PyQt.QtCore import QTranslator


class WindowPart(Protocol):
    """A part added to QGIS's window."""

    def close(self) -> None:
        """Removes the part."""


class ClassifyPixelsPlugin:
    """Adds the Processing provider to QGIS and, on the desktop, the parts of the window."""

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
            # Not undone by unload(), which may come first.
            wait_for_libraries_at_end()

    def initGui(self) -> None:  # noqa: N802  (QGIS calls it so)
        """Registers provider and desktop parts."""
        self.initProcessing()
        if self._iface is not None and not self._parts:
            self._parts = _window_parts(self._iface)

    def unload(self) -> None:
        """Removes the desktop parts and unregisters the provider, which QGIS deletes."""
        while self._parts:
            self._parts.pop().close()
        if self._provider is not None:
            QgsApplication.processingRegistry().removeProvider(self._provider)
            self._provider = None
            remove_translator(self._translator)
            self._translator = None


def _window_parts(iface: QgisInterface) -> list[WindowPart]:
    """Adds the parts to QGIS's window; imports widgets only here, because qgis_process has none."""
    from .ui.identify_names import IdentifyNames
    from .ui.options.options_entry import OptionsEntry
    from .ui.panel.dock_entry import DockEntry
    from .ui.style_action import StyleAction

    return [DockEntry(iface), StyleAction(iface), OptionsEntry(iface), IdentifyNames(iface)]
