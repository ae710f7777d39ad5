# SPDX-License-Identifier: GPL-2.0-or-later
"""Searches Pythons for runtimes in separate processes, so that QGIS imports nothing."""

from __future__ import annotations

from functools import partial

from qgis.PyQt import sip
from qgis.PyQt.QtCore import QObject, QProcess, QProcessEnvironment, QTimer, pyqtSignal

from ...plugin_support.translation import tr
from .runtime_found import SURVEY, FoundRuntime, RuntimeQuestion, read_answer

# Importing PyTorch from a slow disk may take a minute.
LIMIT_MS = 120_000


# Running programs, without a parent, because closing a window would wait for its child processes.
_running: set[QProcess] = set()


class RuntimeSurvey(QObject):
    """Asks one question after another; `found` passes question and answer, `finished` follows the last."""

    found = pyqtSignal(object, object)
    finished = pyqtSignal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._open: list[RuntimeQuestion] = []
        self._question: RuntimeQuestion | None = None
        self._process: QProcess | None = None
        self._limit = QTimer(self)
        self._limit.setSingleShot(True)
        self._limit.timeout.connect(self._give_up)

    def ask(self, questions: list[RuntimeQuestion]) -> None:
        """Asks these questions in place of the previous ones."""
        self.stop()
        self._open = list(questions)
        self._next()

    def stop(self) -> None:
        """Stops asking."""
        self._open = []
        process, self._process = self._process, None
        if process is not None:
            process.finished.disconnect(self._answered)
            process.errorOccurred.disconnect(self._failed)
            process.kill()

    def _next(self) -> None:
        if not self._open:
            self.finished.emit()
            return
        self._question = self._open.pop(0)
        self._process = _program(self._question)
        # Methods of this object, disconnected by Qt on its deletion.
        self._process.finished.connect(self._answered)
        self._process.errorOccurred.connect(self._failed)
        self.destroyed.connect(self._process.kill)
        self._limit.start(LIMIT_MS)
        # -B: no compiled files in the plugin's folder.
        self._process.start(self._question.python, ["-B", str(SURVEY), *self._question.arguments])

    def _answered(self, *_: object) -> None:
        if self._process is not None:
            log = bytes(self._process.readAllStandardError()).decode(errors="replace")
            self._tell(read_answer(bytes(self._process.readAllStandardOutput()), log))

    def _failed(self, error: QProcess.ProcessError) -> None:
        # Other errors are followed by the signal `finished`.
        if error == QProcess.ProcessError.FailedToStart and self._question is not None:
            text = tr("{python} could not be started").format(python=self._question.python)
            self._tell(FoundRuntime(problem=text))

    def _tell(self, answer: FoundRuntime) -> None:
        self._limit.stop()
        self._process = None
        self.found.emit(self._question, answer)
        self._next()

    def _give_up(self) -> None:
        if self._process is not None:
            self._process.kill()


def _program(question: RuntimeQuestion) -> QProcess:
    """Returns a program, kept until its end."""
    process = QProcess()
    environment = QProcessEnvironment()
    for name, value in question.variables.items():
        environment.insert(name, value)
    process.setProcessEnvironment(environment)
    process.stateChanged.connect(partial(_let_go, process))
    _running.add(process)
    return process


def _let_go(process: QProcess, state: QProcess.ProcessState) -> None:
    if state == QProcess.ProcessState.NotRunning:
        _running.discard(process)
        if not sip.isdeleted(process):  # as it is when Python ends
            process.deleteLater()
