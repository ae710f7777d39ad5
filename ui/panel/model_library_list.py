# SPDX-License-Identifier: GPL-2.0-or-later
"""The model library as a list for Qt's views."""

from __future__ import annotations

from typing import Any

from qgis.core import QgsApplication
from qgis.PyQt.QtCore import QAbstractListModel, QModelIndex, QObject, Qt
from qgis.PyQt.QtGui import QFont, QIcon

from ...inference.redaction import without_markup
from ...plugin_support.translation import tr
from .model_library import LibraryModel, ModelLibrary

PATH_ROLE = Qt.ItemDataRole.UserRole


class ModelLibraryList(QAbstractListModel):
    """Shows the models of a library, and marks missing files."""

    def __init__(self, library: ModelLibrary, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._library = library
        # A chosen model that is not in the library, because it is not read yet or refused.
        self.candidate = ""
        self._models = self._current()

    def reload(self) -> None:
        """Shows the current state of the library."""
        self.beginResetModel()
        self._models = self._current()
        self.endResetModel()

    def _current(self) -> list[tuple[LibraryModel, bool]]:
        candidates = [self._library.model(self.candidate)] if self.candidate else []
        return [(model, model.missing) for model in (*candidates, *self._library.models)]

    @property
    def is_outdated(self) -> bool:
        """True if the library has other models, or another order."""
        return [model.path for model, _ in self._models] != [model.path for model, _ in self._current()]

    def refresh(self, path: str) -> None:
        """Updates one model, without changing the order."""
        row = self.row(path)
        if row >= 0:
            model = self._library.model(path)
            self._models[row] = (model, model.missing)
            self.dataChanged.emit(self.index(row), self.index(row))

    def row(self, path: str) -> int:
        """Returns the row of a model, -1 if it is not in the library."""
        return next((row for row, (model, _) in enumerate(self._models) if model.path == path), -1)

    def rowCount(self, parent: QModelIndex = QModelIndex()) -> int:  # noqa: B008, N802
        """Returns the number of models."""
        return 0 if parent.isValid() else len(self._models)

    def data(self, index: QModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Returns the data of a row."""
        if not index.isValid():
            return None
        model, missing = self._models[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return tr("{model} (missing)").format(model=model.title) if missing else model.title
        if role == Qt.ItemDataRole.ToolTipRole:
            return without_markup("\n".join(filter(None, [model.name, model.about, model.path])))
        if role == Qt.ItemDataRole.DecorationRole:
            return _icon(model, missing)
        if role == Qt.ItemDataRole.FontRole and missing:
            font = QFont()
            font.setItalic(True)
            return font
        return model.path if role == PATH_ROLE else None


def _icon(model: LibraryModel, missing: bool) -> QIcon:
    name = "/mIconWarning.svg" if missing else "/mIconFavorites.svg" if model.favourite else "/mIconStopwatch.svg"
    return QgsApplication.getThemeIcon(name)
