# SPDX-License-Identifier: GPL-2.0-or-later
"""The table of runtimes."""

from __future__ import annotations

from qgis.PyQt.QtGui import QBrush, QPalette
from qgis.PyQt.QtWidgets import QHeaderView, QTreeWidget, QTreeWidgetItem, QWidget

from ...plugin_support.translation import tr
from .runtime_found import FoundRuntime, RuntimeQuestion

ROWS = 5
PYTHON = 3


class RuntimeTable(QTreeWidget):
    """A row for each question, with its full texts as tooltips."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setHeaderLabels([tr("Runtime"), tr("Version"), tr("Devices"), tr("Python"), tr("Location")])
        self.setRootIsDecorated(False)
        self.setAlternatingRowColors(True)
        self.setSelectionMode(QTreeWidget.SelectionMode.SingleSelection)
        self.header().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        self.header().setStretchLastSection(True)
        self.setFixedHeight((ROWS + 2) * self.fontMetrics().height() + 24)
        self._rows: dict[RuntimeQuestion, QTreeWidgetItem] = {}

    def expect(self, questions: list[RuntimeQuestion]) -> None:
        """Shows rows without answers."""
        self.clear()
        self._rows = {}
        for question in questions:
            row = QTreeWidgetItem([question.title, tr("checking…"), "", _whose(question), ""])
            self.addTopLevelItem(row)
            self._rows[question] = row

    def show_answer(self, question: RuntimeQuestion, answer: FoundRuntime) -> None:
        """Fills a row."""
        row = self._rows.get(question)
        if row is None:
            return
        texts = [question.title, *_version_and_devices(answer), _whose(question, answer.python)]
        for column, text in enumerate([*texts, answer.problem or answer.place]):
            row.setText(column, text)
            row.setToolTip(column, text)
            if not answer.version:
                row.setForeground(column, self._faint())
        row.setToolTip(PYTHON, question.python)

    def _faint(self) -> QBrush:
        return QBrush(self.palette().color(QPalette.ColorGroup.Disabled, QPalette.ColorRole.Text))


def _version_and_devices(answer: FoundRuntime) -> tuple[str, str]:
    if answer.version:
        return answer.version, ", ".join(answer.devices)
    return (tr("cannot start"), "") if answer.problem else (tr("not found"), "")


def _whose(question: RuntimeQuestion, version: str = "") -> str:
    name = tr("QGIS's own") if question.own else tr("external")
    return f"{name} ({version})" if version else name
