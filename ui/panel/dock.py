# SPDX-License-Identifier: GPL-2.0-or-later
"""The panel: form above, jobs below."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from qgis.core import Qgis, QgsMapLayer, QgsProject
from qgis.gui import QgisInterface, QgsDockWidget
from qgis.PyQt.QtCore import Qt, QUrl
from qgis.PyQt.QtGui import QDesktopServices, QDragEnterEvent, QDropEvent
from qgis.PyQt.QtWidgets import QAbstractScrollArea, QHeaderView, QPushButton, QSplitter, QVBoxLayout, QWidget

from ...inference.raster import ClassRecord, read_class_record
from ...inference.redaction import without_markup
from ...plugin_support.translation import tr
from .dock_form import DockForm
from .drops import dropped_models
from .job import Job, JobRequest, JobState
from .job_layer import layer_of_result, load_result
from .job_queue import JobQueue
from .job_report import write_report
from .job_title import title_of
from .job_view import JobView
from .model_library import ModelLibrary
from .partial_result import PartialResult

ALGORITHM = "deeplearning:classifypixels"
# Heights of form and jobs, in proportion.
SHARES = [320, 260]
# Pixels of the lists below, for about two lines.
LEAST_HEIGHT = 44


class ClassificationDock(QgsDockWidget):
    """Starts jobs, shows their progress, and adds their results to the map."""

    def __init__(self, iface: QgisInterface, queue: JobQueue, library: ModelLibrary) -> None:
        super().__init__(tr("Classify Pixels"))
        # QGIS restores the position of a panel by this name.
        self.setObjectName("ClassifyPixelsDock")
        self._iface = iface
        self._queue = queue
        self._notice: QWidget | None = None
        self.form = DockForm(library, iface.mapCanvas(), lambda: queue.promised)
        self.view = JobView(queue)
        self.partial = PartialResult(iface.mapCanvas(), queue, self)
        self.setAcceptDrops(True)
        self._lay_out()
        self.closedStateChanged.connect(self._closed)
        self.form.asked.connect(self._submit)
        self.form.options_asked.connect(open_dialog)
        self.view.opened.connect(self.open_result)
        self.view.shown.connect(show_folder)
        self.view.reported.connect(self._open_report)
        queue.succeeded.connect(self._succeeded)
        queue.failed.connect(self._failed)

    def classify_layers(self, layers: Sequence[QgsMapLayer]) -> None:
        """Shows the panel with these layers chosen."""
        self.setUserVisible(True)
        self.form.choice.choose(layers)

    def choose_model(self, path: str) -> None:
        """Shows the panel with a model chosen."""
        self.setUserVisible(True)
        self.form.models.choose(path)

    def load_sample(self) -> None:
        """Shows the panel with the sample scene and its model."""
        self.setUserVisible(True)
        self.form.load_sample()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:  # noqa: N802
        """Accepts model files."""
        if dropped_models(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:  # noqa: N802
        """Chooses the dropped model."""
        for path in dropped_models(event.mimeData())[:1]:
            event.acceptProposedAction()
            self.choose_model(path)

    def open_result(self, job: Job) -> None:
        """Adds the result of a job to the map, or activates its existing layer."""
        project = QgsProject.instance()
        layer = layer_of_result(job, project) or load_result(job, project)
        if layer is None:
            text = tr("The result {file} cannot be opened: it was moved, removed or changed.")
            self._tell(text.format(file=job.request.output), Qgis.MessageLevel.Warning)
            return
        self._iface.setActiveLayer(layer)

    def tell_interrupted(self) -> None:
        """Reports the interrupted jobs of an earlier QGIS session."""
        count = len(self._interrupted())
        if not count:
            return
        text = tr("Interrupted classifications: {count}. They can be resumed.").format(count=count)
        bar = self._iface.messageBar()
        self._notice = bar.createMessage(tr("Classify Pixels"), text)
        button = QPushButton(tr("Show"))
        button.clicked.connect(self._show_interrupted)
        self._notice.layout().addWidget(button)
        bar.pushWidget(self._notice, Qgis.MessageLevel.Info)

    def take_back_notice(self) -> None:
        """Removes the notice, if still shown."""
        bar = self._iface.messageBar()
        if self._notice is not None and self._notice in bar.items():
            bar.popWidget(self._notice)

    def _closed(self, is_closed: bool) -> None:
        """Ends the preview with the panel, and hides the partial result with it."""
        self.partial.set_on(not is_closed)
        if is_closed:
            self.form.preview_button.setChecked(False)

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
        body = QWidget()
        column = QVBoxLayout(body)
        column.addWidget(splitter)
        self.setWidget(body)

    def _interrupted(self) -> list[Job]:
        return [job for job in self._queue.jobs.jobs if job.state is JobState.INTERRUPTED]

    def _show_interrupted(self) -> None:
        self.take_back_notice()
        self.setUserVisible(True)
        for job in self._interrupted()[-1:]:
            self.view.select(job.id)

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


def open_dialog(parameters: dict[str, str]) -> None:
    """Opens the dialog of the algorithm with these parameters."""
    # Imported late, because Processing is a plugin that may start after this one.
    import processing

    dialog = processing.createAlgorithmDialog(ALGORITHM, parameters)
    dialog.show()
