# SPDX-License-Identifier: GPL-2.0-or-later
"""One classification in the background, listed in QGIS's task manager."""

from __future__ import annotations

import time
import traceback
from types import TracebackType
from typing import Callable

from qgis.core import Qgis, QgsMessageLog, QgsTask

from ...inference import ClassifyPixelsError
from ...inference.errors import MemoryEndedError, RunCancelledError
from ...inference.redaction import without_secrets
from ...inference.run.classification import classify_pixels
from ...inference.run.partial_map import PartialMap
from ...inference.run.result import Classification
from ...plugin_support.cache_lease import CacheLease
from ...plugin_support.http import cancelled_by
from ...plugin_support.translation import sentence_of, tr
from ...processing_provider.feedback import FeedbackProgress
from ...processing_provider.report import tell_classes
from .job import Job, JobMessage, JobState
from .job_feedback import JobFeedback
from .job_request import read_job_request

LOG = "Classify Pixels"


class ClassificationTask(QgsTask):
    """Runs the request of a job; the main thread polls it, and is called at its end.

    `result` is None until the run has succeeded; until then, `map` has its finished parts. `state` is the state of the
    run.
    """

    def __init__(self, job: Job, ended: Callable[[ClassificationTask], None]) -> None:
        super().__init__(tr("Classify {raster}").format(raster=job.request.raster), QgsTask.Flag.CanCancel)
        self.job_id = job.id
        self.feedback = JobFeedback()
        self.map = PartialMap()
        self.result: Classification | None = None
        self.state = JobState.SUBMITTED
        self._request = job.request
        self._ended = ended
        self._clock = RunClock()

    def run(self) -> bool:
        """Classifies in a thread of the task manager."""
        self.state = JobState.EXECUTING
        with Boundary(self.feedback):
            self._classify()
        if self.result is None and self.state is not JobState.CANCELLED:
            self.state = JobState.FAILED
        return self.result is not None

    def cancel(self) -> None:
        """Requests cancellation, effective within a tile."""
        self.feedback.cancel()
        super().cancel()

    def finished(self, result: bool) -> None:
        """Reports the end to the main thread; a job that never ran was cancelled in the task manager."""
        if self.state is JobState.SUBMITTED:
            self.state = JobState.CANCELLED
        self._ended(self)

    def show_progress(self) -> None:
        """Passes the progress to the task manager; called periodically by the main thread, to limit signals."""
        self.setProgress(self.feedback.progress())

    @property
    def seconds(self) -> float:
        """The seconds since the start of the run."""
        return self._clock.seconds

    @property
    def seconds_left(self) -> float | None:
        """The estimated seconds left, None if unknown."""
        return self._clock.left(self.feedback.progress() / 100)

    def _classify(self) -> None:
        self._clock.start()
        try:
            with CacheLease(), cancelled_by(self.feedback.isCanceled):
                progress = FeedbackProgress(self.feedback, partial_map=self.map)
                self.result = classify_pixels(read_job_request(self._request), progress)
            tell_classes([self.result], self.feedback)
            self.state = JobState.SUCCEEDED
        except RunCancelledError as error:
            self.state = JobState.CANCELLED
            self.feedback.pushInfo(sentence_of(error))
        except ClassifyPixelsError as error:
            if self.feedback.isCanceled():
                # A cancelled download or request may end with another error.
                self.state = JobState.CANCELLED
            self.feedback.reportError(sentence_of(error))
        except MemoryError:
            self.feedback.reportError(sentence_of(MemoryEndedError()))


class RunClock:
    """The time that a run has taken and still needs, from its first progress: a resumed run does not start at 0."""

    def __init__(self) -> None:
        self._started = 0.0
        self._first: tuple[float, float] | None = None

    def start(self) -> None:
        """Records the start of the run."""
        self._started = time.monotonic()

    @property
    def seconds(self) -> float:
        """The seconds since the start, 0 before it."""
        return time.monotonic() - self._started if self._started else 0.0

    def left(self, fraction: float) -> float | None:
        """Returns the seconds left after `fraction` of the work, 0 to 1, None if unknown."""
        now = time.monotonic()
        if fraction > 0 and self._first is None:
            self._first = (now, fraction)
        if self._first is None or fraction <= self._first[1]:
            return None
        return (now - self._first[0]) / (fraction - self._first[1]) * (1 - fraction)


class Boundary:
    """Catches an unexpected error in the run's thread, because QGIS would open a window there and crash."""

    def __init__(self, feedback: JobFeedback) -> None:
        self._feedback = feedback

    def __enter__(self) -> Boundary:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool:
        if kind is None or error is None:
            return False
        details = without_secrets("".join(traceback.format_exception(kind, error, trace)))
        QgsMessageLog.logMessage(details, LOG, Qgis.MessageLevel.Critical)
        text = tr("The run ended with an unexpected error: {error}. See the tab {tab} of the QGIS log for details.")
        self._feedback.messages.append(JobMessage(text.format(error=without_secrets(repr(error)), tab=LOG), "error"))
        return True
