# SPDX-License-Identifier: GPL-2.0-or-later
"""Jobs run one after the other by QGIS's task manager."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from osgeo import gdal
from qgis.core import (
    QgsApplication,
    QgsCoordinateReferenceSystem,
    QgsMapSettings,
    QgsProject,
    QgsRasterLayer,
    QgsRasterRange,
    QgsRectangle,
    QgsTask,
)
from qgis.PyQt.QtCore import QSize

from classify_pixels.ui.panel.job import Job, JobRequest, JobState, read_job, write_job
from classify_pixels.ui.panel.job_history import JobHistory
from classify_pixels.ui.panel.job_layer import layer_of_result, load_result
from classify_pixels.ui.panel.job_queue import JobQueue
from classify_pixels.ui.panel.job_request import has_cells, request_of_layer, with_source

from ..networks import class_definition, pointwise_network, pointwise_weights
from ..servers import TileServer
from ..servers.tiles import CELL as WEB_CELL
from ..servers.tiles import HALF, SIZE
from .event_loop import wait_until
from .hold import Hold
from .scenes import (
    CELL,
    ORIGIN,
    VALUES,
    Scene,
    assert_is_map_of,
    read_no_data,
    read_pixels,
    write_definition,
    write_raster,
)


@pytest.fixture
def history(tmp_path: Path) -> JobHistory:
    return JobHistory(tmp_path / "jobs")


@pytest.fixture
def queue(project: QgsProject, history: JobHistory) -> Iterator[JobQueue]:
    queue = JobQueue(history)
    yield queue
    queue.close()


@pytest.fixture
def layer(scene: Scene, project: QgsProject) -> QgsRasterLayer:
    layer = QgsRasterLayer(str(scene.raster), "Scene")
    project.addMapLayer(layer)
    return layer


@pytest.fixture
def hold() -> Iterator[Hold]:
    """Stops the runs of the long raster once two strips are finished."""
    made = Hold(1100)
    yield made
    made.end()


@pytest.fixture(scope="module")
def long_raster(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A raster of six strips."""
    pixels = np.random.default_rng(1).integers(1, 200, (2, 3000, 200), np.uint8)
    return write_raster(tmp_path_factory.mktemp("long") / "long.tif", pixels, options=["TILED=YES"])


def view_of(extent: QgsRectangle, crs: str, width: int = 400, height: int = 400) -> QgsMapSettings:
    view = QgsMapSettings()
    view.setDestinationCrs(QgsCoordinateReferenceSystem(crs))
    view.setOutputSize(QSize(width, height))
    view.setExtent(extent)
    return view


def run(queue: JobQueue, request: JobRequest) -> Job:
    """Runs a job to its end."""
    job_id = queue.submit(request).id
    wait_until(lambda: queue.jobs.job(job_id).state.over)
    return queue.jobs.job(job_id)


def texts(job: Job) -> list[str]:
    return [message.text for message in job.messages]


# --- what comes of it ---------------------------------------------------------------------------------


def test_layer_is_classified(
    queue: JobQueue, layer: QgsRasterLayer, scene: Scene, tmp_path: Path, history: JobHistory
) -> None:
    ended: list[Any] = []
    queue.succeeded.connect(ended.append)
    job = run(queue, request_of_layer(layer, str(scene.model), tmp_path / "map.tif", None))
    assert (job.state, job.progress, job.left) == (JobState.SUCCEEDED, 1.0, None), texts(job)
    assert_is_map_of(tmp_path / "map.tif", scene)
    assert ended == [job]
    assert any(text.startswith("Device: CPU") for text in texts(job))
    assert any(text.startswith("Done on CPU") for text in texts(job))
    assert [saved.state for saved in history.load()] == [JobState.SUCCEEDED]


