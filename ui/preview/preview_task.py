# SPDX-License-Identifier: GPL-2.0-or-later
"""A preview as a background task."""

from __future__ import annotations

import time
from typing import Callable

from qgis.core import QgsTask

from ...inference import ClassifyPixelsError
from ...inference.errors import MemoryEndedError, RunCancelledError
from ...inference.run.preview import Preview, PreviewSession
from ...plugin_support.cache_lease import CacheLease
from ...plugin_support.http import cancelled_by
from ...plugin_support.translation import sentence_of, tr
from ...processing_provider.feedback import FeedbackProgress
from ..panel.classification_task import Boundary
from ..panel.job import JobRequest
from ..panel.job_feedback import JobFeedback
from ..panel.job_request import read_job_request

# Ends with QGIS without a question. Since QGIS 3.26, it can also be left out of the list in the status bar.
FLAGS = (
    QgsTask.Flag.CanCancel | QgsTask.Flag.CancelWithoutPrompt | getattr(QgsTask.Flag, "Hidden", QgsTask.Flag.CanCancel)
)


class PreviewTask(QgsTask):
    """Classifies one window; `preview` is None if it was cancelled or failed, `problem` the sentence of a failure."""

    def __init__(self, request: JobRequest, session: PreviewSession, ended: Callable[[PreviewTask], None]) -> None:
        super().__init__(tr("Preview {raster}").format(raster=request.raster), FLAGS)
        self.request = request
        self.preview: Preview | None = None
        self.problem = ""
        self.seconds = 0.0
        self._feedback = JobFeedback()
        self._session, self._ended = session, ended

    @property
    def warnings(self) -> list[str]:
        """The warnings of the run."""
        return [message.text for message in self._feedback.messages if message.kind == "warning"]

    def run(self) -> bool:
        """Classifies in a thread of the task manager."""
        started = time.monotonic()
        with Boundary(self._feedback):
            self._classify()
        errors = [message.text for message in self._feedback.messages if message.kind == "error"]
        self.problem = "" if self.isCanceled() else "\n".join(errors[-1:])
        self.seconds = time.monotonic() - started
        return self.preview is not None

    def cancel(self) -> None:
        """Requests cancellation."""
        self._feedback.cancel()
        super().cancel()

    def finished(self, result: bool) -> None:
        """Reports the end to the main thread."""
        self._ended(self)

    def _classify(self) -> None:
        try:
            with CacheLease(), cancelled_by(self._feedback.isCanceled):
                request = read_job_request(self.request)
                self.preview = self._session.classify(request, FeedbackProgress(self._feedback))
        except RunCancelledError:
            return
        except ClassifyPixelsError as error:
            self._feedback.reportError(sentence_of(error))
        except MemoryError:
            self._feedback.reportError(sentence_of(MemoryEndedError()))
