# SPDX-License-Identifier: GPL-2.0-or-later
"""The algorithm within QGIS: forms of the input, tasks, cancelling, and the layer that is loaded."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
from osgeo import gdal
from qgis.core import (
    QgsApplication,
    QgsCoordinateReferenceSystem,
    QgsProcessingAlgRunnerTask,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProcessingOutputLayerDefinition,
    QgsProject,
    QgsProperty,
    QgsRasterLayer,
    QgsRasterRange,
    QgsRectangle,
    QgsReferencedRectangle,
)
from qgis.PyQt.QtCore import QCoreApplication

from ..networks import class_definition, pointwise_network, pointwise_weights, save_network
from .command import ALGORITHM
from .scenes import (
    CELL,
    ORIGIN,
    VALUES,
    Scene,
    assert_is_map_of,
    read_no_data,
    read_pixels,
    snapshot,
    write_raster,
)

LIMIT = 60.0


class Log(QgsProcessingFeedback):
    """Keeps what an algorithm says, and cancels it at a share of its way."""

    def __init__(self, cancel_at: float = 1000.0) -> None:
        super().__init__(False)
        self.lines: list[str] = []
        self.warnings: list[str] = []
        self.errors: list[str] = []
        self.shares: list[float] = []
        self._cancel_at = cancel_at
        self.progressChanged.connect(self._progress)

    def _progress(self, share: float) -> None:
        self.shares.append(share)
        if share >= self._cancel_at:
            self.cancel()

    def pushInfo(self, info: str) -> None:
        """Keeps a sentence."""
        self.lines.append(info)

    def pushWarning(self, warning: str) -> None:
        """Keeps a warning."""
        self.warnings.append(warning)

    def reportError(self, error: str, fatalError: bool = False) -> None:
        """Keeps an error."""
        self.errors.append(error)


@pytest.fixture
def run(plugin: Any, project: QgsProject) -> Callable[..., dict[str, Any]]:
    """Runs the algorithm as scripts and the Python console do."""
    import processing

    def classify(feedback: QgsProcessingFeedback | None = None, **parameters: Any) -> dict[str, Any]:
        return processing.run(ALGORITHM, parameters, feedback=feedback or Log())

    return classify


@pytest.fixture
def layer(plugin: Any, scene: Scene) -> QgsRasterLayer:
    """The scene as a layer that is in no project."""
    return QgsRasterLayer(str(scene.raster), "scene")


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


def test_subdataset_as_name_and_as_layer(run: Any, scene: Scene, tmp_path: Path) -> None:
    container = tmp_path / "two.gpkg"
    for band, table in enumerate(("first", "second"), start=1):
        options = ["APPEND_SUBDATASET=YES", f"RASTER_TABLE={table}", "TILE_FORMAT=PNG"]
        gdal.Translate(
            str(container), str(scene.raster), format="GPKG", bandList=[band], creationOptions=options
        )
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
    np.testing.assert_array_equal(found == no_data, invalid.all(axis=0))
    assert 0.2 < invalid.all(axis=0).mean() < 0.4


def test_layer_of_another_provider_is_refused(run: Any, scene: Scene, tmp_path: Path) -> None:
    tiles = QgsRasterLayer("type=xyz&url=http://127.0.0.1:9/{z}/{x}/{y}.png", "Tiles", "wms")
    assert tiles.isValid()
    with pytest.raises(QgsProcessingException, match="The layer Tiles has no cell size of its own"):
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
    "referenced": lambda: QgsReferencedRectangle(
        QgsRectangle(*BOX), QgsCoordinateReferenceSystem("EPSG:32633")
    ),
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
    # On Windows QGIS writes forward slashes, which a Path turns round: the text is what layers are found by.
    output = f"{tmp_path}/./out.tif"
    assert run(INPUT=str(scene.raster), MODEL=str(scene.model), OUTPUT=output)["OUTPUT"] == output


def test_temporary_output(run: Any, scene: Scene) -> None:
    output = Path(run(INPUT=str(scene.raster), MODEL=str(scene.model), OUTPUT="TEMPORARY_OUTPUT")["OUTPUT"])
    assert output.suffix == ".tif"
    assert_is_map_of(output, scene)


# --- errors -------------------------------------------------------------------------------------------

KEYS = ["ModelFile", "ImageHeight", "ImageWidth", "ExtractBands", "Classes"]


@pytest.mark.parametrize("key", KEYS)
def test_missing_key_is_named(key: str, run: Any, scene: Scene, tmp_path: Path) -> None:
    definition = {name: value for name, value in scene.definition.items() if name != key}
    with pytest.raises(QgsProcessingException, match=f"lacks the key {key}"):
        run(INPUT=str(scene.raster), MODEL=definition, OUTPUT=str(tmp_path / "out.tif"))
    assert not list(tmp_path.iterdir())


BROKEN_KEYS = [
    ("ImageHeight", 0),
    ("ImageWidth", "wide"),
    ("ImageWidth", 64.5),
    ("ExtractBands", []),
    ("ExtractBands", [0, -1]),
    ("ExtractBands", "0,1"),
    ("Classes", []),
    ("Classes", {"1": "Water"}),
    ("Classes", [1, 2, 3]),
    ("Classes", [{"Name": "without a value"}]),
    ("Classes", [{"Value": "one", "Name": "a"}]),
    ("Classes", [{"Value": True, "Name": "a"}]),
    ("Classes", [{"Value": 1, "Name": "a", "Color": [1, 2]}]),
    ("Classes", [{"Value": 1, "Name": "a", "Color": [1, 2, 256]}]),
    ("BatchSize", 0),
    ("Padding", -1),
    ("ModelPadding", "much"),
    ("Threshold", 2),
    ("ModelFormat", "CHWN"),
    ("NormalizationStats", [1, 2]),
    ("NormalizationStats", {"band_min_values": [0, 0]}),
]


@pytest.mark.parametrize(("key", "value"), BROKEN_KEYS)
def test_broken_key_is_named_with_its_value(
    key: str, value: Any, run: Any, scene: Scene, tmp_path: Path
) -> None:
    with pytest.raises(QgsProcessingException, match="key") as raised:
        run(INPUT=str(scene.raster), MODEL={**scene.definition, key: value}, OUTPUT=str(tmp_path / "out.tif"))
    named = key if key != "NormalizationStats" or isinstance(value, list) else "band_max_values"
    assert named in str(raised.value)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"padding": "x"}, "padding has the value x"),
        ({"padding": "1.5"}, "padding has the value 1.5"),
        ({"batch_size": "0"}, "batch_size has the value 0"),
        ({"tile_size": "-64"}, "tile_size has the value -64"),
        ({"threshold": "half"}, "threshold has the value half"),
        ([1, 2], "cannot be read"),
        ("[1, 2]", r"\[1"),
    ],
)
def test_broken_argument_is_named_with_its_value(
    arguments: Any, words: str, run: Any, scene: Scene, tmp_path: Path
) -> None:
    with pytest.raises(QgsProcessingException, match=words):
        run(
            INPUT=str(scene.raster),
            MODEL=str(scene.model),
            MODEL_ARGUMENTS=arguments,
            OUTPUT=str(tmp_path / "out.tif"),
        )
    assert not list(tmp_path.iterdir())


def test_unknown_parameter_is_warned_about(run: Any, scene: Scene, tmp_path: Path) -> None:
    log = Log()
    run(log, INPUT=str(scene.raster), MODEL=str(scene.model), CELLSIZE=30, OUTPUT=str(tmp_path / "out.tif"))
    assert [warning for warning in log.warnings if "CELLSIZE" in warning]


# --- cancelling and tasks -----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """A raster and a model that take a few seconds."""
    folder = tmp_path_factory.mktemp("large")
    raster = write_raster(folder / "large.tif", np.ones((1, 1024, 1024), np.uint8))
    random = np.random.default_rng(0)
    weights = {
        "w0": random.normal(size=(64, 1, 3, 3)).astype(np.float32),
        "w1": random.normal(size=(64, 64, 7, 7)).astype(np.float32),
        "w2": random.normal(size=(2, 64, 1, 1)).astype(np.float32),
    }
    nodes = [
        onnx.helper.make_node("Conv", ["image", "w0"], ["a"], pads=[1, 1, 1, 1]),
        onnx.helper.make_node("Conv", ["a", "w1"], ["b"], pads=[3, 3, 3, 3]),
        onnx.helper.make_node("Conv", ["b", "w2"], ["scores"]),
    ]
    network = save_network(folder / "slow.onnx", nodes, weights, ("n", 1, "h", "w"), ("n", 2, "h", "w"))
    definition = class_definition(network, bands=1, values=(1, 2), tile=128, Padding=0)
    return {"INPUT": str(raster), "MODEL": json.dumps(definition)}


def test_cancelling_raises_and_leaves_no_file(run: Any, large: dict[str, str], tmp_path: Path) -> None:
    log = Log(cancel_at=10)
    started = time.monotonic()
    with pytest.raises(QgsProcessingException, match="cancelled"):
        run(log, **large, OUTPUT=str(tmp_path / "out.tif"))
    assert time.monotonic() - started < LIMIT
    assert max(log.shares) < 60
    assert not list(tmp_path.iterdir())


def test_progress_rises_to_the_end(run: Any, scene: Scene, tmp_path: Path) -> None:
    log = Log()
    run(log, INPUT=str(scene.raster), MODEL=str(scene.model), OUTPUT=str(tmp_path / "out.tif"))
    assert log.shares == sorted(log.shares)
    assert log.shares[-1] == 100


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
        """Keeps QGIS's event loop alive until the task has ended."""
        deadline = time.monotonic() + LIMIT
        while not (until() if until else self.ended) and time.monotonic() < deadline:
            QCoreApplication.processEvents()
            time.sleep(0.005)


