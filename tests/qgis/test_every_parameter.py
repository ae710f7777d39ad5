# SPDX-License-Identifier: GPL-2.0-or-later
"""Every parameter at once, given in the dialog, in a saved model and on the command line: always the same result."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from osgeo import gdal
from qgis.core import (
    QgsProcessingFeedback,
    QgsProcessingModelAlgorithm,
    QgsProcessingModelChildAlgorithm,
    QgsProcessingModelChildParameterSource,
    QgsProcessingModelOutput,
    QgsProject,
)

from ..unit.rasters import wkt
from .command import ALGORITHM, classify, needs_qgis_process, qgis_process
from .models import outputs_of
from .scenes import VALUES, Scene, write_raster
from .test_environment import polygon_layer, save
from .test_widgets import Dialog

FILES = {
    "OUTPUT": "classes.tif",
    "OUTPUT_PROBABILITY": "scores.tif",
    "OUTPUT_POLYGONS": "areas.gpkg",
    "SUMMARY": "summary.html",
}
OUTPUTS = (*FILES,)


@pytest.fixture
def values(plugin: Any, project: QgsProject, scene: Scene, tmp_path: Path) -> dict[str, Any]:
    """A value for every parameter but the outputs, each of which changes the result or its computation."""
    snap = write_raster(tmp_path / "snap.tif", np.zeros((1, 4, 4), np.uint8))
    dataset = gdal.Open(str(snap), gdal.GA_Update)
    dataset.SetProjection(wkt(32632))
    dataset.SetGeoTransform((3.0, 8.0, 0.0, 5.0, 0.0, -8.0))
    dataset = None
    return {
        "INPUT": str(write_raster(tmp_path / "scene.tif", gdal.Open(str(scene.raster)).ReadAsArray())),
        "MODEL": str(scene.model),
        "MODEL_ARGUMENTS": "batch_size 2;tile_size 64",
        "EXTENT": "500050,500900,5399250,5399950 [EPSG:32633]",
        "PROCESS_ALL_RASTER_ITEMS": False,
        "STACK_ITEMS": False,
        "TARGET_CRS": "EPSG:32632",
        "CELL_SIZE": "8",
        "SNAP_RASTER": str(snap),
        "MASK": str(save(polygon_layer(), tmp_path / "mask.gpkg")),
        "RESAMPLING": "nearest",
        "BAND_MAPPING": "2,1",
        "INPUT_SCALE": "0.5",
        "INPUT_OFFSET": "-3",
        "INPUT_NODATA": "0",
        "NODATA_RULE": "ALL",
        "PROCESSOR_TYPE": "CPU",
        "PARALLEL_PROCESSING_FACTOR": "50%",
        "CONTEXT": '{"gpuId": 0}',
        "COMPRESSION": "LZW",
        "CREATION_OPTIONS": "BLOCKXSIZE=256|BLOCKYSIZE=256",
        "PROBABILITY_BANDS": "WINNER",
        "MIN_PATCH": "3",
    }


def outputs_in(folder: Path) -> dict[str, str]:
    folder.mkdir(exist_ok=True)
    return {output: str(folder / name) for output, name in FILES.items()}


def results_in(folder: Path) -> tuple[np.ndarray, np.ndarray, np.ndarray, tuple[float, ...], str]:
    classes, scores = gdal.Open(str(folder / "classes.tif")), gdal.Open(str(folder / "scores.tif"))
    assert (folder / "summary.html").read_text(encoding="utf-8").startswith("<!DOCTYPE html>")
    assert classes.GetMetadata("IMAGE_STRUCTURE")["COMPRESSION"] == "LZW"
    assert classes.GetRasterBand(1).GetBlockSize() == [256, 256]
    assert scores.RasterCount == 1
    polygons = gdal.OpenEx(str(folder / "areas.gpkg"), gdal.OF_VECTOR)
    cells = sorted((feature["class"], feature["pixels"], feature["score"]) for feature in polygons.GetLayer(0))
    return (
        classes.ReadAsArray(),
        scores.ReadAsArray(),
        np.array(cells),
        classes.GetGeoTransform(),
        classes.GetProjection(),
    )


def assert_same(folder: Path, expected: Any) -> None:
    for found, wanted in zip(results_in(folder), expected):
        np.testing.assert_array_equal(found, wanted)


@pytest.fixture
def expected(values: dict[str, Any], tmp_path: Path) -> Any:
    """The result of a script."""
    import processing

    given = {**values, **outputs_in(tmp_path / "script")}
    processing.run(ALGORITHM, given, feedback=QgsProcessingFeedback(False))
    result = results_in(tmp_path / "script")
    assert set(np.unique(result[0])) == {*VALUES, 255}
    return result


def test_every_parameter_has_a_value_here(values: dict[str, Any]) -> None:
    from qgis.core import QgsApplication

    algorithm = QgsApplication.processingRegistry().algorithmById(ALGORITHM)
    assert {definition.name() for definition in algorithm.parameterDefinitions()} == {*values, *OUTPUTS}


def test_the_dialog_gives_every_value(values: dict[str, Any], expected: Any, tmp_path: Path) -> None:
    import processing

    dialog = Dialog()
    for name, value in values.items():
        dialog.set(name, value)
    given = dialog.dialog.createProcessingParameters()
    dialog.close()
    processing.run(ALGORITHM, {**given, **outputs_in(tmp_path / "dialog")}, feedback=QgsProcessingFeedback(False))
    assert_same(tmp_path / "dialog", expected)


@needs_qgis_process
def test_a_saved_model_gives_every_value(values: dict[str, Any], expected: Any, tmp_path: Path) -> None:
    model = QgsProcessingModelAlgorithm("All", "tests")
    child = QgsProcessingModelChildAlgorithm(ALGORITHM)
    child.setChildId("classify")
    child.setDescription("classify")
    for name, value in values.items():
        child.addParameterSources(name, [QgsProcessingModelChildParameterSource.fromStaticValue(value)])
    made = {}
    for name in OUTPUTS:
        output = QgsProcessingModelOutput(name.lower(), name.lower())
        output.setChildId("classify")
        output.setChildOutputName(name)
        made[name.lower()] = output
    child.setModelOutputs(made)
    model.addChildAlgorithm(child)
    valid, issues = model.validate()
    assert valid, issues
    assert model.toFile(str(tmp_path / "all.model3"))
    outputs = outputs_in(tmp_path / "model")
    names = outputs_of(model)
    words = [f"{names[name.lower()]}={place}" for name, place in outputs.items()]
    qgis_process("run", str(tmp_path / "all.model3"), "--", *words, folder=tmp_path).assert_done()
    assert_same(tmp_path / "model", expected)


@needs_qgis_process
def test_the_command_line_gives_every_value(values: dict[str, Any], expected: Any, tmp_path: Path) -> None:
    classify(tmp_path, **{**values, **outputs_in(tmp_path / "command")}).assert_done()
    assert_same(tmp_path / "command", expected)
