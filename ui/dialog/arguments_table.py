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
from ...inference.runtimes.runtime import TITLES
from ...plugin_support.translation import sentence_of, shown, tr
from ..tones import tone
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
TOKEN_ROLE = Qt.ItemDataRole.UserRole


class ArgumentsTable(QTableWidget):
    """Values are edited in place; only values that differ from their default become arguments.

    Cells show labels; the texts of parameters are their data, and in the tooltips of names.
    """

    changed = pyqtSignal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(0, 4, parent)
        self.is_ready = False
        self._definition: ModelDefinition | None = None
        self._arguments = unknown_model()
        self.setHorizontalHeaderLabels([tr("Argument"), tr("Value"), tr("Default"), tr("Effect")])
        self.verticalHeader().setVisible(False)
        self.setWordWrap(False)
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        self.horizontalHeader().setStretchLastSection(True)
        self.verticalHeader().setDefaultSectionSize(round(self.fontMetrics().height() * ROW_HEIGHT))
        self.itemChanged.connect(self._edited)
        self.set_text("")

    def fill(self, answer: Answer) -> None:
        """Shows the arguments of a model, with the present values."""
        text = self.text()
        description = answer.description
        self.is_ready = description is not None
        self._definition = description.definition if description else None
        self._arguments = description.arguments if description and description.arguments else unknown_model()
        self.set_text(text)

    def text(self) -> str:
        """Returns the values that differ from their defaults, as parameter text."""
        rows = range(self.rowCount())
        values = {self.token(row): (self._value(row), self._default(row)) for row in rows}
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
        # High enough for the header and all arguments, to avoid scrolling within the dialog's scroll area.
        lines = len(rows) * self.verticalHeader().defaultSectionSize() + 2 * self.frameWidth()
        self.setMinimumHeight(self.horizontalHeader().sizeHint().height() + lines)
        self.blockSignals(blocked)

    def token(self, row: int) -> str:
        """Returns the name of a row's argument in the parameter text."""
        return str(self.item(row, NAME).data(TOKEN_ROLE))

    def _fill_row(self, row: int, argument: ArgumentDescription, value: str) -> None:
        name = _fixed_item(label_of(argument.name))
        name.setData(TOKEN_ROLE, argument.name)
        name.setToolTip(without_markup("\n".join([argument.name, *([shown(argument.help)] if argument.help else [])])))
        self.setItem(row, NAME, name)
        choices = CHOICES.get(argument.name, ())
        default = _fixed_item(value_label(argument.default) if choices else argument.default)
        default.setData(TOKEN_ROLE, argument.default)
        self.setItem(row, DEFAULT, default)
        self.setItem(row, HELP_COLUMN, _fixed_item(_help(argument)))
        self.item(row, HELP_COLUMN).setToolTip(without_markup(_help(argument)))
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
        for each in dict.fromkeys([*choices, *([] if default else [""]), value]):
            combo.addItem(value_label(each), each)
        combo.setCurrentIndex(combo.findData(value))
        combo.currentIndexChanged.connect(self.changed)
        guard_wheel(combo)
        return combo

    def _value(self, row: int) -> str:
        combo = self.cellWidget(row, VALUE)
        return combo.currentData() if isinstance(combo, QComboBox) else self.item(row, VALUE).text().strip()

    def _default(self, row: int) -> str:
        return str(self.item(row, DEFAULT).data(TOKEN_ROLE))

    def _edited(self, item: QTableWidgetItem) -> None:
        blocked = self.blockSignals(True)
        self._mark(item.row())
        self.blockSignals(blocked)
        self.changed.emit()

    def _mark(self, row: int) -> None:
        """Shows changed values in bold, and invalid ones in red with the reason."""
        item, name = self.item(row, VALUE), self.token(row)
        value, default = self._value(row), self._default(row)
        font = QFont(self.font())
        font.setBold(value not in ("", default))
        self.item(row, NAME).setFont(font)
        item.setFont(font)
        problem = self._problem(name, value) if value not in ("", default) else ""
        item.setToolTip(without_markup(problem))
        item.setData(Qt.ItemDataRole.ForegroundRole, tone("error", self.palette()) if problem else None)

    def _problem(self, name: str, value: str) -> str:
        if self._definition is None:
            return ""
        try:
            resolve_arguments(read_arguments({name: value}), self._definition)
        except ClassifyPixelsError as error:
            return sentence_of(error)
        return ""


def label_of(name: str) -> str:
    """Returns the label of an argument, its name if it is one of the network's own."""
    labels = {
        "padding": tr("Padding"),
        "batch_size": tr("Batch size"),
        "tile_size": tr("Tile size"),
        "predict_background": tr("Classify background"),
        "test_time_augmentation": tr("Test-time augmentation"),
        "merge_policy": tr("Merging of orientations"),
        "threshold": tr("Threshold"),
        "return_probability_raster": tr("Scores instead of classes"),
        "mixed_precision": tr("Mixed precision"),
        "runtime": tr("Runtime"),
        "output": tr("Network output"),
    }
    return labels.get(name, name)


def value_label(value: str) -> str:
    """Returns the label of a value that is chosen from a list."""
    labels = {
        "true": tr("Yes"),
        "false": tr("No"),
        "mean": tr("Mean"),
        "max": tr("Maximum"),
        "min": tr("Minimum"),
        "auto": tr("Automatic"),
    }
    return labels.get(value.lower(), TITLES.get(value.lower(), value))


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
