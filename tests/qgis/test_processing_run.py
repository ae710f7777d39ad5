# SPDX-License-Identifier: GPL-2.0-or-later
"""The algorithm within QGIS: forms of the input, the extent and the output."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from osgeo import gdal
from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsProcessingException,
    QgsProject,
    QgsProperty,
    QgsRasterLayer,
    QgsRasterRange,
    QgsRectangle,
    QgsReferencedRectangle,
)

from ..networks import class_definition, pointwise_network, pointwise_weights
from .log import Log
from .scenes import CELL, ORIGIN, VALUES, Scene, assert_is_map_of, read_no_data, read_pixels, snapshot

# --- forms of the input -------------------------------------------------------------------------------


def test_path(run: Any, scene: Scene, tmp_path: Path) -> None:
    run(INPUT=str(scene.raster), MODEL=str(scene.model), OUTPUT=str(tmp_path / "out.tif"))
    assert_is_map_of(tmp_path / "out.tif", scene)


def test_layer(run: Any, scene: Scene, layer: QgsRasterLayer, tmp_path: Path) -> None:
    run(INPUT=layer, MODEL=str(scene.model), OUTPUT=str(tmp_path / "out.tif"))
    assert_is_map_of(tmp_path / "out.tif", scene)


@pytest.mark.parametrize("reference", [QgsRasterLayer.id, QgsRasterLayer.name, QgsRasterLayer.source])
def test_id_name_and_source_of_a_layer_in_the_project(
    reference: Any, run: Any, scene: Scene, layer: QgsRasterLayer, project: QgsProject, tmp_path: Path
) -> None:
    project.addMapLayer(layer)
    run(INPUT=reference(layer), MODEL=str(scene.model), OUTPUT=str(tmp_path / "out.tif"))
    assert_is_map_of(tmp_path / "out.tif", scene)


def test_expression(run: Any, scene: Scene, tmp_path: Path) -> None:
    path = QgsProperty.fromExpression(f"concat('{scene.folder}', '/', 'scene.tif')")
    arguments = QgsProperty.fromExpression("'batch_size ' || (1 + 1)")
    log = Log()
    run(log, INPUT=path, MODEL=str(scene.model), MODEL_ARGUMENTS=arguments, OUTPUT=str(tmp_path / "out.tif"))
    assert_is_map_of(tmp_path / "out.tif", scene)
    assert any("batches of 2" in line for line in log.lines)


@pytest.mark.parametrize("name", ["INPUT_SCALE", "MODEL_ARGUMENTS", "MASK", "EXTENT", "OUTPUT_POLYGONS"])
@pytest.mark.parametrize("expression", ["nosuch(1", "@misspelt", '"no_field"', "1 / 0", "NULL"])
def test_an_expression_without_a_value_is_no_default(
    expression: str, name: str, run: Any, scene: Scene, tmp_path: Path
) -> None:
    given = {name: QgsProperty.fromExpression(expression)}
    with pytest.raises(QgsProcessingException, match=name):
        run(INPUT=str(scene.raster), MODEL=str(scene.model), OUTPUT=str(tmp_path / "out.tif"), **given)
    assert not list(tmp_path.iterdir())


def test_subdataset_as_name_and_as_layer(run: Any, scene: Scene, tmp_path: Path) -> None:
    container = tmp_path / "two.gpkg"
    for band, table in enumerate(("first", "second"), start=1):
        options = ["APPEND_SUBDATASET=YES", f"RASTER_TABLE={table}", "TILE_FORMAT=PNG"]
        gdal.Translate(str(container), str(scene.raster), format="GPKG", bandList=[band], creationOptions=options)
    network = pointwise_network(tmp_path / "grey.onnx", bands=1, channels=3, seed=4)
    matrix, bias = pointwise_weights(bands=1, channels=3, seed=4)
    second = gdal.Open(str(scene.raster)).ReadAsArray()[1].astype(np.float32)
    expected = np.array(VALUES)[(matrix[:, :, None] * second + bias[:, None, None]).argmax(axis=0)]
    model = class_definition(network, bands=1, values=VALUES, tile=64)
    name = f"GPKG:{container}:second"
    for given in (name, QgsRasterLayer(name, "second")):
        run(INPUT=given, MODEL=model, OUTPUT=str(tmp_path / "out.tif"))
        np.testing.assert_array_equal(read_pixels(tmp_path / "out.tif")[second > 0], expected[second > 0])


def test_user_no_data_of_a_layer_is_added_to_the_files(
    run: Any, scene: Scene, layer: QgsRasterLayer, tmp_path: Path
) -> None:
    pixels = gdal.Open(str(scene.raster)).ReadAsArray()
    for band in (1, 2):
        layer.dataProvider().setUserNoDataValue(band, [QgsRasterRange(50, 150)])
    run(INPUT=layer, MODEL=str(scene.model), OUTPUT=str(tmp_path / "out.tif"))
    found, no_data = read_pixels(tmp_path / "out.tif"), read_no_data(tmp_path / "out.tif")
    invalid = ((pixels >= 50) & (pixels <= 150)) | (pixels == 0)
    np.testing.assert_array_equal(found == no_data, invalid.any(axis=0))
    assert 0.5 < invalid.any(axis=0).mean() < 0.9


def test_layer_of_another_provider_is_refused(run: Any, scene: Scene, tmp_path: Path) -> None:
    tiles = QgsRasterLayer("type=xyz&url=http://127.0.0.1:9/{z}/{x}/{y}.png", "Tiles", "wms")
    assert tiles.isValid()
    with pytest.raises(QgsProcessingException, match="The layer Tiles has no cell size"):
        run(INPUT=tiles, MODEL=str(scene.model), OUTPUT=str(tmp_path / "out.tif"))
    assert not list(tmp_path.iterdir())


def test_model_and_arguments_as_dictionaries(run: Any, scene: Scene, tmp_path: Path) -> None:
    log = Log()
    arguments = {"batch_size": 2, "tile_size": "32"}
    outputs = run(
        log,
        INPUT=str(scene.raster),
        MODEL=scene.definition,
        MODEL_ARGUMENTS=arguments,
        OUTPUT=str(tmp_path / "out.tif"),
    )
    assert_is_map_of(tmp_path / "out.tif", scene)
    assert outputs["TILE_SIZE"] == 32
    assert any("batches of 2" in line for line in log.lines)


def test_model_as_a_path_object(run: Any, scene: Scene, tmp_path: Path) -> None:
    run(INPUT=scene.raster, MODEL=scene.model, OUTPUT=str(tmp_path / "out.tif"))
    assert_is_map_of(tmp_path / "out.tif", scene)


# Columns 20 to 60 and rows 30 to 50 of the scene.
BOX = (ORIGIN[0] + 20 * CELL, ORIGIN[1] - 50 * CELL, ORIGIN[0] + 60 * CELL, ORIGIN[1] - 30 * CELL)


def _esri_box() -> dict[str, Any]:
    return {**dict(zip(("xmin", "ymin", "xmax", "ymax"), BOX)), "spatialReference": {"wkid": 32633}}


EXTENTS: dict[str, Callable[[], Any]] = {
    "rectangle": lambda: QgsRectangle(*BOX),
    "referenced": lambda: QgsReferencedRectangle(QgsRectangle(*BOX), QgsCoordinateReferenceSystem("EPSG:32633")),
    "dictionary": _esri_box,
    "json": lambda: json.dumps(_esri_box()),
    "wkt of the crs": lambda: {
        **_esri_box(),
        "spatialReference": {"wkt": QgsCoordinateReferenceSystem("EPSG:32633").toWkt()},
    },
    "text without a crs": lambda: f"{BOX[0]},{BOX[2]},{BOX[1]},{BOX[3]}",
}


@pytest.mark.parametrize("extent", list(EXTENTS))
def test_every_form_of_the_extent(extent: str, run: Any, scene: Scene, tmp_path: Path) -> None:
    value = EXTENTS[extent]()
    run(INPUT=str(scene.raster), MODEL=str(scene.model), EXTENT=value, OUTPUT=str(tmp_path / "out.tif"))
    np.testing.assert_array_equal(read_pixels(tmp_path / "out.tif"), scene.classes[30:50, 20:60])


def test_layer_as_extent(run: Any, scene: Scene, project: QgsProject, tmp_path: Path) -> None:
    cropped = gdal.Translate(str(tmp_path / "part.tif"), str(scene.raster), srcWin=[20, 30, 40, 20])
    del cropped
    part = QgsRasterLayer(str(tmp_path / "part.tif"), "part")
    project.addMapLayer(part)
    run(INPUT=str(scene.raster), MODEL=str(scene.model), EXTENT=part.id(), OUTPUT=str(tmp_path / "out.tif"))
    np.testing.assert_array_equal(read_pixels(tmp_path / "out.tif"), scene.classes[30:50, 20:60])


def test_output_is_told_as_it_was_asked_for(run: Any, scene: Scene, tmp_path: Path) -> None:
    # On Windows QGIS writes forward slashes, which a Path reverses: layers are found by the text.
    output = f"{tmp_path}/./out.tif"
    assert run(INPUT=str(scene.raster), MODEL=str(scene.model), OUTPUT=output)["OUTPUT"] == output


def test_temporary_output(run: Any, scene: Scene) -> None:
    output = Path(run(INPUT=str(scene.raster), MODEL=str(scene.model), OUTPUT="TEMPORARY_OUTPUT")["OUTPUT"])
    assert output.suffix == ".tif"
    assert_is_map_of(output, scene)


def test_progress_rises_to_the_end(run: Any, scene: Scene, tmp_path: Path) -> None:
    log = Log()
    run(log, INPUT=str(scene.raster), MODEL=str(scene.model), OUTPUT=str(tmp_path / "out.tif"))
    assert log.shares == sorted(log.shares)
    assert log.shares[-1] == 100


# --- nothing is written beside the input --------------------------------------------------------------


def test_input_folder_is_as_it_was_after_runs_by_path_layer_and_id(
    run: Any, scene: Scene, project: QgsProject, tmp_path: Path
) -> None:
    inputs, results = tmp_path / "inputs", tmp_path / "results"
    for folder in (inputs, results):
        folder.mkdir()
    raster = inputs / "scene.tif"
    raster.write_bytes(scene.raster.read_bytes())
    before, times = snapshot(inputs), inputs.stat().st_mtime_ns
    parameters = {"MODEL": str(scene.model), "OUTPUT": str(results / "out.tif")}
    run(INPUT=str(raster), **parameters)
    assert (snapshot(inputs), inputs.stat().st_mtime_ns) == (before, times)
    layer = QgsRasterLayer(str(raster), "scene")
    project.addMapLayer(layer)
    # QGIS opens the layer: files written then are not the run's.
    before, times = snapshot(inputs), inputs.stat().st_mtime_ns
    for given in (layer, layer.id()):
        run(INPUT=given, **parameters)
        assert (snapshot(inputs), inputs.stat().st_mtime_ns) == (before, times)
