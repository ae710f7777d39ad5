# SPDX-License-Identifier: GPL-2.0-or-later
"""The panel's models in the dialog."""

from __future__ import annotations

from qgis.core import QgsApplication
from qgis.PyQt.QtCore import pyqtSignal
from qgis.PyQt.QtWidgets import QAction, QMenu, QToolButton, QWidget

from ...inference.redaction import without_markup
from ...plugin_support.translation import tr
from ..panel.model_library import shared_library


class RecentModels(QToolButton):
    """A menu of favourites and recent models; `chosen` passes the path of one."""

    chosen = pyqtSignal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setIcon(QgsApplication.getThemeIcon("/mIconStopwatch.svg"))
        self.setToolTip(tr("Recent models and favourites"))
        self.setAccessibleName(self.toolTip())
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.setMenu(QMenu(self))
        self.setEnabled(bool(shared_library().models))
        self.menu().aboutToShow.connect(self.fill_menu)

    def fill_menu(self) -> None:
        """Lists the models whose files exist, as the panel does."""
        menu = self.menu()
        menu.clear()
        menu.setToolTipsVisible(True)
        for model in shared_library().models:
            if not model.missing:
                # A single ampersand would be a keyboard shortcut.
                entry = QAction(model.title.replace("&", "&&"), menu)
                entry.setToolTip(without_markup(model.path))
                path = model.path
                entry.triggered.connect(lambda _=False, path=path: self.chosen.emit(path))
                menu.addAction(entry)
