# SPDX-License-Identifier: GPL-2.0-or-later
"""The body of the panel: form above, jobs below."""

from __future__ import annotations

from pathlib import Path

from qgis.core import Qgis, QgsProject
from qgis.gui import QgisInterface
from qgis.PyQt.QtCore import Qt, QUrl
from qgis.PyQt.QtGui import QDesktopServices
from qgis.PyQt.QtWidgets import QAbstractScrollArea, QHeaderView, QSplitter, QVBoxLayout, QWidget

from ...inference.raster import ClassRecord, read_class_record
from ...inference.redaction import without_markup
from ...plugin_support.translation import tr
from .algorithm_dialog import open_dialog
from .dock_form import DockForm
from .job import Job, JobRequest, JobState
from .job_layer import layer_of_result, load_result
from .job_queue import JobQueue
from .job_report import write_report
from .job_title import title_of
from .job_view import JobView
from .model_library import ModelLibrary
from .partial_result import PartialResult

# Heights of form and jobs, in proportion.
SHARES = [320, 260]
# Pixels of the lists below, for about two lines.
LEAST_HEIGHT = 44


class DockBody(QWidget):
    """Starts jobs, shows their progress, and adds their results to the map."""

    def __init__(self, iface: QgisInterface, queue: JobQueue, library: ModelLibrary) -> None:
        super().__init__()
        self._iface = iface
        self._queue = queue
        self.form = DockForm(library, iface.mapCanvas(), lambda: queue.promised)
        self.view = JobView(queue)
        self.partial = PartialResult(iface.mapCanvas(), queue, self)
        self._lay_out()
        self.form.asked.connect(self._submit)
        self.form.options_asked.connect(open_dialog)
        self.view.opened.connect(self.open_result)
        self.view.shown.connect(show_folder)
        self.view.reported.connect(self._open_report)
        queue.succeeded.connect(self._succeeded)
        queue.failed.connect(self._failed)

    def close_jobs(self) -> None:
        """Stops running jobs and the preview, and removes the partial result."""
        self.partial.close()
        self._queue.close()
        self.form.preview.close()

    def select_interrupted(self) -> None:
        """Selects the newest interrupted job."""
        for job in [job for job in self._queue.jobs.jobs if job.state is JobState.INTERRUPTED][-1:]:
            self.view.select(job.id)

    def open_result(self, job: Job) -> None:
        """Adds the result of a job to the map, or activates its existing layer."""
        project = QgsProject.instance()
        layer = layer_of_result(job, project) or load_result(job, project)
        if layer is None:
            text = tr("The result {file} cannot be opened: it was moved, removed or changed.")
            self._tell(text.format(file=job.request.output), Qgis.MessageLevel.Warning)
            return
        self._iface.setActiveLayer(layer)

    def _lay_out(self) -> None:
        splitter = QSplitter(Qt.Orientation.Vertical)
        splitter.addWidget(self.form)
        splitter.addWidget(self.view)
        splitter.setStretchFactor(1, 1)
        splitter.setChildrenCollapsible(False)
        splitter.setSizes(SHARES)
        for each in self.view.findChildren(QAbstractScrollArea):
            if not isinstance(each, QHeaderView):
                each.setMinimumHeight(LEAST_HEIGHT)
        column = QVBoxLayout(self)
        column.addWidget(splitter)

    def _submit(self, request: JobRequest) -> None:
        self.view.select(self._queue.submit(request).id)

    def _open_report(self, job: Job) -> None:
        is_done = job.state is JobState.SUCCEEDED
        record = read_class_record(job.request.output) if is_done else ClassRecord()
        try:
            report = write_report(job, record)
        except OSError as error:
            text = tr("The report cannot be written: {reason}.").format(reason=error.strerror or error)
            self._tell(text, Qgis.MessageLevel.Warning)
        else:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(report)))

    def _succeeded(self, job: Job) -> None:
        self.open_result(job)
        self.view.show_result_of(job)
        if job.is_warned:
            text = tr("{job}: finished with warnings. {warning}")
            self._tell(text.format(job=title_of(job), warning=job.warning), Qgis.MessageLevel.Warning)

    def _failed(self, job: Job) -> None:
        self._tell(last_error(job), Qgis.MessageLevel.Critical)

    def _tell(self, text: str, level: Qgis.MessageLevel) -> None:
        self._iface.messageBar().pushMessage(tr("Classify Pixels"), without_markup(text), level)


def last_error(job: Job) -> str:
    """Returns the last error of a failed job."""
    errors = [message.text for message in job.messages if message.kind == "error"]
    return errors[-1] if errors else tr("The classification failed.")


def show_folder(job: Job) -> None:
    """Opens the folder of a result in the desktop's file manager."""
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(Path(job.request.output).parent)))
