# SPDX-License-Identifier: GPL-2.0-or-later
"""What an import brings along, each in a Python of its own."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.networks import class_definition, pointwise_network
from tests.unit.sources import ROOT


@pytest.fixture(scope="module")
def path_to_package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which the checkout is called as the plugin is."""
    folder = tmp_path_factory.mktemp("packages")
    (folder / "classify_pixels").symlink_to(ROOT, target_is_directory=True)
    return folder


def modules_after(statement: str, folder: Path) -> set[str]:
    """Returns the top-level modules that are loaded after a statement."""
    code = f"import sys; sys.path.insert(0, {str(folder)!r})\n{statement}\nprint(*sys.modules)"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=folder)
    return {name.split(".")[0] for name in result.stdout.split()}


def test_the_plugin_loads_nothing_until_qgis_asks_for_it(path_to_package: Path) -> None:
    loaded = modules_after("import classify_pixels", path_to_package)
    assert not loaded & {"qgis", "PyQt5", "PyQt6", "numpy", "osgeo", "torch", "onnxruntime"}


def test_errors_progress_and_choices_need_nothing(path_to_package: Path) -> None:
    loaded = modules_after("import classify_pixels.inference, classify_pixels.inference.choices", path_to_package)
    assert not loaded & {"qgis", "PyQt5", "PyQt6", "numpy", "osgeo", "torch", "onnxruntime", "onnx"}


def test_the_inference_needs_neither_qgis_nor_a_runtime(path_to_package: Path) -> None:
    engine = ("run.items", "run.steps", "run.preview", "describe", "accuracy", "package_model")
    statements = (f"import classify_pixels.inference.{room}" for room in engine)
    loaded = modules_after("; ".join(statements), path_to_package)
    assert {"classify_pixels", "numpy", "osgeo"} <= loaded
    assert not loaded & {"qgis", "PyQt5", "PyQt6", "torch", "onnxruntime", "onnx"}


@pytest.mark.parametrize("room", ["tiling", "runtimes"])
def test_tiling_and_runtimes_know_nothing_of_gdal(room: str, path_to_package: Path) -> None:
    loaded = modules_after(f"import classify_pixels.inference.{room}", path_to_package)
    assert "numpy" in loaded
    assert not loaded & {"osgeo", "qgis", "PyQt5", "PyQt6", "torch", "onnxruntime"}


def test_a_definition_alone_is_described_without_a_runtime(path_to_package: Path, tmp_path: Path) -> None:
    network = pointwise_network(tmp_path / "net.onnx", 2, 3)
    (tmp_path / "model.emd").write_text(json.dumps(class_definition(network, 2, [1, 4, 7], 64)))
    statement = f"""
from pathlib import Path
from classify_pixels.inference.models import ModelReference
from classify_pixels.inference.describe.model_description import describe_model
folder = Path({str(tmp_path)!r})
found = describe_model(ModelReference(path=folder / "model.emd"), folder, open_network=False)
assert len(found.classes) == 3
"""
    loaded = modules_after(statement, path_to_package)
    assert not loaded & {"torch", "onnxruntime", "openvino", "tensorflow"}
