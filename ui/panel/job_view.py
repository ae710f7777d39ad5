# SPDX-License-Identifier: GPL-2.0-or-later
"""The lower half of the panel: jobs, their actions and messages."""

from __future__ import annotations

from html import escape
from pathlib import Path
from typing import Callable

from qgis.core import QgsApplication
from qgis.PyQt.QtCore import QItemSelectionModel, QModelIndex, Qt, pyqtSignal
from qgis.PyQt.QtGui import QPalette
from qgis.PyQt.QtWidgets import (
    QAction,
    QHBoxLayout,
    QHeaderView,
    QSplitter,
    QTabWidget,
    QTextBrowser,
    QToolBar,
    QToolButton,
    QTreeView,
    QVBoxLayout,
    QWidget,
)

from ...inference.raster import ClassRecord, read_class_record
from ...plugin_support.translation import tr
from ..tones import tone
from .area_table import AreaTable
from .compare_bar import CompareBar
from .job import Job, JobMessage, JobState
from .job_delegate import JobDelegate, ProgressDelegate
from .job_model import ID_ROLE, JOB, STATE
from .job_queue import JobQueue

LOG, AREAS = range(2)
TONES_OF_LINES = ("progress", "warning", "error")


class JobView(QWidget):
    """Shows the jobs of a queue; `opened`, `shown` and `reported` pass a job to open its result, folder or report."""

    opened = pyqtSignal(object)
    shown = pyqtSignal(object)
    reported = pyqtSignal(object)

    def __init__(self, queue: JobQueue, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._queue = queue
        self.tree = QTreeView()
        self.details = QTextBrowser()
        self.details.setOpenLinks(False)
        self.details.setPlaceholderText(tr("Messages of the selected job"))
        self.areas = AreaTable()
        self.compare = CompareBar()
        self.tabs = QTabWidget()
        self.tabs.addTab(self.details, tr("Log"))
        self.tabs.addTab(self.areas, tr("Areas"))
        # The result whose areas are shown: job and state.
        self._measured: tuple[str, JobState] | None = None
        self._told: tuple[JobMessage, ...] | None = None
        self._make_actions()
        self._lay_out()
        self.tree.setModel(queue.jobs)
        self.tree.setItemDelegateForColumn(JOB, JobDelegate(self.tree))
        self.tree.setItemDelegateForColumn(STATE, ProgressDelegate(self.tree))
        self._size_columns()
        self.tree.selectionModel().currentChanged.connect(self._show_current)
        self.tree.doubleClicked.connect(lambda index: self._with_current(self._open))
        queue.jobs.changed.connect(self._show_changed)
        queue.jobs.rowsInserted.connect(self._select_newest)
        queue.jobs.rowsRemoved.connect(self._show_current)
        self._show_current()

    @property
    def job(self) -> Job | None:
        """The selected job."""
        index = self.tree.currentIndex()
        return self._queue.jobs.job(index.data(ID_ROLE)) if index.isValid() else None

    def select(self, job_id: str) -> None:
        """Selects a job."""
        row = self._queue.jobs.row(job_id)
        if row >= 0:
            flags = QItemSelectionModel.SelectionFlag
            index = self._queue.jobs.index(row, JOB)
            self.tree.selectionModel().setCurrentIndex(index, flags.ClearAndSelect | flags.Rows)

    def show_result_of(self, job: Job) -> None:
        """Shows the layer of a result once it is in the project."""
        if self.job is not None and self.job.id == job.id:
            self.compare.show_job(job)

    def _make_actions(self) -> None:
        self.cancel = self._action("/mActionStop.svg", tr("Cancel"), lambda job: self._queue.cancel(job.id))
        self.retry = self._action("/mActionReload.svg", tr("Retry"), lambda job: self._queue.retry(job.id))
        self.open = self._action("/mActionAddRasterLayer.svg", tr("Open result"), self._open)
        self.show_folder = self._action("/mIconFolderOpen.svg", tr("Show folder"), self.shown.emit)
        self.report = self._action("/mActionOpenTable.svg", tr("Open report"), self.reported.emit)
        self.remove = self._action(
            "/mActionRemove.svg",
            tr("Remove from list (keeps the result, deletes partial files)"),
            self._remove,
        )

    def _action(self, icon: str, text: str, act: Callable[[Job], object]) -> QAction:
        action = QAction(QgsApplication.getThemeIcon(icon), text, self)
        # The lambda drops the signal's argument `checked`.
        action.triggered.connect(lambda: self._with_current(act))
        return action

    def _with_current(self, act: Callable[[Job], object]) -> None:
        if self.job is not None:
            act(self.job)

    def _lay_out(self) -> None:
        bar = QToolBar()
        bar.setIconSize(bar.iconSize() * 0.7)
        bar.addActions([self.cancel, self.retry, self.open, self.report, self.show_folder, self.remove])
        # Buttons of a toolbar are otherwise out of reach of the keyboard.
        for button in bar.findChildren(QToolButton):
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        splitter = QSplitter(Qt.Orientation.Vertical)
        splitter.addWidget(self.tree)
        splitter.addWidget(self.tabs)
        splitter.setStretchFactor(0, 3)
        splitter.setStretchFactor(1, 2)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        top = QHBoxLayout()
        top.addWidget(bar)
        top.addWidget(self.compare, 1)
        column.addLayout(top)
        column.addWidget(splitter, 1)

    def _size_columns(self) -> None:
        self.tree.setRootIsDecorated(False)
        self.tree.setAlternatingRowColors(True)
        header = self.tree.header()
        header.setStretchLastSection(False)
        header.setSectionResizeMode(JOB, QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(STATE, QHeaderView.ResizeMode.Fixed)
        header.resizeSection(STATE, 18 * self.fontMetrics().averageCharWidth())

    def _select_newest(self, parent: QModelIndex, first: int, last: int) -> None:
        self.tree.setCurrentIndex(self._queue.jobs.index(first, JOB))

    def _open(self, job: Job) -> None:
        if job.state is JobState.SUCCEEDED:
            self.opened.emit(job)

    def _remove(self, job: Job) -> None:
        self._queue.remove(job.id)

    def _show_changed(self, job_id: str) -> None:
        if self.job is not None and self.job.id == job_id:
            self._show_current()

    def _show_current(self) -> None:
        job = self.job
        state = job.state if job else None
        self.cancel.setEnabled(state in (JobState.SUBMITTED, JobState.EXECUTING))
        self.retry.setEnabled(state in (JobState.FAILED, JobState.CANCELLED, JobState.INTERRUPTED))
        self.retry.setText(tr("Resume") if state is JobState.INTERRUPTED else tr("Retry"))
        self.open.setEnabled(state is JobState.SUCCEEDED)
        self.report.setEnabled(state is not None and state.over)
        self.show_folder.setEnabled(job is not None)
        self.remove.setEnabled(state is not None and state.over)
        self._show_result(job)
        told = job.messages if job else ()
        if job is not None and job.text:
            told = (*told, JobMessage(job.text, "progress"))
        # Called several times a second during a run: new HTML would remove the user's text selection.
        if told != self._told:
            self._told = told
            self.details.setHtml("".join(_line(message, self.palette()) for message in told))
            self.details.verticalScrollBar().setValue(self.details.verticalScrollBar().maximum())

    def _show_result(self, job: Job | None) -> None:
        """Shows the areas of a result, read from its file once."""
        measured = (job.id, job.state) if job is not None else None
        if measured == self._measured:
            return
        self._measured = measured
        is_done = job is not None and job.state is JobState.SUCCEEDED
        record = read_class_record(job.request.output) if is_done and job is not None else ClassRecord()
        self.areas.show_counts(record.classes, Path(job.request.output).stem if job else "")
        self.tabs.setTabEnabled(AREAS, bool(record.classes))
        is_plain = bool(record.classes) and job is not None and not job.is_warned
        self.tabs.setCurrentIndex(AREAS if is_plain else LOG)
        self.compare.show_job(job)


def _line(message: JobMessage, palette: QPalette) -> str:
    color = tone(message.kind, palette).name() if message.kind in TONES_OF_LINES else ""
    style = f' style="color:{color}"' if color else ""
    return f"<div{style}>{escape(message.text)}</div>"
