# SPDX-License-Identifier: GPL-2.0-or-later
"""Networks packed through Processing, in QGIS and on the command line."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from qgis.core import (
    QgsCategorizedSymbolRenderer,
    QgsFillSymbol,
    QgsPalettedRasterRenderer,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProject,
    QgsRasterLayer,
    QgsRendererCategory,
    QgsVectorFileWriter,
    QgsVectorLayer,
)
from qgis.PyQt.QtCore import QVariant
from qgis.PyQt.QtGui import QColor

from .command import Finished, classify, needs_qgis_process, qgis_process, words
from .scenes import VALUES, Scene, assert_is_map_of, snapshot
from .test_describe_model import Log

PACKAGE = "deeplearning:packagemodel"
NAMES = ("Water", "Wäld", "Bare")
COLORS = ("#4169e1", "#006400", "#c8785a")
ROWS = [[value, name, color] for value, name, color in zip(VALUES, NAMES, COLORS)]
FLAT = [cell for row in ROWS for cell in row]


@pytest.fixture
def run(plugin: Any, scene: Scene, tmp_path: Path) -> Any:
    """Packs the scene's network and returns the outputs."""
    import processing

    def package(log: QgsProcessingFeedback | None = None, **parameters: Any) -> dict[str, Any]:
        given = {"WEIGHTS": str(scene.network), "OUTPUT": str(tmp_path / "model.dlpk"), **parameters}
        return processing.run(PACKAGE, given, feedback=log or Log())

    return package


def assert_has(results: dict[str, Any], rows: Sequence[Sequence[Any]] = ROWS) -> dict[str, Any]:
    """Checks the classes of a written definition and returns it."""
    document = json.loads(results["EMD"])
    found = [[c["Value"], c["Name"], "#{:02x}{:02x}{:02x}".format(*c["Color"])] for c in document["Classes"]]
    assert found == [list(row) for row in rows]
    return document


def paletted(scene: Scene) -> QgsRasterLayer:
    layer = QgsRasterLayer(str(scene.raster), "classes")
    entries = [QgsPalettedRasterRenderer.Class(value, QColor(color), name) for value, name, color in ROWS]
    layer.setRenderer(QgsPalettedRasterRenderer(layer.dataProvider(), 1, entries))
    return layer


def categorized(values: Sequence[Any] = VALUES) -> QgsVectorLayer:
    layer = QgsVectorLayer("Polygon?crs=EPSG:32633&field=class:integer", "classes", "memory")
    categories = [
        QgsRendererCategory(value, QgsFillSymbol.createSimple({"color": color}), name)
        for value, name, color in zip((*values, None), (*NAMES, "others"), (*COLORS, "#000000"))
    ]
    layer.setRenderer(QgsCategorizedSymbolRenderer("class", categories))
    return layer


# --- classes ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", ["table of the dialog", "rows", "json", "json file", "text"])
def test_classes_of_a_table_or_of_json(form: str, run: Any, tmp_path: Path) -> None:
    objects = json.dumps([{"Value": v, "Name": n, "Color": c} for v, n, c in ROWS])
    (tmp_path / "classes.json").write_text(objects, encoding="utf-8")
    forms = {
        "table of the dialog": [str(cell) for cell in FLAT],
        "rows": ROWS,
        "json": objects,
        "json file": str(tmp_path / "classes.json"),
        "text": ",".join(map(str, FLAT)),
    }
    document = assert_has(run(CLASSES=forms[form]))
    assert (document["Framework"], document["ModelFile"]) == ("ONNX", "network.onnx")


def test_classes_of_a_paletted_raster(run: Any, scene: Scene) -> None:
    assert_has(run(CLASSES_LAYER=paletted(scene)))


def test_classes_of_a_categorized_vector_layer(run: Any) -> None:
    assert_has(run(CLASSES_LAYER=categorized()))


def test_classes_of_a_layer_of_the_project_by_its_id(run: Any, scene: Scene, project: QgsProject) -> None:
    layer = paletted(scene)
    project.addMapLayer(layer)
    assert_has(run(CLASSES_LAYER=layer.id()))


