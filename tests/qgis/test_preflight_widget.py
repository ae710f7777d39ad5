# SPDX-License-Identifier: GPL-2.0-or-later
"""The checks before a run in the panel and in the dialog, used by clicks on real widgets."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from qgis.core import QgsApplication, QgsProcessingContext, QgsProject, QgsRasterLayer, QgsSettings
from qgis.gui import QgsMapCanvas
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtTest import QTest
from qgis.PyQt.QtWidgets import QApplication

from classify_pixels.inference.run import preflight as checks_module
from classify_pixels.inference.run.preflight import Outcome, Preflight, Subject
from classify_pixels.processing_provider import parameters as names
from classify_pixels.ui.panel.dock_form import FOLDER, DockForm
from classify_pixels.ui.panel.model_library import ModelLibrary
from classify_pixels.ui.preflight import PreflightWidget

from ..networks import class_definition, pointwise_network
from ..unit.rasters import write_raster
from .command import ALGORITHM
from .event_loop import wait_until

STATISTICS = {
    "band_min_values": [0.0, 0.0],
    "band_max_values": [1.0, 1.0],
    "band_mean_values": [0.3, 0.3],
    "band_std_values": [0.1, 0.1],
    "scaled_mean_values": [0.3, 0.3],
    "scaled_std_values": [0.1, 0.1],
}


def click(button: Any) -> None:
    """Clicks a button that the user can see."""
    assert button.isEnabled()
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


@pytest.fixture
def model(tmp_path: Path) -> Path:
    """A model trained on reflectances from 0 to 1."""
    network = pointwise_network(tmp_path / "network.onnx", bands=2, channels=3, seed=3)
    definition = class_definition(network, bands=2, values=(1, 4, 7), tile=64, NormalizationStats=STATISTICS)
    path = tmp_path / "reflectances.emd"
    path.write_text(json.dumps(definition), encoding="utf-8")
    return path


@pytest.fixture
def layer(tmp_path: Path, project: QgsProject) -> QgsRasterLayer:
    """Reflectances x 10000."""
    pixels = (np.random.default_rng(5).random((2, 90, 110)) * 6000).astype(np.uint16)
    layer = QgsRasterLayer(str(write_raster(tmp_path / "scene.tif", pixels)), "Scene")
    project.addMapLayer(layer)
    return layer


@pytest.fixture
def form(project: QgsProject, tmp_path: Path) -> Iterator[DockForm]:
    QgsSettings().remove(FOLDER)
    form = DockForm(ModelLibrary(tmp_path / "models.json"), QgsMapCanvas(), set)
    form.resize(420, 700)
    form.show()
    yield form
    form.close()
    form.deleteLater()


def answered(form: DockForm) -> Preflight:
    wait_until(lambda: form.checks.result is not None)
    assert form.checks.result is not None
    return form.checks.result


def test_failed_check_disables_the_buttons_with_its_reason_until_a_click_mends_it(
    form: DockForm, layer: QgsRasterLayer, model: Path
) -> None:
    form.models.choose(str(model))
    assert answered(form).checks[Subject.VALUES].outcome is Outcome.FAILED
    for button in (form.whole_layer, form.visible_extent):
        assert not button.isEnabled()
        assert "Values" in button.toolTip()
    line = form.checks.lines[Subject.VALUES]
    assert line.mark.text() == "✗"
    assert "failed" in line.mark.accessibleName()
    assert form.checks.scale.text() == "Scale by 0.0001"
    click(form.checks.scale)
    wait_until(lambda: form.checks.result is not None and not form.checks.blocked)
    assert line.mark.text() == "✓"
    assert form.whole_layer.isEnabled()
    assert form.whole_layer.toolTip() == ""
    assert form.request(whole=True).settings[names.INPUT_SCALE] == "0.0001"


def test_estimate_can_be_ignored_until_the_request_changes(form: DockForm, layer: QgsRasterLayer, model: Path) -> None:
    form.models.choose(str(model))
    answered(form)
    click(form.checks.ignore[Subject.VALUES])
    assert form.whole_layer.isEnabled()
    assert form.checks.lines[Subject.VALUES].mark.text() == "!"
    form.settings.scale.setText("2")
    form.settings.scale.textEdited.emit("2")
    answered(form)
    assert not form.whole_layer.isEnabled()


def test_checks_stand_above_the_card_and_name_the_bands_and_the_size(
    form: DockForm, layer: QgsRasterLayer, model: Path
) -> None:
    form.models.choose(str(model))
    answered(form)
    QApplication.processEvents()
    assert form.checks.geometry().bottom() <= form.models.card.geometry().top()
    assert "1 ← 1" in form.checks.lines[Subject.BANDS].text.text()
    assert "110 x 90" in form.checks.lines[Subject.SIZE].text.text()
    assert not form.checks.install.isVisible()
    assert not form.checks.ignore[Subject.CELLS].isVisible()


def test_missing_runtime_offers_its_installation(
    form: DockForm, layer: QgsRasterLayer, model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checks_module, "_is_installed", lambda name, folder: False)
    form.models.choose(str(model))
    answered(form)
    assert not form.visible_extent.isEnabled()
    assert form.checks.install.isVisible()
    click(form.checks.install)
    from classify_pixels.ui.options.install_dialog import InstallDialog

    [dialog] = form.checks.findChildren(InstallDialog)
    monkeypatch.undo()
    dialog.reject()
    wait_until(lambda: form.checks.result is not None and not form.checks.install.isVisible())


def test_refused_file_never_joins_the_list(form: DockForm, layer: QgsRasterLayer, model: Path, tmp_path: Path) -> None:
    bad = tmp_path / "notes.emd"
    bad.write_text("{", encoding="utf-8")
    form.models.choose(str(bad))
    answered(form)
    assert form.models.path == str(bad)
    assert not form.whole_layer.isEnabled()
    assert form.checks.lines[Subject.RUNTIME].mark.text() == "✗"
    wait_until(lambda: "cannot run" in form.models.card.toPlainText())
    assert ModelLibrary(tmp_path / "models.json").models == []
    form.models.choose(str(model))
    wait_until(lambda: form.models.library.has(str(model)))
    assert [known.path for known in ModelLibrary(tmp_path / "models.json").models] == [str(model)]
    assert form.models.box.count() == 1


def test_failed_size_leaves_a_part_of_the_raster(
    form: DockForm, layer: QgsRasterLayer, model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CLASSIFY_PIXELS_MOST_CELLS", "100")
    form.models.choose(str(model))
    result = answered(form)
    assert result.checks[Subject.SIZE].outcome is Outcome.FAILED
    assert not form.whole_layer.isEnabled()
    assert form.visible_extent.isEnabled()


def test_every_chosen_layer_is_checked_before_it_is_queued(
    form: DockForm, layer: QgsRasterLayer, model: Path, project: QgsProject, tmp_path: Path
) -> None:
    single = QgsRasterLayer(str(write_raster(tmp_path / "single.tif", np.ones((1, 20, 20), np.uint8))), "Single")
    # Reflectances, which the scale of the first layer contradicts.
    pixels = np.random.default_rng(5).random((2, 30, 40)).astype(np.float32) * 0.6
    fractions = QgsRasterLayer(str(write_raster(tmp_path / "fractions.tif", pixels)), "Fractions")
    project.addMapLayers([single, fractions])
    form.models.choose(str(model))
    form.raster.setLayer(fractions)
    assert answered(form).checks[Subject.VALUES].outcome is Outcome.PASSED
    assert form.whole_layer.isEnabled()

    def add(name: str) -> None:
        form.choice.fill_menu()
        [entry] = [entry for entry in form.choice.more.menu().actions() if entry.text() == name]
        entry.trigger()

    add("Scene")
    assert answered(form).checks[Subject.VALUES].outcome is Outcome.FAILED
    assert not form.whole_layer.isEnabled()
    assert "Scene" in form.checks.lines[Subject.VALUES].text.text()
    assert "Scene" in form.whole_layer.toolTip()
    # It would mend one and spoil the other.
    click(form.checks.scale)
    assert answered(form).checks[Subject.VALUES].outcome is Outcome.FAILED
    assert "Scene" not in form.checks.lines[Subject.VALUES].text.text()
    form.settings.scale.setText("")
    form.settings.scale.textEdited.emit("")
    answered(form)
    add("Scene")
    answered(form)
    assert form.whole_layer.isEnabled()
    add("Single")
    assert answered(form).checks[Subject.BANDS].outcome is Outcome.FAILED
    assert "Single" in form.checks.lines[Subject.BANDS].text.text()
    assert not form.visible_extent.isEnabled()
    add("Single")
    answered(form)
    assert form.whole_layer.isEnabled()


def test_each_outcome_has_a_shape_and_a_word() -> None:
    widget = PreflightWidget()
    assert {line.mark.text() for line in widget.lines.values()} == {"…"}
    assert widget.blocked == ""
    assert all(line.mark.accessibleName() for line in widget.lines.values())


# --- the dialog ---------------------------------------------------------------------------------------


class Dialog:
    """The algorithm's dialog."""

    def __init__(self) -> None:
        from processing.gui.AlgorithmDialog import AlgorithmDialog

        self.dialog = AlgorithmDialog(QgsApplication.processingRegistry().createAlgorithmById(ALGORITHM))
        self.wrappers = self.dialog.mainWidget().wrappers
        self.checks = self.wrappers["MODEL"].widget.checks
        self.run = self.dialog.runButton()

    def set(self, name: str, value: Any) -> None:
        """Sets a parameter."""
        self.wrappers[name].setParameterValue(value, QgsProcessingContext())


