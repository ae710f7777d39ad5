# SPDX-License-Identifier: GPL-2.0-or-later
"""The runtimes in the options: search, installation, and another Python for PyTorch."""

from __future__ import annotations

import os
from functools import partial
from pathlib import Path

from qgis.core import QgsSettings
from qgis.gui import QgsFileWidget
from qgis.PyQt.QtWidgets import QFormLayout, QGroupBox, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from ...inference.errors import WorkerStartError
from ...inference.runtimes.runtime import TITLES
from ...plugin_support.locations import runtime_folder
from ...plugin_support.translation import sentence_of, tr
from ...plugin_support.user_settings import TORCH_PYTHON_SETTING, TORCH_PYTHON_VARIABLE
from .install_dialog import SIZES, InstallDialog
from .runtime_found import FoundRuntime, RuntimeQuestion, question_to_other, question_to_qgis
from .runtime_survey import RuntimeSurvey
from .runtime_table import RuntimeTable


class RuntimeBox(QGroupBox):
    """Shows runtimes found by separate processes, so that the dialog opens at once."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(tr("Runtimes"), parent)
        self.table = RuntimeTable()
        self.python = QgsFileWidget()
        self.python.setStorageMode(QgsFileWidget.StorageMode.GetFile)
        self.python.setDialogTitle(tr("Choose a Python interpreter"))
        self.python.setFilePath(str(QgsSettings().value(TORCH_PYTHON_SETTING) or ""))
        self.note = QLabel()
        self.note.setWordWrap(True)
        self.install = {name: QPushButton(tr("Install {runtime}…").format(runtime=TITLES[name])) for name in SIZES}
        self.again = QPushButton(tr("Check Again"))
        self.survey = RuntimeSurvey(self)
        self.survey.found.connect(self._show_answer)
        for name, button in self.install.items():
            button.clicked.connect(partial(self._install, name))
        self.again.clicked.connect(self.check)
        self.python.fileChanged.connect(self.check)
        self._lay_out()
        self.check()

    def check(self, *_: object) -> None:
        """Asks the Pythons for their runtimes."""
        questions = [question_to_qgis(name) for name in TITLES]
        named = os.environ.get(TORCH_PYTHON_VARIABLE) or self.python.filePath().strip()
        self._note(_about_variable())
        if named:
            try:
                questions.append(question_to_other("torch", Path(named)))
            except WorkerStartError as error:
                self._note(sentence_of(error))
        self.table.expect(questions)
        self.survey.ask(questions)

    def apply(self) -> None:
        """Writes the setting."""
        QgsSettings().setValue(TORCH_PYTHON_SETTING, self.python.filePath().strip())

    def _lay_out(self) -> None:
        buttons = QHBoxLayout()
        for button in self.install.values():
            buttons.addWidget(button)
        buttons.addWidget(self.again)
        buttons.addStretch()
        form = QFormLayout()
        form.addRow(tr("Python with PyTorch"), self.python)
        form.addRow(self.note)
        self.python.lineEdit().setPlaceholderText(tr("QGIS's own"))
        self.python.setEnabled(TORCH_PYTHON_VARIABLE not in os.environ)
        column = QVBoxLayout(self)
        column.addWidget(self.table)
        column.addLayout(buttons)
        column.addLayout(form)

    def _note(self, text: str) -> None:
        hint = tr(
            "PyTorch networks can run in a separate process with the Python of a virtual or conda environment. Choose "
            "that Python or the environment's folder; it needs numpy and torch."
        )
        self.note.setText(text or hint)

    def _show_answer(self, question: RuntimeQuestion, answer: FoundRuntime) -> None:
        self.table.show_answer(question, answer)
        if question.own and question.name in self.install:
            self._offer_installation(question, answer)
        if not question.own and not answer.version:
            text = tr("This Python cannot run PyTorch networks. Install torch there, or leave the field empty.")
            self._note(text)

    def _offer_installation(self, question: RuntimeQuestion, found: FoundRuntime) -> None:
        """Enables an installation, unless QGIS's own Python has that runtime, which takes precedence."""
        elsewhere = bool(found.version) and runtime_folder() not in Path(found.place).parents
        button = self.install[question.name]
        button.setEnabled(not elsewhere)
        text = tr("QGIS's own Python has {runtime}, which takes precedence.").format(runtime=question.title)
        button.setToolTip(text if elsewhere else "")

    def _install(self, name: str, *_: object) -> None:
        try:
            dialog = InstallDialog(name, self)
        except OSError as error:
            text = tr("Your profile folder is not writable: {reason}")
            self._note(text.format(reason=error.strerror or error))
            return
        dialog.finished.connect(self.check)
        dialog.open()


def _about_variable() -> str:
    if TORCH_PYTHON_VARIABLE not in os.environ:
        return ""
    text = tr("Set by the environment variable {name}: {value}")
    return text.format(name=TORCH_PYTHON_VARIABLE, value=os.environ[TORCH_PYTHON_VARIABLE])
