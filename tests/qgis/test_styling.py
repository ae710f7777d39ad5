# SPDX-License-Identifier: GPL-2.0-or-later
"""Results as layers: names, colours, metadata, and identified values."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from qgis.core import (
    Qgis,
    QgsPalettedRasterRenderer,
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsRasterLayer,
    QgsSingleBandGrayRenderer,
)
from qgis.PyQt.QtWidgets import QTreeWidget, QTreeWidgetItem, QWidget

from classify_pixels.inference.models import ModelClass
from classify_pixels.inference.raster import ClassRecord, read_class_record
from classify_pixels.processing_provider.styling import ClassMapStyler, layer_name
from classify_pixels.ui.panel.job import Job, JobRequest

from .command import ALGORITHM
from .event_loop import wait_until
from .scenes import VALUES, Scene, write_definition, write_raster


@pytest.fixture
def result(plugin: Any, scene: Scene, tmp_path: Path) -> Path:
    """The class map of the scene, with a model that has a name."""
    import processing

    document = {**scene.definition, "ModelName": "Moors", "Description": "What grows where."}
    model = write_definition(scene.folder / "moors.emd", document)
    output = tmp_path / "map.tif"
    processing.run(ALGORITHM, {"INPUT": str(scene.raster), "MODEL": str(model), "OUTPUT": str(output)})
    return output


@pytest.fixture
def layer(result: Path, project: Any) -> QgsRasterLayer:
    """The result in the project, without any style."""
    loaded = QgsRasterLayer(str(result), "map")
    loaded.setRenderer(QgsSingleBandGrayRenderer(loaded.dataProvider(), 1))
    project.addMapLayer(loaded)
    return loaded


def classes_of(layer: QgsRasterLayer) -> dict[int, tuple[str, tuple[int, ...]]]:
    """Returns the name and colour of each class of a layer's renderer."""
    assert isinstance(layer.renderer(), QgsPalettedRasterRenderer)
    return {int(c.value): (c.label, c.color.getRgb()[:3]) for c in layer.renderer().classes()}


def classes_in(definition: dict[str, Any]) -> dict[int, tuple[str, tuple[int, ...]]]:
    """Returns the same of a model definition."""
    return {c["Value"]: (c["Name"], tuple(c["Color"])) for c in definition["Classes"]}


# --- the layer that Processing loads -------------------------------------------------------------------


def test_layer_is_named_after_raster_and_model(layer: QgsRasterLayer) -> None:
    ClassMapStyler([]).postProcessLayer(layer, QgsProcessingContext(), QgsProcessingFeedback())
    assert layer.name() == "scene – Moors"


def test_model_that_names_its_output_keeps_the_name(layer: QgsRasterLayer) -> None:
    styler = ClassMapStyler([], names_layer=False)
    styler.postProcessLayer(layer, QgsProcessingContext(), QgsProcessingFeedback())
    assert layer.name() == "map"


@pytest.mark.parametrize(
    ("items", "name"),
    [
        ({"INPUT": "/vsicurl/http://x/a.tif?token=1", "MODEL": "M"}, "a – M"),
        ({"INPUT": r"C:\data\b.tif"}, "b"),
        ({"MODEL": "M"}, "M"),
        ({}, ""),
    ],
)
def test_names_that_files_tell(items: dict[str, str], name: str) -> None:
    assert layer_name(ClassRecord(items=items)) == name


def test_layers_metadata_tell_classes_and_origin(layer: QgsRasterLayer) -> None:
    ClassMapStyler([]).postProcessLayer(layer, QgsProcessingContext(), QgsProcessingFeedback())
    metadata = layer.metadata()
    record = read_class_record(layer.source())
    assert "What grows where." in metadata.abstract()
    for count in record.classes:
        assert f"{count.legend_class.name}: {count.pixels} pixels" in metadata.abstract()
    assert metadata.keywords()["classes"] == [count.legend_class.name for count in record.classes]
    assert any(line.startswith("MODEL: Moors") for line in metadata.history())


def test_texts_of_a_model_are_no_html_in_the_layers_properties(
    plugin: Any, scene: Scene, tmp_path: Path, project: Any
) -> None:
    """QGIS escapes nothing on that page, and would fetch its pictures."""
    import processing

    from classify_pixels.ui.panel.job_model import tooltip_of
    from classify_pixels.ui.panel.job_title import title_of

    evil = {name: f'<img src="http://127.0.0.1:9/{name}">' for name in ("name", "text", "version", "class", "raster")}
    document = {**scene.definition, "ModelName": evil["name"], "Description": evil["text"]}
    document["ModelVersion"] = evil["version"]
    document["Classes"] = [{**listed, "Name": evil["class"]} for listed in document["Classes"]]
    folder = tmp_path / "rasters"
    folder.mkdir()
    raster = folder / "<img src=x>.tif"
    raster.write_bytes(scene.raster.read_bytes())
    model, output = write_definition(scene.folder / "evil.emd", document), tmp_path / "map.tif"
    processing.run(ALGORITHM, {"INPUT": str(raster), "MODEL": str(model), "OUTPUT": str(output)})
    layer = QgsRasterLayer(str(output), "map")
    project.addMapLayer(layer)
    ClassMapStyler(
        [ModelClass(listed["Value"], listed["Name"], (1, 2, 3)) for listed in document["Classes"]]
    ).postProcessLayer(layer, QgsProcessingContext(), QgsProcessingFeedback())
    page = layer.htmlMetadata()
    shown = [layer.name(), *(label for label, _ in classes_of(layer).values()), *layer.metadata().history()]
    request = JobRequest(str(raster), "gdal", evil["raster"], str(model), str(output))
    for text in (page, *shown, title_of(Job(request)), tooltip_of(Job(request))):
        assert "<img" not in text
    assert "img src=" in page


