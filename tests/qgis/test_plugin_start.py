# SPDX-License-Identifier: GPL-2.0-or-later
"""The start of the plugin in QGIS, which imports neither the engine nor a library that runs networks."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

# The desktop's parts are real, its window is not: this test does not depend on what else QGIS imports.
START = """
import importlib.util, json, sys
from unittest.mock import MagicMock
from qgis.core import QgsApplication
from qgis.PyQt.QtWidgets import QMainWindow
application = QgsApplication([], True)
application.initQgis()
window, iface = QMainWindow(), MagicMock()
iface.mainWindow.return_value = window
spec = importlib.util.spec_from_file_location("classify_pixels", sys.argv[1] + "/__init__.py",
                                              submodule_search_locations=[sys.argv[1]])
module = sys.modules["classify_pixels"] = importlib.util.module_from_spec(spec)
spec.loader.exec_module(module)
plugin = module.classFactory(iface)
plugin.initGui()
print("algorithms:", len(QgsApplication.processingRegistry().providerById("deeplearning").algorithms()))
print("parts:", len(plugin._parts))
print("modules:", json.dumps(sorted(sys.modules)))
plugin.unload()
"""

RUNTIMES = {"torch", "onnxruntime", "openvino", "tensorflow", "onnx", "scipy"}

# All that the engine's package may import before an algorithm runs: sentences, values to choose from, and files.
LIGHT = {
    "choices",
    "errors",
    "events",
    "new_files",
    "notices",
    "phrase",
    "progress",
    "redaction",
    "run",
    "unique_keys",
    "version",
}
LIGHT_PARTS_OF_RUN = {"esri_context"}


@pytest.fixture(scope="module")
def started(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What a process printed that started the plugin with all its parts."""
    command = [sys.executable, "-W", "ignore", "-c", START, str(ROOT)]
    profile = {"QGIS_CUSTOM_CONFIG_PATH": str(tmp_path_factory.mktemp("profile")), "QT_QPA_PLATFORM": "offscreen"}
    done = subprocess.run(command, capture_output=True, text=True, check=True, env={**os.environ, **profile})
    return dict(line.split(": ", 1) for line in done.stdout.splitlines() if ": " in line)


@pytest.fixture(scope="module")
def modules(started: dict[str, str]) -> set[str]:
    """The modules that the start has imported."""
    return set(json.loads(started["modules"]))


def rooms(modules: set[str], package: str) -> set[str]:
    """Returns the parts of a package of the plugin that were imported."""
    prefix = f"classify_pixels.{package}."
    return {name[len(prefix) :].partition(".")[0] for name in modules if name.startswith(prefix)}


def test_all_algorithms_and_parts_of_the_window_are_there(started: dict[str, str]) -> None:
    assert int(started["algorithms"]) == 5
    assert int(started["parts"]) == 4


def test_no_library_of_networks_is_imported(modules: set[str]) -> None:
    assert not {name.partition(".")[0] for name in modules} & RUNTIMES


def test_the_engine_is_not_imported(modules: set[str]) -> None:
    assert rooms(modules, "inference") <= LIGHT
    assert rooms(modules, "inference.run") <= LIGHT_PARTS_OF_RUN


def test_neither_dialogs_nor_the_body_of_the_panel_are_imported(modules: set[str]) -> None:
    assert not rooms(modules, "ui") & {"dialog", "preview", "preflight", "class_styling"}
    assert "dock_body" not in rooms(modules, "ui.panel")
    assert "options_page" not in rooms(modules, "ui.options")


def test_runs_of_algorithms_are_not_imported(modules: set[str]) -> None:
    assert not [name for name in rooms(modules, "processing_provider") if name.endswith("_run")]
