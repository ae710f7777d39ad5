# SPDX-License-Identifier: GPL-2.0-or-later
"""Checks the values of the algorithm's dialog, and keeps its Run button disabled while a check fails."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from qgis.PyQt.QtCore import QEvent, QObject
from qgis.PyQt.QtWidgets import QAbstractButton

from ...inference.redaction import without_markup
from ...plugin_support.user_settings import allowed_functions, torch_python
from ...processing_provider import parameters as names
from ..preflight import PreflightWidget
from ..preflight_checks import CHECKED, dialog_checks, dialog_values


class RunGuard(QObject):
    """Follows the wrappers of a dialog; Processing enables its button again after each run."""

    def __init__(self, checks: PreflightWidget, wrappers: Sequence[Any], button: QAbstractButton | None) -> None:
        super().__init__(checks)
        self._checks, self._button = checks, button
        self._wrappers = [each for each in wrappers if each.parameterDefinition().name() in CHECKED]
        self._values: Mapping[str, Any] = {}
        for wrapper in self._wrappers:
            wrapper.widgetValueHasChanged.connect(lambda _: self.ask())
        if button is not None:
            self._tip = button.toolTip()
            button.installEventFilter(self)
            checks.changed.connect(self._guard)
        self.ask()

    def ask(self) -> None:
        """Checks the present values."""
        values = dialog_values({each.parameterDefinition().name(): each.parameterValue() for each in self._wrappers})
        model = str(values.get(names.MODEL) or "")
        key = (sorted((name, repr(value)) for name, value in values.items()), allowed_functions(), torch_python())
        self._checks.ask(key, partial(dialog_checks, values) if model.strip() else None)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        """Disables the button again if something else has enabled it."""
        if event.type() == QEvent.Type.EnabledChange and self._checks.blocked and watched.isEnabled():
            watched.setEnabled(False)
        return False

    def _guard(self) -> None:
        if self._button is None:
            return
        reason = self._checks.blocked
        was_blocked = self._button.property("blocked") is True
        self._button.setProperty("blocked", bool(reason))
        self._button.setToolTip(without_markup(reason) or self._tip)
        if reason:
            self._button.setEnabled(False)
        elif was_blocked:
            self._button.setEnabled(True)
