# SPDX-License-Identifier: GPL-2.0-or-later
"""The jobs as a table for Qt's views, newest first."""

from __future__ import annotations

from collections.abc import Sequence

from qgis.core import QgsApplication
from qgis.PyQt.QtCore import QObject, Qt, pyqtSignal
from qgis.PyQt.QtGui import QIcon, QStandardItem, QStandardItemModel

from ...inference.redaction import without_markup
from ...plugin_support.translation import tr
from ...processing_provider.feedback import duration
from .job import Job, JobState
from .job_title import part_of, time_text, title_of

JOB, STATE = range(2)
# Roles: id of the job, progress from 0 to 1 while it runs, and state.
ID_ROLE = Qt.ItemDataRole.UserRole
PROGRESS_ROLE = Qt.ItemDataRole.UserRole + 1
STATE_ROLE = Qt.ItemDataRole.UserRole + 2
# The first warning of a finished job, shown below its name.
WARNING_ROLE = Qt.ItemDataRole.UserRole + 3
WARNED_ICON = "/mIconWarning.svg"
ICONS = {
    JobState.SUBMITTED: "/mTaskQueued.svg",
    JobState.EXECUTING: "/mTaskRunning.svg",
    JobState.CANCELLING: "/mTaskCancel.svg",
    JobState.SUCCEEDED: "/mTaskComplete.svg",
    JobState.FAILED: "/mTaskTerminated.svg",
    JobState.CANCELLED: "/mTaskCancel.svg",
    JobState.INTERRUPTED: "/mIconWarning.svg",
}


class JobModel(QStandardItemModel):
    """The jobs for views, independent of their execution.

    Views query a model about ten times per cell. A model in Python would wait each time for the classifying thread,
    so texts are passed to Qt when they change. `changed` passes the id of a job.
    """

    changed = pyqtSignal(str)

    def __init__(self, jobs: Sequence[Job] = (), parent: QObject | None = None) -> None:
        super().__init__(0, STATE + 1, parent)
        self.setHorizontalHeaderLabels([tr("Job"), tr("State")])
        # By id, from oldest to newest; the newest is in the first row.
        self._jobs: dict[str, Job] = {}
        for job in sorted(jobs, key=lambda job: job.created):
            self.put(job)

    @property
    def jobs(self) -> list[Job]:
        """The jobs from oldest to newest."""
        return list(self._jobs.values())

    def job(self, job_id: str) -> Job | None:
        """Returns a job by its id, None if unknown."""
        return self._jobs.get(job_id)

    def put(self, job: Job) -> None:
        """Replaces the job with the same id, or adds a new one on top."""
        before, self._jobs[job.id] = self._jobs.get(job.id), job
        if before is None:
            items = [QStandardItem(), QStandardItem()]
            _fill(items, job)
            self.insertRow(0, items)
        elif before != job:
            row = self.row(job.id)
            _fill([self.item(row, JOB), self.item(row, STATE)], job)
            self.changed.emit(job.id)

    def remove(self, job_id: str) -> None:
        """Removes a job."""
        if job_id in self._jobs:
            row = self.row(job_id)
            del self._jobs[job_id]
            self.removeRow(row)

    def row(self, job_id: str) -> int:
        """Returns the row of a job, -1 if unknown."""
        ids = [*reversed(self._jobs)]
        return ids.index(job_id) if job_id in self._jobs else -1


def _fill(items: Sequence[QStandardItem], job: Job) -> None:
    """Sets the cells of a row; Qt ignores unchanged values."""
    title, state = items
    title.setText(title_of(job))
    warning = without_markup(job.warning) if job.is_warned else None
    if (title.data(STATE_ROLE), title.data(WARNING_ROLE)) != (job.state.value, warning):
        title.setData(job.state.value, STATE_ROLE)
        title.setIcon(icon_of(job))
    state.setText(state_text(job))
    running = job.state in (JobState.EXECUTING, JobState.CANCELLING)
    state.setData(job.progress if running else None, PROGRESS_ROLE)
    for item in items:
        item.setData(job.id, ID_ROLE)
        item.setData(warning, WARNING_ROLE)
        item.setToolTip(tooltip_of(job))
        item.setEditable(False)


def state_word(state: JobState) -> str:
    """Returns the display text of a state."""
    return {
        JobState.SUBMITTED: tr("Waiting"),
        JobState.EXECUTING: tr("Running"),
        JobState.CANCELLING: tr("Cancelling"),
        JobState.SUCCEEDED: tr("Finished"),
        JobState.FAILED: tr("Failed"),
        JobState.CANCELLED: tr("Cancelled"),
        JobState.INTERRUPTED: tr("Interrupted"),
    }[state]


def state_text(job: Job) -> str:
    """Returns progress and remaining time of a running job, otherwise its state and duration."""
    if job.state is JobState.EXECUTING and job.progress:
        percent = f"{100 * job.progress:.0f} %"
        return (
            percent
            if job.left is None
            else tr("{percent}, {time} left").format(percent=percent, time=duration(job.left))
        )
    took = duration(job.seconds) if job.state.over and job.seconds else ""
    word = tr("Finished with warnings") if job.is_warned else state_word(job.state)
    return ", ".join(filter(None, [word, took]))


def tooltip_of(job: Job) -> str:
    """Returns state, raster, model, result and time of a job."""
    lines = [
        tr("State: {state}").format(state=state_text(job)),
        *([job.warning] if job.is_warned else []),
        tr("Raster: {raster} ({part})").format(raster=job.request.raster, part=part_of(job)),
        tr("Model: {model}").format(model=job.request.model),
        tr("Result: {output}").format(output=job.request.output),
        tr("Submitted: {time}").format(time=time_text(job.created)),
    ]
    return without_markup("\n".join(lines))


def icon_of(job: Job) -> QIcon:
    """Returns QGIS's own icon for the state of a job."""
    return QgsApplication.getThemeIcon(WARNED_ICON if job.is_warned else ICONS[job.state])
