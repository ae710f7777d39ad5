# SPDX-License-Identifier: GPL-2.0-or-later
"""The plugin's page in QGIS's options: display, reading and writing of settings."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from qgis.core import QgsSettings
from qgis.PyQt.QtWidgets import QApplication

from classify_pixels.plugin_support.cache_lease import CacheLease, caches_are_used
from classify_pixels.plugin_support.locations import download_cache, lease_folder, package_cache
from classify_pixels.plugin_support.sources.data_stores import data_stores
from classify_pixels.plugin_support.sources.portal import portal_in_settings
from classify_pixels.plugin_support.user_settings import allowed_functions, torch_python

from .event_loop import wait_until


@pytest.fixture(autouse=True)
def settings(plugin: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[QgsSettings]:
    """The settings without the plugin's, before and after."""
    for name in ("DATA_STORES", "PORTAL", "PORTAL_AUTHCFG", "ALLOWED_FUNCTIONS", "TORCH_PYTHON"):
        monkeypatch.delenv(f"CLASSIFY_PIXELS_{name}", raising=False)
    settings = QgsSettings()
    settings.remove("classify_pixels")
    yield settings
    settings.remove("classify_pixels")


@pytest.fixture
def page(settings: QgsSettings) -> Iterator[Any]:
    """The page as QGIS creates it."""
    yield from made_page()


def made_page() -> Iterator[Any]:
    from classify_pixels.ui.options.options_entry import OptionsFactory

    factory = OptionsFactory()
    page = factory.createWidget(None)
    assert factory.title() == "Classify Pixels"
    assert not factory.icon().isNull()
    yield page
    page.runtimes.survey.stop()
    wait_until(lambda: page.cache.clear_button.isEnabled())
    page.deleteLater()
    QApplication.processEvents()


def reopened(page: Any) -> Any:
    """The page after OK, opened again."""
    page.apply()
    return next(made_page())


# --- runtimes --------------------------------------------------------------------------------------------


def rows_of(page: Any) -> list[list[str]]:
    table = page.runtimes.table
    rows = [table.topLevelItem(number) for number in range(table.topLevelItemCount())]
    return [[row.text(column) for column in range(table.columnCount())] for row in rows]


def test_the_page_shows_what_a_python_says_of_its_runtimes_and_never_blocks(
    settings: QgsSettings, record_property: Any
) -> None:
    import onnxruntime

    page = next(made_page())
    assert any("checking" in cell for row in rows_of(page) for cell in row), "the page waited for an answer"
    before = set(sys.modules)
    done: list[bool] = []
    page.runtimes.survey.finished.connect(lambda: done.append(True))
    record_property("longest work of the event loop in seconds", round(wait_until(lambda: done), 3))
    rows = {row[0]: row[1:] for row in rows_of(page)}
    assert rows["ONNX Runtime"][0] == onnxruntime.__version__
    assert "CPU" in rows["ONNX Runtime"][1]
    assert rows["ONNX Runtime"][3] == os.path.dirname(onnxruntime.__file__)
    assert not {name for name in set(sys.modules) - before if name.split(".")[0] in ("torch", "tensorflow")}


def test_another_python_is_checked_as_soon_as_it_is_named(page: Any) -> None:
    torch = pytest.importorskip("torch", reason="PyTorch is optional")
    page.runtimes.python.setFilePath(sys.executable)
    wait_until(lambda: len(rows_of(page)) == 4 and "checking" not in rows_of(page)[3][1])
    name, version, devices, python, _ = rows_of(page)[3]
    assert (name, version) == ("PyTorch", torch.__version__)
    assert "CPU" in devices
    assert python == "external (3.{}.{})".format(*sys.version_info[1:3])
    assert torch_python() is None
    page.apply()
    assert torch_python() == Path(sys.executable)


def test_a_python_that_is_none_is_told_on_the_page(page: Any, tmp_path: Path) -> None:
    page.runtimes.python.setFilePath(str(tmp_path))
    assert str(tmp_path) in page.runtimes.note.text()
    assert len(rows_of(page)) == 3


def test_a_python_that_says_nothing_is_a_row_with_its_last_words(page: Any, tmp_path: Path) -> None:
    program = tmp_path / "python"
    program.write_text("#!/bin/sh\necho something broke >&2\nexit 1\n")
    program.chmod(0o755)
    page.runtimes.python.setFilePath(str(program))
    wait_until(lambda: "checking" not in rows_of(page)[3][1])
    assert rows_of(page)[3][1] == "cannot start"
    assert rows_of(page)[3][4] == "something broke"
    assert "Install torch there" in page.runtimes.note.text()