def test_visible_extent_is_classified_in_any_crs(
    queue: JobQueue, layer: QgsRasterLayer, scene: Scene, tmp_path: Path
) -> None:
    x, y = ORIGIN
    extent = QgsRectangle(x + 20 * CELL, y - 60 * CELL, x + 50 * CELL, y - 30 * CELL)
    view = view_of(extent, "EPSG:32633")
    job = run(queue, request_of_layer(layer, str(scene.model), tmp_path / "part.tif", view))
    assert job.state is JobState.SUCCEEDED, texts(job)
    np.testing.assert_array_equal(read_pixels(tmp_path / "part.tif"), scene.classes[30:60, 20:50])
    elsewhere = view_of(QgsRectangle(0, 0, 1, 1), "EPSG:4326")
    job = run(queue, request_of_layer(layer, str(scene.model), tmp_path / "none.tif", elsewhere))
    assert job.state is JobState.FAILED
    assert not (tmp_path / "none.tif").exists()


def test_values_that_the_user_took_out_of_the_layer_stay_out(
    queue: JobQueue, layer: QgsRasterLayer, scene: Scene, tmp_path: Path
) -> None:
    for band in (1, 2):
        layer.dataProvider().setUserNoDataValue(band, [QgsRasterRange(1, 120)])
    request = request_of_layer(layer, str(scene.model), tmp_path / "map.tif", None)
    job = run(queue, read_job(write_job(Job(request))).request)
    assert job.state is JobState.SUCCEEDED, texts(job)
    dataset = gdal.Open(str(scene.raster))
    out = (dataset.ReadAsArray() <= 120).any(axis=0)
    found = read_pixels(tmp_path / "map.tif")
    np.testing.assert_array_equal(found == read_no_data(tmp_path / "map.tif"), out)


def test_web_map_is_classified_with_the_views_cells(queue: JobQueue, project: QgsProject, tmp_path: Path) -> None:
    world = np.random.default_rng(3).integers(0, 256, (4, SIZE, SIZE), np.uint8)
    world[3] = 255
    definition = class_definition(pointwise_network(tmp_path / "rgb.onnx", 3, 3, 3), 3, VALUES, 64)
    model = write_definition(tmp_path / "rgb.emd", definition)
    with TileServer(world) as server:
        layer = QgsRasterLayer(server.xyz, "web map", "wms")
        project.addMapLayer(layer)
        assert not has_cells(layer)
        column, row, width, height = 300, 200, 90, 70
        left, top = -HALF + column * WEB_CELL, HALF - row * WEB_CELL
        extent = QgsRectangle(left, top - height * WEB_CELL, left + width * WEB_CELL, top)
        request = request_of_layer(layer, str(model), tmp_path / "web.tif", view_of(extent, "EPSG:3857", width, height))
        job = run(queue, request)
    assert job.state is JobState.SUCCEEDED, texts(job)
    matrix, bias = pointwise_weights(3, 3, 3)
    pixels = world[:3, row : row + height, column : column + width].astype(np.float32)
    scores = np.tensordot(matrix, pixels, 1) + bias[:, None, None]
    np.testing.assert_array_equal(read_pixels(tmp_path / "web.tif"), np.array(VALUES)[scores.argmax(axis=0)])


def test_result_is_loaded_above_its_input_in_the_inputs_group(
    queue: JobQueue, layer: QgsRasterLayer, scene: Scene, tmp_path: Path, project: QgsProject
) -> None:
    job = run(queue, request_of_layer(layer, str(scene.model), tmp_path / "map.tif", None))
    root = project.layerTreeRoot()
    group = root.insertGroup(0, "group")
    group.insertChildNode(0, root.findLayer(layer.id()).clone())
    root.removeChildNode(root.children()[-1])
    assert layer_of_result(job, project) is None
    result = load_result(job, project)
    assert result.name().startswith("Scene – ")
    assert [node.layer() for node in group.children()] == [result, layer]
    assert [c.value for c in result.renderer().classes()] == list(VALUES)
    assert layer_of_result(job, project) == result


def test_result_goes_on_top_where_its_input_is_gone(
    queue: JobQueue, layer: QgsRasterLayer, scene: Scene, tmp_path: Path, project: QgsProject
) -> None:
    job = run(queue, request_of_layer(layer, str(scene.model), tmp_path / "map.tif", None))
    project.removeMapLayer(layer.id())
    result = load_result(job, project)
    assert project.layerTreeRoot().layerOrder()[0] == result
    (tmp_path / "map.tif").unlink()
    project.removeMapLayer(result.id())
    assert load_result(job, project) is None


# --- how it goes --------------------------------------------------------------------------------------