def test_classes_of_a_vector_file_with_its_style_beside_it(run: Any, tmp_path: Path) -> None:
    path = tmp_path / "classes.gpkg"
    layer = categorized()
    options = QgsVectorFileWriter.SaveVectorOptions()
    QgsVectorFileWriter.writeAsVectorFormatV3(layer, str(path), QgsProject.instance().transformContext(), options)
    saved = QgsVectorLayer(str(path), "saved", "ogr")
    saved.setRenderer(layer.renderer().clone())
    saved.saveNamedStyle(str(path.with_suffix(".qml")))
    assert_has(run(CLASSES_LAYER=str(path)))


def test_classes_of_a_class_map_by_its_path_which_is_left_alone(run: Any, scene: Scene, tmp_path: Path) -> None:
    import processing

    folder = tmp_path / "map"
    folder.mkdir()
    output = folder / "map.tif"
    processing.run(
        "deeplearning:classifypixels",
        {"INPUT": str(scene.raster), "MODEL": str(scene.model), "OUTPUT": str(output)},
        feedback=Log(),
    )
    before = snapshot(folder)
    expected = scene.definition["Classes"]
    rows = [[c["Value"], c["Name"], "#{:02x}{:02x}{:02x}".format(*c["Color"])] for c in expected]
    assert_has(run(CLASSES_LAYER=str(output)), rows)
    assert snapshot(folder) == before


def test_a_table_that_nobody_filled_is_no_table(run: Any) -> None:
    for empty in ([QVariant()], [""] * 9, [QVariant(), "", None]):
        assert_has(run(CLASSES=empty, CLASSES_LAYER=categorized()))


def test_the_table_wins_over_the_layer(run: Any) -> None:
    assert_has(run(CLASSES=ROWS, CLASSES_LAYER=categorized((2, 3, 5))))


# --- the package --------------------------------------------------------------------------------------


def test_a_package_gives_the_map_of_its_network(run: Any, scene: Scene, tmp_path: Path) -> None:
    import processing

    results = run(CLASSES=ROWS, TILE_SIZE=64)
    assert (results["RUNS"], results["BAND_COUNT"], results["CLASS_COUNT"]) == (True, 2, 3)
    processing.run(
        "deeplearning:classifypixels",
        {"INPUT": str(scene.raster), "MODEL": results["OUTPUT"], "OUTPUT": str(tmp_path / "map.tif")},
        feedback=Log(),
    )
    assert_is_map_of(tmp_path / "map.tif", scene)


def test_everything_else_that_can_be_said(run: Any, tmp_path: Path) -> None:
    licence = tmp_path / "LICENSE.txt"
    licence.write_text("free", encoding="utf-8")
    results = run(
        CLASSES=ROWS, NAME="Felder", BANDS="2,1", SCALE="0.01", MEAN="0.5,0.25", STD="2", TILE_SIZE=128, PADDING=16,
        DESCRIPTION="for tests", VERSION="2024.06", FILES=[str(licence)], OUTPUT_EMD=str(tmp_path / "model.emd"),
    )  # fmt: skip
    document = json.loads((tmp_path / "model.emd").read_text(encoding="ascii"))
    assert Path(tmp_path, document.pop("ModelFile")).is_file()
    plain = json.loads(results["EMD"])
    assert plain.pop("ModelFile") == "network.onnx"
    assert plain == document
    stats = document.pop("NormalizationStats")
    assert {name: values for name, values in stats.items() if values} == {
        "band_min_values": [0, 0],
        "band_max_values": [100, 100],
        "scaled_mean_values": [0.25, 0.5],
        "scaled_std_values": [2, 2],
    }
    document.pop("Classes")
    assert document == {
        "Framework": "ONNX", "ModelType": "ImageClassification", "ModelName": "Felder", "Description": "for tests",
        "Version": "2024.06", "ImageHeight": 128, "ImageWidth": 128, "ExtractBands": [1, 0], "Padding": 16,
    }  # fmt: skip


def test_an_existing_definition_is_taken_over(run: Any, scene: Scene) -> None:
    document = json.loads(run(DEFINITION=str(scene.model), NAME="New")["EMD"])
    assert document == {**scene.definition, "ModelName": "New", "ModelFile": "network.onnx"}


def test_the_description_is_told(run: Any) -> None:
    log = Log()
    run(log, CLASSES=ROWS)
    assert any("Wäld" in line for line in log.lines)
    assert any("ONNX Runtime" in line or "OpenVINO" in line for line in log.lines)


