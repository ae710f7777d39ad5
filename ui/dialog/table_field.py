# SPDX-License-Identifier: GPL-2.0-or-later
"""A text field with a table editor under it, or behind a button to save room."""

from __future__ import annotations

from typing import Callable, Union

from qgis.PyQt.QtCore import pyqtSignal
from qgis.PyQt.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from ...inference import ClassifyPixelsError
from ...inference.phrase import printable
from ...inference.redaction import without_markup
from ...plugin_support.translation import sentence_of, tr
from ..tones import WRONG_FIELD, tone
from .arguments_table import ArgumentsTable
from .band_table import BandTable
from .model_answer import Answer

Table = Union[ArgumentsTable, BandTable]
LONGEST_NAME = 80


class TableField(QWidget):
    """The value is the text; the table shows it for the model and raster of the last answer."""

    valueChanged = pyqtSignal()  # noqa: N815  (named as Qt's own)

    def __init__(self, make_table: Callable[[QWidget], Table], is_inline: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.answer = Answer()
        self.title = ""
        self._make_table = make_table
        self._line = QLineEdit(self)
        self._line.setClearButtonEnabled(True)
        self.table = make_table(self) if is_inline else None
        row = QHBoxLayout()
        row.addWidget(self._line)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addLayout(row)
        if self.table is None:
            row.addWidget(table_button(self, self.open_table))
        else:
            layout.addWidget(self.table)
            self.table.changed.connect(self._table_changed)
            self.show_answer(self.answer)
        self._line.textChanged.connect(self._line_changed)

    def value(self) -> str:
        """Returns the text."""
        return self._line.text()

    def set_value(self, value: object) -> None:
        """Sets the text."""
        self._line.setText(str(value or ""))

    def show_answer(self, answer: Answer) -> None:
        """Sets the answer on the model, shown by the table under the field."""
        self.answer = answer
        if self.table is not None:
            self.table.fill(answer)
            self.table.setVisible(self.table.is_ready)
            self._show_text(self.value())

    def make_dialog(self) -> TableDialog:
        """Returns the table in a separate dialog."""
        dialog = TableDialog(self._make_table, self.value(), self.window(), self.title)
        dialog.fill(self.answer)
        return dialog

    def open_table(self) -> None:
        """Edits the text in a table."""
        dialog = self.make_dialog()
        if dialog.exec() == QDialog.DialogCode.Accepted:
            self.set_value(dialog.table.text())

    def _table_changed(self) -> None:
        if self.table is not None:
            # Blocked, because the line would refill the table during the edit of a cell.
            blocked = self._line.blockSignals(True)
            self._line.setText(self.table.text())
            self._line.blockSignals(blocked)
        self._show_problem("")
        self.valueChanged.emit()

    def _line_changed(self, text: str) -> None:
        self._show_text(text)
        self.valueChanged.emit()

    def _show_text(self, text: str) -> None:
        try:
            if self.table is not None:
                self.table.set_text(text)
        except ClassifyPixelsError as error:
            self._show_problem(sentence_of(error))
        else:
            self._show_problem("")

    def _show_problem(self, sentence: str) -> None:
        self._line.setStyleSheet(WRONG_FIELD if sentence else "")
        self._line.setToolTip(without_markup(sentence))


class TableDialog(QDialog):
    """The table in a dialog with OK and Cancel."""

    def __init__(
        self, make_table: Callable[[QWidget], Table], text: str, parent: QWidget | None, title: str = ""
    ) -> None:
        super().__init__(parent)
        self._title = title
        self.table = make_table(self)
        self._text = text
        self._problem = QLabel(self)
        self._problem.setWordWrap(True)
        self._problem.setStyleSheet(f"color: {tone('error', self.palette()).name()}")
        kinds = QDialogButtonBox.StandardButton
        buttons = QDialogButtonBox(kinds.Ok | kinds.Cancel, self)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        for widget in (self.table, self._problem, buttons):
            layout.addWidget(widget)
        self.resize(700, 380)
        self.table.changed.connect(self._table_changed)
        self.fill(Answer())

    def fill(self, answer: Answer) -> None:
        """Shows the text for the model of an answer, whose name becomes part of the title."""
        name = answer.description.name if answer.description else ""
        self.setWindowTitle(" – ".join(part for part in (self._title, printable(name, LONGEST_NAME)) if part))
        self.table.fill(answer)
        try:
            self.table.set_text(self._text)
        except ClassifyPixelsError as error:
            self._problem.setText(without_markup(sentence_of(error)))
        else:
            self._problem.setText("" if self.table.rowCount() else tr("Choose a model first."))

    def _table_changed(self) -> None:
        self._text = self.table.text()


def table_button(parent: QWidget, open_table: Callable[[], None]) -> QToolButton:
    """Returns a button that opens a table."""
    button = QToolButton(parent)
    button.setText("…")
    button.setToolTip(tr("Edit in a table"))
    button.clicked.connect(lambda: open_table())
    return button
