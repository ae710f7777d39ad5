# SPDX-License-Identifier: GPL-2.0-or-later
"""Reads models in a separate thread, so that the desktop never waits for files."""

from __future__ import annotations

from threading import Thread

from qgis.PyQt.QtCore import QObject, QTimer, pyqtSignal

from .model_answer import Answer, Question, answer_to

# Milliseconds without typing before a question is answered.
PAUSE_MS = 300


class ModelReader(QObject):
    """Answers only the last of several questions in quick succession."""

    answered = pyqtSignal(object)
    _arrived = pyqtSignal(object, object)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._question = Question()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(PAUSE_MS)
        self._timer.timeout.connect(self._start)
        self._arrived.connect(self._take)

    def ask(self, question: Question) -> None:
        """Asks a question, answered by a signal."""
        if question != self._question:
            self._question = question
            self._timer.start()

    def ask_again(self) -> None:
        """Answers the last question again, because files or settings have changed."""
        self._timer.start()

    def _start(self) -> None:
        # A daemon, so that QGIS can exit while a large package is unpacked.
        Thread(target=self._work, args=(self._question,), daemon=True).start()

    def _work(self, question: Question) -> None:
        answer = answer_to(question)
        try:
            self._arrived.emit(question, answer)
        except RuntimeError:
            # The dialog was closed, and Qt's part of this object is deleted.
            return

    def _take(self, question: Question, answer: Answer) -> None:
        # Each question has a separate thread, and an older one may be answered last.
        if question == self._question:
            self.answered.emit(answer)
