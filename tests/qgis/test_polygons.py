# SPDX-License-Identifier: GPL-2.0-or-later
"""Polygons as an output of the algorithm: in scripts, projects, models and on the command line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from qgis.core import (
    QgsCategorizedSymbolRenderer,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProcessingModelAlgorithm,
    QgsProcessingModelChildAlgorithm,
    QgsProcessingModelChildParameterSource,
    QgsProcessingModelOutput,
    QgsProcessingModelParameter,
    QgsProcessingParameterRasterLayer,
    QgsProject,
    QgsVectorLayer,
)

from .command import ALGORITHM, classify, needs_qgis_process
from .models import outputs_of
from .scenes import CELL, VALUES, Scene, read_pixels


def parameters(scene: Scene, tmp_path: Path, **more: Any) -> dict[str, Any]:
    given = {"INPUT": str(scene.raster), "MODEL": str(scene.model), "OUTPUT": str(tmp_path / "out.tif")}
    return {**given, **more}


def run(scene: Scene, tmp_path: Path, **more: Any) -> dict[str, Any]:
    import processing

    return processing.run(ALGORITHM, parameters(scene, tmp_path, **more), feedback=QgsProcessingFeedback(False))


def assert_covers(source: str, raster: Path) -> None:
    """Compares the cells of each class with those of the class map."""
    layer = QgsVectorLayer(source, "polygons", "ogr")
    assert layer.isValid()
    pixels = read_pixels(raster)
    for value in VALUES:
        own = [feature for feature in layer.getFeatures() if feature["class"] == value]
        assert sum(feature["pixels"] for feature in own) == (pixels == value).sum()
        assert sum(feature.geometry().area() for feature in own) == pytest.approx((pixels == value).sum() * CELL**2)


@pytest.mark.parametrize("name", ["areas.gpkg", "areas.geojson", "areas.shp", "areas.fgb", "TEMPORARY_OUTPUT"])
def test_scripts(plugin: Any, project: QgsProject, scene: Scene, tmp_path: Path, name: str) -> None:
    value = name if name == "TEMPORARY_OUTPUT" else str(tmp_path / name)
    outputs = run(scene, tmp_path, OUTPUT_POLYGONS=value)
    assert outputs["OUTPUT_POLYGONS"] == value or outputs["OUTPUT_POLYGONS"].endswith(".gpkg")
    assert_covers(outputs["OUTPUT_POLYGONS"], tmp_path / "out.tif")


def test_no_polygons_by_default(plugin: Any, project: QgsProject, scene: Scene, tmp_path: Path) -> None:
    assert "OUTPUT_POLYGONS" not in run(scene, tmp_path)


def test_loaded_layers_have_the_classes(plugin: Any, project: QgsProject, scene: Scene, tmp_path: Path) -> None:
    import processing

    asked = parameters(scene, tmp_path, OUTPUT_POLYGONS=str(tmp_path / "out.shp"))
    processing.runAndLoadResults(ALGORITHM, asked, feedback=QgsProcessingFeedback(False))
    layer = next(layer for layer in project.mapLayers().values() if isinstance(layer, QgsVectorLayer))
    assert_has_classes(layer, scene)
    assert layer.name().endswith(" – polygons")


def test_a_geopackage_brings_its_style(plugin: Any, project: QgsProject, scene: Scene, tmp_path: Path) -> None:
    run(scene, tmp_path, OUTPUT_POLYGONS=str(tmp_path / "out.gpkg"))
    layer = QgsVectorLayer(str(tmp_path / "out.gpkg"), "polygons", "ogr")
    assert_has_classes(layer, scene)


def assert_has_classes(layer: QgsVectorLayer, scene: Scene) -> None:
    renderer = layer.renderer()
    assert isinstance(renderer, QgsCategorizedSymbolRenderer)
    assert renderer.classAttribute() == "class"
    found = {int(c.value()): (c.label(), c.symbol().color().getRgb()[:3]) for c in renderer.categories()}
    listed = scene.definition["Classes"]
    assert found == {each["Value"]: (each["Name"], tuple(each["Color"])) for each in listed}


@pytest.mark.parametrize("value", ["20", 20, "20.0"])
def test_the_minimum_patch(plugin: Any, project: QgsProject, scene: Scene, tmp_path: Path, value: Any) -> None:
    outputs = run(scene, tmp_path, OUTPUT_POLYGONS=str(tmp_path / "out.gpkg"), MIN_PATCH=value)
    layer = QgsVectorLayer(outputs["OUTPUT_POLYGONS"], "polygons", "ogr")
    sizes = [feature["pixels"] for feature in layer.getFeatures()]
    assert sum(sizes) == np.isin(read_pixels(tmp_path / "out.tif"), VALUES).sum()
    whole = run(scene, tmp_path, OUTPUT_POLYGONS=str(tmp_path / "whole.gpkg"))
    assert len(sizes) < QgsVectorLayer(whole["OUTPUT_POLYGONS"], "polygons", "ogr").featureCount() / 2


@pytest.mark.parametrize("value", ["-1", "few", "1.5", "1e12"])
def test_other_sizes_are_refused(plugin: Any, project: QgsProject, scene: Scene, tmp_path: Path, value: str) -> None:
    with pytest.raises(QgsProcessingException, match="minimum patch"):
        run(scene, tmp_path, OUTPUT_POLYGONS=str(tmp_path / "out.gpkg"), MIN_PATCH=value)


@pytest.mark.parametrize("value", ["areas.dxf", "ogr:dbname='areas.gpkg' table=\"areas\"", "memory:"])
def test_other_destinations_are_refused(
    plugin: Any, project: QgsProject, scene: Scene, tmp_path: Path, value: str
) -> None:
    with pytest.raises(QgsProcessingException):
        run(scene, tmp_path, OUTPUT_POLYGONS=str(tmp_path / value) if "." in value[:6] else value)
    assert not (tmp_path / "out.tif").exists()


def test_a_reference(plugin: Any, project: QgsProject, scene: Scene, tmp_path: Path) -> None:
    outputs = run(scene, tmp_path, OUTPUT_POLYGONS={"uri": str(tmp_path / "areas")})
    assert outputs["OUTPUT_POLYGONS"] == str(tmp_path / "areas.gpkg")


@needs_qgis_process
def test_the_command_line(scene: Scene, tmp_path: Path) -> None:
    done = classify(
        tmp_path, INPUT=scene.raster, MODEL=scene.model, OUTPUT="out.tif", OUTPUT_POLYGONS="areas.gpkg", MIN_PATCH=3
    )
    assert done.results["OUTPUT_POLYGONS"] == "areas.gpkg"
    assert (tmp_path / "areas.gpkg").exists()


def test_a_model_reads_the_polygons(plugin: Any, scene: Scene, project: QgsProject, tmp_path: Path) -> None:
    """The polygons are made although they are not an output of the model themselves."""
    import processing

    model = QgsProcessingModelAlgorithm("Areas", "tests")
    model.addModelParameter(
        QgsProcessingParameterRasterLayer("raster", "Raster"), QgsProcessingModelParameter("raster")
    )
    of = QgsProcessingModelChildParameterSource
    first = QgsProcessingModelChildAlgorithm(ALGORITHM)
    first.setChildId("classify")
    first.addParameterSources("INPUT", [of.fromModelParameter("raster")])
    first.addParameterSources("MODEL", [of.fromStaticValue(json.dumps(scene.definition))])
    first.addParameterSources("MIN_PATCH", [of.fromStaticValue("4")])
    model.addChildAlgorithm(first)
    second = QgsProcessingModelChildAlgorithm("native:centroids")
    second.setChildId("centroids")
    second.addParameterSources("ALL_PARTS", [of.fromStaticValue(False)])
    second.addParameterSources("INPUT", [of.fromChildOutput("classify", "OUTPUT_POLYGONS")])
    points = QgsProcessingModelOutput("points", "points")
    points.setChildId("centroids")
    points.setChildOutputName("OUTPUT")
    second.setModelOutputs({"points": points})
    model.addChildAlgorithm(second)
    valid, issues = model.validate()
    assert valid, issues
    results = {outputs_of(model)["points"]: str(tmp_path / "points.gpkg")}
    processing.run(model, {"raster": str(scene.raster), **results}, feedback=QgsProcessingFeedback(False))
    found = QgsVectorLayer(str(tmp_path / "points.gpkg"), "points", "ogr")
    assert found.featureCount() > 3
    assert {feature["class"] for feature in found.getFeatures()} == {*VALUES}
