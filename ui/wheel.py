# SPDX-License-Identifier: GPL-2.0-or-later
"""Protection of values from the mouse wheel while scrolling."""

from __future__ import annotations

from qgis.PyQt.QtCore import QEvent, QObject, Qt
from qgis.PyQt.QtWidgets import QAbstractSlider, QAbstractSpinBox, QComboBox, QScrollBar, QWidget

# Base classes of Qt and QGIS fields whose value the wheel changes.
FIELDS = (QComboBox, QAbstractSpinBox, QAbstractSlider)


class WheelGuard(QObject):
    """Passes the wheel to the surrounding scroll area, unless the field has the focus."""

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        """Ignores the wheel in a field without focus, so that the parent receives it."""
        if event.type() != QEvent.Type.Wheel or not isinstance(watched, QWidget) or watched.hasFocus():
            return False
        event.ignore()
        return True


_guard = WheelGuard()


def guard_wheel(root: QWidget) -> None:
    """Guards a widget and all fields in it, which also no longer receive the focus from the wheel."""
    for field in (root, *root.findChildren(QWidget)):
        if isinstance(field, FIELDS) and not isinstance(field, QScrollBar):
            # Safe to repeat: Qt moves an existing filter.
            field.installEventFilter(_guard)
            if field.focusPolicy() == Qt.FocusPolicy.WheelFocus:
                field.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