def test_jobs_run_one_at_a_time_in_their_order(
    queue: JobQueue, layer: QgsRasterLayer, scene: Scene, tmp_path: Path
) -> None:
    ended: list[str] = []
    queue.succeeded.connect(lambda job: ended.append(Path(job.request.output).name))
    outputs = [f"{number}.tif" for number in range(4)]
    submitted = [queue.submit(request_of_layer(layer, str(scene.model), tmp_path / name, None)) for name in outputs]
    active = [task for task in QgsApplication.taskManager().tasks() if task.status() != QgsTask.TaskStatus.OnHold]
    assert len(active) <= 1
    assert queue.promised == {job.request.output for job in submitted}
    wait_until(lambda: len(ended) == 4)
    assert ended == outputs
    assert queue.promised == set()


def test_failed_job_tells_why_and_the_next_one_runs(
    queue: JobQueue, layer: QgsRasterLayer, scene: Scene, tmp_path: Path
) -> None:
    failed: list[Job] = []
    queue.failed.connect(failed.append)
    queue.submit(request_of_layer(layer, str(tmp_path / "gone.emd"), tmp_path / "a.tif", None))
    job = run(queue, request_of_layer(layer, str(scene.model), tmp_path / "b.tif", None))
    assert job.state is JobState.SUCCEEDED
    [first] = failed
    assert first.state is JobState.FAILED
    assert first.messages[-1].kind == "error"
    assert "gone.emd" in first.messages[-1].text


def test_unexpected_error_stays_in_its_thread_and_is_told(
    queue: JobQueue, layer: QgsRasterLayer, tmp_path: Path
) -> None:
    request = request_of_layer(layer, "model.emd", tmp_path / "a.tif", None)
    job = run(queue, replace(request, source=None))  # type: ignore[arg-type]
    assert job.state is JobState.FAILED
    assert "unexpected error: TypeError" in job.messages[-1].text


def test_job_of_an_earlier_qgis_takes_the_sign_in_from_its_layer(
    queue: JobQueue, layer: QgsRasterLayer, tmp_path: Path, project: QgsProject
) -> None:
    source = "/vsicurl/http://127.0.0.1:9/scene.tif?token=s3cr3t"
    layer.setDataSource(source, "Far", "gdal")
    request = replace(request_of_layer(layer, "model.emd", tmp_path / "a.tif", None), source=source)
    kept = read_job(write_job(Job(request, state=JobState.INTERRUPTED))).request
    assert with_source(kept, project) == request
    project.clear()
    assert with_source(kept, project) == kept
    job = run(queue, kept)
    assert job.state is JobState.FAILED
    assert "Open the project that contains this layer" in job.messages[-1].text
    assert "s3cr3t" not in write_job(job)


def test_removed_layer_does_not_stop_its_job(
    queue: JobQueue, layer: QgsRasterLayer, scene: Scene, tmp_path: Path, project: QgsProject
) -> None:
    job_id = queue.submit(request_of_layer(layer, str(scene.model), tmp_path / "map.tif", None)).id
    project.clear()
    wait_until(lambda: queue.jobs.job(job_id).state.over)
    assert_is_map_of(tmp_path / "map.tif", scene)


# --- cancel, retry, resume ----------------------------------------------------------------------------


@pytest.fixture
def long_request(long_raster: Path, scene: Scene, tmp_path: Path) -> JobRequest:
    return JobRequest(str(long_raster), "gdal", "Long", str(scene.model), str(tmp_path / "long_map.tif"))


def start(queue: JobQueue, request: JobRequest, hold: Hold) -> str:
    """Submits a job and waits until it is stopped in the middle, and seen to run."""
    job_id = queue.submit(request).id
    wait_until(lambda: hold.holds and queue.jobs.job(job_id).progress > 0)
    assert queue.jobs.job(job_id).state is JobState.EXECUTING
    return job_id


