# SPDX-License-Identifier: GPL-2.0-or-later
"""Answers from separate threads, so that the desktop never waits for files."""

from __future__ import annotations

from collections.abc import Callable
from threading import Thread
from typing import Any

from qgis.PyQt.QtCore import QObject, QTimer, pyqtSignal

# Milliseconds without a new question before the work begins.
PAUSE_MS = 300


class LatestAnswer(QObject):
    """Answers only the last of several questions in quick succession; `begun` and `answered` frame the work."""

    begun = pyqtSignal()
    answered = pyqtSignal(object)
    _arrived = pyqtSignal(object, object)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._key: object = None
        self._work: Callable[[], Any] | None = None
        self._round = 0
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(PAUSE_MS)
        self._timer.timeout.connect(self._start)
        self._arrived.connect(self._take)

    def ask(self, key: object, work: Callable[[], Any] | None) -> None:
        """Asks for the result of `work`; equal keys in succession are answered once, None as `work` has no answer."""
        if key != self._key:
            self._key, self._work = key, work
            self.ask_again()

    def ask_again(self) -> None:
        """Repeats the last work, because files, settings or runtimes have changed."""
        self._round += 1
        self.begun.emit()
        if self._work is not None:
            self._timer.start()

    def _start(self) -> None:
        if self._work is not None:
            # A daemon, so that QGIS can exit while a large package is unpacked.
            Thread(target=self._answer, args=(self._round, self._work), daemon=True).start()

    def _answer(self, number: int, work: Callable[[], Any]) -> None:
        answer = work()
        try:
            self._arrived.emit(number, answer)
        except RuntimeError:
            # The widget was closed, and Qt's part of this object is deleted.
            return

    def _take(self, number: int, answer: Any) -> None:
        # Each question has a separate thread, and an older one may be answered last.
        if number == self._round:
            self.answered.emit(answer)
