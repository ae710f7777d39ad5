# SPDX-License-Identifier: GPL-2.0-or-later
"""QGIS's door: what is registered when the plugin starts is unregistered when it ends."""

from __future__ import annotations

from qgis.core import QgsApplication

from .processing_provider import DeepLearningProvider


class ClassifyPixelsPlugin:
    """Adds the Processing provider to QGIS."""

    def __init__(self) -> None:
        self._provider: DeepLearningProvider | None = None

    def initProcessing(self) -> None:  # noqa: N802  (QGIS calls it so, in qgis_process too)
        """Registers the provider."""
        if self._provider is None:
            self._provider = DeepLearningProvider()
            QgsApplication.processingRegistry().addProvider(self._provider)

    def initGui(self) -> None:  # noqa: N802  (QGIS calls it so)
        """Registers what the desktop shows."""
        self.initProcessing()

    def unload(self) -> None:
        """Unregisters the provider, which QGIS then deletes."""
        if self._provider is not None:
            QgsApplication.processingRegistry().removeProvider(self._provider)
            self._provider = None
