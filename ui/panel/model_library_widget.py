# SPDX-License-Identifier: GPL-2.0-or-later
"""The choice of a model from the library or a file, with its card."""

from __future__ import annotations

from collections.abc import Mapping

from qgis.core import QgsApplication, QgsSettings
from qgis.PyQt import sip
from qgis.PyQt.QtCore import QSize, Qt, pyqtSignal
from qgis.PyQt.QtGui import QIcon, QShowEvent
from qgis.PyQt.QtWidgets import (
    QComboBox,
    QFileDialog,
    QHBoxLayout,
    QSizePolicy,
    QTextBrowser,
    QToolButton,
    QWidget,
)

from ...inference.describe.model_description import ModelDescription
from ...plugin_support.locations import download_cache, package_cache
from ...plugin_support.translation import tr
from ...processing_provider import parameters as names
from ...processing_provider.parameters import model_filter
from ..dialog.allow_code import ask_permission
from ..dialog.model_answer import Answer, Question
from ..dialog.model_card import ALLOW_LINK, SCALE_LINK, card_html
from ..dialog.model_reader import ModelReader
from ..dialog.raster_choice import RasterChoice
from .catalog_dialog import CatalogDialog
from .model_library import ModelLibrary
from .model_library_list import PATH_ROLE, ModelLibraryList

LAST_FOLDER = "classify_pixels/model_folder"
# Pixels, enough for about five classes without scrolling.
CARD_HEIGHT = 130


