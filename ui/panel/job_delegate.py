# SPDX-License-Identifier: GPL-2.0-or-later
"""Draws the jobs: names with the first warning below them, states, and progress as a bar."""

from __future__ import annotations

from qgis.PyQt.QtCore import QModelIndex, QSize, Qt
from qgis.PyQt.QtGui import QPainter, QPalette
from qgis.PyQt.QtWidgets import (
    QApplication,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionProgressBar,
    QStyleOptionViewItem,
    QWidget,
)

from ..tones import tone
from .job_model import PROGRESS_ROLE, WARNING_ROLE

MARGIN = 2
# Lines of a warning in a row; its tooltip has all of it.
WARNING_LINES = 2


class JobDelegate(QStyledItemDelegate):
    """Draws the names of jobs; the first warning of a job is below."""

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex) -> QSize:  # noqa: N802
        """Returns the size of one line, or with those of a warning."""
        size = super().sizeHint(option, index)
        return size + QSize(0, WARNING_LINES * option.fontMetrics.height()) if index.data(WARNING_ROLE) else size

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex) -> None:
        """Draws the name, and the warning in amber."""
        warning = index.data(WARNING_ROLE)
        if not warning:
            super().paint(painter, option, index)
            return
        whole = QStyleOptionViewItem(option)
        self.initStyleOption(whole, index)
        style = _style(option.widget)
        line = option.fontMetrics.height() + MARGIN
        name = whole.text
        whole.text = ""
        whole.decorationAlignment = Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft
        style.drawControl(QStyle.ControlElement.CE_ItemViewItem, whole, painter, option.widget)
        left = whole.decorationSize.width() + 4 * MARGIN
        box = option.rect.adjusted(left, MARGIN, -MARGIN, 0)
        painter.save()
        painter.setPen(text_color(option, False))
        shown = option.fontMetrics.elidedText(name, Qt.TextElideMode.ElideMiddle, box.width())
        painter.drawText(box, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop), shown)
        painter.setPen(text_color(option, True))
        wrapped = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop) | int(Qt.TextFlag.TextWordWrap)
        room = WARNING_LINES * box.width() - 4 * line
        shown = option.fontMetrics.elidedText(warning, Qt.TextElideMode.ElideRight, room)
        painter.drawText(box.adjusted(0, line, 0, 0), wrapped, shown)
        painter.restore()


class ProgressDelegate(QStyledItemDelegate):
    """Draws the states of jobs, with a progress bar for running ones and amber for warnings."""

    def initStyleOption(self, option: QStyleOptionViewItem, index: QModelIndex) -> None:  # noqa: N802
        """Sets the colour of the text."""
        super().initStyleOption(option, index)
        if index.data(WARNING_ROLE):
            option.features |= QStyleOptionViewItem.ViewItemFeature.WrapText
            option.palette.setColor(QPalette.ColorRole.Text, text_color(option, True))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex) -> None:
        """Draws the cell, with a bar while the job runs."""
        progress = index.data(PROGRESS_ROLE)
        if progress is None:
            super().paint(painter, option, index)
            return
        style = _style(option.widget)
        # The background of the cell, which shows the selection.
        style.drawPrimitive(QStyle.PrimitiveElement.PE_PanelItemViewItem, option, painter, option.widget)
        bar = QStyleOptionProgressBar()
        bar.rect = option.rect.adjusted(MARGIN, MARGIN, -MARGIN, -MARGIN)
        bar.state = option.state | QStyle.StateFlag.State_Horizontal
        bar.palette = option.palette
        bar.fontMetrics = option.fontMetrics
        bar.minimum, bar.maximum = 0, 100
        bar.progress = round(100 * progress)
        bar.text, bar.textVisible = str(index.data()), True
        style.drawControl(QStyle.ControlElement.CE_ProgressBar, bar, painter, option.widget)


def text_color(option: QStyleOptionViewItem, is_warning: bool) -> object:
    """Returns the colour of a text; that of the selection takes precedence over amber."""
    if option.state & QStyle.StateFlag.State_Selected:
        return option.palette.color(QPalette.ColorRole.HighlightedText)
    return tone("warning", option.palette) if is_warning else option.palette.color(QPalette.ColorRole.Text)


def _style(widget: QWidget | None) -> QStyle:
    return widget.style() if widget else QApplication.style()
