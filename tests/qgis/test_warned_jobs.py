# SPDX-License-Identifier: GPL-2.0-or-later
"""Ends of jobs: a run with warnings is no plain success, and a cancelled one is no failure."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from qgis.core import Qgis
from qgis.PyQt.QtCore import QPoint, Qt
from qgis.PyQt.QtGui import QColor, QImage, QPainter, QPalette

from classify_pixels.processing_provider.warned_notice import tell_warnings
from classify_pixels.ui.panel import classification_task
from classify_pixels.ui.panel.classification_task import ClassificationTask
from classify_pixels.ui.panel.dock_body import DockBody
from classify_pixels.ui.panel.job import Job, JobMessage, JobRequest, JobState, shortened
from classify_pixels.ui.panel.job_history import JobHistory
from classify_pixels.ui.panel.job_model import JOB, WARNING_ROLE, JobModel, state_text
from classify_pixels.ui.panel.job_queue import JobQueue
from classify_pixels.ui.panel.job_view import JobView
from classify_pixels.ui.panel.model_library import ModelLibrary
from classify_pixels.ui.tones import TONES, luminance, tone

from .log import Log
from .scenes import Scene, write_raster

pytestmark = pytest.mark.usefixtures("plugin")

REQUEST = JobRequest("/data/scene.tif", "gdal", "Scene", "/models/crops.emd", "/data/scene_crops.tif")
WARNING = JobMessage("Values do not match.", "warning")
WARNED = Job(REQUEST, state=JobState.SUCCEEDED, seconds=5, messages=(JobMessage("Model"), WARNING))


@pytest.fixture
def queue(tmp_path: Path) -> Iterator[JobQueue]:
    queue = JobQueue(JobHistory(tmp_path / "jobs"))
    yield queue
    queue.close()


def test_warned_run_is_no_plain_success() -> None:
    model = JobModel([WARNED])
    assert state_text(WARNED) == "Finished with warnings, 5 s"
    assert model.index(0, JOB).data(WARNING_ROLE) == "Values do not match."
    assert "Values do not match." in model.index(0, JOB).data(Qt.ItemDataRole.ToolTipRole)
    plain = JobModel([Job(REQUEST, state=JobState.SUCCEEDED, messages=(JobMessage("Model"),))])
    assert plain.index(0, JOB).data(WARNING_ROLE) is None
    icons = [m.index(0, JOB).data(Qt.ItemDataRole.DecorationRole).pixmap(16, 16).toImage() for m in (model, plain)]
    assert icons[0] != icons[1]


@pytest.mark.parametrize("state", [state for state in JobState if state is not JobState.SUCCEEDED])
def test_only_finished_runs_are_finished_with_warnings(state: JobState) -> None:
    assert "warnings" not in state_text(Job(REQUEST, state=state, messages=(WARNING,)))


def test_first_warning_survives_the_shortening_of_a_long_log() -> None:
    infos = tuple(JobMessage(str(number)) for number in range(500))
    kept = shortened((*infos[:250], WARNING, *infos[250:]))
    assert kept.count(WARNING) == 1
    assert shortened((*kept, JobMessage("more"))).count(WARNING) == 1


@pytest.mark.parametrize("base", ["#ffffff", "#373737"])
def test_warning_is_drawn_in_the_row_in_amber_of_enough_contrast(queue: JobQueue, base: str) -> None:
    view = JobView(queue)
    palette = QPalette(view.tree.palette())
    for role in (QPalette.ColorRole.Base, QPalette.ColorRole.AlternateBase, QPalette.ColorRole.Window):
        palette.setColor(role, QColor(base))
    view.tree.setPalette(palette)
    view.resize(500, 300)
    queue.jobs.put(WARNED)
    view.tree.setCurrentIndex(queue.jobs.index(-1, 0))
    picture = QImage(view.tree.size(), QImage.Format.Format_RGB32)
    painter = QPainter(picture)
    view.tree.render(painter, QPoint())
    painter.end()
    amber = tone("warning", palette).rgb()
    rect = view.tree.visualRect(queue.jobs.index(0, JOB))
    found = [picture.pixel(x, y) == amber for x in range(rect.width()) for y in range(rect.height() + 30)]
    assert any(found)
    assert rect.height() >= 2 * view.tree.fontMetrics().height()


@pytest.mark.parametrize("base", ["#ffffff", "#f0f0f0", "#373737", "#1e1e1e"])
@pytest.mark.parametrize("kind", list(TONES))
def test_contrast_of_all_tones(base: str, kind: str) -> None:
    palette = QPalette()
    palette.setColor(QPalette.ColorRole.Base, QColor(base))
    levels = sorted((luminance(tone(kind, palette)), luminance(QColor(base))))
    assert (levels[1] + 0.05) / (levels[0] + 0.05) >= 4.5


class Bar:
    """Records the messages of the message bar."""

    def __init__(self) -> None:
        self.told: list[tuple[str, Any]] = []

    def pushMessage(self, title: str, text: str, level: Any) -> None:  # noqa: N802
        self.told.append((text, level))


class Window:
    """The parts of QGIS's window that the panel uses."""

    def __init__(self, canvas: Any) -> None:
        self.bar, self.canvas = Bar(), canvas

    def messageBar(self) -> Bar:  # noqa: N802
        return self.bar

    def mapCanvas(self) -> Any:  # noqa: N802
        return self.canvas

    def setActiveLayer(self, layer: Any) -> None:  # noqa: N802
        """Ignores the layer."""


