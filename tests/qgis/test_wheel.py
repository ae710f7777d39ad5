# SPDX-License-Identifier: GPL-2.0-or-later
"""The mouse wheel over every field of the plugin: scrolling a dialog changes no value."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from qgis.core import QgsApplication, QgsProcessingModelAlgorithm, QgsRasterLayer
from qgis.gui import QgsMapCanvas
from qgis.PyQt.QtCore import QPoint, QPointF, Qt
from qgis.PyQt.QtGui import QWheelEvent
from qgis.PyQt.QtWidgets import (
    QAbstractSlider,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QGroupBox,
    QLineEdit,
    QScrollBar,
    QTabBar,
    QTabWidget,
    QWidget,
)

from classify_pixels.ui.dialog.arguments_table import ArgumentsTable
from classify_pixels.ui.dialog.band_table import BandTable
from classify_pixels.ui.dialog.table_field import TableDialog
from classify_pixels.ui.options.options_entry import OptionsFactory
from classify_pixels.ui.panel.dock_form import DockForm
from classify_pixels.ui.panel.model_library import ModelLibrary

from .command import ALGORITHM
from .event_loop import wait_until
from .scenes import Scene
from .test_widgets import Dialog

# Qt's widgets whose value the wheel changes; a scroll bar is meant to.
FIELDS = (QComboBox, QAbstractSpinBox, QAbstractSlider, QTabBar)


def turn_wheel(widget: QWidget, steps: int) -> None:
    """Turns the wheel over a widget, as the window system passes it to the window."""
    middle = widget.rect().center()
    window = widget.window()
    inside = QPointF(widget.mapTo(window, middle))
    delta = QPoint(0, 120 * steps)
    event = QWheelEvent(
        inside, QPointF(widget.mapToGlobal(middle)), QPoint(), delta, Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(window.windowHandle(), event)
    QApplication.processEvents()


def fields_of(root: QWidget) -> list[QWidget]:
    """Returns all editable fields in a widget, of the plugin or of QGIS."""
    found = [each for each in (root, *root.findChildren(QWidget)) if isinstance(each, FIELDS)]
    return [each for each in found if not isinstance(each, QScrollBar) and each.isVisible() and each.isEnabled()]


def value_of(field: Any) -> Any:
    return field.currentIndex() if isinstance(field, (QComboBox, QTabBar)) else field.value()


def show(root: QWidget, width: int, height: int) -> None:
    """Shows a window with its advanced parameters."""
    root.resize(width, height)
    root.show()
    for group in root.findChildren(QGroupBox):
        # PyQGIS casts QGIS's groups to those of Qt, which cannot be collapsed.
        group.setProperty("collapsed", False)
    QApplication.setActiveWindow(root.window())
    QApplication.processEvents()


def show_whole(root: QWidget) -> None:
    """Shows a window large enough for all its fields."""
    show(root, 1200, 3000)


def assert_unmoved(root: QWidget) -> int:
    """Fails if the wheel changes a field or gives it the focus; returns the number of fields."""
    fields = fields_of(root)
    for field in fields:
        if field.hasFocus():
            field.clearFocus()
        before = value_of(field)
        for steps in (-1, 1, -3, 3):
            turn_wheel(field, steps)
            assert value_of(field) == before, f"{field.objectName() or field} in {field.parent()} was changed"
            assert not field.hasFocus(), f"{field} took the focus"
    return len(fields)


@pytest.fixture
def dialog(plugin: Any, project: Any, scene: Scene) -> Iterator[Dialog]:
    """The algorithm's dialog, with a raster and a model, so that both tables are filled."""
    opened = Dialog()
    opened.set("INPUT", str(scene.raster))
    opened.set("MODEL", str(scene.model))
    table = opened.table("BAND_MAPPING")
    wait_until(lambda: table.rowCount() and table.cellWidget(0, 1))
    yield opened
    opened.close()


