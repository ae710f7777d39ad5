# SPDX-License-Identifier: GPL-2.0-or-later
"""The widgets for model, arguments and bands in Processing's own dialogs: dialog, batch and modeler."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from qgis.core import (
    QgsApplication,
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProcessingModelAlgorithm,
    QgsRasterLayer,
)
from qgis.PyQt.QtCore import QPoint, Qt
from qgis.PyQt.QtTest import QTest
from qgis.PyQt.QtWidgets import QApplication, QComboBox, QLabel, QLineEdit, QToolButton

from ..networks import class_definition
from ..unit.rasters import write_raster as write_any_raster
from .command import ALGORITHM
from .event_loop import wait_until
from .scenes import Scene, write_definition, write_raster


class Dialog:
    """The algorithm's dialog and its widgets."""

    def __init__(self) -> None:
        from processing.gui.AlgorithmDialog import AlgorithmDialog

        self.dialog = AlgorithmDialog(QgsApplication.processingRegistry().createAlgorithmById(ALGORITHM))
        self.wrappers = self.dialog.mainWidget().wrappers

    def set(self, name: str, value: Any) -> None:
        """Sets a parameter as re-running from the history does."""
        self.wrappers[name].setParameterValue(value, QgsProcessingContext())

    def get(self, name: str) -> Any:
        """Returns the value for a run."""
        return self.wrappers[name].parameterValue()

    def widget(self, name: str) -> Any:
        """Returns the widget of a parameter."""
        return self.wrappers[name].widget

    @property
    def card(self) -> str:
        """The text below the field for the model."""
        widget = self.widget("MODEL")
        checks = widget.checks.findChildren(QLabel) if widget.checks else []
        labels = [label for label in widget.findChildren(QLabel) if label not in checks]
        return " ".join(label.text() for label in labels if not label.isHidden())

    def table(self, name: str) -> Any:
        """Returns the table under a field."""
        return self.widget(name).table

    def close(self) -> None:
        self.dialog.close()
        self.dialog.deleteLater()


@pytest.fixture
def dialog(plugin: Any, project: Any) -> Iterator[Dialog]:
    """The algorithm's dialog, empty."""
    opened = Dialog()
    yield opened
    opened.close()


@pytest.fixture
def layer(project: Any, scene: Scene) -> QgsRasterLayer:
    """The scene as a layer of the project."""
    loaded = QgsRasterLayer(str(scene.raster), "A scene")
    project.addMapLayer(loaded)
    return loaded


def rows(table: Any) -> dict[str, int]:
    """Returns the rows of an arguments table by the names of the arguments."""
    return {table.token(row): row for row in range(table.rowCount())}


# --- the model ----------------------------------------------------------------------------------------


def test_card_shows_what_the_model_is(dialog: Dialog, scene: Scene, tmp_path: Path) -> None:
    document = {**scene.definition, "ModelName": "Heath & moor"}
    dialog.set("MODEL", str(write_definition(tmp_path / "model.emd", document)))
    wait_until(lambda: dialog.card)
    assert "Heath &amp; moor" in dialog.card
    for listed in scene.definition["Classes"]:
        assert listed["Name"] in dialog.card
        assert "#{:02x}{:02x}{:02x}".format(*listed["Color"]) in dialog.card
    assert "64 x 64" in dialog.card


def test_texts_of_a_model_are_escaped(dialog: Dialog, scene: Scene, tmp_path: Path) -> None:
    evil = '<img src="file:///etc/passwd">'
    classes = [{**listed, "Name": evil} for listed in scene.definition["Classes"]]
    document = {**scene.definition, "ModelName": evil, "Description": evil, "Classes": classes}
    dialog.set("MODEL", str(write_definition(tmp_path / "evil.emd", document)))
    wait_until(lambda: dialog.card)
    assert "<img" not in dialog.card
    assert "&lt;img" in dialog.card


def test_card_says_why_a_model_cannot_run(dialog: Dialog, tmp_path: Path) -> None:
    dialog.set("MODEL", str(tmp_path / "absent.emd"))
    wait_until(lambda: dialog.card)
    assert "does not exist" in dialog.card.lower()
    dialog.set("MODEL", "")
    wait_until(lambda: not dialog.card)


