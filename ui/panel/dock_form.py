# SPDX-License-Identifier: GPL-2.0-or-later
"""The upper half of the panel: raster, model, folder, and the two buttons to start a job."""

from __future__ import annotations

import os
from collections.abc import Collection
from pathlib import Path
from typing import Callable

from qgis.core import (
    QgsApplication,
    QgsMapLayerProxyModel,
    QgsProcessingContext,
    QgsProject,
    QgsRasterLayer,
    QgsSettings,
)
from qgis.gui import QgsFileWidget, QgsMapCanvas, QgsMapLayerComboBox
from qgis.PyQt.QtCore import QStandardPaths, pyqtSignal
from qgis.PyQt.QtGui import QIcon
from qgis.PyQt.QtWidgets import QFormLayout, QHBoxLayout, QPushButton, QWidget

from ...plugin_support.translation import tr
from ..dialog.raster_choice import raster_choice
from ..wheel import guard_wheel
from .job import JobRequest
from .job_output import choose_folder, choose_output
from .job_request import has_cells, request_of_layer
from .model_library import ModelLibrary
from .model_library_widget import ModelLibraryWidget

FOLDER = "classify_pixels/result_folder"


class DockForm(QWidget):
    """The form of a request; `asked` passes it, and `options_asked` the parameters for the algorithm's dialog.

    `promised` returns the output paths of other jobs.
    """

    asked = pyqtSignal(object)
    options_asked = pyqtSignal(dict)

    def __init__(self, library: ModelLibrary, canvas: QgsMapCanvas, promised: Callable[[], Collection[str]]) -> None:
        super().__init__()
        self._canvas = canvas
        self._promised = promised
        self.raster = QgsMapLayerComboBox()
        self.raster.setFilters(QgsMapLayerProxyModel.Filter.RasterLayer)
        self.models = ModelLibraryWidget(library)
        self.folder = QgsFileWidget()
        self.folder.setStorageMode(QgsFileWidget.StorageMode.GetDirectory)
        self.folder.setFilePath(str(QgsSettings().value(FOLDER, "")))
        self.folder.lineEdit().setPlaceholderText(tr("[Folder of the project or the raster]"))
        self.folder.setToolTip(
            tr("Folder for results. Default: that of the project, otherwise of the raster, otherwise your documents.")
        )
        self.visible_extent = QPushButton(_icon("/mActionSetToCanvasExtent.svg"), tr("Classify visible extent"))
        self.whole_layer = QPushButton(_icon("/mIconRasterLayer.svg"), tr("Classify layer"))
        self.options = QPushButton(_icon("/mActionOptions.svg"), "")
        self.options.setToolTip(tr("All options: open the dialog of the algorithm with this raster and model"))
        self._lay_out()
        guard_wheel(self)
        self._connect()
        self._raster_changed()

    @property
    def layer(self) -> QgsRasterLayer | None:
        """The chosen raster layer."""
        layer = self.raster.currentLayer()
        return layer if isinstance(layer, QgsRasterLayer) else None

    def request(self, whole: bool) -> JobRequest | None:
        """Returns the request of the form, None if raster or model is missing."""
        layer, model = self.layer, self.models.path
        if layer is None or not model:
            return None
        folder = choose_folder(self.folder.filePath(), self._folders(layer))
        output = choose_output(folder, layer.name(), model, self._promised())
        return request_of_layer(layer, model, output, None if whole else self._canvas.mapSettings())

    def _lay_out(self) -> None:
        buttons = QHBoxLayout()
        buttons.addWidget(self.visible_extent, 1)
        buttons.addWidget(self.whole_layer, 1)
        buttons.addWidget(self.options)
        form = QFormLayout(self)
        form.setContentsMargins(0, 0, 0, 0)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        form.addRow(tr("Raster"), self.raster)
        form.addRow(tr("Model"), self.models)
        form.addRow(self.models.card)
        form.addRow(tr("Save to"), self.folder)
        form.addRow(buttons)

    def _connect(self) -> None:
        self.raster.layerChanged.connect(self._raster_changed)
        self.models.changed.connect(self._enable)
        self.folder.fileChanged.connect(lambda path: QgsSettings().setValue(FOLDER, path))
        self.visible_extent.clicked.connect(lambda: self._ask(whole=False))
        self.whole_layer.clicked.connect(lambda: self._ask(whole=True))
        self.options.clicked.connect(self._ask_for_options)

    def _raster_changed(self) -> None:
        self.models.set_raster(raster_choice(self.layer, QgsProcessingContext()))
        self._enable()

    def _enable(self) -> None:
        """Enables the available buttons."""
        layer = self.layer
        ready = layer is not None and layer.isValid() and bool(self.models.path)
        cells = layer is not None and has_cells(layer)
        self.visible_extent.setEnabled(ready)
        self.whole_layer.setEnabled(ready and cells)
        reason = tr("A web map has no fixed cell size. Classify the visible extent instead.")
        self.whole_layer.setToolTip(reason if ready and not cells else "")

    def _ask(self, whole: bool) -> None:
        request = self.request(whole)
        if request is not None:
            self.models.library.use(request.model)
            self.asked.emit(request)

    def _ask_for_options(self) -> None:
        layer = self.layer
        given = {"INPUT": layer.id() if layer else None, "MODEL": self.models.path or None}
        self.options_asked.emit({name: value for name, value in given.items() if value})

    def _folders(self, layer: QgsRasterLayer) -> list[str | None]:
        source = layer.source().split("|")[0]
        beside = str(Path(source).parent) if os.path.isfile(source) else None
        documents = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        return [QgsProject.instance().homePath() or None, beside, documents, str(Path.home())]


def _icon(name: str) -> QIcon:
    return QgsApplication.getThemeIcon(name)
