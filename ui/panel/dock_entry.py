# SPDX-License-Identifier: GPL-2.0-or-later
"""Registration of the panel in QGIS's window."""

from __future__ import annotations

from qgis.core import Qgis, QgsMessageLog, QgsSettings
from qgis.gui import QgisInterface
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtGui import QIcon
from qgis.PyQt.QtWidgets import QAction, QDockWidget

from ...plugin_support.locations import ICON, profile_folder
from ...plugin_support.translation import tr
from .algorithm_dialog import open_dialog
from .dock import ClassificationDock
from .drops import ModelDrop
from .job import JobState
from .job_history import JobHistory
from .layer_action import LayerAction
from .model_library import ModelLibrary, shared_library

MENU = "Classify Pixels"
# Object name of Processing's panel.
TOOLBOX = "ProcessingToolbox"
PLACED = "classify_pixels/panel_placed"


class DockEntry:
    """The panel, its toolbar button, and its entries in the Raster menu."""

    def __init__(self, iface: QgisInterface) -> None:
        self._iface = iface
        self._history = JobHistory(profile_folder() / "jobs")
        library = shared_library()
        jobs = self._history.load()
        self.dock = ClassificationDock(iface, self._history, library)
        self.panel_action = QAction(QIcon(str(ICON)), tr("Classify Pixels Panel"), iface.mainWindow())
        self.panel_action.setObjectName("ClassifyPixelsPanel")
        self.panel_action.setCheckable(True)
        self.dialog_action = QAction(QIcon(str(ICON)), tr("Classify Pixels Using Deep Learning…"), iface.mainWindow())
        self.dialog_action.triggered.connect(lambda: open_dialog({}))
        self.sample_action = QAction(QIcon(str(ICON)), tr("Load the Sample"), iface.mainWindow())
        self.sample_action.setObjectName("ClassifyPixelsSample")
        self.sample_action.triggered.connect(lambda: self.dock.load_sample())
        self._layer_action = LayerAction(iface, self.dock.classify_layers)
        self._drop = ModelDrop(self.dock.choose_model)
        self.dock.setToggleVisibilityAction(self.panel_action)
        self._show()
        self._tell_problems(library)
        self.dock.tell_interrupted(sum(job.state is JobState.INTERRUPTED for job in jobs))

    def close(self) -> None:
        """Removes all entries and stops running jobs."""
        self.dock.close_jobs()
        self._layer_action.close()
        self._iface.initializationCompleted.disconnect(self._place_once)
        self._iface.unregisterCustomDropHandler(self._drop)
        self.dock.take_back_notice()
        for action in self._menu:
            self._iface.removePluginRasterMenu(MENU, action)
        self._iface.removeToolBarIcon(self.panel_action)
        self._iface.removeDockWidget(self.dock)
        for thing in (self.dock, *self._menu):
            # Without a parent, because a reloaded plugin must not find an object whose deletion is pending.
            thing.setParent(None)
            thing.deleteLater()

    @property
    def _menu(self) -> tuple[QAction, ...]:
        """The entries of the Raster menu."""
        return self.panel_action, self.dialog_action, self.sample_action

    def _show(self) -> None:
        self._iface.addToolBarIcon(self.panel_action)
        self._iface.registerCustomDropHandler(self._drop)
        for action in self._menu:
            self._iface.addPluginToRasterMenu(MENU, action)
        self._iface.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, self.dock)
        self.dock.hide()
        self.dock.fill_when_shown()
        self._place()
        # At its first start, Processing may come later; at others, QGIS has by then restored the user's choice.
        self._iface.initializationCompleted.connect(self._place_once)

    def _place_once(self) -> None:
        if not QgsSettings().value(PLACED, False, bool):
            self._place()

    def _place(self) -> None:
        """Makes the panel a tab beside Processing's toolbox."""
        toolbox = self._iface.mainWindow().findChild(QDockWidget, TOOLBOX)
        if toolbox is not None and not self.dock.isFloating():
            QgsSettings().setValue(PLACED, True)
            self._iface.mainWindow().tabifyDockWidget(toolbox, self.dock)

    def _tell_problems(self, library: ModelLibrary) -> None:
        """Reports unreadable files of the profile; all others are used."""
        lines = [f"{problem.file}: {problem.reason}" for problem in self._history.problems]
        lines += [library.problem] if library.problem else []
        if lines:
            QgsMessageLog.logMessage("\n".join(lines), MENU, Qgis.MessageLevel.Warning)
            text = tr("Some jobs or models of this profile could not be read and are ignored. See the QGIS log.")
            self._iface.messageBar().pushMessage(MENU, text, Qgis.MessageLevel.Warning)
