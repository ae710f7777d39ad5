# SPDX-License-Identifier: GPL-2.0-or-later
"""The library of models: kept and removed entries, and their display."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from qgis.PyQt.QtCore import Qt

from classify_pixels.ui.panel.model_library import MOST_RECENT, ModelLibrary
from classify_pixels.ui.panel.model_library_list import PATH_ROLE, ModelLibraryList
from classify_pixels.ui.panel.model_library_widget import ModelLibraryWidget

from .event_loop import wait_until
from .scenes import Scene


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "profile" / "models.json"


def paths(library: ModelLibrary) -> list[str]:
    return [model.path for model in library.models]


def test_last_used_comes_first_and_favourites_before(file: Path) -> None:
    library = ModelLibrary(file)
    for path in ("/a.emd", "/b.emd", "/c.emd", "/a.emd"):
        library.use(path)
    library.set_favourite("/b.emd", True)
    assert paths(library) == ["/b.emd", "/a.emd", "/c.emd"]
    assert paths(ModelLibrary(file)) == paths(library)
    library.set_favourite("/b.emd", False)
    assert paths(library) == ["/a.emd", "/c.emd", "/b.emd"]


def test_favourites_stay_and_others_make_room(file: Path) -> None:
    library = ModelLibrary(file)
    library.use("/favourite.emd")
    library.set_favourite("/favourite.emd", True)
    for number in range(MOST_RECENT + 5):
        library.use(f"/{number}.emd")
    assert len(library.models) == MOST_RECENT + 1
    assert paths(library)[:2] == ["/favourite.emd", f"/{MOST_RECENT + 4}.emd"]
    assert library.problem == ""


def test_forgotten_model_is_gone_and_its_file_stays(file: Path, tmp_path: Path) -> None:
    model = tmp_path / "m.emd"
    model.touch()
    library = ModelLibrary(file)
    library.use(str(model))
    library.forget(str(model))
    library.forget("/never there")
    assert ModelLibrary(file).models == []
    assert model.exists()


def test_description_is_kept_for_models_that_are_known_only(file: Path) -> None:
    library = ModelLibrary(file)
    library.use("/a.emd")
    library.describe("/a.emd", "Crops", "3 classes")
    library.describe("/b.emd", "Roofs", "2 classes")
    [model] = ModelLibrary(file).models
    assert (model.title, model.about) == ("Crops", "3 classes")


@pytest.mark.parametrize(
    "content", [b"", b"{", b"\xff\xfe", b"[]", b'{"models": 1}', b'{"models": [{"path": 1}]}', b"[" * 9999]
)
def test_damaged_file_is_told_and_set_aside(file: Path, content: bytes) -> None:
    file.parent.mkdir()
    file.write_bytes(content)
    library = ModelLibrary(file)
    assert library.models == []
    assert library.problem
    library.use("/a.emd")
    assert json.loads(file.read_text(encoding="utf-8"))["models"][0]["path"] == "/a.emd"
    assert file.with_suffix(".unreadable").read_bytes() == content


def test_place_that_cannot_be_written_to_is_told_and_the_library_still_works(tmp_path: Path) -> None:
    (tmp_path / "profile").write_text("a file", encoding="utf-8")
    library = ModelLibrary(tmp_path / "profile" / "models.json")
    library.use("/a.emd")
    assert library.problem
    assert paths(library) == ["/a.emd"]


def test_missing_files_are_shown_as_such(plugin: Any, file: Path, scene: Scene) -> None:
    library = ModelLibrary(file)
    library.use("/gone.emd")
    library.use("https://example.org/model.dlpk")
    library.use(str(scene.model))
    shown = ModelLibraryList(library)
    texts = [shown.index(row).data() for row in range(shown.rowCount())]
    assert texts == ["model", "model", "gone (missing)"]
    assert shown.index(2).data(Qt.ItemDataRole.FontRole).italic()
    assert shown.index(2).data(PATH_ROLE) == "/gone.emd"


@pytest.fixture
def widget(plugin: Any, file: Path) -> ModelLibraryWidget:
    return ModelLibraryWidget(ModelLibrary(file))


def test_widget_without_models_asks_for_one(widget: ModelLibraryWidget) -> None:
    assert widget.path == ""
    assert not widget.favourite.isEnabled()
    assert ".dlpk" in widget.card.toPlainText()


def test_chosen_model_is_described_and_remembered(widget: ModelLibraryWidget, sample: Path, file: Path) -> None:
    model = str(sample / "landsat7_landcover.emd")
    widget.choose(model)
    assert widget.path == model
    wait_until(lambda: "Water" in widget.card.toPlainText())
    assert widget.box.currentText() == "Landsat 7 land cover (sample)"
    assert "4 classes" in ModelLibrary(file).models[0].about


def choose(widget: ModelLibraryWidget, path: str) -> None:
    """Chooses a model and waits until it has joined the library."""
    widget.choose(path)
    wait_until(lambda: widget.library.has(path))


def test_favourite_button_shows_and_sets(widget: ModelLibraryWidget, scene: Scene, sample: Path) -> None:
    choose(widget, str(scene.model))
    widget.favourite.click()
    choose(widget, str(sample / "landsat7_landcover.emd"))
    assert not widget.favourite.isChecked()
    widget.choose(str(scene.model))
    assert widget.favourite.isChecked()
    assert [model.favourite for model in widget.library.models] == [True, False]


def test_forgetting_chooses_another_model(widget: ModelLibraryWidget, scene: Scene, sample: Path) -> None:
    changes: list[str] = []
    other = str(sample / "landsat7_landcover.emd")
    choose(widget, other)
    choose(widget, str(scene.model))
    widget.changed.connect(changes.append)
    widget.forget.click()
    assert widget.path == other
    widget.forget.click()
    assert widget.path == ""
    assert changes == [other, ""]
