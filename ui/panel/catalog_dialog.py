# SPDX-License-Identifier: GPL-2.0-or-later
"""The dialog that searches the user's model catalogs and downloads a model into the library."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from qgis.gui import QgsFilterLineEdit
from qgis.PyQt.QtCore import Qt, pyqtSignal
from qgis.PyQt.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QProgressBar,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from ...inference.errors import CatalogListError
from ...inference.redaction import without_secrets
from ...plugin_support.locations import catalog_list, model_folder
from ...plugin_support.model_catalogs.fetch import fetch_variant
from ...plugin_support.model_catalogs.offer import Found, Offer
from ...plugin_support.model_catalogs.saved_catalogs import SavedCatalog, read_catalogs, write_catalogs
from ...plugin_support.translation import sentence_of, tr
from .catalog_form import CatalogForm
from .catalog_work import CatalogWork

SIZE = (760, 560)
STEPS = 1000


class CatalogDialog(QDialog):
    """Sends no request before a search; `fetched` passes the path of a downloaded model."""

    fetched = pyqtSignal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Find models"))
        self.work = CatalogWork(self)
        self.work.done.connect(self._take)
        self.work.failed.connect(self._tell)
        self.work.advanced.connect(self._show_progress)
        self.box = QComboBox()
        self.add, self.remove, self.load = (
            QPushButton(text) for text in (tr("Add…"), tr("Remove"), tr("Load a list…"))
        )
        self.words = QgsFilterLineEdit()
        self.words.setPlaceholderText(tr("Words in the name or description; empty for all models"))
        self.search = QPushButton(tr("Search"))
        self.list = QTreeWidget()
        self.list.setRootIsDecorated(False)
        self.list.setHeaderLabels([tr("Model"), tr("Licence"), tr("Download")])
        self.list.setColumnWidth(0, SIZE[0] // 2)
        self.text = QPlainTextEdit()
        self.text.setReadOnly(True)
        self.variant = QComboBox()
        self.download = QPushButton(tr("Download"))
        self.progress = QProgressBar()
        self.progress.setMaximum(STEPS)
        self.outcome = QLabel()
        self.outcome.setWordWrap(True)
        self.outcome.setTextFormat(Qt.TextFormat.PlainText)
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        self._catalogs: list[SavedCatalog] = []
        self._offer: Offer | None = None
        self._lay_out()
        self._connect()
        self._read_list()
        self._show_offer(None)

    def reject(self) -> None:
        """Cancels a request; closes the dialog if there is none."""
        if self.progress.isVisible():
            self.work.cancel()
            self._tell(tr("Cancelled. What has arrived is kept; Download continues there."))
        else:
            self.work.cancel()
            super().reject()

    @property
    def catalog(self) -> SavedCatalog | None:
        """The chosen catalog."""
        index = self.box.currentIndex()
        return self._catalogs[index] if 0 <= index < len(self._catalogs) else None

    def add_catalog(self, catalog: SavedCatalog) -> None:
        """Adds a catalog to the user's list and chooses it."""
        self._write_list([*self._catalogs, catalog])
        self.box.setCurrentIndex(len(self._catalogs) - 1)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.addLayout(_row(QLabel(tr("Catalogue")), self.box, self.add, self.remove, self.load, wide=self.box))
        column.addLayout(_row(self.words, self.search, wide=self.words))
        column.addWidget(self.list, 3)
        column.addWidget(self.text, 2)
        column.addLayout(_row(QLabel(tr("File")), self.variant, self.download, wide=self.variant))
        for widget in (self.progress, self.outcome, self.buttons):
            column.addWidget(widget)
        self.progress.hide()
        self.search.setDefault(True)
        self.resize(*SIZE)

    def _connect(self) -> None:
        self.add.clicked.connect(self._ask_for_catalog)
        self.remove.clicked.connect(self._remove_catalog)
        self.load.clicked.connect(self._load_list)
        self.box.currentIndexChanged.connect(self._catalog_changed)
        self.search.clicked.connect(self._search)
        self.list.currentItemChanged.connect(lambda item, _: self._choose(item))
        self.download.clicked.connect(self._download)
        self.buttons.rejected.connect(self.reject)

    def _read_list(self) -> None:
        try:
            self._show_catalogs(read_catalogs(catalog_list()))
        except CatalogListError as error:
            self._tell(sentence_of(error))
            for button in (self.add, self.load):
                button.setEnabled(False)

    def _write_list(self, catalogs: list[SavedCatalog]) -> None:
        try:
            write_catalogs(catalog_list(), catalogs)
        except OSError as error:
            self._tell(without_secrets(str(error)))
        self._show_catalogs(catalogs)

    def _show_catalogs(self, catalogs: list[SavedCatalog]) -> None:
        self._catalogs = catalogs
        self.box.clear()
        for catalog in catalogs:
            self.box.addItem(catalog.name or catalog.address)
        self._catalog_changed()
        if not catalogs:
            self._tell(tr("Add the address of a catalogue first. The list is yours; the plugin brings none."))

    def _catalog_changed(self) -> None:
        known = self.catalog is not None
        self.remove.setEnabled(known)
        self.search.setEnabled(known)
        self.list.clear()
        self._show_offer(None)

    def _ask_for_catalog(self) -> None:
        form = CatalogForm(self)
        if form.exec() == QDialog.DialogCode.Accepted:
            self._tell("")
            self.add_catalog(form.catalog)

    def _remove_catalog(self) -> None:
        self._write_list([catalog for catalog in self._catalogs if catalog is not self.catalog])

    def _load_list(self) -> None:
        path, _ = QFileDialog.getOpenFileName(self, tr("Load a list of catalogues"), "", tr("Lists (*.json)"))
        if not path:
            return
        try:
            found = read_catalogs(Path(path))
        except CatalogListError as error:
            self._tell(sentence_of(error))
            return
        self._tell("")
        self._write_list([*self._catalogs, *(catalog for catalog in found if catalog not in self._catalogs)])

    def _search(self) -> None:
        if self.catalog is None:
            return
        self.list.clear()
        self._show_offer(None)
        self._tell(tr("Searching…"))
        catalog, words = self.catalog, self.words.text()
        self.work.start(lambda _: catalog.search(words))

    def _choose(self, item: QTreeWidgetItem | None) -> None:
        offer = item.data(0, Qt.ItemDataRole.UserRole) if item is not None else None
        self._show_offer(offer)
        if offer is not None and not offer.is_complete and self.catalog is not None:
            self._tell(tr("Reading the files of {model}…").format(model=offer.title))
            catalog = self.catalog
            self.work.start(lambda _: catalog.complete(offer))

    def _show_offer(self, offer: Offer | None) -> None:
        self._offer = offer
        self.variant.clear()
        self.text.setPlainText(_description(offer) if offer else "")
        for variant in offer.variants if offer else ():
            self.variant.addItem(f"{variant.name} ({size_text(variant.size)})")
        self.download.setEnabled(bool(offer and offer.variants and not offer.problem))

    def _download(self) -> None:
        if self._offer is None or self.catalog is None:
            return
        offer, access_to = self._offer, self.catalog.access_to
        variant = offer.variants[self.variant.currentIndex()]
        self._total = variant.size or 0
        self._tell(tr("Downloading {model}…").format(model=offer.title))
        self.progress.setMaximum(STEPS if self._total else 0)
        self.progress.setValue(0)
        self.progress.show()
        self.download.setEnabled(False)
        self.buttons.button(QDialogButtonBox.StandardButton.Close).setText(tr("Cancel"))
        self.work.start(partial(fetch_variant, offer, variant, model_folder(), access_to))

    def _show_progress(self, length: float) -> None:
        if self._total:
            self.progress.setValue(min(STEPS, int(STEPS * length / self._total)))

    def _take(self, result: object) -> None:
        if isinstance(result, Found):
            self._show_found(result)
        elif isinstance(result, Offer):
            self._tell("")
            self._show_offer(result)
        elif isinstance(result, Path):
            self._tell(tr("Downloaded: {file}").format(file=result))
            self.fetched.emit(str(result))

    def _show_found(self, found: Found) -> None:
        self._tell(_summary(found))
        for offer in found:
            sizes = [variant.size for variant in offer.variants]
            item = QTreeWidgetItem([offer.title, offer.licence, size_text(sizes[0]) if sizes else ""])
            item.setData(0, Qt.ItemDataRole.UserRole, offer)
            self.list.addTopLevelItem(item)

    def _tell(self, text: str) -> None:
        """Shows a sentence; ends the display of a download."""
        self.outcome.setText(text)
        self.progress.hide()
        self.download.setEnabled(bool(self._offer and self._offer.variants and not self._offer.problem))
        self.buttons.button(QDialogButtonBox.StandardButton.Close).setText(tr("Close"))


