# SPDX-License-Identifier: GPL-2.0-or-later
"""The data stores in the options."""

from __future__ import annotations

from qgis.PyQt.QtWidgets import (
    QAbstractItemView,
    QGroupBox,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from ...inference.errors import DataStoreSettingError
from ...plugin_support.sources.data_stores import VARIABLE, stores_in_settings, stores_in_variable, write_stores
from ...plugin_support.translation import sentence_of, tr

NAME, PLACE = 0, 1
ROWS = 4

# Separators after a name, in paths and in the settings.
SEPARATORS = "/\\"


class StoresBox(QGroupBox):
    """A table of names and places; incomplete rows are not saved."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(tr("Data stores"), parent)
        self.table = QTableWidget(0, 2)
        self.table.setHorizontalHeaderLabels([tr("Name"), tr("Folder or /vsi prefix")])
        self.table.horizontalHeader().setSectionResizeMode(PLACE, QHeaderView.ResizeMode.Stretch)
        self.table.verticalHeader().hide()
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.setFixedHeight((ROWS + 1) * (self.table.verticalHeader().defaultSectionSize() + 1) + 6)
        self.add = QPushButton(tr("Add"))
        self.remove = QPushButton(tr("Remove"))
        self.add.clicked.connect(lambda: self.add_row("", ""))
        self.remove.clicked.connect(self._remove_rows)
        self._lay_out()
        for name, place in sorted(stores_in_settings().items()):
            self.add_row(name, place)

    def add_row(self, name: str, place: str) -> None:
        """Adds a store; an empty row is opened for editing."""
        row = self.table.rowCount()
        self.table.insertRow(row)
        for column, text in ((NAME, name), (PLACE, place)):
            self.table.setItem(row, column, QTableWidgetItem(text))
        if not name:
            self.table.setCurrentCell(row, NAME)
            self.table.editItem(self.table.item(row, NAME))

    def apply(self) -> None:
        """Writes the settings."""
        rows = [(self._text(row, NAME), self._text(row, PLACE)) for row in range(self.table.rowCount())]
        write_stores({_plain(name): place for name, place in rows if _plain(name) and place})

    def _text(self, row: int, column: int) -> str:
        item = self.table.item(row, column)
        return item.text().strip() if item is not None else ""

    def _remove_rows(self) -> None:
        rows = {index.row() for index in self.table.selectedIndexes()}
        for row in sorted(rows, reverse=True):
            self.table.removeRow(row)

    def _lay_out(self) -> None:
        about = QLabel(
            tr("Locations of the paths /rasterStores/NAME/…, /fileShares/NAME/… and /cloudStores/NAME/…")
            + _of_variable()
        )
        about.setObjectName("aboutStores")
        about.setWordWrap(True)
        buttons = QHBoxLayout()
        buttons.addWidget(self.add)
        buttons.addWidget(self.remove)
        buttons.addStretch()
        column = QVBoxLayout(self)
        column.addWidget(about)
        column.addWidget(self.table)
        column.addLayout(buttons)


def _plain(name: str) -> str:
    """Returns a name without separators."""
    return "".join(letter for letter in name if letter not in SEPARATORS)


def _of_variable() -> str:
    """Returns the stores of the environment variable, which takes precedence over the table."""
    try:
        stores = stores_in_variable()
    except DataStoreSettingError as error:
        return "\n" + sentence_of(error)
    if not stores:
        return ""
    text = tr("The environment variable {name} also defines {stores}.")
    return "\n" + text.format(name=VARIABLE, stores=", ".join(sorted(stores)))
