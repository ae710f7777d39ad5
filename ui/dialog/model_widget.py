# SPDX-License-Identifier: GPL-2.0-or-later
"""The field for a model: a file or JSON, with the card under it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from qgis.core import QgsProcessingContext, QgsProject
from qgis.gui import QgsFileWidget
from qgis.PyQt.QtCore import pyqtSignal
from qgis.PyQt.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ...plugin_support.locations import download_cache, package_cache
from ..panel.model_library import shared_library
from ..preflight import PreflightWidget
from .model_answer import Answer, Question
from .model_card_label import ModelCardLabel
from .raster_choice import raster_choice
from .recent_models import RecentModels


class ModelWidget(QWidget):
    """A file field; without room for it, the card is a tooltip."""

    valueChanged = pyqtSignal()  # noqa: N815  (named as Qt's own)
    answered = pyqtSignal(object)
    scaled = pyqtSignal(str, str)

    def __init__(self, file_filter: str, shows_card: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._raster: object = None
        self._mapping = self._used = ""
        self._is_stacked = False
        self._scale = self._offset = ""
        self._file = QgsFileWidget(self)
        self._file.setFilter(file_filter)
        self._card = ModelCardLabel(self, shows_card)
        self.recent = RecentModels(self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        row = QHBoxLayout()
        row.addWidget(self._file, 1)
        row.addWidget(self.recent)
        layout.addLayout(row)
        layout.addWidget(self._card)
        self.checks = PreflightWidget(self) if shows_card else None
        if self.checks is not None:
            # Shown by the dialog that has a raster.
            self.checks.hide()
            self.checks.scaled.connect(self.scaled)
            layout.addWidget(self.checks)
        self._card.changed.connect(self._file.setToolTip)
        self._card.answered.connect(self.answered)
        self._card.scaled.connect(self.scaled)
        self._file.fileChanged.connect(self._file_changed)
        self.recent.chosen.connect(self.set_value)
        if shows_card:
            self._card.answered.connect(self._remember)

    def value(self) -> str:
        """Returns the path or JSON."""
        return self._file.filePath()

    def set_value(self, value: object) -> None:
        """Sets the path or JSON."""
        self._file.setFilePath(str(value or ""))

    def set_raster(self, value: object) -> None:
        """Sets the input raster, as its parameter value."""
        self._raster = value
        self._ask()

    def set_mapping(self, text: str) -> None:
        """Sets the band mapping."""
        self._mapping = text
        self._ask()

    def set_scale(self, text: str) -> None:
        """Sets the input scale."""
        self._scale = text
        self._ask()

    def set_offset(self, text: str) -> None:
        """Sets the input offset."""
        self._offset = text
        self._ask()

    def set_stacked(self, is_stacked: bool) -> None:
        """Sets the stacking of rasters, whose combined bands only a run knows."""
        self._is_stacked = is_stacked
        self._ask()

    def _remember(self, answer: Answer) -> None:
        """Adds a model that can run to the recent ones, which the panel shows as well."""
        path = self.value().strip()
        if answer.description is not None and not answer.problem and Path(path).is_file() and path != self._used:
            self._used = path
            shared_library().use(path)
            shared_library().describe(path, answer.description.name, "")
            self.recent.setEnabled(True)

    def _file_changed(self) -> None:
        self._ask()
        self.valueChanged.emit()

    def _ask(self) -> None:
        question = question_about(self.value(), None if self._is_stacked else self._raster, self._mapping)
        self._card.ask(replace(question, scale=self._scale, offset=self._offset))


def question_about(model: str, raster: object, mapping: str) -> Question:
    """Returns the question for the values of three parameters; for the thread of the project's layers."""
    context = QgsProcessingContext()
    context.setProject(QgsProject.instance())
    choice = raster_choice(raster, context)
    return Question(model, choice, mapping, package_cache(), download_cache())
