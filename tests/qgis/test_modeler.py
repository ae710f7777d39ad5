# SPDX-License-Identifier: GPL-2.0-or-later
"""A model of the graphical modeler: classify, remove specks, draw polygons."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from osgeo import ogr
from qgis.core import (
    QgsApplication,
    QgsProcessingModelAlgorithm,
    QgsProcessingModelChildAlgorithm,
    QgsProcessingModelChildParameterSource,
    QgsProcessingModelOutput,
    QgsProcessingModelParameter,
    QgsProcessingParameterRasterLayer,
)

from ..networks import class_definition, identity_network
from .command import ALGORITHM, needs_qgis_process, qgis_process, words
from .models import outputs_of
from .scenes import CELL, read_pixels, write_raster

VALUES = (5, 9)
SPECK = (slice(3, 5), slice(3, 5))


@pytest.fixture
def field(tmp_path: Path) -> Path:
    """A raster whose left half is of the first class and right half of the second; a speck in the left."""
    pixels = np.full((2, 40, 60), 10, np.uint8)
    pixels[0, :, :30] = 200
    pixels[1, :, 30:] = 200
    pixels[(slice(None), *SPECK)] = pixels[(slice(None, None, -1), *SPECK)]
    return write_raster(tmp_path / "field.tif", pixels)


@pytest.fixture
def definition(tmp_path: Path) -> dict[str, Any]:
    """A model whose class is the brighter band."""
    network = identity_network(tmp_path / "identity.onnx", bands=2)
    return class_definition(network, bands=2, values=VALUES, tile=64)


class Chain:
    """A model under construction; every child hands its result to the next."""

    def __init__(self) -> None:
        self.model = QgsProcessingModelAlgorithm("Fields", "tests")
        parameter = QgsProcessingModelParameter("raster")
        self.model.addModelParameter(QgsProcessingParameterRasterLayer("raster", "Raster"), parameter)

    def add(self, name: str, algorithm: str, parameters: Mapping[str, Any], source: str, output: str = "") -> None:
        """Adds a child that reads the model's raster or another child's OUTPUT."""
        child = QgsProcessingModelChildAlgorithm(algorithm)
        child.setChildId(name)
        child.setDescription(name)
        of = QgsProcessingModelChildParameterSource
        first = of.fromModelParameter("raster") if source == "raster" else of.fromChildOutput(source, "OUTPUT")
        child.addParameterSources("INPUT", [first])
        for key, value in parameters.items():
            child.addParameterSources(key, [of.fromStaticValue(value)])
        if output:
            made = QgsProcessingModelOutput(output, output)
            made.setChildId(name)
            made.setChildOutputName("OUTPUT")
            child.setModelOutputs({output: made})
        self.model.addChildAlgorithm(child)


def _chain(model_value: Any) -> QgsProcessingModelAlgorithm:
    chain = Chain()
    classify = {"MODEL": model_value, "MODEL_ARGUMENTS": "batch_size 2", "PROCESSOR_TYPE": "CPU"}
    chain.add("classify", ALGORITHM, classify, "raster", "classes")
    sieve = {"THRESHOLD": 10, "EIGHT_CONNECTEDNESS": False, "NO_MASK": False, "EXTRA": ""}
    chain.add("sieve", "gdal:sieve", sieve, "classify")
    polygonize = {"BAND": 1, "FIELD": "class", "EIGHT_CONNECTEDNESS": False, "EXTRA": ""}
    chain.add("polygonize", "gdal:polygonize", polygonize, "sieve", "polygons")
    return chain.model


@pytest.fixture
def saved(plugin: Any, definition: dict[str, Any], tmp_path: Path) -> Path:
    """The model in a file, its deep learning model given as JSON text."""
    if QgsApplication.processingRegistry().algorithmById("gdal:sieve") is None:
        pytest.skip("this QGIS has no GDAL provider")
    model = _chain(json.dumps(definition))
    valid, issues = model.validate()
    assert valid, issues
    path = tmp_path / "fields.model3"
    assert model.toFile(str(path))
    return path


def _outputs_of_file(path: Path) -> dict[str, str]:
    model = QgsProcessingModelAlgorithm()
    assert model.fromFile(str(path))
    return outputs_of(model)


def _polygons(path: Path) -> list[tuple[int, float]]:
    """Returns class and area of every polygon."""
    source = ogr.Open(str(path))
    return sorted((feature["class"], feature.geometry().Area()) for feature in source.GetLayer(0))


@needs_qgis_process
def test_saved_model_runs_from_the_command_line(saved: Path, field: Path, tmp_path: Path) -> None:
    names = _outputs_of_file(saved)
    parameters = {"raster": field, names["classes"]: "classes.tif", names["polygons"]: "polygons.gpkg"}
    done = qgis_process("run", str(saved), "--", *words(parameters), folder=tmp_path)
    assert done.code == 0, done.stderr
    half = 40 * 30 * CELL**2
    assert _polygons(tmp_path / "polygons.gpkg") == [(VALUES[0], half), (VALUES[1], half)]
    classes = read_pixels(tmp_path / "classes.tif")
    assert (classes[SPECK] == VALUES[1]).all()
    assert (tmp_path / "classes.qml").exists()


def test_model_keeps_every_value_when_it_is_saved_and_loaded(saved: Path, definition: dict[str, Any]) -> None:
    loaded = QgsProcessingModelAlgorithm()
    assert loaded.fromFile(str(saved))
    sources = loaded.childAlgorithm("classify").parameterSources()
    values = {name: source[0].staticValue() for name, source in sources.items() if name != "INPUT"}
    assert json.loads(values.pop("MODEL")) == definition
    assert values == {"MODEL_ARGUMENTS": "batch_size 2", "PROCESSOR_TYPE": "CPU"}


def test_model_runs_within_qgis(saved: Path, field: Path, project: Any, tmp_path: Path) -> None:
    import processing

    model = QgsProcessingModelAlgorithm()
    assert model.fromFile(str(saved))
    names = outputs_of(model)
    results = {names["classes"]: str(tmp_path / "classes.tif"), names["polygons"]: "TEMPORARY_OUTPUT"}
    outputs = processing.run(model, {"raster": str(field), **results})
    assert {value for value, _ in _polygons(Path(outputs[names["polygons"]]))} == set(VALUES)


@needs_qgis_process
def test_failing_child_fails_the_model_with_its_sentence(
    plugin: Any, field: Path, definition: dict[str, Any], tmp_path: Path
) -> None:
    chain = Chain()
    chain.add(
        "classify",
        ALGORITHM,
        {"MODEL": json.dumps({**definition, "ExtractBands": [0, 7]})},
        "raster",
        "classes",
    )
    assert chain.model.toFile(str(tmp_path / "bad.model3"))
    parameters = {"raster": field, outputs_of(chain.model)["classes"]: "classes.tif"}
    done = qgis_process("run", str(tmp_path / "bad.model3"), "--", *words(parameters), folder=tmp_path)
    assert done.code == 1
    assert "it needs band 8" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "classes.tif").exists()
