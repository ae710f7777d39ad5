# SPDX-License-Identifier: GPL-2.0-or-later
"""Keeps the mouse wheel from changing a value that it only passes over while somebody scrolls."""

from __future__ import annotations

from qgis.PyQt.QtCore import QEvent, QObject, Qt
from qgis.PyQt.QtWidgets import QAbstractSlider, QAbstractSpinBox, QComboBox, QScrollBar, QWidget

# The fields of Qt, and of QGIS, which derives from them, that take the wheel for a change of their value.
FIELDS = (QComboBox, QAbstractSpinBox, QAbstractSlider)


class WheelGuard(QObject):
    """Has a field pass the wheel on, to what scrolls around it, unless the field has the focus."""

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        """Takes the wheel from a field without the focus; what is ignored goes on to the parent."""
        if event.type() != QEvent.Type.Wheel or not isinstance(watched, QWidget) or watched.hasFocus():
            return False
        event.ignore()
        return True


_guard = WheelGuard()


def guard_wheel(root: QWidget) -> None:
    """Guards a widget and all fields in it; the wheel no longer gives them the focus either."""
    for field in (root, *root.findChildren(QWidget)):
        if isinstance(field, FIELDS) and not isinstance(field, QScrollBar):
            # Twice is once: Qt moves a filter that is there already.
            field.installEventFilter(_guard)
            if field.focusPolicy() == Qt.FocusPolicy.WheelFocus:
                field.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
