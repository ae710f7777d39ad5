# SPDX-License-Identifier: GPL-2.0-or-later
"""The modeler's native widget for a parameter, with its inputs and expressions, and a card or table."""

from __future__ import annotations

from typing import Any, Callable

from qgis.core import QgsProcessingModelChildParameterSource, QgsProcessingParameterDefinition
from qgis.gui import QgsFileWidget, QgsGui
from qgis.PyQt.QtCore import pyqtSignal
from qgis.PyQt.QtWidgets import QDialog, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from ...processing_provider import parameters as names
from ..wheel import guard_wheel
from .model_card_label import ModelCardLabel
from .model_reader import ModelReader
from .model_widget import question_about
from .table_field import Table, TableDialog, table_button

Source = QgsProcessingModelChildParameterSource
# The enumeration of this value has moved in QGIS 3.34.
FIXED = Source.fromStaticValue("").source()


class ModelerField(QWidget):
    """Values are the modeler's sources: fixed values, inputs, outputs of other algorithms, expressions."""

    valueChanged = pyqtSignal()  # noqa: N815  (named as Qt's own)

    def __init__(self, parameter: QgsProcessingParameterDefinition, dialog: Any) -> None:
        super().__init__()
        self.name = parameter.name()
        registry = QgsGui.processingGuiRegistry()
        self.sources = registry.createModelerParameterWidget(dialog.model, dialog.childId, parameter, dialog.context)
        self.sources.setDialog(dialog)
        self.row = QHBoxLayout()
        self.row.addWidget(self.sources)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addLayout(self.row)
        guard_wheel(self)

    def value(self) -> Any:
        """Returns the source of the value."""
        return self.sources.value()

    def set_value(self, value: Any) -> None:
        """Sets the source of the value, or a fixed value."""
        is_source = isinstance(value, (Source, list))
        self.sources.setWidgetValue(value if is_source else Source.fromStaticValue(value))

    @property
    def text(self) -> str:
        """The fixed value, empty for other sources."""
        value = self.value()
        first = value[0] if isinstance(value, list) and value else value
        is_fixed = isinstance(first, Source) and first.source() == FIXED
        return str(first.staticValue() or "") if is_fixed else ""


class ModelerModelField(ModelerField):
    """A modeler field with the card of a model given as a fixed value."""

    def __init__(self, parameter: QgsProcessingParameterDefinition, dialog: Any) -> None:
        super().__init__(parameter, dialog)
        self.card = ModelCardLabel(self)
        self.layout().addWidget(self.card)
        # The modeler's widget has no signal; its kinds of source are pages of a stack.
        for file in self.sources.findChildren(QgsFileWidget):
            file.fileChanged.connect(self._ask)
        for stack in self.sources.findChildren(QStackedWidget):
            stack.currentChanged.connect(self._ask)

    def _ask(self) -> None:
        self.card.ask(question_about(self.text, None, ""))


class ModelerTableField(ModelerField):
    """A modeler field with a button to edit a fixed value in a table."""

    def __init__(
        self, parameter: QgsProcessingParameterDefinition, dialog: Any, make_table: Callable[[QWidget], Table]
    ) -> None:
        super().__init__(parameter, dialog)
        self._make_table, self._title = make_table, parameter.description()
        self.row.addWidget(table_button(self, self.open_table))

    def make_dialog(self) -> TableDialog:
        """Returns the table in a dialog, filled after reading the model of the same window."""
        dialog = TableDialog(self._make_table, self.text, self.window(), self._title)
        reader = ModelReader(dialog)
        reader.answered.connect(dialog.fill)
        reader.ask_about(question_about(self._model(), None, ""))
        return dialog

    def open_table(self) -> None:
        """Edits the fixed value in a table."""
        dialog = self.make_dialog()
        if dialog.exec() == QDialog.DialogCode.Accepted:
            self.set_value(dialog.table.text())
            self.valueChanged.emit()

    def _model(self) -> str:
        """Returns the fixed value of the field for the model in the same window."""
        fields = self.window().findChildren(ModelerField)
        return next((field.text for field in fields if field.name == names.MODEL), "")