@pytest.fixture
def dialog(plugin: Any) -> Iterator[Dialog]:
    dialog = Dialog()
    dialog.dialog.show()
    yield dialog
    dialog.dialog.close()
    dialog.dialog.deleteLater()


def test_run_is_disabled_while_a_check_fails(dialog: Dialog, layer: QgsRasterLayer, model: Path) -> None:
    dialog.set("INPUT", layer)
    dialog.set("MODEL", str(model))
    wait_until(lambda: dialog.checks.result is not None)
    assert not dialog.run.isEnabled()
    assert "Values" in dialog.run.toolTip()
    # As Processing does after a run.
    dialog.run.setEnabled(True)
    assert not dialog.run.isEnabled()
    click(dialog.checks.scale)
    wait_until(lambda: dialog.checks.result is not None and not dialog.checks.blocked)
    assert dialog.wrappers["INPUT_SCALE"].parameterValue() == "0.0001"
    assert dialog.run.isEnabled()


def test_every_parameter_renews_the_checks(dialog: Dialog, layer: QgsRasterLayer, model: Path) -> None:
    dialog.set("INPUT", layer)
    dialog.set("MODEL", str(model))
    dialog.set("INPUT_SCALE", "0.0001")
    wait_until(lambda: dialog.checks.result is not None and dialog.checks.result.size is not None)
    assert dialog.checks.result.size.columns == 110
    dialog.set("CELL_SIZE", "20")
    wait_until(lambda: dialog.checks.result is not None and dialog.checks.result.size.columns == 55)
    dialog.set("BAND_MAPPING", "1,9")
    wait_until(lambda: dialog.checks.result is not None and dialog.checks.blocked.startswith("Bands"))
    dialog.set("BAND_MAPPING", "2,1")
    wait_until(lambda: dialog.checks.result is not None and not dialog.checks.blocked)
    dialog.set("INPUT_SCALE", "many")
    wait_until(lambda: dialog.checks.result is not None and dialog.checks.blocked.startswith("Values"))
