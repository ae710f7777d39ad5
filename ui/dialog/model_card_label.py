# SPDX-License-Identifier: GPL-2.0-or-later
"""The card under a model field, with the description of the model and its runtime."""

from __future__ import annotations

from qgis.PyQt.QtCore import Qt, pyqtSignal
from qgis.PyQt.QtWidgets import QLabel, QWidget

from .allow_code import ask_permission
from .model_answer import Answer, Question
from .model_card import ALLOW_LINK, SCALE_LINK, card_html
from .model_reader import ModelReader
from .model_runtime import ModelRuntime


class ModelCardLabel(QLabel):
    """Hidden while empty; `answered` passes the answer, `changed` the HTML of the card.

    `scaled` passes the texts of input scale and offset that the user has clicked.
    """

    answered = pyqtSignal(object)
    changed = pyqtSignal(str)
    scaled = pyqtSignal(str, str)

    def __init__(self, parent: QWidget, is_shown: bool = True) -> None:
        super().__init__(parent)
        self._answer = Answer()
        self._is_shown = is_shown
        self.setTextFormat(Qt.TextFormat.RichText)
        links = Qt.TextInteractionFlag.LinksAccessibleByMouse | Qt.TextInteractionFlag.LinksAccessibleByKeyboard
        self.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse | links)
        self.linkActivated.connect(self._clicked)
        self.setWordWrap(True)
        self.setVisible(False)
        self._runtime = ModelRuntime(self)
        self._runtime.found.connect(self._show)
        self._reader = ModelReader(self)
        self._reader.answered.connect(self._take)

    def ask(self, question: Question) -> None:
        """Asks a question; its answer appears on the card."""
        self._reader.ask_about(question)

    def _clicked(self, link: str) -> None:
        found = self._answer.contradiction
        if link == SCALE_LINK and found is not None:
            self.scaled.emit(found.scale, found.offset)
        if link == ALLOW_LINK and ask_permission(self._answer, self.window()):
            self._reader.ask_again()

    def _take(self, answer: Answer) -> None:
        self._answer = answer
        self._runtime.look_for(answer.description)
        self._show()
        self.answered.emit(answer)

    def _show(self) -> None:
        html = card_html(self._answer, self._runtime.text, self._runtime.problem)
        self.setText(html)
        self.setVisible(self._is_shown and bool(html))
        self.changed.emit(html)
