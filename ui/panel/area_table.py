# SPDX-License-Identifier: GPL-2.0-or-later
"""The areas of a result's classes, as a table with a bar chart, as text, and as CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path

from qgis.core import QgsSettings
from qgis.PyQt.QtCore import QModelIndex, QRect, Qt
from qgis.PyQt.QtGui import QColor, QGuiApplication, QIcon, QPainter, QPixmap
from qgis.PyQt.QtWidgets import (
    QAbstractItemView,
    QFileDialog,
    QHBoxLayout,
    QHeaderView,
    QMessageBox,
    QPushButton,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from ...inference.new_files import write_whole
from ...inference.raster import ClassCount
from ...inference.redaction import without_markup
from ...plugin_support.translation import tr
from ...processing_provider.areas import HECTARE, color_text, grouped, pixels_of, share_text

COLOR, NAME, PIXELS, HECTARES, SHARE = range(5)
# Share of the largest class and colour of the bar.
BAR_ROLE = Qt.ItemDataRole.UserRole
BAR_WIDTH, SWATCH = 80, 12
LAST_FOLDER = "classify_pixels/table_folder"
# A spreadsheet would calculate a name that begins with one of these.
FORMULA = ("=", "+", "-", "@", "\t", "\r")


class AreaTable(QWidget):
    """Shows the classes of a result, the largest first."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.counts: tuple[ClassCount, ...] = ()
        self.name = ""
        self.table = QTableWidget(0, 5)
        self.table.setHorizontalHeaderLabels(["", tr("Class"), tr("Pixels"), tr("Hectares"), tr("Share")])
        self.table.horizontalHeaderItem(COLOR).setToolTip(tr("Colour"))
        self.table.verticalHeader().hide()
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.setItemDelegateForColumn(SHARE, _BarDelegate(self.table))
        self.table.setAccessibleName(tr("Areas of the classes"))
        header = self.table.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setStretchLastSection(True)
        self.copy = QPushButton(tr("Copy"))
        self.copy.setToolTip(tr("Copy the table as text"))
        self.save = QPushButton(tr("Save as CSV…"))
        self.copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(areas_text(self.counts)))
        self.save.clicked.connect(self._save)
        row = QHBoxLayout()
        row.addWidget(self.copy)
        row.addWidget(self.save)
        row.addStretch()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.table, 1)
        column.addLayout(row)
        self.show_counts((), "")

    def show_counts(self, counts: Sequence[ClassCount], name: str) -> None:
        """Shows the classes of a result; `name` is suggested for its CSV file."""
        self.counts = tuple(sorted(counts, key=lambda count: -count.pixels))
        self.name = name
        self.table.setColumnHidden(HECTARES, all(count.area is None for count in self.counts))
        self.table.setRowCount(len(self.counts))
        for row, count in enumerate(self.counts):
            self._fill(row, count)
        for button in (self.copy, self.save):
            button.setEnabled(bool(self.counts))

    def _fill(self, row: int, count: ClassCount) -> None:
        total = pixels_of(self.counts)
        texts = ("", without_markup(count.legend_class.name), grouped(count.pixels), hectares(count.area))
        for column, text in enumerate((*texts, share_text(count.pixels, total))):
            item = QTableWidgetItem(text)
            if column in (PIXELS, HECTARES):
                item.setTextAlignment(int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter))
            self.table.setItem(row, column, item)
        color = QColor(*count.legend_class.color)
        self.table.item(row, COLOR).setIcon(_swatch(color))
        self.table.item(row, COLOR).setToolTip(color.name())
        largest = self.counts[0].pixels
        self.table.item(row, SHARE).setData(BAR_ROLE, (count.pixels / largest if largest else 0.0, color))

    def _save(self) -> None:
        settings = QgsSettings()
        folder = Path(str(settings.value(LAST_FOLDER, "")))
        path, _ = QFileDialog.getSaveFileName(
            self, tr("Save areas"), str(folder / f"{self.name}.csv"), tr("CSV files") + " (*.csv)"
        )
        if not path:
            return
        settings.setValue(LAST_FOLDER, str(Path(path).parent))
        try:
            write_whole(Path(path), areas_csv(self.counts))
        except OSError as error:
            text = tr("The file {file} cannot be written: {reason}.")
            QMessageBox.warning(self, tr("Save areas"), text.format(file=path, reason=error.strerror or error))


class _BarDelegate(QStyledItemDelegate):
    """Draws a bar beside the share."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex) -> None:
        """Draws the bar left of the text."""
        super().paint(painter, option, index)
        length, color = index.data(BAR_ROLE) or (0.0, QColor())
        width = max(0, option.rect.width() - self._text_width(option, index))
        bar = QRect(option.rect.right() - width, option.rect.top() + 3, round(width * length), option.rect.height() - 7)
        painter.save()
        painter.setPen(option.palette.color(option.palette.ColorRole.Mid))
        painter.setBrush(color)
        if bar.width() > 0:
            painter.drawRect(bar)
        painter.restore()

    def _text_width(self, option: QStyleOptionViewItem, index: QModelIndex) -> int:
        return int(option.fontMetrics.horizontalAdvance("100.0 %")) + 12


def hectares(area: float | None) -> str:
    """Returns an area in square metres as hectares, with more digits if small; a dash if unknown."""
    if area is None:
        return "-"
    number = area / HECTARE
    if number >= 1000:
        return grouped(round(number))
    return f"{number:.2f}" if number >= 1 else f"{number:.4g}"


def areas_text(counts: Sequence[ClassCount]) -> str:
    """Returns the table as lines of tabs, for spreadsheets and texts."""
    head = (tr("Value"), tr("Class"), tr("Pixels"), tr("Hectares"), tr("Share (%)"))
    rows = (_numbers(count, pixels_of(counts)) for count in counts)
    return "\n".join("\t".join(row) for row in (head, *rows))


def areas_csv(counts: Sequence[ClassCount]) -> str:
    """Returns the table as CSV, with decimal points, after RFC 4180."""
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow(("value", "class", "color", "pixels", "hectares", "share_percent"))
    for count in counts:
        value, name, *rest = _numbers(count, pixels_of(counts))
        writer.writerow((value, name, color_text(count), *rest))
    return file.getvalue()


def _numbers(count: ClassCount, total: int) -> tuple[str, str, str, str, str]:
    """Returns value, name, pixels, hectares and percents of a class, with decimal points."""
    name = " ".join(count.legend_class.name.split())
    name = f"'{name}" if name.startswith(FORMULA) else name
    area = "" if count.area is None else f"{count.area / HECTARE:.10g}"
    share = f"{100 * count.pixels / total:.4f}" if total else ""
    return str(count.legend_class.value), name, str(count.pixels), area, share


def _swatch(color: QColor) -> QIcon:
    picture = QPixmap(SWATCH, SWATCH)
    picture.fill(color)
    return QIcon(picture)