@pytest.mark.parametrize("by", ["panel", "task manager"])
def test_running_job_is_cancelled_and_may_be_retried(
    queue: JobQueue, long_request: JobRequest, hold: Hold, by: str
) -> None:
    job_id = start(queue, long_request, hold)
    if by == "panel":
        queue.cancel(job_id)
        assert queue.jobs.job(job_id).state is JobState.CANCELLING
    else:
        QgsApplication.taskManager().activeTasks()[0].cancel()
    wait_until(lambda: queue.jobs.job(job_id).state.over)
    assert queue.jobs.job(job_id).state is JobState.CANCELLED
    assert not Path(long_request.output).exists()
    hold.end()
    queue.retry(job_id)
    assert queue.jobs.job(job_id).state is JobState.SUBMITTED
    wait_until(lambda: queue.jobs.job(job_id).state.over)
    assert queue.jobs.job(job_id).state is JobState.SUCCEEDED
    assert Path(long_request.output).exists()
    assert queue.jobs.rowCount() == 1


@pytest.mark.parametrize("by", ["panel", "task manager"])
def test_waiting_job_is_cancelled_at_once_and_the_others_go_on(
    queue: JobQueue, layer: QgsRasterLayer, scene: Scene, long_request: JobRequest, hold: Hold, tmp_path: Path, by: str
) -> None:
    first = start(queue, long_request, hold)
    waiting = queue.submit(request_of_layer(layer, str(scene.model), tmp_path / "waiting.tif", None)).id
    last = queue.submit(request_of_layer(layer, str(scene.model), tmp_path / "last.tif", None)).id
    if by == "panel":
        queue.cancel(waiting)
    else:
        [task] = [task for task in QgsApplication.taskManager().tasks() if getattr(task, "job_id", "") == waiting]
        task.cancel()
    wait_until(lambda: queue.jobs.job(waiting).state.over)
    assert queue.jobs.job(waiting).state is JobState.CANCELLED
    assert not queue.jobs.job(first).state.over
    queue.cancel(first)
    wait_until(lambda: queue.jobs.job(last).state.over)
    assert queue.jobs.job(last).state is JobState.SUCCEEDED
    assert not (tmp_path / "waiting.tif").exists()


def test_job_that_the_end_of_qgis_interrupted_is_resumed_with_the_same_request(
    project: QgsProject, history: JobHistory, long_request: JobRequest, hold: Hold, tmp_path: Path
) -> None:
    queue = JobQueue(history)
    job_id = start(queue, long_request, hold)
    waiting = queue.submit(replace(long_request, output=str(tmp_path / "waiting.tif"))).id
    queue.close()
    assert not QgsApplication.taskManager().activeTasks()
    later = JobQueue(JobHistory(tmp_path / "jobs"))
    assert {job.id: job.state for job in later.jobs.jobs} == dict.fromkeys([job_id, waiting], JobState.INTERRUPTED)
    assert later.jobs.job(job_id).request == long_request
    hold.end()
    later.remove(waiting)
    later.retry(job_id)
    wait_until(lambda: later.jobs.job(job_id).state.over)
    resumed = later.jobs.job(job_id)
    assert resumed.state is JobState.SUCCEEDED
    assert any(text.startswith("Resuming") for text in texts(resumed)), texts(resumed)
    later.close()
    assert [job.state for job in JobHistory(tmp_path / "jobs").load()] == [JobState.SUCCEEDED]


def test_forgetting_an_unfinished_job_deletes_its_strips(queue: JobQueue, long_request: JobRequest, hold: Hold) -> None:
    job_id = start(queue, long_request, hold)
    folder = Path(long_request.output).parent
    queue.cancel(job_id)
    wait_until(lambda: queue.jobs.job(job_id).state.over)
    assert list(folder.glob(".*.strips"))
    queue.remove(job_id)
    assert not list(folder.glob(".*.strips"))


def test_succeeded_job_is_not_run_again_and_running_one_is_not_forgotten(
    queue: JobQueue, layer: QgsRasterLayer, scene: Scene, long_request: JobRequest, hold: Hold, tmp_path: Path
) -> None:
    done = run(queue, request_of_layer(layer, str(scene.model), tmp_path / "map.tif", None))
    queue.retry(done.id)
    assert queue.jobs.job(done.id) == done
    running = start(queue, long_request, hold)
    queue.remove(running)
    assert queue.jobs.job(running) is not None
    queue.remove(done.id)
    assert queue.jobs.job(done.id) is None
    assert (tmp_path / "map.tif").exists()
