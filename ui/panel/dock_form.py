# SPDX-License-Identifier: GPL-2.0-or-later
"""The upper half of the panel: raster, model, folder, and the two buttons to start a job."""

from __future__ import annotations

import os
from collections.abc import Collection
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Callable

from qgis.core import (
    QgsApplication,
    QgsProcessingContext,
    QgsProject,
    QgsRasterLayer,
    QgsSettings,
)
from qgis.gui import QgsExtentWidget, QgsFileWidget, QgsMapCanvas
from qgis.PyQt.QtCore import QStandardPaths, Qt, pyqtSignal
from qgis.PyQt.QtGui import QIcon
from qgis.PyQt.QtWidgets import (
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLayout,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from ...inference.redaction import without_markup
from ...plugin_support.locations import PLUGIN
from ...plugin_support.translation import tr
from ...plugin_support.user_settings import allowed_functions, torch_python
from ...processing_provider import parameters as names
from ..dialog.model_answer import Answer
from ..dialog.raster_choice import raster_choice
from ..preflight import PreflightWidget
from ..preflight_checks import checks_of_all
from ..preview.live_preview import LivePreview
from ..preview.preview_window import SIZE, window_request
from ..tones import tone
from ..wheel import guard_wheel
from .job import JobRequest
from .job_output import choose_folder, choose_output
from .job_request import esri_extent, has_cells, request_of_layer
from .layer_choice import LayerChoice
from .model_library import ModelLibrary
from .model_library_widget import ModelLibraryWidget
from .sample import MODEL as SAMPLE_MODEL
from .sample import sample_layer, zoom_to
from .settings_box import SettingsBox

FOLDER = "classify_pixels/result_folder"
# Pixels of the fields, of which the rest scrolls.
LEAST_HEIGHT = 60


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
        self._model = ""
        self.choice = LayerChoice()
        self.raster = self.choice.box
        self.models = ModelLibraryWidget(library)
        self.folder = QgsFileWidget()
        self.folder.setStorageMode(QgsFileWidget.StorageMode.GetDirectory)
        self.folder.setFilePath(str(QgsSettings().value(FOLDER, "")))
        self.folder.lineEdit().setPlaceholderText(tr("[Folder of the project or the raster]"))
        self.folder.setToolTip(
            tr("Folder for results. Default: that of the project, otherwise of the raster, otherwise your documents.")
        )
        self.settings = SettingsBox()
        self.checks = PreflightWidget()
        self.area = QgsExtentWidget(None, QgsExtentWidget.WidgetStyle.CondensedStyle)
        self.area.setMapCanvas(canvas)
        self.area.setNullValueAllowed(True, tr("[None]"))
        self.area.clear()
        for line in self.area.findChildren(QLineEdit):
            line.deselect()
        for button in self.area.findChildren(QToolButton):
            button.setToolTip(tr("Choose or draw an area"))
        self.area_button = QPushButton(tr("Classify"))
        self.area_button.setToolTip(tr("Classify the area"))
        self.preview_button = QPushButton(_icon("/mActionShowSelectedLayers.svg"), tr("Preview"))
        self.preview_button.setCheckable(True)
        self.preview_button.setToolTip(
            tr("Classify {size} x {size} cells in the middle of the map and show them there, without a file").format(
                size=SIZE
            )
        )
        self.preview_text = QLabel()
        self.preview_text.setWordWrap(True)
        self.preview_text.setTextFormat(Qt.TextFormat.PlainText)
        self.preview_text.hide()
        self.preview = LivePreview(canvas, self.preview_request, self)
        self.allow = QPushButton(_icon("/mIconWarning.svg"), tr("Allow this model's code…"))
        self.allow.hide()
        self.sample = QPushButton(_icon("/mActionAddRasterLayer.svg"), tr("Load the sample"))
        self.sample.setToolTip(tr("Add the sample scene to the map and choose its model"))
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
        return self.choice.layer

    def request(self, whole: bool) -> JobRequest | None:
        """Returns the request of the form for the first raster, None if raster or model is missing."""
        return next(iter(self.requests(whole)), None)

    def requests(self, whole: bool, in_area: bool = False) -> list[JobRequest]:
        """Returns a request for each chosen raster: all of it, or its part in the map view or in the chosen area."""
        model, taken = self.models.path, set(self._promised())
        asked: list[JobRequest] = []
        for layer in self.choice.layers if model else []:
            folder = choose_folder(self.folder.filePath(), self._folders(layer))
            output = choose_output(folder, layer.name(), model, taken)
            taken.add(str(output))
            view = None if whole else self._canvas.mapSettings()
            request = request_of_layer(layer, model, output, view, self.settings.values)
            if in_area:
                request = replace(request, extent=esri_extent(self.area.outputExtent(), self.area.outputCrs()))
            asked.append(request)
        return asked

    def preview_request(self) -> JobRequest | None:
        """Returns the request of a preview in the middle of the map."""
        layer, model = self.layer, self.models.path
        if layer is None or not layer.isValid() or not model:
            return None
        return window_request(layer, model, self._canvas.mapSettings(), self.settings.values)

    def load_sample(self) -> None:
        """Adds the sample scene to the map, shows it, and chooses its model."""
        layer = sample_layer(QgsProject.instance())
        self.choice.choose([layer])
        self.models.choose(str(SAMPLE_MODEL))
        zoom_to(self._canvas, layer)

    def _lay_out(self) -> None:
        # Scrolled, so that the panel fits beside others on small screens; its buttons always stay in sight.
        fields = QWidget()
        area = QHBoxLayout()
        area.addWidget(self.area, 1)
        area.addWidget(self.area_button)
        # A column, because a form gives the lines of wrapped texts too little height.
        rows = QVBoxLayout(fields)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.addWidget(self.sample)
        rows.addLayout(_form((tr("Raster"), self.choice), (tr("Model"), self.models)))
        rows.addWidget(self.allow)
        # Above the card, so that what blocks a run needs no scrolling.
        rows.addWidget(self.checks)
        rows.addWidget(self.models.card)
        rows.addWidget(self.settings)
        rows.addLayout(_form((tr("Save to"), self.folder), (tr("Area"), area)))
        rows.addStretch()
        self.scroll = QScrollArea()
        self.scroll.setWidgetResizable(True)
        self.scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        # Always there, so that the height of wrapped texts is that of the width beside it.
        self.scroll.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.scroll.setWidget(fields)
        self.scroll.setMinimumHeight(LEAST_HEIGHT)
        buttons = QHBoxLayout()
        buttons.addWidget(self.whole_layer, 1)
        buttons.addWidget(self.preview_button)
        buttons.addWidget(self.options)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.scroll, 1)
        column.addWidget(self.visible_extent)
        column.addLayout(buttons)
        column.addWidget(self.preview_text)

    def _connect(self) -> None:
        self.choice.changed.connect(self._raster_changed)
        self.models.changed.connect(self._model_changed)
        self.models.answered.connect(self.settings.fill)
        self.models.answered.connect(lambda answer: self.allow.setVisible(answer.blocked is not None))
        self.allow.clicked.connect(self.models.ask_permission)
        self.models.scaled.connect(self._set_scale)
        self.models.answered.connect(lambda _: self._check())
        self.checks.scaled.connect(self._set_scale)
        self.checks.changed.connect(self._enable)
        self.settings.changed.connect(self._settings_changed)
        self.area.extentChanged.connect(lambda _: self._enable())
        self.area_button.clicked.connect(lambda: self._ask(whole=False, in_area=True))
        self.preview_button.toggled.connect(self._toggle_preview)
        self.preview.told.connect(self._show_state)
        self.sample.clicked.connect(self.load_sample)
        self.folder.fileChanged.connect(lambda path: QgsSettings().setValue(FOLDER, path))
        self.visible_extent.clicked.connect(lambda: self._ask(whole=False))
        self.whole_layer.clicked.connect(lambda: self._ask(whole=True))
        self.options.clicked.connect(self._ask_for_options)

    def _raster_changed(self) -> None:
        self.models.set_raster(raster_choice(self.layer, QgsProcessingContext()))
        self._check()
        self._enable()
        self.preview.refresh()

    def _model_changed(self) -> None:
        if self.models.path != self._model:
            # Nothing of the last model, until the answer on this one.
            self._model = self.models.path
            self.settings.fill(Answer())
            self.allow.hide()
        settings = self.models.library.model(self.models.path).settings
        self.settings.set_values(settings)
        self.models.set_settings(self.settings.values)
        self._check()
        self._enable()
        self.preview.refresh()

    def _settings_changed(self) -> None:
        self.models.library.set_settings(self.models.path, self.settings.values)
        self.models.set_settings(self.settings.values)
        self._check()
        self.preview.refresh()

    def _set_scale(self, scale: str, offset: str) -> None:
        """Sets the scale that the card offers."""
        given = {names.INPUT_SCALE: scale, **({names.INPUT_OFFSET: offset} if offset else {})}
        self.settings.set_values({**self.settings.values, **given})
        self._settings_changed()

    def _toggle_preview(self, on: bool) -> None:
        self.preview_text.setText("")
        self.preview_text.setVisible(on)
        if on:
            self.preview.start()
        else:
            self.preview.stop()

    def _show_state(self, text: str, kind: str) -> None:
        self.preview_text.setStyleSheet(f"color: {tone(kind, self.palette()).name()}")
        self.preview_text.setText(without_markup(text))

    def _check(self) -> None:
        """Checks the requests for the whole of each layer."""
        layers, model = self.choice.layers, self.models.path
        if not layers or not all(layer.isValid() for layer in layers) or not model:
            self.checks.ask(None, None)
            return
        settings = self.settings.values
        requests = [request_of_layer(layer, model, Path("checks.tif"), None, settings) for layer in layers]
        self.checks.ask((requests, allowed_functions(), torch_python()), partial(checks_of_all, requests))

    def _enable(self) -> None:
        """Enables the available buttons."""
        layer = self.layer
        layers = self.choice.layers
        ready = layer is not None and all(each.isValid() for each in layers) and bool(self.models.path)
        cells = all(map(has_cells, layers))
        part, whole = self.checks.blocked_part, self.checks.blocked
        self.checks.setVisible(ready)
        self.area_button.setEnabled(ready and self.area.isValid() and not part)
        # A map without rasters has no other use of the panel.
        self.sample.setVisible(layer is None or not self.models.path)
        self.visible_extent.setEnabled(ready and not part)
        self.whole_layer.setEnabled(ready and cells and not whole)
        for button in (self.area_button, self.visible_extent):
            button.setToolTip(without_markup(part))
        reason = tr("A web map has no fixed cell size. Classify the visible extent instead.")
        self.whole_layer.setToolTip(reason if ready and not cells else without_markup(whole))

    def _ask(self, whole: bool, in_area: bool = False) -> None:
        for request in self.requests(whole, in_area):
            self.models.use(request.model)
            self.asked.emit(request)

    def _ask_for_options(self) -> None:
        layer = self.layer
        given = {"INPUT": layer.id() if layer else None, "MODEL": self.models.path or None, **self.settings.values}
        self.options_asked.emit({name: value for name, value in given.items() if value})

    def _folders(self, layer: QgsRasterLayer) -> list[str | None]:
        source = layer.source().split("|")[0]
        # The plugin's folder has the sample; an upgrade replaces it.
        is_own = PLUGIN in Path(source).parents
        beside = str(Path(source).parent) if os.path.isfile(source) and not is_own else None
        documents = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        return [QgsProject.instance().homePath() or None, beside, documents, str(Path.home())]


def _form(*rows: tuple[str, QWidget | QLayout]) -> QFormLayout:
    form = QFormLayout()
    form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
    for label, field in rows:
        form.addRow(label, field)
    return form


def _icon(name: str) -> QIcon:
    return QgsApplication.getThemeIcon(name)
