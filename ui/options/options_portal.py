# SPDX-License-Identifier: GPL-2.0-or-later
"""The ArcGIS portal in the options: address and sign-in."""

from __future__ import annotations

import os

from qgis.core import QgsSettings
from qgis.gui import QgsAuthConfigSelect
from qgis.PyQt.QtWidgets import QFormLayout, QGroupBox, QLabel, QLineEdit, QWidget

from ...plugin_support.sources.portal import AUTHCFG_SETTING, AUTHCFG_VARIABLE, URL_SETTING, VARIABLE
from ...plugin_support.translation import tr


class PortalBox(QGroupBox):
    """The portal of items (itemId)."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(tr("ArcGIS portal"), parent)
        settings = QgsSettings()
        self.url = QLineEdit(str(settings.value(URL_SETTING) or ""))
        self.url.setPlaceholderText("https://www.arcgis.com")
        # Passwords stay in QGIS's own store; only the id of a configuration is saved.
        self.access = QgsAuthConfigSelect(self)
        self.access.setConfigId(str(settings.value(AUTHCFG_SETTING) or ""))
        self.note = QLabel(_about_variables())
        self.note.setWordWrap(True)
        self.note.setVisible(bool(self.note.text()))
        self.url.textChanged.connect(self._check)
        self.warning = QLabel(tr("The address must begin with https:// or http://."))
        form = QFormLayout(self)
        form.addRow(tr("Address"), self.url)
        form.addRow(self.warning)
        form.addRow(tr("Sign in with"), self.access)
        form.addRow(self.note)
        self._check()

    def apply(self) -> None:
        """Writes the settings."""
        settings = QgsSettings()
        settings.setValue(URL_SETTING, self.url.text().strip())
        settings.setValue(AUTHCFG_SETTING, self.access.configId())

    def _check(self, *_: object) -> None:
        text = self.url.text().strip()
        self.warning.setVisible(bool(text) and not text.lower().startswith(("https://", "http://")))


def _about_variables() -> str:
    """Returns the environment variables that override the fields, without values, which may be secret."""
    names = [name for name in (VARIABLE, AUTHCFG_VARIABLE) if os.environ.get(name)]
    text = tr("Overridden by the environment: {names}.")
    return text.format(names=", ".join(names)) if names else ""