@pytest.fixture
def context(project: QgsProject) -> Iterator[QgsProcessingContext]:
    """What a task runs in."""
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


def test_result_of_a_task_is_marked_for_loading_with_the_legend(
    scene: Scene, context: QgsProcessingContext, project: QgsProject, tmp_path: Path
) -> None:
    output = str(tmp_path / "out.tif")
    destination = QgsProcessingOutputLayerDefinition(output, project)
    task = Task(
        {"INPUT": str(scene.raster), "MODEL": str(scene.model), "OUTPUT": destination}, Log(), context
    )
    task.wait()
    assert list(context.layersToLoadOnCompletion()) == [output]
    details = context.layerToLoadOnCompletionDetails(output)
    layer = QgsRasterLayer(output, "result")
    details.postProcessor().postProcessLayer(layer, context, Log())
    assert _legend(layer) == _legend_of_model(scene)


def test_cancelled_task_ends_as_a_failure_and_leaves_no_file(
    large: dict[str, str], context: QgsProcessingContext, tmp_path: Path
) -> None:
    feedback = Log()
    task = Task({**large, "OUTPUT": str(tmp_path / "out.tif")}, feedback, context)
    task.wait(until=lambda: bool(feedback.shares or task.ended))
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


# --- the loaded layer ---------------------------------------------------------------------------------