def test_card_warns_of_bands_that_the_raster_lacks(dialog: Dialog, scene: Scene, tmp_path: Path, project: Any) -> None:
    single = write_raster(tmp_path / "single.tif", np.ones((1, 20, 20), np.uint8))
    layer = QgsRasterLayer(str(single), "Single")
    project.addMapLayer(layer)
    dialog.set("INPUT", layer)
    dialog.set("MODEL", str(scene.model))
    wait_until(lambda: "Single" in dialog.card)
    dialog.set("INPUT", str(scene.raster))
    wait_until(lambda: "Single" not in dialog.card)


def test_model_as_json_and_as_dictionary_is_kept_as_json(dialog: Dialog, scene: Scene) -> None:
    for given in (scene.definition, json.dumps(scene.definition)):
        dialog.set("MODEL", given)
        assert json.loads(dialog.get("MODEL")) == scene.definition


def test_model_elsewhere_is_not_fetched(dialog: Dialog) -> None:
    dialog.set("MODEL", "http://127.0.0.1:9/model.dlpk")
    wait_until(lambda: dialog.card)
    assert "Remote model" in dialog.card


def test_models_are_read_outside_the_main_thread(dialog: Dialog, sample: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from classify_pixels.ui.dialog import model_reader

    answer_to, threads = model_reader.answer_to, []

    def answered(question: Any) -> Any:
        threads.append(threading.current_thread())
        return answer_to(question)

    monkeypatch.setattr(model_reader, "answer_to", answered)
    dialog.set("MODEL", str(sample / "landsat7_landcover.dlpk"))
    wait_until(lambda: "Landsat" in dialog.card)
    assert threads
    assert threading.main_thread() not in threads


# --- the arguments ------------------------------------------------------------------------------------


def test_arguments_table_shows_the_models_defaults(dialog: Dialog, scene: Scene, tmp_path: Path) -> None:
    document = {**scene.definition, "Padding": 12, "BatchSize": 3}
    dialog.set("MODEL", str(write_definition(tmp_path / "model.emd", document)))
    wait_until(lambda: dialog.card)
    table = dialog.table("MODEL_ARGUMENTS")
    row = rows(table)
    assert [table.item(row[name], 2).text() for name in ("padding", "batch_size")] == ["12", "3"]
    assert all(table.item(line, 3).text() for line in row.values())
    assert dialog.get("MODEL_ARGUMENTS") in (None, "")


def test_only_changed_arguments_are_written(dialog: Dialog, scene: Scene, tmp_path: Path) -> None:
    document = {**scene.definition, "Padding": 12}
    dialog.set("MODEL", str(write_definition(tmp_path / "model.emd", document)))
    wait_until(lambda: dialog.card)
    table = dialog.table("MODEL_ARGUMENTS")
    row = rows(table)
    table.item(row["padding"], 1).setText("8")
    table.cellWidget(row["test_time_augmentation"], 1).setCurrentText("Yes")
    assert dialog.get("MODEL_ARGUMENTS") == "padding 8;test_time_augmentation true"
    table.item(row["padding"], 1).setText("12")
    assert dialog.get("MODEL_ARGUMENTS") == "test_time_augmentation true"


@pytest.mark.parametrize("given", ["padding 8;merge_policy max", '{"padding": "8", "merge_policy": "max"}'])
def test_arguments_come_back_from_the_history(given: str, dialog: Dialog, scene: Scene) -> None:
    dialog.set("MODEL_ARGUMENTS", given)
    dialog.set("MODEL", str(scene.model))
    wait_until(lambda: dialog.card)
    assert dialog.get("MODEL_ARGUMENTS") == given
    table = dialog.table("MODEL_ARGUMENTS")
    assert table.item(rows(table)["padding"], 1).text() == "8"
    assert table.cellWidget(rows(table)["merge_policy"], 1).currentText() == "Maximum"


def test_argument_that_the_model_refuses_is_red_with_the_reason(dialog: Dialog, scene: Scene) -> None:
    dialog.set("MODEL", str(scene.model))
    wait_until(lambda: dialog.card)
    table = dialog.table("MODEL_ARGUMENTS")
    item = table.item(rows(table)["padding"], 1)
    item.setText("-3")
    assert "integer" in item.toolTip()
    item.setText("3")
    assert item.toolTip() == ""


def test_unknown_argument_stays_visible(dialog: Dialog) -> None:
    dialog.set("MODEL_ARGUMENTS", "paddding 8")
    table = dialog.table("MODEL_ARGUMENTS")
    assert table.item(rows(table)["paddding"], 1).text() == "8"
    assert dialog.get("MODEL_ARGUMENTS") == "paddding 8"


def test_arguments_that_cannot_be_read_are_kept_and_marked(dialog: Dialog) -> None:
    dialog.set("MODEL_ARGUMENTS", "padding")
    line = dialog.widget("MODEL_ARGUMENTS").findChild(QLineEdit)
    assert line.styleSheet()
    assert line.toolTip()
    assert dialog.get("MODEL_ARGUMENTS") == "padding"


# --- the bands ----------------------------------------------------------------------------------------


@pytest.fixture
def named(tmp_path: Path, scene: Scene) -> tuple[Path, Path]:
    """A raster with named bands and a model that requires two of them by name."""
    pixels = np.random.default_rng(1).integers(1, 200, (4, 30, 30), np.uint8)
    raster = write_raster(
        tmp_path / "named.tif",
        pixels,
        names=["blue", "green", "red", "nir"],
        options=["PHOTOMETRIC=MINISBLACK", "ALPHA=NO"],
    )
    definition = class_definition(scene.network, bands=2, values=(1, 4, 7), tile=64)
    model = {**definition, "ExtractBands": ["nir", "red"]}
    return raster, write_definition(tmp_path / "named.emd", model)


def test_bands_are_guessed_and_nothing_is_written(dialog: Dialog, named: tuple[Path, Path]) -> None:
    raster, model = named
    dialog.set("INPUT", str(raster))
    dialog.set("MODEL", str(model))
    table = dialog.table("BAND_MAPPING")
    wait_until(lambda: table.rowCount())
    assert [table.cellWidget(row, 1).currentText() for row in (0, 1)] == ["4  nir (by name)", "3  red (by name)"]
    assert dialog.get("BAND_MAPPING") in (None, "")


def test_chosen_band_is_written_and_read_back(dialog: Dialog, named: tuple[Path, Path]) -> None:
    raster, model = named
    dialog.set("INPUT", str(raster))
    dialog.set("MODEL", str(model))
    table = dialog.table("BAND_MAPPING")
    wait_until(lambda: table.rowCount())
    table.cellWidget(1, 1).setCurrentIndex(1)
    assert dialog.get("BAND_MAPPING") == "red=1"
    table.cellWidget(1, 1).setCurrentIndex(0)
    assert dialog.get("BAND_MAPPING") in (None, "")
    dialog.set("BAND_MAPPING", "2,1")
    assert [table.cellWidget(row, 1).currentData() for row in (0, 1)] == [2, 1]


def test_mapping_that_mends_the_bands_silences_the_warning(
    dialog: Dialog, named: tuple[Path, Path], tmp_path: Path
) -> None:
    plain = write_raster(tmp_path / "plain.tif", np.ones((2, 20, 20), np.uint8))
    dialog.set("INPUT", str(plain))
    dialog.set("MODEL", str(named[1]))
    wait_until(lambda: "Problem with the raster" in dialog.card)
    table = dialog.table("BAND_MAPPING")
    table.cellWidget(0, 1).setCurrentIndex(1)
    table.cellWidget(1, 1).setCurrentIndex(2)
    assert dialog.get("BAND_MAPPING") == "nir=1;red=2"
    wait_until(lambda: "Problem with the raster" not in dialog.card)


# --- batch, modeler, history --------------------------------------------------------------------------


def test_batch_has_a_field_with_a_button(project: Any, scene: Scene) -> None:
    from processing.gui.BatchAlgorithmDialog import BatchAlgorithmDialog

    algorithm = QgsApplication.processingRegistry().createAlgorithmById(ALGORITHM)
    batch = BatchAlgorithmDialog(algorithm)
    panel = batch.mainWidget()
    column = panel.parameter_to_column["MODEL_ARGUMENTS"]
    wrapper = panel.wrappers[0][column]
    wrapper.setParameterValue("padding 3", QgsProcessingContext())
    assert wrapper.parameterValue() == "padding 3"
    assert wrapper.widget.findChild(QToolButton) is not None
    model = panel.wrappers[0][panel.parameter_to_column["MODEL"]]
    model.setParameterValue(str(scene.model), QgsProcessingContext())
    wait_until(lambda: wrapper.widget.answer.description)
    opened = wrapper.widget.make_dialog()
    assert opened.table.item(0, 2).text()
    assert opened.windowTitle() == f"Model arguments – {wrapper.widget.answer.description.name}"
    assert model.parameterValue() == str(scene.model)
    batch.close()
    batch.deleteLater()


def test_modeler_keeps_its_sources_and_gets_our_widgets(project: Any, scene: Scene) -> None:
    from processing.modeler.ModelerParametersDialog import ModelerParametersDialog

    algorithm = QgsApplication.processingRegistry().createAlgorithmById(ALGORITHM)
    dialog = ModelerParametersDialog(algorithm, QgsProcessingModelAlgorithm("m", "g"))
    wrappers = dialog.widget.widget.wrappers
    wrappers["MODEL"].setValue(str(scene.model))
    wrappers["MODEL_ARGUMENTS"].setValue(static("padding 3"))
    assert value_of(wrappers["MODEL"]) == str(scene.model)
    assert value_of(wrappers["MODEL_ARGUMENTS"]) == "padding 3"
    opened = wrappers["MODEL_ARGUMENTS"].widget.make_dialog()
    wait_until(lambda: opened.table.item(rows(opened.table)["tile_size"], 2).text() == "64")
    assert opened.table.text() == "padding 3"
    bands = wrappers["BAND_MAPPING"].widget.make_dialog()
    wait_until(lambda: bands.table.rowCount() == 2)
    bands.table.item(1, 1).setText("B8")
    assert bands.table.text() == "2=B8"
    wrappers["BAND_MAPPING"].setValue(static("2=nir"))
    child = dialog.createAlgorithm()
    sources = child.parameterSources()
    assert {name: sources[name][0].staticValue() for name in ("MODEL", "MODEL_ARGUMENTS", "BAND_MAPPING")} == {
        "MODEL": str(scene.model),
        "MODEL_ARGUMENTS": "padding 3",
        "BAND_MAPPING": "2=nir",
    }
    dialog.close()
    dialog.deleteLater()


def static(value: str) -> Any:
    """Returns a fixed value in the modeler's form."""
    from qgis.core import QgsProcessingModelChildParameterSource

    return QgsProcessingModelChildParameterSource.fromStaticValue(value)


def value_of(wrapper: Any) -> Any:
    """Returns the fixed value of a modeler's widget."""
    value = wrapper.value()
    return (value[0] if isinstance(value, list) else value).staticValue()


def test_table_dialog_gives_back_what_was_edited(plugin: Any) -> None:
    from classify_pixels.ui.dialog.arguments_table import ArgumentsTable
    from classify_pixels.ui.dialog.table_field import TableDialog

    opened = TableDialog(ArgumentsTable, "padding 3", None)
    table = opened.table
    table.item(rows(table)["batch_size"], 1).setText("2")
    policy = table.cellWidget(rows(table)["merge_policy"], 1)
    assert isinstance(policy, QComboBox)
    assert table.text() == "padding 3;batch_size 2"


def test_history_and_commands_hold_the_texts(dialog: Dialog, scene: Scene) -> None:
    dialog.set("INPUT", str(scene.raster))
    dialog.set("MODEL", str(scene.model))
    dialog.set("MODEL_ARGUMENTS", "padding 8")
    parameters = dialog.dialog.createProcessingParameters()
    algorithm = dialog.dialog.algorithm()
    context = QgsProcessingContext()
    command = algorithm.asPythonCommand(parameters, context)
    assert "'MODEL_ARGUMENTS':'padding 8'" in command
    assert f"'MODEL':'{scene.model}'" in command
    as_json = algorithm.asMap(parameters, context) if hasattr(algorithm, "asMap") else {"inputs": parameters}
    assert as_json["inputs"]["MODEL_ARGUMENTS"] == "padding 8"


# --- values of another magnitude ------------------------------------------------------------------------


def clicked_link(label: QLabel) -> bool:
    """Clicks all over a label until a link in it is hit."""
    QApplication.processEvents()
    label.resize(label.width(), label.heightForWidth(label.width()))
    hit: list[str] = []
    label.linkActivated.connect(hit.append)
    for y in range(2, label.height(), 5):
        for x in range(2, label.width(), 12):
            QTest.mouseClick(label, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, QPoint(x, y))
            if hit:
                return True
    return False


@pytest.fixture
def reflectances(scene: Scene, tmp_path: Path) -> tuple[str, str]:
    """A raster of reflectances x 10000, and a model that was trained on 0 to 1."""
    statistics = {
        "band_min_values": [0, 0], "band_max_values": [1, 1],
        "scaled_mean_values": [0.3, 0.3], "scaled_std_values": [0.2, 0.2],
    }  # fmt: skip
    model = write_definition(tmp_path / "unit.emd", {**scene.definition, "NormalizationStats": statistics})
    pixels = np.random.default_rng(4).integers(100, 4000, (2, 80, 90)).astype(np.uint16)
    return str(write_any_raster(tmp_path / "reflectance.tif", pixels)), str(model)


def test_a_click_sets_the_scale_that_the_model_needs(dialog: Dialog, reflectances: tuple[str, str]) -> None:
    raster, model = reflectances
    dialog.set("INPUT", raster)
    dialog.set("MODEL", model)
    wait_until(lambda: "0.0001" in dialog.card)
    dialog.dialog.show()
    QApplication.processEvents()
    labels = [found for found in dialog.widget("MODEL").findChildren(QLabel) if "href" in found.text()]
    label = next(found for found in labels if "0.0001" in found.text())
    assert dialog.get("INPUT_SCALE") in (None, "")
    assert clicked_link(label)
    assert dialog.get("INPUT_SCALE") == "0.0001"
    assert dialog.get("INPUT_OFFSET") in (None, "")
    wait_until(lambda: "0.0001" not in dialog.card)
    # A wrong scale is corrected as well, together with the offset.
    dialog.set("INPUT_SCALE", "10")
    dialog.set("INPUT_OFFSET", "-1000")
    wait_until(lambda: "0.001 " in dialog.card)
    assert clicked_link(label)
    assert float(dialog.get("INPUT_SCALE")) == pytest.approx(10 * -float(dialog.get("INPUT_OFFSET")) / 1000)
    wait_until(lambda: "href" not in dialog.card)


def test_the_offered_scale_is_that_of_the_runs_warning(dialog: Dialog, reflectances: tuple[str, str]) -> None:
    import processing

    raster, model = reflectances
    said: list[str] = []

    class Feedback(QgsProcessingFeedback):
        def pushWarning(self, warning: str) -> None:  # noqa: N802
            said.append(warning)

    given = {"INPUT": raster, "MODEL": model, "OUTPUT": str(Path(raster).with_name("map.tif"))}
    processing.run(ALGORITHM, given, feedback=Feedback(False))
    assert any("Input scale to 0.0001" in text for text in said)
    said.clear()
    processing.run(ALGORITHM, {**given, "INPUT_SCALE": "0.0001"}, feedback=Feedback(False))
    assert not any("Input scale to" in text for text in said)


def test_a_stack_is_not_compared_with_its_first_raster(dialog: Dialog, reflectances: tuple[str, str]) -> None:
    raster, model = reflectances
    dialog.set("INPUT", raster)
    dialog.set("MODEL", model)
    wait_until(lambda: "href" in dialog.card)
    dialog.set("STACK_ITEMS", True)
    wait_until(lambda: dialog.card and "href" not in dialog.card)
