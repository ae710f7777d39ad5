# SPDX-License-Identifier: GPL-2.0-or-later
"""The choices that the dialog offers: input, recent models, and the labels of arguments."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from qgis.core import QgsRasterLayer
from qgis.PyQt.QtCore import Qt

from classify_pixels.inference.raster import read_class_record
from classify_pixels.processing_provider.styling import describe_layer
from classify_pixels.ui.panel.model_library import shared_library

from .event_loop import wait_until
from .scenes import Scene, write_definition
from .test_widgets import Dialog


@pytest.fixture
def dialog(plugin: Any, project: Any) -> Iterator[Dialog]:
    """The algorithm's dialog, empty."""
    opened = Dialog()
    yield opened
    opened.close()


def test_arguments_appear_with_a_model_as_labels(dialog: Dialog, scene: Scene) -> None:
    table = dialog.table("MODEL_ARGUMENTS")
    assert table.isHidden()
    dialog.set("MODEL", str(scene.model))
    wait_until(lambda: not table.isHidden())
    names = [table.item(row, 0) for row in range(table.rowCount())]
    assert "Batch size" in [name.text() for name in names]
    for name in names:
        assert "_" not in name.text()
        assert name.toolTip().startswith(name.data(Qt.ItemDataRole.UserRole))


def test_result_of_an_earlier_run_is_not_offered_as_input(
    run: Callable[..., Any], project: Any, scene: Scene, tmp_path: Path
) -> None:
    output = str(tmp_path / "result.tif")
    run(INPUT=str(scene.raster), MODEL=str(scene.model), OUTPUT=output)
    result = QgsRasterLayer(output, "A result")
    describe_layer(result, read_class_record(output))
    raster = QgsRasterLayer(str(scene.raster), "Z raster")
    project.addMapLayers([raster, result])
    opened = Dialog()
    assert opened.get("INPUT") == raster.id()
    # A choice of the user's is kept.
    opened.set("INPUT", result)
    assert opened.get("INPUT") == result.id()
    opened.close()


def test_recent_models_are_those_of_the_panel(dialog: Dialog, scene: Scene, tmp_path: Path) -> None:
    gone = write_definition(tmp_path / "gone.emd", scene.definition)
    kept = write_definition(tmp_path / "kept & ready.emd", scene.definition)
    for path in (gone, kept):
        shared_library().use(str(path))
    gone.unlink()
    recent = dialog.widget("MODEL").recent
    recent.fill_menu()
    entries = {entry.text().replace("&&", "&"): entry for entry in recent.menu().actions()}
    assert "gone" not in entries
    entries["kept & ready"].trigger()
    assert dialog.get("MODEL") == str(kept)
    another = write_definition(tmp_path / "another.emd", scene.definition)
    dialog.set("MODEL", str(another))
    wait_until(lambda: any(model.path == str(another) for model in shared_library().models))
    for path in (gone, kept, another):
        shared_library().forget(str(path))
