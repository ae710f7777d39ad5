# SPDX-License-Identifier: GPL-2.0-or-later
"""Libraries that are absent: None in sys.modules is Python's own way to make an import fail."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from classify_pixels.inference.errors import RuntimeMissingError
from classify_pixels.inference.runtimes import BackendOptions, open_backend
from classify_pixels.inference.runtimes.runtime import import_runtime
from tests.networks import pointwise_network, traced_pooling_network

ROOT = Path(__file__).resolve().parents[2]


def test_an_absent_onnx_runtime_names_the_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = pointwise_network(tmp_path / "n.onnx", 3, 2)
    monkeypatch.setitem(sys.modules, "onnxruntime", None)
    with pytest.raises(RuntimeMissingError, match="ONNX Runtime cannot be used") as caught:
        open_backend(path, BackendOptions())
    assert "-m pip install --no-deps onnxruntime" in str(caught.value)


def test_an_absent_pytorch_names_the_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("torch")
    path = traced_pooling_network(tmp_path / "n.pt")
    monkeypatch.setitem(sys.modules, "torch", None)
    with pytest.raises(RuntimeMissingError, match="PyTorch cannot be used.*-m pip install torch"):
        open_backend(path, BackendOptions())


@pytest.mark.parametrize("suffix", [".pb", ".tflite", ".xml", ".pdmodel"])
def test_an_absent_openvino_names_the_command(suffix: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # The worker has the import path of this process.
    (tmp_path / "openvino.py").write_text("raise ImportError('absent')")
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])
    with pytest.raises(RuntimeMissingError, match="OpenVINO cannot be used.*-m pip install --no-deps openvino"):
        open_backend(written(tmp_path / f"net{suffix}"), BackendOptions())


def written(path: Path) -> Path:
    path.write_bytes(b"\x0a\x00")
    return path


def test_the_command_installs_into_the_users_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "onnxruntime", None)
    monkeypatch.setattr(sys, "path", list(sys.path))
    folder = tmp_path / "my runtimes"
    with pytest.raises(RuntimeMissingError) as caught:
        import_runtime("onnxruntime", folder)
    assert f'--target "{folder}" onnxruntime' in str(caught.value)
    python = str(caught.value).split("install it with:  ")[1].split(" -m ")[0]
    assert python == "python3" or Path(python).samefile(Path(sys.executable).resolve())
    assert str(folder) not in sys.path


def test_a_present_runtime_leaves_the_path_alone(tmp_path: Path) -> None:
    before = list(sys.path)
    assert import_runtime("onnxruntime", tmp_path).__name__ == "onnxruntime"
    assert sys.path == before


CODE = """
import sys
import numpy
sys.path.insert(0, {packages!r})
from pathlib import Path
from classify_pixels.inference.runtimes.runtime import import_runtime
sys.path[:] = [path for path in sys.path if not any(Path(path, n).is_dir() for n in ("onnxruntime", "torch"))]
from classify_pixels.inference.errors import RuntimeMissingError
try:
    module = import_runtime({name!r}, Path({folder!r}))
except RuntimeMissingError as error:
    print("missing", error)
else:
    print(module.ORIGIN, sys.path[-1] == {folder!r}, sys.modules["numpy"] is numpy)
"""


def in_a_new_python(name: str, folder: Path, tmp_path: Path) -> str:
    """Imports a runtime where none is installed but in the user's folder."""
    packages = tmp_path / "packages"
    packages.mkdir()
    (packages / "classify_pixels").symlink_to(ROOT, target_is_directory=True)
    code = CODE.format(packages=str(packages), name=name, folder=str(folder))
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip()


@pytest.mark.parametrize("name", ["onnxruntime", "torch"])
def test_a_runtime_in_the_users_folder_is_found_last(name: str, tmp_path: Path) -> None:
    folder = tmp_path / "runtimes"
    for package in (name, "numpy"):
        (folder / package).mkdir(parents=True)
        (folder / package / "__init__.py").write_text("ORIGIN = 'user'\n")
    assert in_a_new_python(name, folder, tmp_path) == "user True True"


@pytest.mark.parametrize(
    "fault",
    [
        "import absent_part",
        "raise OSError('a DLL is missing')",
        # Built for another numpy, another protobuf, another library of the system.
        "import numpy; numpy.no_such_part",
        "raise ValueError('numpy.dtype size changed, may indicate binary incompatibility')",
        "raise TypeError('Descriptors cannot be created directly')",
        "raise RuntimeError('module compiled against ABI version 0x2000009')",
    ],
)
def test_a_runtime_that_cannot_start_is_as_good_as_absent(fault: str, tmp_path: Path) -> None:
    """Libraries fail in many ways where they meet others than those that they were built for."""
    folder = tmp_path / "runtimes"
    (folder / "torch").mkdir(parents=True)
    (folder / "torch" / "__init__.py").write_text(fault + "\n")
    assert in_a_new_python("torch", folder, tmp_path).startswith("missing PyTorch cannot be used")
