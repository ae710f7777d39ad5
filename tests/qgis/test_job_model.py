# SPDX-License-Identifier: GPL-2.0-or-later
"""The jobs in Qt's views, and the actions of the selected one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from qgis.PyQt.QtCore import QPoint, Qt
from qgis.PyQt.QtGui import QImage, QPainter
from qgis.PyQt.QtTest import QAbstractItemModelTester

from classify_pixels.ui.panel.job import Job, JobMessage, JobRequest, JobState
from classify_pixels.ui.panel.job_history import JobHistory
from classify_pixels.ui.panel.job_model import ID_ROLE, JOB, PROGRESS_ROLE, STATE, JobModel, state_text
from classify_pixels.ui.panel.job_queue import JobQueue
from classify_pixels.ui.panel.job_view import JobView

pytestmark = pytest.mark.usefixtures("plugin")

REQUEST = JobRequest("/data/scene.tif", "gdal", "Scene", "/models/crops.emd", "/data/scene_crops.tif")


def job_of(state: JobState, **more: Any) -> Job:
    return Job(REQUEST, state=state, **more)


def test_model_keeps_the_rules_of_qts_views() -> None:
    model = JobModel()
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    jobs = [job_of(JobState.SUBMITTED) for _ in range(3)]
    for job in jobs:
        model.put(job)
    model.put(replace(jobs[1], state=JobState.EXECUTING))
    model.remove(jobs[0].id)
    model.remove("none")
    assert tester.model() is model
    assert [job.id for job in model.jobs] == [jobs[1].id, jobs[2].id]


def test_newest_job_is_on_top() -> None:
    model = JobModel([job_of(JobState.SUCCEEDED, created=1.0), job_of(JobState.FAILED, created=2.0)])
    new = job_of(JobState.SUBMITTED)
    model.put(new)
    assert [model.index(row, STATE).data() for row in range(3)] == ["Waiting", "Failed", "Finished"]
    assert model.index(0, JOB).data(ID_ROLE) == new.id
    assert model.row(new.id) == 0


def test_unchanged_job_is_not_drawn_again() -> None:
    job = job_of(JobState.EXECUTING)
    model = JobModel([job])
    changes: list[Any] = []
    model.dataChanged.connect(lambda *where: changes.append(where))
    model.changed.connect(changes.append)
    model.put(job)
    assert changes == []
    model.put(replace(job, progress=0.5))
    assert changes[-1] == job.id


@pytest.mark.parametrize(
    ("job", "text"),
    [
        (job_of(JobState.SUBMITTED), "Waiting"),
        (job_of(JobState.EXECUTING), "Running"),
        (job_of(JobState.EXECUTING, progress=0.42), "42 %"),
        (job_of(JobState.EXECUTING, progress=0.42, left=200.0), "42 %, 3 min 20 s left"),
        (job_of(JobState.CANCELLING, progress=0.42, seconds=9), "Cancelling"),
        (job_of(JobState.SUCCEEDED, progress=1.0, seconds=7500), "Finished, 2 h 5 min"),
        (job_of(JobState.FAILED), "Failed"),
        (job_of(JobState.CANCELLED, seconds=3), "Cancelled, 3 s"),
        (job_of(JobState.INTERRUPTED), "Interrupted"),
    ],
)
def test_state_is_told_in_plain_words(job: Job, text: str) -> None:
    assert state_text(job) == text


@pytest.mark.parametrize("state", list(JobState))
def test_every_state_has_an_icon_and_only_running_ones_a_bar(state: JobState) -> None:
    model = JobModel([job_of(state, progress=0.5)])
    assert not model.index(0, JOB).data(Qt.ItemDataRole.DecorationRole).isNull()
    runs = state in (JobState.EXECUTING, JobState.CANCELLING)
    assert model.index(0, STATE).data(PROGRESS_ROLE) == (0.5 if runs else None)


def test_tooltip_tells_where_from_and_where_to() -> None:
    model = JobModel([job_of(JobState.FAILED)])
    tip = model.index(0, JOB).data(Qt.ItemDataRole.ToolTipRole)
    assert all(text in tip for text in ("Scene", REQUEST.model, REQUEST.output, "whole layer", "Failed"))


# --- the view -----------------------------------------------------------------------------------------


@pytest.fixture
def queue(tmp_path: Path) -> Iterator[JobQueue]:
    queue = JobQueue(JobHistory(tmp_path / "jobs"))
    yield queue
    queue.close()


@pytest.mark.parametrize(
    ("state", "enabled"),
    [
        (JobState.SUBMITTED, {"cancel"}),
        (JobState.EXECUTING, {"cancel"}),
        (JobState.CANCELLING, set()),
        (JobState.SUCCEEDED, {"open", "remove"}),
        (JobState.FAILED, {"retry", "remove"}),
        (JobState.CANCELLED, {"retry", "remove"}),
        (JobState.INTERRUPTED, {"retry", "remove"}),
    ],
)
def test_only_what_makes_sense_can_be_done(queue: JobQueue, state: JobState, enabled: set[str]) -> None:
    view = JobView(queue)
    queue.jobs.put(job_of(state))
    names = ("cancel", "retry", "open", "remove", "show_folder")
    assert {name for name in names if getattr(view, name).isEnabled()} == {*enabled, "show_folder"}
    assert view.retry.text() == ("Resume" if state is JobState.INTERRUPTED else "Retry")


def test_nothing_can_be_done_without_a_job(queue: JobQueue) -> None:
    view = JobView(queue)
    assert view.job is None
    assert not any(action.isEnabled() for action in (view.cancel, view.retry, view.open, view.remove))


def test_messages_of_the_selected_job_are_shown_as_they_come(queue: JobQueue) -> None:
    view = JobView(queue)
    first = job_of(JobState.EXECUTING, messages=(JobMessage("<b>bold</b> & one"),))
    queue.jobs.put(first)
    assert view.details.toPlainText() == "<b>bold</b> & one"
    queue.jobs.put(first.told(JobMessage("two", "warning")))
    assert view.details.toPlainText().splitlines() == ["<b>bold</b> & one", "two"]
    queue.jobs.put(job_of(JobState.FAILED, messages=(JobMessage("other", "error"),)))
    assert view.details.toPlainText() == "other"
    view.select(first.id)
    assert "two" in view.details.toPlainText()


def test_speed_is_shown_while_the_job_runs(queue: JobQueue) -> None:
    view = JobView(queue)
    job = job_of(JobState.EXECUTING, text="3 megapixels a second", messages=(JobMessage("one"),))
    queue.jobs.put(job)
    assert view.details.toPlainText().splitlines() == ["one", "3 megapixels a second"]
    queue.jobs.put(replace(job, state=JobState.SUCCEEDED, text=""))
    assert view.details.toPlainText() == "one"


def test_actions_name_the_selected_job(queue: JobQueue) -> None:
    view = JobView(queue)
    done, failed = job_of(JobState.SUCCEEDED), job_of(JobState.FAILED)
    opened: list[Job] = []
    shown: list[Job] = []
    view.opened.connect(opened.append)
    view.shown.connect(shown.append)
    queue.jobs.put(failed)
    queue.jobs.put(done)
    view.open.trigger()
    view.show_folder.trigger()
    assert opened == shown == [done]
    view.remove.trigger()
    assert [job.id for job in queue.jobs.jobs] == [failed.id]
    view.tree.doubleClicked.emit(view.tree.currentIndex())
    assert opened == [done]


def test_running_job_is_drawn_with_a_bar(queue: JobQueue) -> None:
    view = JobView(queue)
    view.resize(300, 300)
    job = job_of(JobState.EXECUTING, progress=0.0)
    pictures = []
    for progress in (0.01, 0.99):
        queue.jobs.put(replace(job, progress=progress))
        picture = QImage(view.tree.size(), QImage.Format.Format_RGB32)
        painter = QPainter(picture)
        view.tree.render(painter, QPoint())
        painter.end()
        pictures.append(picture)
    assert pictures[0] != pictures[1]
