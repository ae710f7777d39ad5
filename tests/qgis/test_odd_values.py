# SPDX-License-Identifier: GPL-2.0-or-later
"""For any value of a parameter, the algorithms end with a result or a named error."""

from __future__ import annotations

import itertools
import os
import random
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from qgis.core import QgsApplication, QgsProcessingContext, QgsProcessingException, QgsProject

from classify_pixels.inference.errors import ClassifyPixelsError, ParameterValueError
from classify_pixels.processing_provider.value_check import check_value

from ..unit.rasters import write_raster
from .log import Log
from .odd_values import odd_texts, odd_things
from .scenes import Scene

ALGORITHMS = ("classifypixels", "describemodel", "packagemodel", "assessaccuracy", "samplepoints")
TRIALS = 400
SEED = 12


def run_straight(name: str, parameters: dict[str, Any]) -> None:
    """Runs an algorithm directly: QGIS would turn all exceptions into one kind."""
    algorithm = QgsApplication.processingRegistry().createAlgorithmById(f"deeplearning:{name}")
    context, log = QgsProcessingContext(), Log()
    context.setProject(QgsProject.instance())
    if _is_known_to_qgis(parameters):
        algorithm.checkParameterValues(parameters, context)
    try:
        algorithm.prepareAlgorithm(parameters, context, log)
        algorithm.processAlgorithm(parameters, context, log)
    except QgsProcessingException as error:
        # A sentence that any terminal and file accepts.
        if not isinstance(error.__cause__, ClassifyPixelsError) or not str(error).encode():
            raise


def _is_known_to_qgis(parameters: dict[str, Any]) -> bool:
    """Returns True for values that QGIS's check survives: deeply nested lists crash its process."""
    try:
        for name, value in parameters.items():
            check_value(name, value)
    except ParameterValueError:
        return False
    return True


@pytest.fixture
def good(scene: Scene, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, dict[str, Any]]:
    """Valid parameters of each algorithm, run in a separate folder."""
    monkeypatch.setattr("classify_pixels.plugin_support.http.PAUSES", ())
    monkeypatch.chdir(tmp_path)
    model, network = str(scene.model), str(scene.network)
    class_map = str(write_raster(tmp_path / "classes.tif", np.full((1, 9, 9), 3, np.uint8)))
    return {
        "classifypixels": {"INPUT": str(scene.raster), "MODEL": model, "OUTPUT": str(tmp_path / "map.tif")},
        "describemodel": {"MODEL": model, "OUTPUT_HTML": str(tmp_path / "m.html")},
        "packagemodel": {"WEIGHTS": network, "CLASSES": [1, "a", "", 2, "b", "", 3, "c", ""], "OUTPUT": "m.dlpk"},
        "assessaccuracy": {"INPUT": class_map, "REFERENCE": class_map, "OUTPUT_JSON": str(tmp_path / "a.json")},
        "samplepoints": {"INPUT": class_map, "COUNTS": 2, "OUTPUT": str(tmp_path / "p.gpkg")},
    }


def trials() -> list[tuple[str, str, Any]]:
    """Returns algorithm, parameter and value of each trial; reproducibly."""
    registry = QgsApplication.processingRegistry()
    names = [
        (name, definition.name())
        for name in ALGORITHMS
        for definition in registry.algorithmById(f"deeplearning:{name}").parameterDefinitions()
    ]
    return [(*each, value) for each, value in itertools.product(names, [*odd_texts(), *odd_things()])]


def test_odd_values_end_in_a_sentence_or_a_result(plugin: Any, project: Any, good: dict[str, dict[str, Any]]) -> None:
    every = trials()
    chosen = random.Random(SEED).sample(every, TRIALS)
    if os.environ.get("CLASSIFY_PIXELS_ALL_ODD_VALUES"):
        chosen = every
    failures = []
    for name, parameter, value in chosen:
        try:
            run_straight(name, {**good[name], parameter: value})
        except Exception as error:  # noqa: BLE001  (what leaves it is what is looked for)
            failures.append(f"{name} {parameter}={_shown(value)}: {type(error).__name__} {str(error)[:200]}")
    assert not failures, "\n".join(failures)


def _shown(value: Any) -> str:
    try:
        return repr(value)[:80]
    except (RecursionError, ValueError):
        return "(deep)"


@pytest.mark.parametrize(
    ("name", "odd"),
    [
        ("packagemodel", {"BANDS": "9" * 5000}),
        ("packagemodel", {"DEFINITION": {3: "ONNX"}}),
        ("packagemodel", {"WEIGHTS": "/proc/self/mem"}),
        ("classifypixels", {"CONTEXT": {"gpuId": "9" * 5000}}),
        ("classifypixels", {"INPUT_SCALE": "1" * 5000}),
    ],
    ids=str,
)
def test_values_that_were_once_a_traceback(
    name: str, odd: dict[str, Any], plugin: Any, project: Any, good: dict[str, dict[str, Any]]
) -> None:
    algorithm = QgsApplication.processingRegistry().createAlgorithmById(f"deeplearning:{name}")
    context, log, parameters = QgsProcessingContext(), Log(), {**good[name], **odd}
    context.setProject(QgsProject.instance())
    algorithm.prepareAlgorithm(parameters, context, log)
    with pytest.raises(QgsProcessingException) as raised:
        algorithm.processAlgorithm(parameters, context, log)
    assert isinstance(raised.value.__cause__, ClassifyPixelsError)
