# SPDX-License-Identifier: GPL-2.0-or-later
"""The plugin's page in QGIS's options."""

from __future__ import annotations

from qgis.gui import QgsOptionsPageWidget
from qgis.PyQt.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from ..wheel import guard_wheel
from .cache_box import CacheBox
from .options_cluster import ClusterBox
from .options_functions import FunctionsBox
from .options_portal import PortalBox
from .options_stores import StoresBox
from .runtime_box import RuntimeBox


class OptionsPage(QgsOptionsPageWidget):
    """Runtimes, data stores, portal, allowed functions, cluster and cache, in one column that scrolls."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("ClassifyPixelsOptions")
        self.runtimes = RuntimeBox()
        self.stores = StoresBox()
        self.portal = PortalBox()
        self.functions = FunctionsBox()
        self.cluster = ClusterBox()
        self.cache = CacheBox()
        content = QWidget()
        column = QVBoxLayout(content)
        for box in (self.runtimes, self.stores, self.portal, self.functions, self.cluster, self.cache):
            column.addWidget(box)
        column.addStretch()
        scroll = QScrollArea()
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setWidgetResizable(True)
        scroll.setWidget(content)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(scroll)
        guard_wheel(self)

    def apply(self) -> None:
        """Writes all settings; QGIS calls this when OK is pressed."""
        for box in (self.runtimes, self.stores, self.portal, self.functions, self.cluster):
            box.apply()