def _legend(layer: QgsRasterLayer) -> list[tuple[int, str, str]]:
    assert layer.renderer().type() == "paletted"
    return [(int(c.value), c.label, c.color.name()) for c in layer.renderer().classes()]


def _legend_of_model(scene: Scene) -> list[tuple[int, str, str]]:
    return [
        (c["Value"], c["Name"], "#{:02x}{:02x}{:02x}".format(*c["Color"]))
        for c in scene.definition["Classes"]
    ]


def _transparency(layer: QgsRasterLayer) -> np.ndarray:
    """Returns which pixels (height, width) the layer's renderer leaves transparent."""
    width, height = layer.width(), layer.height()
    block = layer.renderer().block(1, layer.extent(), width, height)
    colors = np.frombuffer(bytes(block.data()), np.uint32).reshape(height, width)
    return colors >> 24 == 0


@pytest.fixture
def load(plugin: Any, project: QgsProject) -> Callable[..., QgsRasterLayer]:
    """Runs the algorithm and has its result loaded into the project, as the dialog does."""
    import processing

    def run_and_load(**parameters: Any) -> QgsRasterLayer:
        processing.runAndLoadResults(ALGORITHM, parameters, feedback=Log())
        [loaded] = project.mapLayers().values()
        return loaded

    return run_and_load


