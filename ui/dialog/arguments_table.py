# SPDX-License-Identifier: GPL-2.0-or-later
"""The table of a model's arguments: name, value, default and effect."""

from __future__ import annotations

from collections.abc import Sequence

from qgis.PyQt.QtCore import Qt, pyqtSignal
from qgis.PyQt.QtGui import QFont
from qgis.PyQt.QtWidgets import QComboBox, QHeaderView, QTableWidget, QTableWidgetItem, QWidget

from ...inference import ClassifyPixelsError
from ...inference.describe.argument_description import HELP, ArgumentDescription
from ...inference.models import (
    ARGUMENT_NAMES,
    MERGE_POLICIES,
    RUNTIMES,
    ModelDefinition,
    read_arguments,
    resolve_arguments,
)
from ...inference.redaction import without_markup
from ...plugin_support.translation import sentence_of, shown, tr
from ..wheel import guard_wheel
from .argument_text import arguments_text
from .model_answer import Answer

NAME, VALUE, DEFAULT, HELP_COLUMN = range(4)
TRUTHS = ("true", "false")
CHOICES = {
    "predict_background": TRUTHS,
    "test_time_augmentation": TRUTHS,
    "merge_policy": MERGE_POLICIES,
    "return_probability_raster": TRUTHS,
    "mixed_precision": TRUTHS,
    "runtime": RUNTIMES,
}
ROW_HEIGHT = 1.6  # in heights of a line
WRONG = Qt.GlobalColor.red


class ArgumentsTable(QTableWidget):
    """Values are edited in place; only values that differ from their default become arguments."""

    changed = pyqtSignal()
    is_ready = True

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(0, 4, parent)
        self._definition: ModelDefinition | None = None
        self._arguments = unknown_model()
        self.setHorizontalHeaderLabels([tr("Argument"), tr("Value"), tr("Default"), tr("Effect")])
        self.verticalHeader().setVisible(False)
        self.setWordWrap(False)
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        self.horizontalHeader().setStretchLastSection(True)
        self.verticalHeader().setDefaultSectionSize(round(self.fontMetrics().height() * ROW_HEIGHT))
        # High enough for the header and all arguments, to avoid scrolling within the dialog's scroll area.
        self.setMinimumHeight(round(self.fontMetrics().height() * ROW_HEIGHT * (len(ARGUMENT_NAMES) + 1.5)))
        self.itemChanged.connect(self._edited)
        self.set_text("")

    def fill(self, answer: Answer) -> None:
        """Shows the arguments of a model, with the present values."""
        text = self.text()
        description = answer.description
        self._definition = description.definition if description else None
        self._arguments = description.arguments if description and description.arguments else unknown_model()
        self.set_text(text)

    def text(self) -> str:
        """Returns the values that differ from their defaults, as parameter text."""
        rows = range(self.rowCount())
        values = {self.item(row, NAME).text(): (self._value(row), self.item(row, DEFAULT).text()) for row in rows}
        return arguments_text({name: value for name, (value, default) in values.items() if value not in ("", default)})

    def set_text(self, text: str) -> None:
        """Shows the values of a text; raises a ClassifyPixelsError if it cannot be read."""
        given = dict(read_arguments(text).texts)
        blocked = self.blockSignals(True)
        known = [argument.name for argument in self._arguments]
        foreign = [ArgumentDescription(name, "", None) for name in given if name not in known]
        rows = [*self._arguments, *foreign]
        self.setRowCount(len(rows))
        for row, argument in enumerate(rows):
            self._fill_row(row, argument, given.get(argument.name, argument.default))
        self.blockSignals(blocked)

    def _fill_row(self, row: int, argument: ArgumentDescription, value: str) -> None:
        name = _fixed_item(argument.name)
        name.setToolTip(without_markup(shown(argument.help) if argument.help else ""))
        self.setItem(row, NAME, name)
        self.setItem(row, DEFAULT, _fixed_item(argument.default))
        self.setItem(row, HELP_COLUMN, _fixed_item(_help(argument)))
        self.item(row, HELP_COLUMN).setToolTip(without_markup(_help(argument)))
        choices = CHOICES.get(argument.name, ())
        remove_cell_widget(self, row, VALUE)
        item = QTableWidgetItem("" if choices else value)
        if argument.fixed:
            item.setFlags(item.flags() & ~Qt.ItemFlag.ItemIsEditable)
        self.setItem(row, VALUE, item)
        if choices:
            self.setCellWidget(row, VALUE, self._combo(choices, argument.default, value))
        self._mark(row)

    def _combo(self, choices: Sequence[str], default: str, value: str) -> QComboBox:
        combo = QComboBox(self)
        # An invalid value stays visible, to be corrected.
        combo.addItems(list(dict.fromkeys([*choices, *([] if default else [""]), value])))
        combo.setCurrentText(value)
        combo.currentTextChanged.connect(self.changed)
        guard_wheel(combo)
        return combo

    def _value(self, row: int) -> str:
        combo = self.cellWidget(row, VALUE)
        return combo.currentText() if isinstance(combo, QComboBox) else self.item(row, VALUE).text().strip()

    def _edited(self, item: QTableWidgetItem) -> None:
        blocked = self.blockSignals(True)
        self._mark(item.row())
        self.blockSignals(blocked)
        self.changed.emit()

    def _mark(self, row: int) -> None:
        """Shows changed values in bold, and invalid ones in red with the reason."""
        item, name = self.item(row, VALUE), self.item(row, NAME).text()
        value, default = self._value(row), self.item(row, DEFAULT).text()
        font = QFont(self.font())
        font.setBold(value not in ("", default))
        self.item(row, NAME).setFont(font)
        item.setFont(font)
        problem = self._problem(name, value) if value not in ("", default) else ""
        item.setToolTip(without_markup(problem))
        item.setData(Qt.ItemDataRole.ForegroundRole, WRONG if problem else None)

    def _problem(self, name: str, value: str) -> str:
        if self._definition is None:
            return ""
        try:
            resolve_arguments(read_arguments({name: value}), self._definition)
        except ClassifyPixelsError as error:
            return sentence_of(error)
        return ""


def unknown_model() -> tuple[ArgumentDescription, ...]:
    """Returns the arguments of every model, without defaults."""
    return tuple(ArgumentDescription(name, "", HELP[name]) for name in ARGUMENT_NAMES)


def remove_cell_widget(table: QTableWidget, row: int, column: int) -> None:
    """Removes the widget of a cell at once; Qt alone leaves it visible until idle."""
    widget = table.cellWidget(row, column)
    if widget is not None:
        widget.hide()
        table.removeCellWidget(row, column)


def _help(argument: ArgumentDescription) -> str:
    if not argument.help:
        return tr("The model has no such argument.")
    return shown(argument.help) + (" " + tr("Fixed by the model.") if argument.fixed else "")


def _fixed_item(text: str) -> QTableWidgetItem:
    item = QTableWidgetItem(text)
    item.setFlags(item.flags() & ~Qt.ItemFlag.ItemIsEditable)
    return item
