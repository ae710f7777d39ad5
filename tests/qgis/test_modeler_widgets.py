# SPDX-License-Identifier: GPL-2.0-or-later
"""The widgets in the modeler with every kind of source: fixed values, inputs, expressions, outputs of other steps."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from qgis.core import (
    QgsApplication,
    QgsProcessingModelAlgorithm,
    QgsProcessingModelChildAlgorithm,
    QgsProcessingModelChildParameterSource,
    QgsProcessingModelOutput,
    QgsProcessingModelParameter,
    QgsProcessingParameterFile,
    QgsProcessingParameterRasterLayer,
    QgsProcessingParameterString,
)

from .command import ALGORITHM
from .event_loop import wait_until
from .scenes import Scene, read_pixels
from .test_widgets import rows

Source = QgsProcessingModelChildParameterSource
OURS = ("MODEL", "MODEL_ARGUMENTS", "BAND_MAPPING")


@pytest.fixture
def model(plugin: Any) -> QgsProcessingModelAlgorithm:
    """A model with three inputs and a preceding step, whose output is a file."""
    model = QgsProcessingModelAlgorithm("m", "g")
    model.addModelParameter(
        QgsProcessingParameterRasterLayer("raster", "Raster"), QgsProcessingModelParameter("raster")
    )
    model.addModelParameter(QgsProcessingParameterString("words", "Words"), QgsProcessingModelParameter("words"))
    model.addModelParameter(QgsProcessingParameterFile("file", "File"), QgsProcessingModelParameter("file"))
    step = QgsProcessingModelChildAlgorithm("deeplearning:packagemodel")
    step.setChildId("step")
    model.addChildAlgorithm(step)
    return model


class Step:
    """The modeler's dialog for a step of the plugin."""

    def __init__(self, model: QgsProcessingModelAlgorithm) -> None:
        from processing.modeler.ModelerParametersDialog import ModelerParametersDialog

        algorithm = QgsApplication.processingRegistry().createAlgorithmById(ALGORITHM)
        self.dialog = ModelerParametersDialog(algorithm, model)
        self.wrappers = self.dialog.widget.widget.wrappers
        self.fields = {name: self.wrappers[name].widget for name in OURS}

    def set(self, name: str, source: Source) -> None:
        """Sets a value as opening a saved model does."""
        self.wrappers[name].setValue([source])

    def source(self, name: str) -> Source:
        """Returns the value stored in the model."""
        [found] = self.dialog.createAlgorithm().parameterSources()[name]
        return found


@pytest.fixture
def step(model: QgsProcessingModelAlgorithm) -> Iterator[Step]:
    opened = Step(model)
    yield opened
    opened.dialog.close()
    opened.dialog.deleteLater()


SOURCES: dict[str, Callable[[str], Source]] = {
    "fixed": lambda name: Source.fromStaticValue("padding 3"),
    "input": lambda name: Source.fromModelParameter("file" if name == "MODEL" else "words"),
    "expression": lambda name: Source.fromExpression("'padding ' || 3"),
    "output": lambda name: Source.fromChildOutput("step", "OUTPUT"),
}


@pytest.mark.parametrize("name", OURS)
@pytest.mark.parametrize("kind", SOURCES)
def test_every_kind_of_source_is_kept(kind: str, name: str, step: Step, scene: Scene) -> None:
    step.set("MODEL", Source.fromStaticValue(str(scene.model)))
    given = SOURCES[kind](name)
    step.set(name, given)
    assert step.source(name) == given
    assert step.fields[name].text == ("padding 3" if kind == "fixed" else "")


def test_table_of_a_value_from_elsewhere_is_empty_and_replaces_it_only_when_edited(step: Step, scene: Scene) -> None:
    step.set("MODEL", Source.fromStaticValue(str(scene.model)))
    step.set("MODEL_ARGUMENTS", Source.fromExpression("'padding 3'"))
    field = step.fields["MODEL_ARGUMENTS"]
    opened = field.make_dialog()
    wait_until(lambda: opened.table.item(rows(opened.table)["tile_size"], 2).text() == "64")
    assert opened.table.text() == ""
    assert step.source("MODEL_ARGUMENTS").expression() == "'padding 3'"
    opened.table.item(rows(opened.table)["padding"], 1).setText("5")
    field.set_value(opened.table.text())
    assert step.source("MODEL_ARGUMENTS").staticValue() == "padding 5"


def test_card_of_a_fixed_model_is_shown_and_goes_with_it(step: Step, scene: Scene) -> None:
    card = step.fields["MODEL"].card
    assert card.isHidden()
    step.set("MODEL", Source.fromStaticValue(str(scene.model)))
    wait_until(lambda: not card.isHidden())
    for listed in scene.definition["Classes"]:
        assert listed["Name"] in card.text()
    step.set("MODEL", Source.fromModelParameter("file"))
    wait_until(card.isHidden)


def test_model_with_an_expression_for_arguments_and_an_input_for_bands_runs(
    model: QgsProcessingModelAlgorithm, step: Step, scene: Scene, run: Callable[..., dict[str, Any]], tmp_path: Any
) -> None:
    import processing

    step.wrappers["INPUT"].setWidgetValue(Source.fromModelParameter("raster"))
    step.set("MODEL", Source.fromModelParameter("file"))
    step.set("MODEL_ARGUMENTS", Source.fromExpression("'batch_size ' || (1 + 1)"))
    step.set("BAND_MAPPING", Source.fromModelParameter("words"))
    child = step.dialog.createAlgorithm()
    child.setChildId("classify")
    made = QgsProcessingModelOutput("classes", "classes")
    made.setChildId("classify")
    made.setChildOutputName("OUTPUT")
    child.setModelOutputs({"classes": made})
    model.removeChildAlgorithm("step")
    model.addChildAlgorithm(child)
    values = {"raster": str(scene.raster), "file": str(scene.model), "words": "2,1"}
    # Its name depends on the version of QGIS.
    [output] = [definition.name() for definition in model.destinationParameterDefinitions()]
    done = processing.run(model, {**values, output: str(tmp_path / "classes.tif")})
    alone = run(INPUT=str(scene.raster), MODEL=str(scene.model), BAND_MAPPING="2,1", OUTPUT=str(tmp_path / "a.tif"))
    assert (read_pixels(done[output]) == read_pixels(alone["OUTPUT"])).all()
