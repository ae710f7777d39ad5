# SPDX-License-Identifier: GPL-2.0-or-later
"""The part of the options that names a Dask scheduler and the place of strips."""

from __future__ import annotations

import os

from qgis.core import QgsSettings
from qgis.PyQt.QtWidgets import QFormLayout, QGroupBox, QLabel, QLineEdit, QWidget

from ...plugin_support.translation import tr
from ...plugin_support.user_settings import (
    SCHEDULER_SETTING,
    SCHEDULER_VARIABLE,
    STRIPS_SETTING,
    STRIPS_VARIABLE,
)


class ClusterBox(QGroupBox):
    """The scheduler whose workers compute all results; empty for this machine."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(tr("Cluster"), parent)
        self.scheduler, self.strips = QLineEdit(), QLineEdit()
        self.scheduler.setPlaceholderText("tls://host:8786")
        self.strips.setPlaceholderText("/vsis3/bucket/prefix")
        self.note = QLabel(_about_variables())
        self.note.setWordWrap(True)
        self.note.setVisible(bool(self.note.text()))
        form = QFormLayout(self)
        form.addRow(tr("Dask scheduler"), self.scheduler)
        form.addRow(tr("Place of strips"), self.strips)
        form.addRow(self.note)
        for field, setting, variable in self._fields():
            field.setText(str(QgsSettings().value(setting) or ""))
            field.setEnabled(not os.environ.get(variable))

    def apply(self) -> None:
        """Writes the settings."""
        for field, setting, _ in self._fields():
            QgsSettings().setValue(setting, field.text().strip())

    def _fields(self) -> list[tuple[QLineEdit, str, str]]:
        return [
            (self.scheduler, SCHEDULER_SETTING, SCHEDULER_VARIABLE),
            (self.strips, STRIPS_SETTING, STRIPS_VARIABLE),
        ]


def _about_variables() -> str:
    """Says which environment variables win over the fields."""
    names = [name for name in (SCHEDULER_VARIABLE, STRIPS_VARIABLE) if os.environ.get(name)]
    text = tr("The environment variable {names} is used instead of what stands here.")
    return text.format(names=", ".join(names)) if names else ""