# --- what is refused ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("parameters", "sentence"),
    [
        ({}, "lacks classes. Set CLASSES"),
        ({"CLASSES": ROWS[:1]}, "it returns 3 channels for 1 classes"),
        ({"CLASSES": [*ROWS[:2], ROWS[0]]}, "distinct values"),
        ({"CLASSES": [["x", "a", ""]]}, "it must be an integer"),
        ({"CLASSES": "[{"}, "it is not JSON"),
        ({"CLASSES": ROWS, "BANDS": "1,2,3"}, "it takes 2 bands, but the definition lists 3"),
        ({"CLASSES": ROWS, "BANDS": "0"}, "band numbers from 1"),
        ({"CLASSES": ROWS, "MEAN": "a"}, "MEAN has the value a"),
        ({"CLASSES": ROWS, "WEIGHTS": "absent.onnx"}, "absent.onnx cannot be packed: the file does not exist"),
        ({"CLASSES": ROWS, "DEFINITION": "absent.emd"}, "absent.emd cannot be read"),
        ({"CLASSES_LAYER": "absent.tif"}, "The classes absent.tif cannot be read"),
    ],
)
def test_a_mistake_is_told_in_a_sentence_and_nothing_is_written(
    parameters: dict[str, Any], sentence: str, run: Any, tmp_path: Path
) -> None:
    with pytest.raises(QgsProcessingException, match=sentence):
        run(**parameters)
    assert list(tmp_path.iterdir()) == []


def test_a_layer_that_shows_no_classes(run: Any, scene: Scene, project: QgsProject) -> None:
    grey = QgsRasterLayer(str(scene.raster), "grey")
    trees = QgsVectorLayer("Polygon?crs=EPSG:32633", "trees", "memory")
    letters = categorized(("a", "b", "c"))
    # The project removes them after the test: one that lives until QGIS ends would crash it.
    project.addMapLayers([grey, trees, letters])
    with pytest.raises(QgsProcessingException, match="neither an attribute table nor category names"):
        run(CLASSES_LAYER=grey)
    with pytest.raises(QgsProcessingException, match="The classes trees cannot be read: its style has no categories"):
        run(CLASSES_LAYER=trees)
    with pytest.raises(QgsProcessingException, match="it must be an integer"):
        run(CLASSES_LAYER=letters)


# --- the command line ---------------------------------------------------------------------------------


def package(folder: Path, **parameters: Any) -> Finished:
    return qgis_process("--json", "run", PACKAGE, "--", *words(parameters), folder=folder)


@needs_qgis_process
def test_packed_and_used_on_the_command_line(scene: Scene, tmp_path: Path) -> None:
    objects = [{"Value": v, "Name": n, "Color": c} for v, n, c in ROWS]
    for name in ("a.dlpk", "b.dlpk"):
        results = package(tmp_path, WEIGHTS=str(scene.network), CLASSES=json.dumps(objects), OUTPUT=name).results
        assert_has(results)
    found = classify(tmp_path, INPUT=str(scene.raster), MODEL="a.dlpk", OUTPUT="map.tif")
    assert [c["name"] for c in json.loads(found.results["CLASSES"])] == list(NAMES)
    assert_is_map_of(tmp_path / "map.tif", scene)


@needs_qgis_process
def test_a_class_map_names_the_classes_on_the_command_line(scene: Scene, tmp_path: Path) -> None:
    classify(tmp_path, INPUT=str(scene.raster), MODEL=str(scene.model), OUTPUT="map.tif").assert_done()
    finished = package(
        tmp_path, WEIGHTS=str(scene.network), CLASSES_LAYER="map.tif", TILE_SIZE="64", OUTPUT="model.dlpk"
    )
    document = json.loads(finished.results["EMD"])
    assert document["Classes"] == scene.definition["Classes"]
    assert document["ImageHeight"] == 64


@needs_qgis_process
def test_a_mistake_ends_the_command_with_a_sentence(scene: Scene, tmp_path: Path) -> None:
    finished = package(tmp_path, WEIGHTS=str(scene.network), CLASSES="1,Water", OUTPUT="model.dlpk")
    assert finished.code == 1
    assert "The classes 1,Water cannot be read: 2 cells do not form rows of 3." in finished.stderr
    assert list(tmp_path.iterdir()) == []
