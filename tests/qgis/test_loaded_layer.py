# SPDX-License-Identifier: GPL-2.0-or-later
"""The layer that a run loads, and the one that is opened from its file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from qgis.core import (
    QgsApplication,
    QgsCoordinateReferenceSystem,
    QgsProcessingContext,
    QgsProject,
    QgsRasterLayer,
)

from ..networks import class_definition
from .command import ALGORITHM
from .legends import legend, legend_of_model, transparency
from .log import Log
from .scenes import VALUES, Scene, read_pixels


@pytest.fixture
def load(plugin: Any, project: QgsProject) -> Callable[..., QgsRasterLayer]:
    """Runs the algorithm and has its result loaded into the project, as the dialog does."""
    import processing

    def run_and_load(**parameters: Any) -> QgsRasterLayer:
        processing.runAndLoadResults(ALGORITHM, parameters, feedback=Log())
        [loaded] = project.mapLayers().values()
        return loaded

    return run_and_load


def test_loaded_layer_has_the_modelslegend(load: Any, scene: Scene, tmp_path: Path) -> None:
    layer = load(INPUT=str(scene.raster), MODEL=str(scene.model), OUTPUT=str(tmp_path / "out.tif"))
    assert legend(layer) == legend_of_model(scene)
    assert layer.crs() == QgsCoordinateReferenceSystem("EPSG:32633")


@pytest.mark.parametrize("name", ["out.tif", "./out.tif"])
def test_loaded_layer_has_the_legend_even_without_the_style_file(
    name: str, plugin: Any, project: QgsProject, scene: Scene, tmp_path: Path
) -> None:
    from processing.gui.Postprocessing import handleAlgorithmResults

    output = f"{tmp_path}/{name}"
    context = QgsProcessingContext()
    context.setProject(project)
    details = QgsProcessingContext.LayerDetails("Class map", project, "OUTPUT")
    context.setLayersToLoadOnCompletion({output: details})
    algorithm = QgsApplication.processingRegistry().createAlgorithmById(ALGORITHM)
    parameters = {"INPUT": str(scene.raster), "MODEL": str(scene.model), "OUTPUT": output}
    log = Log()
    _, successful = algorithm.run(parameters, context, log)
    assert successful
    (tmp_path / "out.qml").unlink()
    handleAlgorithmResults(algorithm, context, log)
    [layer] = project.mapLayers().values()
    assert legend(layer) == legend_of_model(scene)


def test_loading_keeps_no_styler_alive(load: Any, scene: Scene, tmp_path: Path) -> None:
    from classify_pixels.processing_provider.styling import ClassMapStyler

    load(INPUT=str(scene.raster), MODEL=str(scene.model), OUTPUT=str(tmp_path / "out.tif"))
    assert not ClassMapStyler._waiting


def test_plainly_opened_result_has_the_modelslegend(run: Any, scene: Scene, tmp_path: Path) -> None:
    run(INPUT=str(scene.raster), MODEL=str(scene.model), OUTPUT=str(tmp_path / "out.tif"))
    layer = QgsRasterLayer(str(tmp_path / "out.tif"), "result")
    assert legend(layer) == legend_of_model(scene)


def test_no_data_is_transparent_and_nothing_else(run: Any, load: Any, scene: Scene, tmp_path: Path) -> None:
    expected = np.zeros(scene.classes.shape, bool)
    expected[scene.hole] = True
    loaded = load(INPUT=str(scene.raster), MODEL=str(scene.model), OUTPUT=str(tmp_path / "out.tif"))
    opened = QgsRasterLayer(str(tmp_path / "out.tif"), "result")
    for layer in (loaded, opened):
        np.testing.assert_array_equal(transparency(layer), expected)


def test_names_with_letters_of_every_kind_reach_thelegend(load: Any, scene: Scene, tmp_path: Path) -> None:
    names = ['Wald & "Wiese" <dicht>', "水域", "Ödland\\n'frei'"]
    classes = [{**c, "Name": name} for c, name in zip(scene.definition["Classes"], names)]
    definition = {**scene.definition, "Classes": classes}
    loaded = load(INPUT=str(scene.raster), MODEL=definition, OUTPUT=str(tmp_path / "out.tif"))
    opened = QgsRasterLayer(str(tmp_path / "out.tif"), "result")
    for layer in (loaded, opened):
        # Characters that begin an element are replaced.
        assert [label for _, label, _ in legend(layer)] == [name.replace("<dicht", "‹dicht") for name in names]


@pytest.mark.parametrize("values", [(1, 300, 70_000), (-5, 0, 7), (0, 254, 255)])
def test_large_and_negative_class_values_reach_thelegend(
    values: tuple[int, ...], load: Any, scene: Scene, tmp_path: Path
) -> None:
    definition = class_definition(scene.network, bands=2, values=values, tile=64)
    loaded = load(INPUT=str(scene.raster), MODEL=definition, OUTPUT=str(tmp_path / "out.tif"))
    opened = QgsRasterLayer(str(tmp_path / "out.tif"), "result")
    for layer in (loaded, opened):
        assert [value for value, _, _ in legend(layer)] == list(values)
    found = read_pixels(tmp_path / "out.tif")
    expected = np.array(values)[np.searchsorted(VALUES, scene.classes)]
    hole = np.zeros(found.shape, bool)
    hole[scene.hole] = True
    np.testing.assert_array_equal(found[~hole], expected[~hole])
    np.testing.assert_array_equal(transparency(opened), hole)
