# SPDX-License-Identifier: GPL-2.0-or-later
"""Results that explain themselves: names, order, legend, comparison, scores, areas and report."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from osgeo import gdal
from qgis.core import (
    QgsLayerTreeLayer,
    QgsProject,
    QgsRasterLayer,
    QgsSettings,
    QgsSingleBandPseudoColorRenderer,
)
from qgis.PyQt.QtCore import QPoint, Qt
from qgis.PyQt.QtGui import QGuiApplication, QImage, QPainter
from qgis.PyQt.QtTest import QTest
from qgis.PyQt.QtWidgets import QFileDialog

from classify_pixels.inference.models import ModelClass
from classify_pixels.inference.raster import ClassCount, read_class_record
from classify_pixels.ui.panel import area_table
from classify_pixels.ui.panel.area_table import HECTARES, NAME, PIXELS, SHARE, AreaTable, areas_csv, hectares
from classify_pixels.ui.panel.job import Job, JobMessage, JobRequest, JobState
from classify_pixels.ui.panel.job_history import JobHistory
from classify_pixels.ui.panel.job_layer import layer_of_result, load_result
from classify_pixels.ui.panel.job_queue import JobQueue
from classify_pixels.ui.panel.job_report import report_of
from classify_pixels.ui.panel.job_title import title_of
from classify_pixels.ui.panel.job_view import AREAS, LOG, JobView

from ..runs import classify
from .scenes import CELL, VALUES, Scene

COUNTS = (
    ClassCount(ModelClass(1, "Water", (0, 0, 255)), 250, 25_000.0),
    ClassCount(ModelClass(2, '=HYPERLINK("x")', (0, 255, 0)), 750, 75_000.0),
    ClassCount(ModelClass(3, "Nothing", (9, 9, 9)), 0, 0.0),
)


@pytest.fixture
def layer(scene: Scene, project: QgsProject) -> QgsRasterLayer:
    layer = QgsRasterLayer(str(scene.raster), "Scene")
    project.addMapLayer(layer)
    return layer


@pytest.fixture
def output(scene: Scene, tmp_path: Path) -> Path:
    classify(scene.raster, scene.model, tmp_path / "classes.tif")
    return tmp_path / "classes.tif"


def job_of(scene: Scene, layer: QgsRasterLayer, output: Path, **more: Any) -> Job:
    request = JobRequest(str(scene.raster), "gdal", "Scene", str(scene.model), str(output), layer=layer.id())
    return Job(request, state=JobState.SUCCEEDED, progress=1.0, seconds=5, **more)


@pytest.fixture
def queue(tmp_path: Path) -> Iterator[JobQueue]:
    queue = JobQueue(JobHistory(tmp_path / "jobs"))
    yield queue
    queue.close()


def names_of(project: QgsProject) -> list[str]:
    return [node.name() for node in project.layerTreeRoot().children() if isinstance(node, QgsLayerTreeLayer)]


def test_newest_result_stands_above_older_ones_of_its_raster_with_an_open_legend(
    scene: Scene, layer: QgsRasterLayer, output: Path, project: QgsProject
) -> None:
    other = QgsRasterLayer(str(scene.raster), "Another raster")
    project.addMapLayer(other)
    for name in ("first", "second"):
        copy = output.with_name(f"{name}.tif")
        copy.write_bytes(output.read_bytes())
        job = job_of(scene, layer, copy, created=1e9 if name == "first" else 1.1e9)
        loaded = load_result(job, project)
        assert layer_of_result(job, project) is loaded
        assert project.layerTreeRoot().findLayer(loaded.id()).isExpanded()
    titles = names_of(project)
    assert [title.split(", ")[-1][:4] for title in titles[1:3]] == ["2004", "2001"]
    assert (titles[0], titles[3]) == ("Another raster", "Scene")
    assert titles[1].startswith("Scene – model – whole layer, ")


def test_jobs_are_named_by_raster_model_part_and_time() -> None:
    request = JobRequest("/a.tif", "gdal", "Scene", "/m/crops.emd", "/o.tif", extent={"xmin": 0})
    assert title_of(Job(request)).startswith("Scene – crops – part of the layer, 20")


def test_scores_are_shown_by_the_ramp_of_the_largest_one(
    scene: Scene, layer: QgsRasterLayer, tmp_path: Path, project: QgsProject
) -> None:
    scores = tmp_path / "scores.tif"
    classify(scene.raster, scene.model, scores, {"return_probability_raster": "true"})
    job = job_of(scene, layer, scores)
    loaded = load_result(job, project)
    assert loaded.isValid()
    assert isinstance(loaded.renderer(), QgsSingleBandPseudoColorRenderer)
    assert layer_of_result(job, project) is loaded
    pixels = gdal.Open(str(scores)).ReadAsArray()
    assert pixels.shape[0] == len(VALUES)
    expected = pixels.max(axis=0)
    extent, (height, width) = loaded.extent(), expected.shape
    block = loaded.dataProvider().block(1, extent, width, height)
    found = np.array([[block.value(row, column) for column in range(width)] for row in range(height)])
    valid = ~np.isnan(expected)
    np.testing.assert_allclose(found[valid], expected[valid], rtol=1e-6)
    picture = loaded.renderer().block(1, extent, width, height)
    alpha = np.array([[picture.color(row, column) >> 24 for column in range(width)] for row in range(height)])
    assert np.array_equal(alpha > 0, valid)
    shader = loaded.renderer().shader().rasterShaderFunction()
    assert shader.minimumValue() == pytest.approx(float(np.nanmin(expected)), rel=1e-5)
    assert shader.maximumValue() == pytest.approx(float(np.nanmax(expected)), rel=1e-5)


def test_dialog_names_and_styles_the_scores_after_the_run(
    plugin: Any, project: QgsProject, scene: Scene, tmp_path: Path
) -> None:
    import processing

    from .command import ALGORITHM
    from .log import Log

    files = {name: str(tmp_path / f"{name.lower()}.tif") for name in ("OUTPUT", "OUTPUT_PROBABILITY")}
    log = Log()
    processing.runAndLoadResults(
        ALGORITHM, {"INPUT": str(scene.raster), "MODEL": str(scene.model), **files}, feedback=log
    )
    loaded = {each.name(): each for each in project.mapLayers().values()}
    [scores] = [each for name, each in loaded.items() if name.endswith(": scores")]
    assert scores.name().startswith("scene – model – whole layer, ")
    assert isinstance(scores.renderer(), QgsSingleBandPseudoColorRenderer)
    nodes = project.layerTreeRoot().findLayers()
    assert len(nodes) == 2
    assert all(node.isExpanded() for node in nodes)


# --- comparison ---------------------------------------------------------------------------------------


def test_slider_and_button_compare_the_result_with_its_raster(
    scene: Scene, layer: QgsRasterLayer, output: Path, project: QgsProject, queue: JobQueue
) -> None:
    view = JobView(queue)
    view.resize(420, 500)
    view.show()
    job = job_of(scene, layer, output)
    queue.jobs.put(job)
    assert not view.compare.opacity.isEnabled()
    loaded = load_result(job, project)
    assert view.compare.opacity.isEnabled()
    view.compare.opacity.setFocus()
    for _ in range(3):
        QTest.keyClick(view.compare.opacity, Qt.Key.Key_PageDown)
    assert loaded.opacity() == pytest.approx(0.7)
    node = project.layerTreeRoot().findLayer(loaded.id())
    QTest.mouseClick(view.compare.toggle, Qt.MouseButton.LeftButton)
    assert not node.itemVisibilityChecked()
    QTest.mouseClick(view.compare.toggle, Qt.MouseButton.LeftButton)
    assert node.itemVisibilityChecked()
    project.removeMapLayer(loaded.id())
    assert not view.compare.toggle.isEnabled()
    view.close()


# --- areas --------------------------------------------------------------------------------------------


def test_areas_of_a_result_equal_its_pixels(scene: Scene, layer: QgsRasterLayer, output: Path, queue: JobQueue) -> None:
    view = JobView(queue)
    queue.jobs.put(job_of(scene, layer, output))
    assert view.tabs.currentIndex() == AREAS
    valid = scene.classes.copy()
    valid[scene.hole] = -1
    table = view.areas.table
    found = {table.item(row, NAME).text(): table.item(row, PIXELS).text() for row in range(table.rowCount())}
    pixels = {f"class {value}": int(np.count_nonzero(valid == value)) for value in VALUES}
    assert {name: int(text.replace("\u202f", "")) for name, text in found.items()} == pixels
    shown = {table.item(row, NAME).text(): table.item(row, HECTARES).text() for row in range(table.rowCount())}
    # Cells of the projection, on the central meridian up to its scale factor.
    for name, text in shown.items():
        assert float(text) == pytest.approx(pixels[name] * CELL**2 / 1e4, rel=2e-3)


def test_warned_result_shows_its_log_first(scene: Scene, layer: QgsRasterLayer, output: Path, queue: JobQueue) -> None:
    view = JobView(queue)
    queue.jobs.put(job_of(scene, layer, output, messages=(JobMessage("Odd", "warning"),)))
    assert view.tabs.currentIndex() == LOG
    assert view.tabs.isTabEnabled(AREAS)
    queue.jobs.put(Job(JobRequest(*"abcde"), state=JobState.FAILED))
    assert not view.tabs.isTabEnabled(AREAS)


def test_table_is_copied_saved_and_drawn(tmp_path: Path, plugin: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    table = AreaTable()
    table.resize(500, 200)
    table.show_counts(COUNTS, "classes")
    table.show()
    assert table.table.item(0, SHARE).text() == "75.0 %"
    QTest.mouseClick(table.copy, Qt.MouseButton.LeftButton)
    lines = QGuiApplication.clipboard().text().splitlines()
    assert lines[0].split("\t")[1:4] == ["Class", "Pixels", "Hectares"]
    assert lines[2].split("\t") == ["1", "Water", "250", "2.5", "25.0000"]
    path = tmp_path / "areas.csv"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(path), ""))
    QTest.mouseClick(table.save, Qt.MouseButton.LeftButton)
    QgsSettings().remove(area_table.LAST_FOLDER)
    rows = list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8"))))
    assert [row["pixels"] for row in rows] == ["750", "250", "0"]
    assert sum(float(row["share_percent"]) for row in rows) == pytest.approx(100)
    # Not a formula.
    assert rows[0]["class"].startswith("'=")
    picture = QImage(table.size(), QImage.Format.Format_RGB32)
    painter = QPainter(picture)
    table.render(painter, QPoint())
    painter.end()
    colors = {picture.pixelColor(x, y).name() for x in range(0, picture.width(), 2) for y in range(picture.height())}
    assert {"#0000ff", "#00ff00"} <= colors
    table.close()


def test_unknown_areas_have_no_column(plugin: Any) -> None:
    table = AreaTable()
    table.show_counts([ClassCount(ModelClass(1, "Water", (0, 0, 255)), 5, None)], "x")
    assert table.table.isColumnHidden(HECTARES)
    assert ",,100" in areas_csv(table.counts)
    assert (hectares(None), hectares(12_345_678.0), hectares(25.0)) == ("-", "1\u202f235", "0.0025")


def test_report_of_a_job_has_warnings_areas_and_log(scene: Scene, layer: QgsRasterLayer, output: Path) -> None:
    messages = (JobMessage("<b>one</b>"), JobMessage("Values do not match.", "warning"))
    page = report_of(job_of(scene, layer, output, messages=messages), read_class_record(str(output)))
    for text in ("Values do not match.", "&lt;b&gt;one", "class 4", "<svg", "Finished with warnings"):
        assert text in page
    failed = Job(JobRequest(*"abcde"), state=JobState.FAILED, messages=(JobMessage("It broke.", "error"),))
    page = report_of(failed, read_class_record("none"))
    assert "It broke." in page
    assert "<svg" not in page


def test_log_of_a_run_names_areas_in_readable_units(run: Any, scene: Scene, tmp_path: Path) -> None:
    from .log import Log

    log = Log()
    run(feedback=log, INPUT=str(scene.raster), MODEL=str(scene.model), OUTPUT=str(tmp_path / "map.tif"))
    assert any(" ha, " in line and "pixels)" in line for line in log.lines)
