# SPDX-License-Identifier: GPL-2.0-or-later
"""Classify Pixels: runs segmentation models over rasters in QGIS."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from qgis.gui import QgisInterface

    from .plugin import ClassifyPixelsPlugin


def classFactory(iface: QgisInterface) -> ClassifyPixelsPlugin:  # noqa: N802  (QGIS calls it so)
    """Returns the plugin; QGIS calls this once."""
    from .plugin import ClassifyPixelsPlugin

    return ClassifyPixelsPlugin(iface)
