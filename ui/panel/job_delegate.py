# SPDX-License-Identifier: GPL-2.0-or-later
"""Draws the progress of a job as a bar."""

from __future__ import annotations

from qgis.PyQt.QtCore import QModelIndex
from qgis.PyQt.QtGui import QPainter
from qgis.PyQt.QtWidgets import QApplication, QStyle, QStyledItemDelegate, QStyleOptionProgressBar, QStyleOptionViewItem

from .job_model import PROGRESS_ROLE

MARGIN = 2


class ProgressDelegate(QStyledItemDelegate):
    """Draws the states of jobs, with a progress bar for running ones."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex) -> None:
        """Draws the cell, with a bar while the job runs."""
        progress = index.data(PROGRESS_ROLE)
        if progress is None:
            super().paint(painter, option, index)
            return
        style = option.widget.style() if option.widget else QApplication.style()
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
