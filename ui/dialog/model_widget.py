# SPDX-License-Identifier: GPL-2.0-or-later
"""The field for a model: a file or JSON, and under it what the model is."""

from __future__ import annotations

from qgis.core import QgsProcessingContext, QgsProject
from qgis.gui import QgsFileWidget
from qgis.PyQt.QtCore import Qt, pyqtSignal
from qgis.PyQt.QtWidgets import QLabel, QVBoxLayout, QWidget

from ...processing_provider.locations import download_cache, package_cache
from .model_answer import Answer, Question
from .model_card import card_html
from .model_reader import ModelReader
from .model_runtime import ModelRuntime
from .raster_choice import raster_choice


class ModelWidget(QWidget):
    """A field with a button to browse; in narrow places the card is a tool tip."""

    valueChanged = pyqtSignal()  # noqa: N815  (named as Qt's own)
    answered = pyqtSignal(object)

    def __init__(self, file_filter: str, shows_card: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.answer = Answer()
        self._shows_card = shows_card
        self._raster: object = None
        self._mapping = ""
        self._file = QgsFileWidget(self)
        self._file.setFilter(file_filter)
        self._card = _card(self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._file)
        layout.addWidget(self._card)
        self._runtime = ModelRuntime(self)
        self._runtime.found.connect(self._show_card)
        self._reader = ModelReader(self)
        self._reader.answered.connect(self._show)
        self._file.fileChanged.connect(self._file_changed)

    def value(self) -> str:
        """Returns the path or JSON."""
        return self._file.filePath()

    def set_value(self, value: object) -> None:
        """Sets the path or JSON."""
        self._file.setFilePath(str(value or ""))

    def set_raster(self, value: object) -> None:
        """Takes the raster that is to feed the model, as its parameter holds it."""
        self._raster = value
        self._ask()

    def set_mapping(self, text: str) -> None:
        """Takes the band mapping."""
        self._mapping = text
        self._ask()

    def _file_changed(self) -> None:
        self._ask()
        self.valueChanged.emit()

    def _ask(self) -> None:
        self._reader.ask(question_about(self.value(), self._raster, self._mapping))

    def _show(self, answer: Answer) -> None:
        self.answer = answer
        self._runtime.look_for(answer.description)
        self._show_card()
        self.answered.emit(answer)

    def _show_card(self) -> None:
        html = card_html(self.answer, self._runtime.text, self._runtime.problem)
        self._card.setText(html)
        self._card.setVisible(self._shows_card and bool(html))
        self._file.setToolTip(html)


def question_about(model: str, raster: object, mapping: str) -> Question:
    """Returns the question about the values of three parameters; for the thread of the project's layers."""
    context = QgsProcessingContext()
    context.setProject(QgsProject.instance())
    choice = raster_choice(raster, context)
    return Question(model, choice, mapping, package_cache(), download_cache())


def _card(parent: QWidget) -> QLabel:
    card = QLabel(parent)
    card.setTextFormat(Qt.TextFormat.RichText)
    card.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    card.setWordWrap(True)
    card.setVisible(False)
    return card
