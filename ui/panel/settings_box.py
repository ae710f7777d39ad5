# SPDX-License-Identifier: GPL-2.0-or-later
"""The settings of a model in the panel: bands, scale of the values, cell size, arguments."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress

from qgis.gui import QgsCollapsibleGroupBoxBasic
from qgis.PyQt.QtCore import pyqtSignal
from qgis.PyQt.QtWidgets import QFormLayout, QLineEdit, QVBoxLayout, QWidget

from ...inference import ClassifyPixelsError
from ...inference.bands import read_numbers
from ...inference.redaction import without_markup
from ...plugin_support.translation import sentence_of, tr
from ...processing_provider import parameters as names
from ..dialog.arguments_table import DEFAULT, HELP_COLUMN, NAME, ArgumentsTable
from ..dialog.band_table import BandTable
from ..dialog.model_answer import Answer
from ..tones import WRONG_FIELD
from ..wheel import guard_wheel


class SettingsBox(QgsCollapsibleGroupBoxBasic):
    """Texts of parameters by their names, empty ones left out; `changed` follows each edit by the user."""

    changed = pyqtSignal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(tr("Bands, scale and arguments"), parent)
        self._values: dict[str, str] = {}
        self.bands = BandTable(self)
        self.scale, self.offset = QLineEdit(), QLineEdit()
        self.scale.setPlaceholderText("1")
        self.offset.setPlaceholderText("0")
        self.cell_size = QLineEdit()
        self.cell_size.setPlaceholderText(tr("that of the raster"))
        self.cell_size.setToolTip(tr("In units of the raster's CRS, or the path of a raster with this cell size"))
        self.arguments = ArgumentsTable(self)
        for column in (DEFAULT, HELP_COLUMN):
            self.arguments.setColumnHidden(column, True)
        self.arguments.horizontalHeader().setSectionResizeMode(
            NAME, self.arguments.horizontalHeader().ResizeMode.Stretch
        )
        # One widget to collapse, because the tables hide and show themselves.
        body = QWidget()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(body)
        form = QFormLayout(body)
        form.setContentsMargins(0, 0, 0, 0)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        form.addRow(self.bands)
        form.addRow(tr("Input scale"), self.scale)
        form.addRow(tr("Input offset"), self.offset)
        form.addRow(tr("Cell size"), self.cell_size)
        form.addRow(self.arguments)
        self.bands.changed.connect(lambda: self._edited(names.BAND_MAPPING, self.bands.text()))
        self.arguments.changed.connect(lambda: self._edited(names.MODEL_ARGUMENTS, self.arguments.text()))
        self.scale.textEdited.connect(lambda text: self._edited(names.INPUT_SCALE, text))
        self.offset.textEdited.connect(lambda text: self._edited(names.INPUT_OFFSET, text))
        self.cell_size.textEdited.connect(lambda text: self._edited(names.CELL_SIZE, text))
        guard_wheel(self)
        self.setCollapsed(True)
        self.fill(Answer())

    @property
    def values(self) -> Mapping[str, str]:
        """The texts of the parameters."""
        return {name: text for name, text in self._values.items() if text.strip()}

    def set_values(self, values: Mapping[str, str]) -> None:
        """Shows texts of parameters."""
        self._values = dict(values)
        self.scale.setText(values.get(names.INPUT_SCALE, ""))
        self.offset.setText(values.get(names.INPUT_OFFSET, ""))
        self.cell_size.setText(values.get(names.CELL_SIZE, ""))
        self._check(self.scale, names.INPUT_SCALE)
        self._check(self.offset, names.INPUT_OFFSET)
        for table, name in ((self.bands, names.BAND_MAPPING), (self.arguments, names.MODEL_ARGUMENTS)):
            # Bands of another raster: the run names what it cannot find, so the text is kept.
            with suppress(ClassifyPixelsError):
                table.set_text(values.get(name, ""))

    def fill(self, answer: Answer) -> None:
        """Shows the bands and arguments of a model, with the present values."""
        values = dict(self._values)
        # Without old text, which the table would carry over from the last model.
        with suppress(ClassifyPixelsError):
            self.arguments.set_text("")
        self.bands.fill(answer)
        self.arguments.fill(answer)
        for table in (self.bands, self.arguments):
            table.setVisible(table.is_ready)
            rows = table.rowCount() * table.verticalHeader().defaultSectionSize()
            table.setMinimumHeight(0)
            table.setFixedHeight(rows + table.horizontalHeader().sizeHint().height() + 2 * table.frameWidth())
        self.set_values(values)

    def _edited(self, name: str, text: str) -> None:
        self._values[name] = text
        self._check(self.scale, names.INPUT_SCALE)
        self._check(self.offset, names.INPUT_OFFSET)
        self.changed.emit()

    def _check(self, line: QLineEdit, name: str) -> None:
        try:
            read_numbers(line.text(), name)
        except ClassifyPixelsError as error:
            line.setStyleSheet(WRONG_FIELD)
            line.setToolTip(without_markup(sentence_of(error)))
        else:
            line.setStyleSheet("")
            line.setToolTip("")
