# SPDX-License-Identifier: GPL-2.0-or-later
"""Runs the jobs of the panel, one after the other."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from qgis.core import QgsApplication, QgsProject, QgsTask
from qgis.PyQt.QtCore import QObject, QTimer, pyqtSignal

from .classification_task import ClassificationTask
from .job import Job, JobRequest, JobState, shortened
from .job_history import JobHistory
from .job_model import JobModel
from .job_output import discard_strips
from .job_request import with_source

# Milliseconds between polls of the run.
INTERVAL = 250
# Most milliseconds of waiting for a run to stop when the plugin is unloaded.
PATIENCE = 10_000


class JobQueue(QObject):
    """Holds a task for each unfinished job; only the first one runs, to limit memory.

    The others are on hold in QGIS's task manager, where they can be seen and cancelled. `succeeded` and `failed` pass
    a job. `looked` passes the running job and its unfinished map, and `ended` follows every end of a job, after its
    result.
    """

    succeeded = pyqtSignal(object)
    failed = pyqtSignal(object)
    looked = pyqtSignal(object, object)
    ended = pyqtSignal(object)

    def __init__(self, history: JobHistory, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._history = history
        self.jobs = JobModel(history.load(), self)
        # References to tasks, because QGIS does not keep their Python part, which reports their end.
        self._tasks: dict[str, ClassificationTask] = {}
        self._timer = QTimer(self)
        self._timer.setInterval(INTERVAL)
        self._timer.timeout.connect(self._look)

    @property
    def promised(self) -> set[str]:
        """The output paths of jobs without a result, which may still be run."""
        return {job.request.output for job in self.jobs.jobs if job.state is not JobState.SUCCEEDED}

    def submit(self, request: JobRequest) -> Job:
        """Queues a new job and returns it."""
        job = Job(request)
        self.jobs.put(job)
        for old in self._history.trim(self.jobs.jobs):
            self.jobs.remove(old.id)
        self._queue(job)
        return job

    def retry(self, job_id: str) -> None:
        """Queues the same request again; the engine resumes from the strips of an earlier run."""
        job = self.jobs.job(job_id)
        if job is not None and job.state.over and job.state is not JobState.SUCCEEDED:
            request = with_source(job.request, QgsProject.instance())
            self._queue(replace(job.again(), request=request))

    def cancel(self, job_id: str) -> None:
        """Cancels a job; a waiting one ends at once."""
        task = self._tasks.get(job_id)
        job = self.jobs.job(job_id)
        if task is None or job is None:
            return
        if job.state is JobState.EXECUTING:
            self._put(replace(job, state=JobState.CANCELLING, left=None))
        task.cancel()

    def remove(self, job_id: str) -> None:
        """Removes a finished job from the list, with the strips of an unfinished run, but not its result."""
        job = self.jobs.job(job_id)
        if job is not None and job.state.over:
            if job.state is not JobState.SUCCEEDED:
                discard_strips(Path(job.request.output))
            self._history.forget(job)
            self.jobs.remove(job_id)

    def close(self) -> None:
        """Stops all tasks; their jobs are interrupted and can be resumed."""
        self._timer.stop()
        tasks, self._tasks = self._tasks, {}
        for task in tasks.values():
            task.cancel()
        for task in tasks.values():
            if task.status() == QgsTask.TaskStatus.Running:
                task.waitForFinished(PATIENCE)
        for job_id in tasks:
            job = self.jobs.job(job_id)
            if job is not None:
                self._put(replace(job, state=JobState.INTERRUPTED, left=None))
        self._history.close()

    def _queue(self, job: Job) -> None:
        self._put(job)
        task = ClassificationTask(job, self._ended)
        self._tasks[job.id] = task
        # Before it is added to the manager, which might start it at once.
        task.hold()
        QgsApplication.taskManager().addTask(task)
        self._start_next()

    def _start_next(self) -> None:
        """Starts the first task if none runs."""
        first = next(iter(self._tasks.values()), None)
        if first is not None and first.status() == QgsTask.TaskStatus.OnHold:
            first.unhold()
            self._timer.start()

    def _look(self) -> None:
        """Updates the job of the running task."""
        for task in list(self._tasks.values())[:1]:
            job = self.jobs.job(task.job_id)
            if job is None or task.state is JobState.SUBMITTED:
                continue
            task.show_progress()
            if job.state is JobState.SUBMITTED:
                job = replace(job, state=JobState.EXECUTING)
                self._history.save(job)
            left = None if job.state is JobState.CANCELLING else task.seconds_left
            self.jobs.put(_as_told(job, task, left))
            self.looked.emit(job, task.map)

    def _ended(self, task: ClassificationTask) -> None:
        """Records the end of a task and starts the next one; called by the task in the main thread."""
        job = self.jobs.job(task.job_id)
        # Tasks that end after `close` are marked as interrupted.
        if self._tasks.pop(task.job_id, None) is None or job is None:
            return
        job = replace(_as_told(job, task, None), state=task.state)
        if task.result is not None:
            job = replace(job, progress=1.0)
        self._put(job)
        if not self._tasks:
            self._timer.stop()
        self._start_next()
        if task.result is not None:
            self.succeeded.emit(job)
        elif job.state is JobState.FAILED:
            self.failed.emit(job)
        self.ended.emit(job)

    def _put(self, job: Job) -> None:
        self.jobs.put(job)
        self._history.save(job)


def _as_told(job: Job, task: ClassificationTask, left: float | None) -> Job:
    return replace(
        job,
        text=task.feedback.text if left is not None else "",
        progress=task.feedback.progress() / 100,
        seconds=task.seconds,
        left=left,
        messages=shortened(tuple(task.feedback.messages)),
    )
