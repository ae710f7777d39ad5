# SPDX-License-Identifier: GPL-2.0-or-later
"""The form for another model catalog."""

from __future__ import annotations

from qgis.gui import QgsAuthConfigSelect
from qgis.PyQt.QtWidgets import QComboBox, QDialog, QDialogButtonBox, QFormLayout, QLineEdit, QWidget

from ...plugin_support.model_catalogs.saved_catalogs import REPOSITORIES, STAC, SavedCatalog
from ...plugin_support.translation import tr


class CatalogForm(QDialog):
    """Asks for name, kind, address and sign-in."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Add a catalogue"))
        self.name, self.address = QLineEdit(), QLineEdit()
        self.address.setPlaceholderText(tr("https://example.org/catalog.json"))
        self.kind = QComboBox()
        self.kind.addItem(tr("STAC catalogue with the MLM extension: address or file"), STAC)
        self.kind.addItem(tr("Repositories as of Hugging Face: host, or host/owner/name"), REPOSITORIES)
        self.sign_in = QgsAuthConfigSelect()
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel)
        form = QFormLayout(self)
        form.addRow(tr("Name"), self.name)
        form.addRow(tr("Kind"), self.kind)
        form.addRow(tr("Address"), self.address)
        form.addRow(tr("Sign-in"), self.sign_in)
        form.addRow(self.buttons)
        self.address.textChanged.connect(self._check)
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        self._check()

    @property
    def catalog(self) -> SavedCatalog:
        """The values of the form."""
        address = self.address.text().strip()
        name = self.name.text().strip() or address
        return SavedCatalog(name, self.kind.currentData(), address, self.sign_in.configId())

    def _check(self) -> None:
        self.buttons.button(QDialogButtonBox.StandardButton.Ok).setEnabled(bool(self.address.text().strip()))