def test_no_data_of_the_result_is_transparent(layer: QgsRasterLayer, scene: Scene) -> None:
    from classify_pixels.ui.class_styling import style_of_file

    assert style_of_file(layer)
    provider = layer.dataProvider()
    block = layer.renderer().block(1, provider.extent(), provider.xSize(), provider.ySize())
    rows, columns = scene.hole
    alphas = np.array([[block.color(y, x) >> 24 for x in range(block.width())] for y in range(block.height())])
    assert (alphas[rows, columns] == 0).all()
    alphas[rows, columns] = 255
    assert (alphas == 255).all()


# --- styling again ------------------------------------------------------------------------------------


def test_layer_is_styled_again_from_its_own_file(layer: QgsRasterLayer, scene: Scene) -> None:
    from classify_pixels.ui.class_styling import style_of_file

    assert style_of_file(layer)
    assert classes_of(layer) == classes_in(scene.definition)


def test_plain_raster_is_not_styled(project: Any, scene: Scene) -> None:
    from classify_pixels.ui.class_styling import style_of_file

    plain = QgsRasterLayer(str(scene.raster), "plain")
    before = plain.renderer().type()
    assert not style_of_file(plain)
    assert plain.renderer().type() == before


class Desktop:
    """The part of QGIS's window that the plugin uses."""

    def __init__(self, layer: QgsRasterLayer | None = None) -> None:
        self.window = QWidget()
        self.layer = layer
        self.actions: list[Any] = []
        self.warnings: list[str] = []

    def mainWindow(self) -> QWidget:  # noqa: N802
        return self.window

    def activeLayer(self) -> QgsRasterLayer | None:  # noqa: N802
        return self.layer

    def addCustomActionForLayerType(self, action: Any, menu: str, kind: Any, everywhere: bool) -> None:  # noqa: N802
        assert everywhere
        self.actions.append(action)

    def removeCustomActionForLayerType(self, action: Any) -> None:  # noqa: N802
        self.actions.remove(action)

    def messageBar(self) -> Any:  # noqa: N802
        return self

    def pushMessage(self, title: str, text: str, level: Qgis.MessageLevel) -> None:  # noqa: N802
        self.warnings.append(text)


def test_action_styles_the_layer_whose_menu_is_open(layer: QgsRasterLayer, scene: Scene) -> None:
    from classify_pixels.ui.style_action import StyleAction

    desktop = Desktop(layer)
    part = StyleAction(desktop)
    desktop.actions[0].trigger()
    assert classes_of(layer) == classes_in(scene.definition)
    part.close()
    assert not desktop.actions


def test_layer_without_classes_is_styled_by_a_model(project: Any, scene: Scene, tmp_path: Path) -> None:
    from classify_pixels.ui.style_action import StyleAction

    bare = QgsRasterLayer(str(write_raster(tmp_path / "bare.tif", np.full((1, 9, 9), VALUES[0], np.uint8))), "bare")
    project.addMapLayer(bare)
    desktop = Desktop(bare)
    part = StyleAction(desktop)
    part.styling.style_by_model(bare, str(scene.model))
    wait_until(lambda: bare.renderer().type() == "paletted")
    assert classes_of(bare) == classes_in(scene.definition)
    part.styling.style_by_model(bare, json.dumps({"Classes": []}))
    wait_until(lambda: desktop.warnings)
    part.close()


# --- identify -----------------------------------------------------------------------------------------


def test_identified_values_get_their_names_once(layer: QgsRasterLayer, scene: Scene) -> None:
    from classify_pixels.ui.class_styling import style_of_file
    from classify_pixels.ui.identify_names import class_labels, name_values

    style_of_file(layer)
    band = layer.bandName(1)
    tree = QTreeWidget()
    root = QTreeWidgetItem(tree, ["map"])
    inner = QTreeWidgetItem(root, ["map"])
    value, no_data, other = (
        QTreeWidgetItem(inner, texts)
        for texts in ([band, str(VALUES[1])], [band, "no data"], ["(clicked coordinate X)", str(VALUES[1])])
    )
    for _ in range(2):
        name_values(root, band, class_labels(layer))
    assert value.text(1) == f"{VALUES[1]}  {classes_in(scene.definition)[VALUES[1]][0]}"
    assert no_data.text(1) == "no data"
    assert other.text(1) == str(VALUES[1])