def test_loaded_layer_has_the_models_legend(load: Any, scene: Scene, tmp_path: Path) -> None:
    layer = load(INPUT=str(scene.raster), MODEL=str(scene.model), OUTPUT=str(tmp_path / "out.tif"))
    assert _legend(layer) == _legend_of_model(scene)
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
    assert _legend(layer) == _legend_of_model(scene)


def test_loading_keeps_no_styler_alive(load: Any, scene: Scene, tmp_path: Path) -> None:
    from classify_pixels.processing_provider.styling import ClassMapStyler

    load(INPUT=str(scene.raster), MODEL=str(scene.model), OUTPUT=str(tmp_path / "out.tif"))
    assert not ClassMapStyler._waiting


def test_plainly_opened_result_has_the_models_legend(run: Any, scene: Scene, tmp_path: Path) -> None:
    run(INPUT=str(scene.raster), MODEL=str(scene.model), OUTPUT=str(tmp_path / "out.tif"))
    layer = QgsRasterLayer(str(tmp_path / "out.tif"), "result")
    assert _legend(layer) == _legend_of_model(scene)


def test_no_data_is_transparent_and_nothing_else(run: Any, load: Any, scene: Scene, tmp_path: Path) -> None:
    expected = np.zeros(scene.classes.shape, bool)
    expected[scene.hole] = True
    loaded = load(INPUT=str(scene.raster), MODEL=str(scene.model), OUTPUT=str(tmp_path / "out.tif"))
    opened = QgsRasterLayer(str(tmp_path / "out.tif"), "result")
    for layer in (loaded, opened):
        np.testing.assert_array_equal(_transparency(layer), expected)


def test_names_with_letters_of_every_kind_reach_the_legend(load: Any, scene: Scene, tmp_path: Path) -> None:
    names = ['Wald & "Wiese" <dicht>', "水域", "Ödland\\n'frei'"]
    classes = [{**c, "Name": name} for c, name in zip(scene.definition["Classes"], names)]
    definition = {**scene.definition, "Classes": classes}
    loaded = load(INPUT=str(scene.raster), MODEL=definition, OUTPUT=str(tmp_path / "out.tif"))
    opened = QgsRasterLayer(str(tmp_path / "out.tif"), "result")
    for layer in (loaded, opened):
        assert [label for _, label, _ in _legend(layer)] == names


@pytest.mark.parametrize("values", [(1, 300, 70_000), (-5, 0, 7), (0, 254, 255)])
def test_large_and_negative_class_values_reach_the_legend(
    values: tuple[int, ...], load: Any, scene: Scene, tmp_path: Path
) -> None:
    definition = class_definition(scene.network, bands=2, values=values, tile=64)
    loaded = load(INPUT=str(scene.raster), MODEL=definition, OUTPUT=str(tmp_path / "out.tif"))
    opened = QgsRasterLayer(str(tmp_path / "out.tif"), "result")
    for layer in (loaded, opened):
        assert [value for value, _, _ in _legend(layer)] == list(values)
    found = read_pixels(tmp_path / "out.tif")
    expected = np.array(values)[np.searchsorted(VALUES, scene.classes)]
    hole = np.zeros(found.shape, bool)
    hole[scene.hole] = True
    np.testing.assert_array_equal(found[~hole], expected[~hole])
    np.testing.assert_array_equal(_transparency(opened), hole)


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
    # Opening the layer is QGIS's doing: what it may have written then is not the run's.
    before, times = snapshot(inputs), inputs.stat().st_mtime_ns
    for given in (layer, layer.id()):
        run(INPUT=given, **parameters)
        assert (snapshot(inputs), inputs.stat().st_mtime_ns) == (before, times)
