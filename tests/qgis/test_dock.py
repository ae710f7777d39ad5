# SPDX-License-Identifier: GPL-2.0-or-later
"""The form of the panel: its choices, and the resulting request."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from qgis.core import QgsCoordinateReferenceSystem, QgsProject, QgsRasterLayer, QgsRectangle, QgsSettings
from qgis.gui import QgsMapCanvas
from qgis.PyQt.QtCore import QSize

from classify_pixels.ui.panel.dock_body import last_error
from classify_pixels.ui.panel.dock_form import FOLDER, DockForm
from classify_pixels.ui.panel.job import Job, JobMessage, JobRequest
from classify_pixels.ui.panel.job_request import read_job_request
from classify_pixels.ui.panel.model_library import ModelLibrary

from ..servers import TileServer
from ..servers.tiles import SIZE
from .scenes import Scene

WORLD = "EPSG:3857"


@pytest.fixture
def canvas(project: QgsProject) -> QgsMapCanvas:
    canvas = QgsMapCanvas()
    canvas.resize(QSize(400, 300))
    canvas.setDestinationCrs(QgsCoordinateReferenceSystem(WORLD))
    canvas.setExtent(QgsRectangle(0, 0, 4000, 3000))
    return canvas


@pytest.fixture
def form(canvas: QgsMapCanvas, tmp_path: Path) -> Iterator[DockForm]:
    QgsSettings().remove(FOLDER)
    yield DockForm(ModelLibrary(tmp_path / "models.json"), canvas, set)
    QgsSettings().remove(FOLDER)


@pytest.fixture
def layer(scene: Scene, project: QgsProject) -> QgsRasterLayer:
    layer = QgsRasterLayer(str(scene.raster), "My scene")
    project.addMapLayer(layer)
    return layer


def test_nothing_can_be_asked_for_without_raster_and_model(form: DockForm, scene: Scene) -> None:
    assert not form.visible_extent.isEnabled()
    form.models.choose(str(scene.model))
    assert not form.visible_extent.isEnabled()
    assert form.request(whole=True) is None


def test_raster_and_model_make_a_request(form: DockForm, layer: QgsRasterLayer, scene: Scene) -> None:
    asked: list[JobRequest] = []
    form.asked.connect(asked.append)
    form.models.choose(str(scene.model))
    form.raster.setLayer(layer)
    form.whole_layer.click()
    [request] = asked
    assert (request.raster, request.layer, request.model) == ("My scene", layer.id(), str(scene.model))
    assert (request.extent, request.cell_size) == (None, None)
    assert Path(request.output) == scene.folder / "My_scene_model.tif"


def test_visible_extent_is_that_of_the_map_in_its_crs(
    form: DockForm, layer: QgsRasterLayer, scene: Scene, canvas: QgsMapCanvas
) -> None:
    asked: list[JobRequest] = []
    form.asked.connect(asked.append)
    form.models.choose(str(scene.model))
    form.visible_extent.click()
    extent = canvas.extent()
    read = read_job_request(asked[0]).environment.extent
    assert read.bounds == (extent.xMinimum(), extent.yMinimum(), extent.xMaximum(), extent.yMaximum())
    assert QgsCoordinateReferenceSystem.fromWkt(read.crs) == QgsCoordinateReferenceSystem(WORLD)


def test_result_goes_into_the_chosen_folder_which_is_remembered(
    form: DockForm, layer: QgsRasterLayer, scene: Scene, tmp_path: Path, canvas: QgsMapCanvas
) -> None:
    form.models.choose(str(scene.model))
    form.folder.setFilePath(str(tmp_path))
    assert Path(form.request(whole=True).output).parent == tmp_path
    another = DockForm(ModelLibrary(tmp_path / "models.json"), canvas, set)
    assert another.folder.filePath() == str(tmp_path)


def test_result_goes_beside_the_project_where_it_has_a_file(
    form: DockForm, layer: QgsRasterLayer, scene: Scene, tmp_path: Path, project: QgsProject
) -> None:
    form.models.choose(str(scene.model))
    project.setFileName(str(tmp_path / "project.qgz"))
    assert Path(form.request(whole=True).output).parent == tmp_path


def test_output_of_another_job_is_left_to_it(
    canvas: QgsMapCanvas, layer: QgsRasterLayer, scene: Scene, tmp_path: Path
) -> None:
    taken = {str(scene.folder / "My_scene_model.tif")}
    form = DockForm(ModelLibrary(tmp_path / "models.json"), canvas, lambda: taken)
    form.models.choose(str(scene.model))
    assert Path(form.request(whole=True).output).name == "My_scene_model_2.tif"


def test_web_map_is_classified_where_it_is_visible_only(
    form: DockForm, scene: Scene, project: QgsProject, canvas: QgsMapCanvas
) -> None:
    with TileServer(np.zeros((4, SIZE, SIZE), np.uint8)) as server:
        layer = QgsRasterLayer(server.xyz, "Web map", "wms")
        project.addMapLayer(layer)
        form.models.choose(str(scene.model))
        form.raster.setLayer(layer)
        assert form.visible_extent.isEnabled()
        assert not form.whole_layer.isEnabled()
        assert form.whole_layer.toolTip()
        request = form.request(whole=False)
    assert request.cell_size == pytest.approx(canvas.mapUnitsPerPixel())
    assert request.provider == "wms"


def test_options_are_those_of_the_dialog(form: DockForm, layer: QgsRasterLayer, scene: Scene) -> None:
    asked: list[dict[str, Any]] = []
    form.options_asked.connect(asked.append)
    form.models.choose(str(scene.model))
    form.options.click()
    assert asked == [{"INPUT": layer.id(), "MODEL": str(scene.model)}]


def test_removed_layer_disables_the_buttons(
    form: DockForm, layer: QgsRasterLayer, scene: Scene, project: QgsProject
) -> None:
    form.models.choose(str(scene.model))
    assert form.whole_layer.isEnabled()
    project.removeMapLayer(layer.id())
    assert form.layer is None
    assert not form.whole_layer.isEnabled()


def test_last_error_is_the_one_that_is_told() -> None:
    job = Job(JobRequest(*"abcde"), messages=(JobMessage("one", "error"), JobMessage("two", "error"), JobMessage("x")))
    assert last_error(job) == "two"
    assert last_error(Job(JobRequest(*"abcde")))