class ModelLibraryWidget(QWidget):
    """Shows the library; `changed` passes the path of the chosen model, empty for none.

    `answered` passes the answer on it, and `scaled` the input scale and offset that the user accepts. `card` describes
    the model; the owner places it, because it needs more room.
    """

    changed = pyqtSignal(str)
    answered = pyqtSignal(object)
    scaled = pyqtSignal(str, str)

    def __init__(self, library: ModelLibrary, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.library = library
        self._list = ModelLibraryList(library, self)
        self._reader = ModelReader(self)
        self._reader.answered.connect(self._show_answer)
        self._raster: RasterChoice | None = None
        self._settings: Mapping[str, str] = {}
        self._answer = Answer()
        self.box = QComboBox()
        self.box.setModel(self._list)
        self.box.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.favourite = _button("/mIconFavorites.svg", tr("Mark this model as a favourite"))
        self.favourite.setCheckable(True)
        self.forget = _button("/mActionRemove.svg", tr("Remove this model from the list (keeps the file)"))
        self.browse = _button("/mActionFileOpen.svg", tr("Choose a model file"))
        self.find = _button("/search.svg", tr("Find models in a catalogue"))
        self.card = QTextBrowser()
        self.card.setOpenLinks(False)
        self.card.setFixedHeight(CARD_HEIGHT)
        self._lay_out()
        self.box.currentIndexChanged.connect(self._choice_changed)
        self.favourite.clicked.connect(self._set_favourite)
        self.forget.clicked.connect(self._forget)
        self.browse.clicked.connect(self._browse)
        self.find.clicked.connect(self._find)
        self.card.anchorClicked.connect(lambda link: self._follow(link.toString()))
        self._choice_changed()

    @property
    def path(self) -> str:
        """The path of the chosen model, empty for none."""
        return str(self.box.currentData(PATH_ROLE) or "")

    def choose(self, path: str) -> None:
        """Chooses a model; a new one joins the library once it was read and can run."""
        self._list.candidate = "" if self.library.has(path) else path
        self.use(path)
        self._reload(path)

    def use(self, path: str) -> None:
        """Records the use of a model in the library, unless it is not read yet, or refused."""
        if path != self._list.candidate:
            self.library.use(path)

    def set_raster(self, raster: RasterChoice | None) -> None:
        """Sets the raster to be checked for its fit with the model."""
        self._raster = raster
        self._ask()

    def set_settings(self, settings: Mapping[str, str]) -> None:
        """Sets the user's settings, which change the fit of the raster."""
        self._settings = settings
        self._ask()

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802
        """Adds the models that were used in the dialog meanwhile."""
        super().showEvent(event)
        if self._list.is_outdated:
            self._reload(self.path)

    def _lay_out(self) -> None:
        row = QHBoxLayout(self)
        for widget in (self.box, self.favourite, self.forget, self.browse, self.find):
            row.addWidget(widget)
        row.setContentsMargins(0, 0, 0, 0)

    def _choice_changed(self) -> None:
        if self._list.candidate and self.path != self._list.candidate:
            self._list.candidate = ""
            self._reload(self.path)
            return
        known = self.library.model(self.path)
        self.favourite.setChecked(known.favourite)
        for button in (self.favourite, self.forget):
            button.setEnabled(bool(self.path) and not self._list.candidate)
        self.card.setPlainText(known.about if self.path else tr("Choose a model file (.emd, .dlpk, .onnx or .pt)."))
        self._ask()
        self.changed.emit(self.path)

    def _ask(self) -> None:
        mapping, scale, offset = (
            self._settings.get(name, "") for name in (names.BAND_MAPPING, names.INPUT_SCALE, names.INPUT_OFFSET)
        )
        self._reader.ask_about(
            Question(self.path, self._raster, mapping, package_cache(), download_cache(), scale, offset)
        )

    def _follow(self, link: str) -> None:
        found = self._answer.contradiction
        if link == SCALE_LINK and found is not None:
            self.scaled.emit(found.scale, found.offset)
        if link == ALLOW_LINK:
            self.ask_permission()

    def ask_permission(self) -> None:
        """Asks the user for the permission to run the code of a blocked model."""
        if ask_permission(self._answer, self):
            self._reader.ask_again()

    def _show_answer(self, answer: Answer) -> None:
        # An answer may arrive after the panel was closed.
        if sip.isdeleted(self.box) or not self.path:
            return
        self._answer = answer
        if self.path == self._list.candidate and not answer.problem:
            self._accept(self.path)
        self.card.setHtml(card_html(answer))
        if answer.description is not None:
            self.library.describe(self.path, answer.description.name, about(answer.description))
            self._list.refresh(self.path)
        self.answered.emit(answer)

    def _accept(self, path: str) -> None:
        """Adds the candidate to the library, without another choice."""
        self._list.candidate = ""
        self.library.use(path)
        blocked = self.box.blockSignals(True)
        self._list.reload()
        self.box.setCurrentIndex(self._list.row(path))
        self.box.blockSignals(blocked)
        for button in (self.favourite, self.forget):
            button.setEnabled(True)

    def _set_favourite(self, favourite: bool) -> None:
        self.library.set_favourite(self.path, favourite)
        self._reload(self.path)

    def _forget(self) -> None:
        self.library.forget(self.path)
        self._reload("")

    def _reload(self, path: str) -> None:
        """Shows the current library and chooses a model, otherwise the first one."""
        # A reset of the list makes the box choose nothing, then the first model.
        self.box.blockSignals(True)
        self._list.reload()
        self.box.setCurrentIndex(max(self._list.row(path), 0) if self._list.rowCount() else -1)
        self.box.blockSignals(False)
        self._choice_changed()

    def _find(self) -> None:
        dialog = CatalogDialog(self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fetched.connect(self.choose)
        dialog.show()

    def _browse(self) -> None:
        settings = QgsSettings()
        folder = str(settings.value(LAST_FOLDER, ""))
        path, _ = QFileDialog.getOpenFileName(self, tr("Choose a model"), folder, model_filter())
        if path:
            settings.setValue(LAST_FOLDER, path)
            self.choose(path)


def about(description: ModelDescription) -> str:
    """Returns the description of a model in one line."""
    if description.definition is None:
        return description.weights
    text = tr("{classes} classes, {bands} bands: {names}")
    listed = ", ".join(c.name for c in description.classes)
    return text.format(classes=len(description.classes), bands=len(description.bands), names=listed)


def _button(icon: str, tip: str) -> QToolButton:
    button = QToolButton()
    button.setAutoRaise(True)
    button.setIcon(_theme_icon(icon))
    button.setIconSize(QSize(16, 16))
    button.setToolTip(tip)
    return button


def _theme_icon(name: str) -> QIcon:
    return QgsApplication.getThemeIcon(name)