def test_scrolling_the_dialog_changes_nothing(dialog: Dialog) -> None:
    before = dialog.dialog.createProcessingParameters()
    show_whole(dialog.dialog)
    combos = [each for name in ("BAND_MAPPING", "MODEL_ARGUMENTS") for each in fields_of(dialog.widget(name))]
    assert len(combos) >= 7
    # The wheel switches tabs in every dialog of QGIS, which changes no value.
    tabs = len(dialog.dialog.findChild(QTabWidget).findChildren(QTabBar))
    for bar in dialog.dialog.findChildren(QTabBar):
        bar.hide()
    assert assert_unmoved(dialog.dialog) > len(combos) + tabs
    assert dialog.dialog.createProcessingParameters() == before


def test_a_field_with_the_focus_takes_the_wheel(dialog: Dialog) -> None:
    show_whole(dialog.dialog)
    # Its entries come with the answer on the raster.
    wait_until(lambda: dialog.table("BAND_MAPPING").cellWidget(0, 1).count() > 1)
    combo = dialog.table("BAND_MAPPING").cellWidget(0, 1)
    combo.setFocus(Qt.FocusReason.MouseFocusReason)
    QApplication.processEvents()
    assert combo.hasFocus()
    # To the field itself: the way through the window depends on the windows that other tests have shown.
    middle = QPointF(combo.rect().center())
    event = QWheelEvent(
        middle, QPointF(combo.mapToGlobal(combo.rect().center())), QPoint(), QPoint(0, -120),
        Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(combo, event)
    assert combo.currentIndex() == 1


@pytest.mark.parametrize("make_table", [ArgumentsTable, BandTable])
def test_scrolling_a_table_of_its_own_changes_nothing(dialog: Dialog, make_table: Any) -> None:
    opened = TableDialog(make_table, "", None)
    opened.fill(dialog.widget("MODEL_ARGUMENTS").answer)
    show_whole(opened)
    assert assert_unmoved(opened) >= 2
    assert opened.table.text() == ""
    opened.close()


def test_scrolling_the_batch_panel_changes_nothing(dialog: Dialog, scene: Scene) -> None:
    from processing.gui.BatchAlgorithmDialog import BatchAlgorithmDialog

    batch = BatchAlgorithmDialog(QgsApplication.processingRegistry().createAlgorithmById(ALGORITHM))
    show_whole(batch)
    for bar in batch.findChildren(QTabBar):
        bar.hide()
    assert_unmoved(batch)
    batch.close()
    batch.deleteLater()


def test_scrolling_in_the_modeler_changes_nothing_of_ours(plugin: Any, project: Any) -> None:
    from processing.modeler.ModelerParametersDialog import ModelerParametersDialog

    algorithm = QgsApplication.processingRegistry().createAlgorithmById(ALGORITHM)
    modeler = ModelerParametersDialog(algorithm, QgsProcessingModelAlgorithm("m", "g"))
    show_whole(modeler)
    wrappers = modeler.widget.widget.wrappers
    for name in ("MODEL", "MODEL_ARGUMENTS", "BAND_MAPPING"):
        assert_unmoved(wrappers[name].widget)
    modeler.close()
    modeler.deleteLater()


def test_scrolling_the_panel_changes_nothing(project: Any, scene: Scene, tmp_path: Path) -> None:
    for number in range(3):
        project.addMapLayer(QgsRasterLayer(str(scene.raster), f"Scene {number}"))
    library = ModelLibrary(tmp_path / "models.json")
    for name in ("a.emd", "b.emd", "c.emd"):
        library.use(str(tmp_path / name))
    form = DockForm(library, QgsMapCanvas(), set)
    show_whole(form)
    assert assert_unmoved(form) == 2
    form.close()


def test_scrolling_the_options_changes_nothing(plugin: Any) -> None:
    page = OptionsFactory().createWidget(None)
    # This also finds fields added to the page later.
    show_whole(page)
    texts = [line.text() for line in page.findChildren(QLineEdit)]
    assert_unmoved(page)
    assert [line.text() for line in page.findChildren(QLineEdit)] == texts
    page.runtimes.survey.stop()
    wait_until(lambda: page.cache.clear_button.isEnabled())
    page.deleteLater()
    QApplication.processEvents()
