# SPDX-License-Identifier: GPL-2.0-or-later
"""The widgets of model, arguments and bands in Processing's dialog, its batch panel and the modeler.

Processing imports this module by the parameters' metadata. A factory is impossible: QGIS's Python binding drops the
Python part of wrappers created by one.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, Callable, Union

from processing.gui.wrappers import DIALOG_BATCH, DIALOG_MODELER, DIALOG_STANDARD, WidgetWrapper
from qgis.core import QgsProcessingContext, QgsProject, QgsRasterLayer
from qgis.PyQt.QtWidgets import QWidget

from ...processing_provider import parameters as names
from ...processing_provider.styling import is_result
from ..wheel import guard_wheel
from .arguments_table import ArgumentsTable
from .band_table import BandTable
from .model_widget import ModelWidget
from .modeler_field import ModelerField, ModelerModelField, ModelerTableField
from .run_guard import RunGuard
from .table_field import Table, TableField

Field = Union[ModelWidget, TableField, ModelerField]


class TextWrapper(WidgetWrapper):
    """Connects Processing with a text widget that has `value`, `set_value` and `valueChanged`."""

    def createWidget(self, **options: Any) -> Field:  # noqa: N802
        """Returns the widget for the type of dialog."""
        field = self.make_modeler_field() if self.dialogType == DIALOG_MODELER else self.make_field()
        field.valueChanged.connect(lambda: self.widgetValueHasChanged.emit(self))
        return field

    def make_field(self) -> Field:
        """Returns the widget for dialog and batch panel."""
        raise NotImplementedError

    def make_modeler_field(self) -> ModelerField:
        """Returns the modeler's widget with its additions."""
        raise NotImplementedError

    def setValue(self, value: Any) -> None:  # noqa: N802
        """Shows a value; dictionaries and lists as JSON."""
        is_object = isinstance(value, dict) or (isinstance(value, list) and self.dialogType != DIALOG_MODELER)
        self.widget.set_value(json.dumps(value, ensure_ascii=False) if is_object else value)

    def value(self) -> Any:
        """Returns the text, None if empty; in the modeler, the source of the value."""
        return self.widget.value() or None


class ModelWrapper(TextWrapper):
    """The model and its card."""

    def make_field(self) -> ModelWidget:
        """Returns the field, with the card in the dialog only."""
        return ModelWidget(self.parameterDefinition().createFileFilter(), self.dialogType == DIALOG_STANDARD)

    def make_modeler_field(self) -> ModelerField:
        """Returns the modeler's widget, with the card under it."""
        return ModelerModelField(self.parameterDefinition(), self.dialog)

    def postInitialize(self, wrappers: Sequence[WidgetWrapper]) -> None:  # noqa: N802
        """Follows raster and band mapping of the same dialog, and guards all its fields from the wheel."""
        for wrapper in wrappers:
            guard_wheel(wrapper.widget if isinstance(wrapper, WidgetWrapper) else wrapper.wrappedWidget())
        if self.dialogType != DIALOG_MODELER:
            _follow(wrappers, names.INPUT, self.widget.set_raster)
            _follow(wrappers, names.BAND_MAPPING, lambda value: self.widget.set_mapping(str(value or "")))
            _follow(wrappers, names.STACK_ITEMS, lambda value: self.widget.set_stacked(bool(value)))
            _follow(wrappers, names.INPUT_SCALE, lambda value: self.widget.set_scale(str(value or "")))
            _follow(wrappers, names.INPUT_OFFSET, lambda value: self.widget.set_offset(str(value or "")))
            self.widget.scaled.connect(lambda scale, offset: _set_scale(wrappers, scale, offset))
            for wrapper in wrappers:
                if wrapper.parameterDefinition().name() == names.INPUT:
                    _choose_input(wrapper)
                    self._check(wrappers)

    def _check(self, wrappers: Sequence[WidgetWrapper]) -> None:
        """Shows the checks of all values, which decide on the dialog's button."""
        checks = self.widget.checks
        if checks is not None:
            button = self.dialog.runButton() if hasattr(self.dialog, "runButton") else None
            checks.show()
            self._guard = RunGuard(checks, wrappers, button)


class TableWrapper(TextWrapper):
    """A text with a table editor for the model of the same dialog."""

    make_table: Callable[[QWidget], Table]

    def make_field(self) -> TableField:
        """Returns the field, with its table under it except in batch."""
        field = TableField(type(self).make_table, is_inline=self.dialogType != DIALOG_BATCH)
        field.title = self.parameterDefinition().description()
        return field

    def make_modeler_field(self) -> ModelerField:
        """Returns the modeler's widget, with a button for the table."""
        return ModelerTableField(self.parameterDefinition(), self.dialog, type(self).make_table)

    def postInitialize(self, wrappers: Sequence[WidgetWrapper]) -> None:  # noqa: N802
        """Follows the model of the same dialog."""
        models = [wrapper.widget for wrapper in wrappers if isinstance(wrapper, ModelWrapper)]
        if models and self.dialogType != DIALOG_MODELER:
            models[0].answered.connect(self.widget.show_answer)


class ArgumentsWrapper(TableWrapper):
    """The model's arguments."""

    make_table = ArgumentsTable


class BandsWrapper(TableWrapper):
    """The band mapping."""

    make_table = BandTable


def _set_scale(wrappers: Sequence[WidgetWrapper], scale: str, offset: str) -> None:
    """Sets the input scale, and the offset if there is one."""
    for wrapper in wrappers:
        name = wrapper.parameterDefinition().name()
        if name == names.INPUT_SCALE:
            wrapper.setParameterValue(scale, QgsProcessingContext())
        if name == names.INPUT_OFFSET and offset:
            wrapper.setParameterValue(offset, QgsProcessingContext())


def _choose_input(wrapper: WidgetWrapper) -> None:
    """Chooses a raster instead of the result of an earlier run, which QGIS offers as the active layer."""
    project = QgsProject.instance()
    chosen = wrapper.parameterValue()
    layer = project.mapLayer(chosen) if isinstance(chosen, str) else chosen
    if not isinstance(layer, QgsRasterLayer) or not is_result(layer):
        return
    rasters = (node.layer() for node in project.layerTreeRoot().findLayers())
    others = (each for each in rasters if isinstance(each, QgsRasterLayer) and each.isValid() and not is_result(each))
    other = next(others, None)
    if other is not None:
        wrapper.setParameterValue(other, QgsProcessingContext())


def _follow(wrappers: Sequence[WidgetWrapper], name: str, take: Callable[[Any], None]) -> None:
    """Passes the value of another parameter to `take`, now and after every change."""
    for wrapper in wrappers:
        if wrapper.parameterDefinition().name() == name:
            wrapper.widgetValueHasChanged.connect(lambda changed: take(changed.parameterValue()))
            take(wrapper.parameterValue())
