# SPDX-License-Identifier: GPL-2.0-or-later
"""The table of model bands and their raster bands."""

from __future__ import annotations

from qgis.PyQt.QtCore import Qt, pyqtSignal
from qgis.PyQt.QtWidgets import QComboBox, QHeaderView, QTableWidget, QTableWidgetItem, QWidget

from ...inference.bands import BandChoice, BandMapping, ModelBand, model_bands, read_band_mapping
from ...inference.bands.mapping import Wanted, given_bands
from ...inference.bands.search import known_bands
from ...inference.raster import RasterBand
from ...plugin_support.translation import tr
from ..wheel import guard_wheel
from .argument_text import mapping_text
from .arguments_table import ROW_HEIGHT, remove_cell_widget
from .model_answer import Answer

MODEL_BAND, RASTER_BAND = range(2)


class BandTable(QTableWidget):
    """A row per model band; automatic choices show the matched raster band."""

    changed = pyqtSignal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(0, 2, parent)
        self._answer = Answer()
        self._bands: tuple[ModelBand, ...] = ()
        self.setHorizontalHeaderLabels([tr("Model band"), tr("Raster band")])
        self.verticalHeader().setVisible(False)
        self.horizontalHeader().setSectionResizeMode(MODEL_BAND, QHeaderView.ResizeMode.ResizeToContents)
        self.horizontalHeader().setStretchLastSection(True)
        self.verticalHeader().setDefaultSectionSize(round(self.fontMetrics().height() * ROW_HEIGHT))
        self.setMinimumHeight(self.fontMetrics().height() * 11)
        self.itemChanged.connect(self.changed)

    @property
    def is_ready(self) -> bool:
        """True if the bands of the model are known."""
        return bool(self._bands)

    def fill(self, answer: Answer) -> None:
        """Shows the bands of a model and a raster, without values."""
        self._answer = answer
        definition = answer.description.definition if answer.description else None
        self._bands = model_bands(definition) if definition else ()
        guesses = dict(answer.guesses)
        blocked = self.blockSignals(True)
        self.setRowCount(len(self._bands))
        for row, band in enumerate(self._bands):
            label = QTableWidgetItem(f"{band.place}  {band.name}".strip())
            label.setFlags(label.flags() & ~Qt.ItemFlag.ItemIsEditable)
            self.setItem(row, MODEL_BAND, label)
            self.setItem(row, RASTER_BAND, QTableWidgetItem())
            remove_cell_widget(self, row, RASTER_BAND)
            if answer.bands:
                self.setCellWidget(row, RASTER_BAND, self._combo(guesses.get(band.place)))
        self.blockSignals(blocked)

    def text(self) -> str:
        """Returns the chosen bands as parameter text, empty if all are automatic."""
        chosen = {band.place: self._chosen(row) for row, band in enumerate(self._bands)}
        return mapping_text(self._bands, {place: wanted for place, wanted in chosen.items() if wanted})

    def set_text(self, text: str) -> None:
        """Shows the bands of a text; raises a ClassifyPixelsError if it cannot be read."""
        mapping = read_band_mapping(text)
        if not self._bands:
            return
        given = self._given(mapping)
        blocked = self.blockSignals(True)
        for row, band in enumerate(self._bands):
            wanted = given.get(band.place)
            combo = self.cellWidget(row, RASTER_BAND)
            if isinstance(combo, QComboBox):
                combo.setCurrentIndex(0 if wanted is None else combo.findData(wanted))
            else:
                self.item(row, RASTER_BAND).setText("" if wanted is None else str(wanted))
        self.blockSignals(blocked)

    def _given(self, mapping: BandMapping) -> dict[int, Wanted]:
        """Returns the raster bands of a mapping by place, as written if the raster is unknown."""
        bands = self._answer.bands
        if bands:
            found = given_bands(mapping, self._bands, known_bands(bands), self._answer.raster)
            return {place: band.number for place, band in found.items()}
        written = [*mapping.in_order, *(wanted for _, wanted in mapping.by_band)]
        # Placeholder bands, numbered to identify the written ones.
        marks = {wanted: number for number, wanted in enumerate(dict.fromkeys(written), start=1)}
        in_order = tuple(marks[wanted] for wanted in mapping.in_order)
        by_band = tuple((name, marks[wanted]) for name, wanted in mapping.by_band)
        stand_ins = known_bands([RasterBand(number, "") for number in marks.values()])
        found = given_bands(BandMapping(in_order, by_band), self._bands, stand_ins, "")
        names = {number: wanted for wanted, number in marks.items()}
        return {place: names[band.number] for place, band in found.items()}

    def _chosen(self, row: int) -> Wanted | None:
        combo = self.cellWidget(row, RASTER_BAND)
        if isinstance(combo, QComboBox):
            return combo.currentData()
        return self.item(row, RASTER_BAND).text().strip() or None

    def _combo(self, guess: BandChoice | None) -> QComboBox:
        combo = QComboBox(self)
        combo.addItem(_guess_text(guess), None)
        for band in self._answer.bands:
            combo.addItem(_band_text(band), band.number)
        combo.currentIndexChanged.connect(self.changed)
        guard_wheel(combo)
        return combo


def _guess_text(guess: BandChoice | None) -> str:
    if guess is None:
        return tr("(not found: choose one)")
    return tr("{band} ({how})").format(band=_band_text(guess.band), how=tr(str(guess.how)))


def _band_text(band: RasterBand) -> str:
    return f"{band.number}  {band.name}".strip()
