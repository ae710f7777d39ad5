# SPDX-License-Identifier: GPL-2.0-or-later
"""Sample points and accuracy assessment through Processing, in QGIS and on the command line."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from osgeo import gdal, osr
from qgis.core import (
    QgsApplication,
    QgsFeature,
    QgsGeometry,
    QgsPointXY,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeatureSourceDefinition,
    QgsProcessingUtils,
    QgsProject,
    QgsVectorFileWriter,
    QgsVectorLayer,
)

from classify_pixels.processing_provider.sample_points_run import SamplePointsStyler

from .command import needs_qgis_process, qgis_process, words
from .log import Log

ASSESS, SAMPLE = "deeplearning:assessaccuracy", "deeplearning:samplepoints"
NAMES = ["", "Water", "<b>Forest</b>", "Crops"]


@pytest.fixture
def class_map(tmp_path: Path) -> Path:
    """40 x 60 pixels of 10 m: a third of each class; the first row is NoData."""
    pixels = np.repeat([1, 2, 3], 20)[np.newaxis].repeat(40, axis=0).astype(np.uint8)
    pixels[0] = 0
    path = tmp_path / "map.tif"
    dataset = gdal.GetDriverByName("GTiff").Create(str(path), 60, 40, 1, gdal.GDT_Byte)
    reference = osr.SpatialReference()
    reference.ImportFromEPSG(32633)
    dataset.SetProjection(reference.ExportToWkt())
    dataset.SetGeoTransform((500_000, 10, 0, 5_200_000, 0, -10))
    band = dataset.GetRasterBand(1)
    band.SetNoDataValue(0)
    band.SetCategoryNames(NAMES)
    band.WriteArray(pixels)
    return path


@pytest.fixture
def run(plugin: Any, project: Any) -> Any:
    """Runs an algorithm and returns the outputs."""
    import processing

    def run(algorithm: str, log: Log | None = None, **parameters: Any) -> dict[str, Any]:
        return processing.run(algorithm, parameters, feedback=log or Log())

    return run


def points(features: list[tuple[float, float, Any]]) -> QgsVectorLayer:
    """Points at columns and rows of the map with a field `truth`."""
    layer = QgsVectorLayer("Point?crs=EPSG:32633&field=truth:string(30)", "truth", "memory")
    for column, row, truth in features:
        feature = QgsFeature(layer.fields())
        feature.setGeometry(QgsGeometry.fromPointXY(QgsPointXY(500_000 + 10 * column, 5_200_000 - 10 * row)))
        feature["truth"] = truth
        layer.dataProvider().addFeature(feature)
    return layer


def label(path: str) -> QgsVectorLayer:
    """Enters the class of the map as the true one, but 3 for each fifth point."""
    layer = QgsVectorLayer(path, "points", "ogr")
    layer.startEditing()
    for feature in layer.getFeatures():
        truth = 3 if feature["sample"] % 5 == 0 else feature["map_class"]
        layer.changeAttributeValue(feature.id(), layer.fields().lookupField("reference"), truth)
    assert layer.commitChanges()
    return layer


# --- sample points, and their way back -----------------------------------------------------------------


def test_points_are_drawn_labelled_and_assessed(run: Any, class_map: Path, tmp_path: Path) -> None:
    log, place = Log(), tmp_path / "points.gpkg"
    drawn = run(SAMPLE, log, INPUT=str(class_map), COUNTS="40", SEED=3, OUTPUT=str(place))
    assert (drawn["COUNT"], drawn["SEED"], drawn["OUTPUT"]) == (120, 3, str(place))
    layer = QgsVectorLayer(str(place), "points", "ogr")
    assert layer.crs().authid() == "EPSG:32633"
    features = list(layer.getFeatures())
    assert Counter(feature["class_name"] for feature in features) == dict.fromkeys(NAMES[1:], 40)
    assert all(feature["reference"] is None or feature["reference"].isNull() for feature in features)
    for feature in features:
        assert int((feature.geometry().asPoint().x() - 500_000) // 200) + 1 == feature["map_class"]
    files = {f"OUTPUT_{kind.upper()}": str(tmp_path / f"accuracy.{kind}") for kind in ("html", "json", "csv")}
    found = run(
        ASSESS, log, INPUT=str(class_map), REFERENCE=label(str(place)), REFERENCE_FIELD="reference",
        STRATUM_FIELD="map_class", **files,
    )  # fmt: skip
    document = json.loads(Path(found["OUTPUT_JSON"]).read_text(encoding="utf-8"))
    assert document == json.loads(found["ACCURACY"])
    matrix = np.array(document["confusion_matrix"])
    changed = Counter(f["map_class"] for f in features if f["sample"] % 5 == 0)
    assert matrix[:, 2].tolist() == [changed[1], changed[2], 40]
    # Equal strata: the estimate is the mean of the shares, and the area follows.
    assert found["ESTIMATED_ACCURACY"] == pytest.approx(np.mean(np.diag(matrix) / 40))
    assert found["OVERALL_ACCURACY"] == pytest.approx(np.trace(matrix) / 120)
    assert document["area"] == pytest.approx(39 * 60 / 100, rel=1e-3)
    page = Path(found["OUTPUT_HTML"]).read_text(encoding="utf-8")
    assert "&lt;b&gt;Forest" in page
    assert "<b>" not in page
    assert "stratified by the classes of the map" in page
    assert Path(found["OUTPUT_CSV"]).read_text(encoding="utf-8").count("\n") == 4


def test_the_layer_of_points_is_ready_for_labels(run: Any, class_map: Path, tmp_path: Path) -> None:
    algorithm = QgsApplication.processingRegistry().createAlgorithmById(SAMPLE)
    context = QgsProcessingContext()
    context.setProject(QgsProject.instance())
    parameters = {"INPUT": str(class_map), "COUNTS": "5", "OUTPUT": str(tmp_path / "p.gpkg")}
    details = QgsProcessingContext.LayerDetails("points", QgsProject.instance(), "OUTPUT")
    log = Log()
    assert algorithm.prepare(parameters, context, log)
    context.addLayerToLoadOnCompletion(parameters["OUTPUT"], details)
    algorithm.runPrepared(parameters, context, log)
    algorithm.postProcess(context, log)
    processor = context.layerToLoadOnCompletionDetails(parameters["OUTPUT"]).postProcessor()
    assert isinstance(processor, SamplePointsStyler)
    layer = QgsVectorLayer(parameters["OUTPUT"], "points", "ogr")
    processor.postProcessLayer(layer, context, log)
    setup = layer.editorWidgetSetup(layer.fields().lookupField("reference"))
    assert setup.type() == "ValueMap"
    assert [list(each.values())[0] for each in setup.config()["map"]] == [1, 2, 3]
    assert not any("<" in key for each in setup.config()["map"] for key in each)
    assert layer.labelsEnabled()
    rules = layer.renderer().rootRule().children()
    assert [rule.filterExpression() for rule in rules] == ['"reference" IS NULL', '"reference" IS NOT NULL']


def test_a_failed_draw_keeps_the_earlier_points(run: Any, class_map: Path, tmp_path: Path) -> None:
    place = tmp_path / "points.gpkg"
    run(SAMPLE, INPUT=str(class_map), COUNTS="4", OUTPUT=str(place))
    before = sorted(path.name for path in tmp_path.iterdir())
    for wrong in ({"COUNTS": "9=4"}, {"SIZE": 10}, {"EXPECTED_ACCURACY": "2"}, {"ALLOCATION": "FAIR"}):
        with pytest.raises(QgsProcessingException):
            run(SAMPLE, INPUT=str(class_map), OUTPUT=str(place), **wrong)
    assert QgsVectorLayer(str(place), "points", "ogr").featureCount() == 12
    assert sorted(path.name for path in tmp_path.iterdir()) == before
    run(SAMPLE, INPUT=str(class_map), COUNTS="6", OUTPUT=str(place))
    assert QgsVectorLayer(str(place), "points", "ogr").featureCount() == 18


# --- references ---------------------------------------------------------------------------------------


def test_layers_selections_and_files_are_references(run: Any, project: Any, class_map: Path, tmp_path: Path) -> None:
    layer = points([(5, 5, "Water"), (25, 5, "crops"), (45, 5, "3"), (46, 5, None), (5, 0.5, "1"), (-5, 5, "1")])
    project.addMapLayer(layer)
    log = Log()
    found = run(ASSESS, log, INPUT=str(class_map), REFERENCE=layer, REFERENCE_FIELD="truth")
    document = json.loads(found["ACCURACY"])
    assert document["confusion_matrix"] == [[1, 0, 0], [0, 0, 1], [0, 0, 1]]
    assert document["left_out"] == {"samples_outside": 1, "samples_on_nodata": 1, "samples_unlabelled": 1}
    assert sum("left out: 1" in warning for warning in log.warnings) == 3
    layer.selectByIds([1])
    selected = QgsProcessingFeatureSourceDefinition(layer.id(), True)
    assert run(ASSESS, INPUT=str(class_map), REFERENCE=selected, REFERENCE_FIELD="truth")["SAMPLES"] == 1
    options = QgsVectorFileWriter.SaveVectorOptions()
    options.driverName = "GeoJSON"
    path = str(tmp_path / "truth.geojson")
    # GeoJSON is in degrees.
    QgsVectorFileWriter.writeAsVectorFormatV3(layer, path, project.transformContext(), options)
    by_path = run(ASSESS, INPUT=str(class_map), REFERENCE=path, REFERENCE_FIELD="truth")
    assert json.loads(by_path["ACCURACY"])["confusion_matrix"] == document["confusion_matrix"]


def test_polygons_and_rasters_are_references(run: Any, class_map: Path) -> None:
    layer = QgsVectorLayer("Polygon?crs=EPSG:32633&field=truth:integer", "truth", "memory")
    feature = QgsFeature(layer.fields())
    feature.setGeometry(QgsGeometry.fromWkt(
        "POLYGON((500150 5199990, 500250 5199990, 500250 5199890, 500150 5199890, 500150 5199990))"
    ))  # fmt: skip
    feature["truth"] = 2
    layer.dataProvider().addFeature(feature)
    found = run(ASSESS, INPUT=str(class_map), REFERENCE=layer, REFERENCE_FIELD="truth")
    # Ten rows of ten pixels, half of them on each side of the edge of two classes.
    assert json.loads(found["ACCURACY"])["confusion_matrix"] == [[0, 50, 0], [0, 50, 0], [0, 0, 0]]
    same = run(ASSESS, INPUT=str(class_map), REFERENCE=str(class_map))
    assert (same["OVERALL_ACCURACY"], same["KAPPA"], same["SAMPLES"]) == (1, 1, 39 * 60)


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"REFERENCE_FIELD": "nothing"}, "has the fields truth"),
        ({"REFERENCE_FIELD": None}, "need a field"),
        ({"REFERENCE": None}, "No reference"),
        ({"INPUT": None}, "No input raster"),
        ({"STRATUM_FIELD": "truth"}, "Set Strata"),
    ],
)
def test_missing_parameters_are_named(wrong: dict[str, Any], sentence: str, run: Any, class_map: Path) -> None:
    layer = points([(5, 5, "2"), (25, 5, "2")])
    algorithm = QgsApplication.processingRegistry().createAlgorithmById(ASSESS)
    parameters = {"INPUT": str(class_map), "REFERENCE": layer, "REFERENCE_FIELD": "truth", **wrong}
    context, log = QgsProcessingContext(), Log()
    algorithm.prepareAlgorithm(parameters, context, log)
    with pytest.raises(QgsProcessingException, match=sentence):
        algorithm.processAlgorithm(parameters, context, log)


def test_lines_are_refused(run: Any, class_map: Path) -> None:
    layer = QgsVectorLayer("LineString?crs=EPSG:32633&field=truth:integer", "roads", "memory")
    with pytest.raises(QgsProcessingException, match="neither points nor polygons"):
        run(ASSESS, INPUT=str(class_map), REFERENCE=layer, REFERENCE_FIELD="truth")


def test_outputs_appear_together_and_never_replace_an_input(run: Any, class_map: Path, tmp_path: Path) -> None:
    layer = points([(5, 5, "1"), (25, 5, "2")])
    page, document = tmp_path / "a.html", tmp_path / "nowhere" / "a.json"
    page.write_text("earlier", encoding="utf-8")
    before = sorted(path.name for path in tmp_path.iterdir())
    good = {"INPUT": str(class_map), "REFERENCE": layer, "REFERENCE_FIELD": "truth"}
    for outputs in (
        {"OUTPUT_HTML": str(page), "OUTPUT_JSON": str(document)},
        {"OUTPUT_HTML": str(page), "OUTPUT_JSON": str(class_map)},
        {"OUTPUT_HTML": str(page), "OUTPUT_CSV": str(page)},
    ):
        with pytest.raises(QgsProcessingException):
            run(ASSESS, **good, **outputs)
        assert page.read_text(encoding="utf-8") == "earlier"
    assert sorted(path.name for path in tmp_path.iterdir()) == before


def test_a_temporary_output_is_a_geopackage(run: Any, class_map: Path) -> None:
    found = run(SAMPLE, INPUT=str(class_map), COUNTS="2", OUTPUT="TEMPORARY_OUTPUT")
    assert found["OUTPUT"].endswith(".gpkg")
    assert Path(QgsProcessingUtils.tempFolder()) in Path(found["OUTPUT"]).parents


# --- the command line ---------------------------------------------------------------------------------


@needs_qgis_process
def test_both_on_the_command_line(class_map: Path, tmp_path: Path) -> None:
    design = {"INPUT": class_map, "SIZE": 60, "ALLOCATION": "EQUAL", "OUTPUT": "p.gpkg"}
    drawn = qgis_process("--json", "run", SAMPLE, "--", *words(design), folder=tmp_path)
    assert drawn.results["COUNT"] == 60
    given = {"INPUT": class_map, "REFERENCE": "p.gpkg", "REFERENCE_FIELD": "class_name", "STRATUM_FIELD": "map_class"}
    found = qgis_process("--json", "run", ASSESS, "--", *words({**given, "OUTPUT_HTML": "a.html"}), folder=tmp_path)
    assert (found.results["OVERALL_ACCURACY"], found.results["SAMPLES"]) == (1, 60)
    assert (tmp_path / "a.html").is_file()