def test_message_bar_names_the_first_warning(queue: JobQueue, tmp_path: Path, project: Any) -> None:
    from qgis.gui import QgsMapCanvas

    window = Window(QgsMapCanvas())
    body = DockBody(window, queue, ModelLibrary(tmp_path / "models.json"))
    queue.succeeded.emit(WARNED)
    text, level = window.bar.told[-1]
    assert "Scene – crops" in text
    assert "Values do not match." in text
    assert level == Qgis.MessageLevel.Warning
    body.deleteLater()


def test_error_after_cancel_is_a_cancellation(monkeypatch: pytest.MonkeyPatch) -> None:
    from classify_pixels.inference.errors import RasterMissingError

    task = ClassificationTask(Job(REQUEST), lambda ended: None)

    def interrupted(request: Any) -> Any:
        task.cancel()
        raise RasterMissingError

    monkeypatch.setattr(classification_task, "read_job_request", interrupted)
    assert not task.run()
    assert task.state is JobState.CANCELLED


def test_error_without_cancel_is_a_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    from classify_pixels.inference.errors import RasterMissingError

    def fails(request: Any) -> Any:
        raise RasterMissingError

    monkeypatch.setattr(classification_task, "read_job_request", fails)
    task = ClassificationTask(Job(REQUEST), lambda ended: None)
    task.run()
    assert task.state is JobState.FAILED
    assert state_text(Job(REQUEST, state=JobState.CANCELLED)) == "Cancelled"


# --- runs of the toolbox ------------------------------------------------------------------------------


@pytest.fixture
def window(monkeypatch: pytest.MonkeyPatch) -> Window:
    """QGIS's window as scripts and plugins find it."""
    import qgis.utils

    window = Window(None)
    monkeypatch.setattr(qgis.utils, "iface", window)
    return window


def test_run_of_the_toolbox_shows_its_first_warning_in_the_message_bar(
    run: Any, window: Window, scene: Scene, tmp_path: Path
) -> None:
    log = Log()
    run(log, INPUT=str(scene.raster), MODEL=str(scene.model), OUTPUT=str(tmp_path / "plain.tif"))
    assert not log.warnings
    assert window.bar.told == []
    # All cells are left out, which the run warns of.
    empty = write_raster(tmp_path / "empty.tif", np.zeros((2, 20, 20), np.uint8), no_data=0)
    run(log, INPUT=str(empty), MODEL=str(scene.model), OUTPUT=str(tmp_path / "warned.tif"))
    [(text, level)] = window.bar.told
    assert log.warnings[0] in text
    assert "empty" in text
    assert level == Qgis.MessageLevel.Warning


def test_notice_is_for_the_main_thread_of_a_desktop(window: Window, monkeypatch: pytest.MonkeyPatch) -> None:
    thread = threading.Thread(target=tell_warnings, args=("Scene", ["Values do not match."]))
    thread.start()
    thread.join()
    assert window.bar.told == []
    tell_warnings("Scene", ["<b>Values</b> do not match."])
    assert "<b>" not in window.bar.told[0][0]
    monkeypatch.setattr("qgis.utils.iface", None)
    tell_warnings("Scene", ["Values do not match."])
