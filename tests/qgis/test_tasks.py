# SPDX-License-Identifier: GPL-2.0-or-later
"""The algorithm in the background: tasks of QGIS, and cancelling."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from qgis.core import (
    QgsApplication,
    QgsProcessingAlgRunnerTask,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingOutputLayerDefinition,
    QgsProject,
    QgsRasterLayer,
)
from qgis.PyQt.QtCore import QCoreApplication

from ..networks import class_definition, pointwise_network
from .command import ALGORITHM
from .hold import Hold
from .legends import legend, legend_of_model
from .log import Log
from .scenes import VALUES, Scene, assert_is_map_of, write_raster

LIMIT = 300.0


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """A raster of 64 tiles and its model."""
    folder = tmp_path_factory.mktemp("large")
    raster = write_raster(folder / "large.tif", np.ones((1, 1024, 1024), np.uint8))
    network = pointwise_network(folder / "network.onnx", bands=1, channels=2)
    definition = class_definition(network, bands=1, values=(1, 2), tile=128, Padding=0)
    arguments = "tile_size 128; batch_size 1"
    return {"INPUT": str(raster), "MODEL": json.dumps(definition), "MODEL_ARGUMENTS": arguments}


@pytest.fixture
def hold() -> Iterator[Hold]:
    """Stops the run of the large raster before its first strip is finished."""
    made = Hold(256)
    yield made
    made.end()


def test_cancelling_raises_and_leaves_no_file(run: Any, large: dict[str, str], tmp_path: Path) -> None:
    log = Log(cancel_at=10)
    with pytest.raises(QgsProcessingException, match="cancelled"):
        run(log, **large, OUTPUT=str(tmp_path / "out.tif"))
    assert max(log.shares) < 60
    assert not list(tmp_path.iterdir())


class Task:
    """The algorithm in a task of QGIS, as the toolbox runs it in the background."""

    def __init__(self, parameters: dict[str, Any], feedback: Log, context: QgsProcessingContext) -> None:
        self.ended: list[tuple[bool, dict[str, Any]]] = []
        # The task holds no reference to it.
        self._feedback = feedback
        algorithm = QgsApplication.processingRegistry().algorithmById(ALGORITHM)
        self._task = QgsProcessingAlgRunnerTask(algorithm, parameters, context, feedback)
        self._task.executed.connect(lambda successful, results: self.ended.append((successful, results)))
        QgsApplication.taskManager().addTask(self._task)

    def wait(self, until: Callable[[], bool] | None = None) -> None:
        """Runs QGIS's event loop until the task has ended."""
        deadline = time.monotonic() + LIMIT
        while not (until() if until else self.ended):
            assert time.monotonic() < deadline, "it did not come about"
            QCoreApplication.processEvents()
            time.sleep(0.005)


@pytest.fixture
def context(project: QgsProject) -> Iterator[QgsProcessingContext]:
    """The context of a task."""
    context = QgsProcessingContext()
    context.setProject(project)
    yield context
    context.temporaryLayerStore().removeAllMapLayers()


def test_task(
    scene: Scene, layer: QgsRasterLayer, context: QgsProcessingContext, project: QgsProject, tmp_path: Path
) -> None:
    project.addMapLayer(layer)
    parameters = {"INPUT": layer, "MODEL": str(scene.model), "OUTPUT": str(tmp_path / "out.tif")}
    task = Task(parameters, Log(), context)
    task.wait()
    [(successful, results)] = task.ended
    assert successful
    assert results["CLASS_COUNT"] == len(VALUES)
    assert_is_map_of(tmp_path / "out.tif", scene)


def test_result_of_a_task_is_marked_for_loading_with_thelegend(
    scene: Scene, context: QgsProcessingContext, project: QgsProject, tmp_path: Path
) -> None:
    output = str(tmp_path / "out.tif")
    destination = QgsProcessingOutputLayerDefinition(output, project)
    task = Task({"INPUT": str(scene.raster), "MODEL": str(scene.model), "OUTPUT": destination}, Log(), context)
    task.wait()
    assert list(context.layersToLoadOnCompletion()) == [output]
    details = context.layerToLoadOnCompletionDetails(output)
    layer = QgsRasterLayer(output, "result")
    details.postProcessor().postProcessLayer(layer, context, Log())
    assert legend(layer) == legend_of_model(scene)


def test_cancelled_task_ends_as_a_failure_and_leaves_no_file(
    large: dict[str, str], context: QgsProcessingContext, hold: Hold, tmp_path: Path
) -> None:
    feedback = Log()
    task = Task({**large, "OUTPUT": str(tmp_path / "out.tif")}, feedback, context)
    task.wait(until=lambda: hold.holds)
    feedback.cancel()
    task.wait()
    assert task.ended == [(False, {})]
    assert any("cancelled" in error for error in feedback.errors)
    assert not list(tmp_path.iterdir())


def test_failing_task_tells_its_sentence(scene: Scene, context: QgsProcessingContext, tmp_path: Path) -> None:
    feedback = Log()
    parameters = {
        "INPUT": str(tmp_path / "nothing.tif"),
        "MODEL": str(scene.model),
        "OUTPUT": str(tmp_path / "out.tif"),
    }
    task = Task(parameters, feedback, context)
    task.wait()
    assert task.ended == [(False, {})]
    assert any("nothing.tif cannot be read" in error for error in feedback.errors)
    assert not any("Traceback" in error for error in feedback.errors)