def size_text(size: int | None) -> str:
    """Returns a number of bytes in MB."""
    return tr("size unknown") if size is None else tr("{size} MB").format(size=f"{size / 1e6:.1f}")


def _summary(found: Found) -> str:
    sentences = [tr("{count} models found.").format(count=len(found)) if found.offers else tr("No model was found.")]
    if found.unread:
        sentences.append(tr("{count} parts of the catalogue could not be read.").format(count=found.unread))
    if found.is_cut:
        sentences.append(
            tr("The search ended at its limit; there may be more models. Add a part of the catalogue by its address.")
        )
    return " ".join(sentences)


def _description(offer: Offer) -> str:
    lines = [
        offer.title,
        tr("Licence: {licence}").format(licence=offer.licence or tr("not stated")),
        tr("From: {address}").format(address=without_secrets(offer.page)),
    ]
    digests = [bool(file.sha256) for variant in offer.variants for file in variant.files[:1]]
    if digests:
        known = tr("Its weights are compared with the SHA-256 of the catalogue.")
        lines.append(known if all(digests) else tr("The catalogue states no SHA-256 of the weights to compare with."))
    return "\n".join([*lines, *([offer.problem] if offer.problem else []), "", offer.summary])


def _row(*widgets: QWidget, wide: QWidget) -> QHBoxLayout:
    row = QHBoxLayout()
    for widget in widgets:
        row.addWidget(widget, 1 if widget is wide else 0)
    return row
