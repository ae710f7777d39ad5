# SPDX-License-Identifier: GPL-2.0-or-later
"""The panel's form: layers, settings of a model, area, sample, dropped models, and the permission for code."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from osgeo import gdal
from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsProject,
    QgsRasterLayer,
    QgsRectangle,
    QgsSettings,
)
from qgis.gui import QgsMapCanvas
from qgis.PyQt.QtCore import QMimeData, QSize, Qt, QUrl
from qgis.PyQt.QtTest import QTest
from qgis.PyQt.QtWidgets import QMessageBox

from classify_pixels.inference import SilentProgress
from classify_pixels.inference.run.classification import classify_pixels
from classify_pixels.plugin_support.locations import PLUGIN
from classify_pixels.plugin_support.user_settings import ALLOWED_FUNCTIONS_SETTING, allowed_functions
from classify_pixels.ui.dialog.allow_code import allow, permission_box
from classify_pixels.ui.dialog.model_answer import Answer, Question, answer_to
from classify_pixels.ui.panel.dock_form import FOLDER, DockForm
from classify_pixels.ui.panel.drops import ModelDrop, dropped_models
from classify_pixels.ui.panel.job import Job, read_job, write_job
from classify_pixels.ui.panel.job_request import read_job_request
from classify_pixels.ui.panel.model_library import ModelLibrary

from ..raster_functions import simple_function, write_model
from .event_loop import wait_until
from .scenes import Scene, write_raster

UTM = "EPSG:32633"


@pytest.fixture
def canvas(project: QgsProject) -> QgsMapCanvas:
    canvas = QgsMapCanvas()
    canvas.resize(QSize(400, 300))
    canvas.setDestinationCrs(QgsCoordinateReferenceSystem(UTM))
    canvas.setExtent(QgsRectangle(500_000, 5_399_000, 501_000, 5_400_000))
    return canvas


@pytest.fixture
def form(canvas: QgsMapCanvas, tmp_path: Path) -> Iterator[DockForm]:
    QgsSettings().remove(FOLDER)
    form = DockForm(ModelLibrary(tmp_path / "models.json"), canvas, set)
    yield form
    form.preview.close()


@pytest.fixture
def layers(scene: Scene, project: QgsProject) -> list[QgsRasterLayer]:
    made = [QgsRasterLayer(str(scene.raster), name) for name in ("A", "B", "C")]
    project.addMapLayers(made)
    return made


# --- layers and area ------------------------------------------------------------------------------


def test_layers_of_the_menu_are_asked_for_together_into_files_of_their_own(
    form: DockForm, layers: list[QgsRasterLayer], scene: Scene
) -> None:
    asked: list[Any] = []
    form.asked.connect(asked.append)
    form.models.choose(str(scene.model))
    form.raster.setLayer(layers[0])
    form.choice.fill_menu()
    entries = [entry for entry in form.choice.more.menu().actions() if entry.isCheckable()]
    assert [entry.text() for entry in entries] == ["B", "C"]
    entries[1].trigger()
    QTest.mouseClick(form.whole_layer, Qt.MouseButton.LeftButton)
    assert [request.raster for request in asked] == ["A", "C"]
    assert len({request.output for request in asked}) == 2


def test_layers_of_the_same_name_get_files_of_their_own(
    form: DockForm, layers: list[QgsRasterLayer], scene: Scene
) -> None:
    for layer in layers:
        layer.setName("Same")
    form.models.choose(str(scene.model))
    form.choice.choose(layers)
    assert len({request.output for request in form.requests(whole=True)}) == 3


def test_removed_layer_is_no_longer_asked_for(
    form: DockForm, layers: list[QgsRasterLayer], scene: Scene, project: QgsProject
) -> None:
    form.models.choose(str(scene.model))
    form.choice.choose(layers)
    project.removeMapLayer(layers[1].id())
    assert [request.raster for request in form.requests(whole=True)] == ["A", "C"]


def test_area_is_asked_for_in_its_crs(form: DockForm, layers: list[QgsRasterLayer], scene: Scene) -> None:
    asked: list[Any] = []
    form.asked.connect(asked.append)
    form.models.choose(str(scene.model))
    assert not form.area_button.isEnabled()
    area = QgsRectangle(500_100, 5_399_500, 500_300, 5_399_700)
    form.area.setOutputExtentFromUser(area, QgsCoordinateReferenceSystem(UTM))
    QTest.mouseClick(form.area_button, Qt.MouseButton.LeftButton)
    read = read_job_request(asked[0]).environment.extent
    assert read.bounds == (area.xMinimum(), area.yMinimum(), area.xMaximum(), area.yMaximum())
    assert QgsCoordinateReferenceSystem.fromWkt(read.crs) == QgsCoordinateReferenceSystem(UTM)


# --- settings -------------------------------------------------------------------------------------


def test_settings_reach_the_run_and_are_kept_with_their_model(
    form: DockForm, layers: list[QgsRasterLayer], scene: Scene, canvas: QgsMapCanvas, tmp_path: Path
) -> None:
    form.models.choose(str(scene.model))
    wait_until(lambda: form.settings.bands.rowCount() == 2 and form.settings.bands.cellWidget(0, 1) is not None)
    QTest.keyClicks(form.settings.scale, "0.5")
    form.settings.bands.cellWidget(0, 1).setCurrentIndex(2)
    table = form.settings.arguments
    row = next(row for row in range(table.rowCount()) if table.token(row) == "batch_size")
    table.item(row, 1).setText("2")
    expected = {"INPUT_SCALE": "0.5", "BAND_MAPPING": "1=2", "MODEL_ARGUMENTS": "batch_size 2"}
    request = form.request(whole=True)
    assert request.settings == expected
    read = read_job_request(request)
    assert read.input_scale == (0.5,)
    assert dict(read.arguments.texts) == {"batch_size": "2"}
    assert read_job(write_job(Job(request))).request.settings == expected
    form.models.choose(str(scene.network))
    assert form.request(whole=True).settings == {}
    again = DockForm(ModelLibrary(tmp_path / "models.json"), canvas, set)
    again.models.choose(str(scene.model))
    assert again.request(whole=True).settings == expected
    wait_until(lambda: again.settings.bands.rowCount() == 2 and again.settings.bands.cellWidget(0, 1) is not None)
    assert again.settings.scale.text() == "0.5"
    assert again.settings.bands.cellWidget(0, 1).currentData() == 2


def test_settings_go_into_the_dialog_of_all_options(form: DockForm, layers: list[QgsRasterLayer], scene: Scene) -> None:
    asked: list[dict[str, Any]] = []
    form.options_asked.connect(asked.append)
    form.models.choose(str(scene.model))
    QTest.keyClicks(form.settings.offset, "3")
    form.options.click()
    assert asked[0]["INPUT_OFFSET"] == "3"


def test_text_that_is_no_number_is_marked_with_the_reason(form: DockForm) -> None:
    QTest.keyClicks(form.settings.scale, "x")
    assert form.settings.scale.styleSheet()
    assert "x" in form.settings.scale.toolTip()


# --- sample and drops -----------------------------------------------------------------------------


def test_sample_is_loaded_by_a_click_and_written_elsewhere(form: DockForm, canvas: QgsMapCanvas) -> None:
    assert not form.sample.isHidden()
    QTest.mouseClick(form.sample, Qt.MouseButton.LeftButton)
    assert form.layer is not None
    assert Path(form.models.path).suffix == ".dlpk"
    assert form.whole_layer.isEnabled()
    assert form.sample.isHidden()
    shown = QgsCoordinateTransform(form.layer.crs(), canvas.mapSettings().destinationCrs(), QgsProject.instance())
    assert canvas.extent().contains(shown.transformBoundingBox(form.layer.extent()))
    assert PLUGIN not in Path(form.request(whole=True).output).parents
    form.load_sample()
    assert len(QgsProject.instance().mapLayers()) == 1


def test_drop_takes_models_only(tmp_path: Path) -> None:
    taken: list[str] = []
    handler = ModelDrop(taken.append)
    names = ["a.dlpk", "b.EMD", "c.onnx", "d.pth", "e.tif", "f.json", "g.geojson", "h"]
    assert [handler.handleFileDrop(name) for name in names] == [True] * 4 + [False] * 4
    assert taken == names[:4]
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(tmp_path / name)) for name in names] + [QUrl("http://127.0.0.1/m.onnx")])
    assert [Path(path).name for path in dropped_models(data)] == names[:4]


# --- code -----------------------------------------------------------------------------------------


@pytest.fixture
def _no_functions(plugin: Any) -> Iterator[None]:
    yield
    QgsSettings().remove(ALLOWED_FUNCTIONS_SETTING)


@pytest.mark.usefixtures("_no_functions")
def test_code_is_blocked_until_it_is_allowed_and_again_when_it_changes(tmp_path: Path) -> None:
    model = write_model(tmp_path / "code", simple_function())
    answer = answer_to(Question(str(model), packages=tmp_path / "cache"))
    assert answer.blocked is not None
    box = permission_box(answer, None)
    assert box.defaultButton() is box.button(QMessageBox.StandardButton.No)
    assert "Blurring.py" in box.informativeText()
    fingerprint = str(answer.blocked.values["fingerprint"])
    assert fingerprint in box.detailedText()
    allow(fingerprint)
    allow(fingerprint)
    assert list(allowed_functions()) == [fingerprint]
    assert answer_to(Question(str(model), packages=tmp_path / "cache")).blocked is None
    (tmp_path / "code" / "Blurring.py").write_text(simple_function("np.zeros(shape, 'i4') + 7"))
    assert answer_to(Question(str(model), packages=tmp_path / "cache")).blocked is not None


@pytest.mark.usefixtures("_no_functions")
def test_markup_of_a_model_is_shown_as_text_in_the_question(tmp_path: Path) -> None:
    model = write_model(tmp_path / "code", simple_function(), ModelName="<b>Trust me</b>")
    box = permission_box(answer_to(Question(str(model), packages=tmp_path / "cache")), None)
    assert "<b>" not in box.text() + box.informativeText()


def test_nothing_is_asked_about_a_model_without_code() -> None:
    assert Answer().blocked is None


# --- preview --------------------------------------------------------------------------------------


def test_preview_follows_the_map_and_the_settings_and_is_removed(
    form: DockForm, layers: list[QgsRasterLayer], scene: Scene, canvas: QgsMapCanvas, tmp_path: Path
) -> None:
    form.models.choose(str(scene.model))
    form.preview_button.click()
    wait_until(lambda: form.preview._shown is not None)
    overlay = form.preview.overlay
    assert overlay.isVisible()
    expected = np.where(mask_of(scene), scene.classes, overlay.preview.no_data)
    assert np.array_equal(overlay.preview.values, expected)
    first = form.preview._shown
    form.settings.offset.setFocus()
    QTest.keyClicks(form.settings.offset, "90")
    wait_until(lambda: form.preview._shown not in (None, first))
    assert not np.array_equal(overlay.preview.values, expected)
    canvas.setExtent(QgsRectangle(0, 0, 10, 10))
    wait_until(lambda: form.preview._shown is None and not form.preview.is_busy)
    assert not overlay.isVisible()
    assert form.preview_text.text()
    form.preview_button.click()
    assert overlay not in canvas.scene().items()
    assert form.preview._session is None


def type_cell_size(form: DockForm, text: str) -> None:
    form.settings.setCollapsed(False)
    form.settings.cell_size.clear()
    QTest.keyClicks(form.settings.cell_size, text)


def test_cell_size_reaches_checks_run_and_dialog_and_is_remembered_per_model(
    form: DockForm, layers: list[QgsRasterLayer], scene: Scene, tmp_path: Path
) -> None:
    asked: list[dict[str, Any]] = []
    form.options_asked.connect(asked.append)
    form.models.choose(str(scene.model))
    form.raster.setLayer(layers[0])
    wait_until(lambda: form.models.library.has(str(scene.model)))
    type_cell_size(form, "20")
    wait_until(lambda: form.checks.result is not None and form.checks.result.size is not None)
    assert (form.checks.result.size.columns, form.checks.result.size.rows) == (55, 45)
    request = form.request(whole=True)
    assert read_job(write_job(Job(request))).request == request
    assert read_job_request(request).environment.cell_size == (20, 20)
    form.options.click()
    assert asked[0]["CELL_SIZE"] == "20"
    assert ModelLibrary(tmp_path / "models.json").model(str(scene.model)).settings == {"CELL_SIZE": "20"}
    other = tmp_path / "other.emd"
    other.write_bytes(scene.model.read_bytes())
    form.models.choose(str(other))
    assert form.settings.cell_size.text() == ""
    form.models.choose(str(scene.model))
    assert form.settings.cell_size.text() == "20"
    for wrong in ("-5", "no raster"):
        type_cell_size(form, wrong)
        wait_until(lambda: form.checks.result is not None and form.checks.blocked)
        assert not form.whole_layer.isEnabled()


def test_raster_gives_its_cell_size(form: DockForm, layers: list[QgsRasterLayer], scene: Scene, tmp_path: Path) -> None:
    coarse = gdal.Translate(str(tmp_path / "coarse.tif"), str(scene.raster), xRes=30, yRes=30)
    del coarse
    form.models.choose(str(scene.model))
    form.raster.setLayer(layers[0])
    type_cell_size(form, str(tmp_path / "coarse.tif"))
    assert read_job_request(form.request(whole=True)).environment.cell_size == (30, 30)


@pytest.mark.parametrize("size", ["20", "4", '{"x": 20, "y": 15}'])
def test_preview_with_a_cell_size_has_the_pixels_of_the_run(
    form: DockForm, layers: list[QgsRasterLayer], scene: Scene, tmp_path: Path, size: str
) -> None:
    form.models.choose(str(scene.model))
    form.raster.setLayer(layers[0])
    type_cell_size(form, size)
    form.preview_button.click()
    wait_until(lambda: form.preview._shown is not None)
    preview = form.preview.overlay.preview
    request = replace(read_job_request(form.request(whole=True)), output=tmp_path / "whole.tif")
    classify_pixels(request, SilentProgress())
    whole = gdal.Open(str(request.output))
    x, width, _, y, _, height = whole.GetGeoTransform()
    column = round((preview.grid.origin[0] - x) / width)
    row = round((preview.grid.origin[1] - y) / height)
    assert preview.grid.cell_size == pytest.approx((width, -height))
    assert max(preview.values.shape) <= 512
    rows, columns = preview.values.shape
    values = whole.ReadAsArray()[row : row + rows, column : column + columns]
    np.testing.assert_array_equal(preview.values, values)


def mask_of(scene: Scene) -> np.ndarray:
    valid = np.ones(scene.classes.shape, bool)
    valid[scene.hole] = False
    return valid


def test_failed_preview_says_why(form: DockForm, project: QgsProject, scene: Scene, tmp_path: Path) -> None:
    single = write_raster(tmp_path / "single.tif", np.ones((1, 20, 20), np.uint8))
    project.addMapLayer(QgsRasterLayer(str(single), "Single"))
    form.models.choose(str(scene.model))
    form._canvas.setExtent(project.mapLayersByName("Single")[0].extent())
    form.preview_button.click()
    wait_until(lambda: "Single" in form.preview_text.text() or "single" in form.preview_text.text())
    assert not form.preview.overlay.isVisible()


@pytest.mark.parametrize("crs", [UTM, "EPSG:3857", "EPSG:4326"])
def test_preview_lies_where_the_raster_is_drawn(
    crs: str, form: DockForm, project: QgsProject, scene: Scene, canvas: QgsMapCanvas
) -> None:
    """The independent route is QGIS's own drawing of a raster whose cells have the colours of the preview."""
    from qgis.core import QgsMapRendererParallelJob

    layer = QgsRasterLayer(str(scene.raster), "A")
    project.addMapLayer(layer)
    canvas.setDestinationCrs(QgsCoordinateReferenceSystem(crs))
    from classify_pixels.ui.panel.sample import zoom_to

    zoom_to(canvas, layer)
    form.models.choose(str(scene.model))
    form.preview_button.click()
    wait_until(lambda: form.preview._shown is not None)
    overlay = form.preview.overlay
    settings = canvas.mapSettings()
    settings.setLayers([layer])
    job = QgsMapRendererParallelJob(settings)
    job.start()
    job.waitForFinished()
    drawn = job.renderedImage()
    hole = overlay.boundingRect()
    inside = [
        (x, y)
        for x in range(0, drawn.width(), 2)
        for y in range(0, drawn.height(), 2)
        if drawn.pixelColor(x, y).name() != "#ffffff"
    ]
    left, right = min(x for x, _ in inside), max(x for x, _ in inside)
    top, bottom = min(y for _, y in inside), max(y for _, y in inside)
    assert (hole.left() + 2, hole.top() + 2) == pytest.approx((left, top), abs=3)
    assert (hole.right() - 2, hole.bottom() - 2) == pytest.approx((right, bottom), abs=3)