def test_the_environment_variable_wins(settings: QgsSettings, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.setValue("classify_pixels/torch_python", "/of/the/settings")
    monkeypatch.setenv("CLASSIFY_PIXELS_TORCH_PYTHON", sys.executable)
    assert torch_python() == Path(sys.executable)
    page = next(made_page())
    assert not page.runtimes.python.isEnabled()
    assert sys.executable in page.runtimes.note.text()
    page.apply()
    assert settings.value("classify_pixels/torch_python") == "/of/the/settings"


# --- data stores, portal, functions ----------------------------------------------------------------------


def test_stores_come_from_the_settings_and_go_there(page: Any) -> None:
    stores = {"north": "/data/north", "cloud": "/vsis3/bucket/Größe", "a name": "C:\\rasters"}
    for name, place in stores.items():
        page.stores.add_row(name, place)
    page.stores.add_row("without a place", "")
    page.stores.add_row("", "/without/a/name")
    page.stores.add_row("slash/ed", "/data/slashed")
    again = reopened(page)
    assert data_stores() == {**stores, "slashed": "/data/slashed"}
    table = again.stores.table
    assert [table.item(row, 0).text() for row in range(table.rowCount())] == sorted(data_stores())
    table.selectRow(0)
    again.stores.remove.click()
    again.apply()
    assert sorted(data_stores()) == sorted({**stores, "slashed": ""})[1:]


def test_stores_of_the_environment_variable_are_told_and_not_written(
    settings: QgsSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CLASSIFY_PIXELS_DATA_STORES", json.dumps({"given": "/given"}))
    page = next(made_page())
    page.apply()
    assert "given" in page.findChild(type(page.runtimes.note), "aboutStores").text()
    monkeypatch.delenv("CLASSIFY_PIXELS_DATA_STORES")
    assert data_stores() == {}


def test_a_broken_variable_does_not_break_the_page(settings: QgsSettings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLASSIFY_PIXELS_DATA_STORES", "{")
    page = next(made_page())
    assert "it is not JSON" in page.findChild(type(page.runtimes.note), "aboutStores").text()


def test_the_portal_comes_from_the_settings_and_goes_there(page: Any, settings: QgsSettings) -> None:
    page.portal.url.setText(" https://maps.example.org/portal/ ")
    again = reopened(page)
    assert portal_in_settings().url == "https://maps.example.org/portal"
    assert again.portal.url.text() == "https://maps.example.org/portal/"
    assert again.portal.access.configId() == ""
    again.portal.url.setText("")
    again.apply()
    assert portal_in_settings() is None


def test_an_address_that_is_none_is_told(page: Any) -> None:
    for text, wrong in (("", False), ("maps.example.org", True), ("https://maps.example.org", False)):
        page.portal.url.setText(text)
        assert page.portal.warning.isHidden() != wrong


@pytest.mark.parametrize("count", [0, 1, 3])
def test_allowed_functions_come_from_the_settings_and_go_there(count: int, page: Any) -> None:
    hashes = [f"{number:064x}" for number in range(10, 10 + count)]
    page.functions.texts.setPlainText("\n".join([text.upper() + " " for text in hashes] + hashes + ["", "no hash"]))
    assert "no hash" in page.functions.warning.text()
    again = reopened(page)
    assert allowed_functions() == set(hashes)
    assert again.functions.texts.toPlainText().split() == hashes
    assert again.functions.warning.isHidden()


# --- the cache -------------------------------------------------------------------------------------------


@pytest.fixture
def cached(plugin: Any) -> Iterator[list[Path]]:
    """Files in both caches, without what other tests have left there."""
    for folder in (package_cache(), download_cache()):
        shutil.rmtree(folder, ignore_errors=True)
    files = [package_cache() / "aa" / "weights.onnx", download_cache() / "bb" / "scene.tif"]
    for number, file in enumerate(files, 1):
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(bytes(500_000 * number))
    yield files
    for file in files:
        file.unlink(missing_ok=True)


def test_the_cache_is_counted_and_cleared(cached: list[Path], settings: QgsSettings) -> None:
    neighbour = package_cache().parent / "jobs" / "kept.json"
    neighbour.parent.mkdir(exist_ok=True)
    neighbour.write_text("{}")
    page = next(made_page())
    wait_until(lambda: page.cache.clear_button.isEnabled())
    assert page.cache.size_label.text() == "1.43 MiB"
    page.cache.clear_button.click()
    wait_until(lambda: page.cache.clear_button.isEnabled())
    assert "1.43 MiB freed" in page.cache.outcome.text()
    wait_until(lambda: page.cache.size_label.text() == "0 bytes")
    assert not any(file.exists() for file in cached)
    assert neighbour.exists()


def test_a_cache_in_use_is_not_cleared(cached: list[Path], page: Any) -> None:
    wait_until(lambda: page.cache.clear_button.isEnabled())
    with CacheLease():
        page.cache.clear_button.click()
        assert "is using the cache" in page.cache.outcome.text()
        assert all(file.exists() for file in cached)
    assert not caches_are_used()


def test_the_lease_of_a_process_that_died_counts_for_nothing(plugin: Any) -> None:
    """QLockFile writes the process's number, its program's name and the machine's."""
    code = (
        "import os, sys; from qgis.PyQt.QtCore import QLockFile; lock = QLockFile(sys.argv[1]); "
        "lock.setStaleLockTime(0); print(lock.tryLock(0), flush=True); sys.stdin.read(); os._exit(1)"
    )
    lease_folder().mkdir(parents=True, exist_ok=True)
    path = lease_folder() / "other.lock"
    with subprocess.Popen(
        [sys.executable, "-c", code, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout.readline().strip() == "True"
        assert caches_are_used()
    assert path.exists()
    assert not caches_are_used()
    assert not path.exists()


def test_a_run_holds_the_caches_until_its_end(plugin: Any, scene: Any, tmp_path: Path) -> None:
    import processing
    from qgis.core import QgsProcessingFeedback

    seen: list[bool] = []

    class Feedback(QgsProcessingFeedback):
        def pushInfo(self, text: str) -> None:
            seen.append(caches_are_used())

    given = {"INPUT": str(scene.raster), "MODEL": str(scene.model), "OUTPUT": str(tmp_path / "out.tif")}
    processing.run("deeplearning:classifypixels", given, feedback=Feedback(False))
    assert any(seen)
    assert not caches_are_used()
