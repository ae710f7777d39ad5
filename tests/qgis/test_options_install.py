# SPDX-License-Identifier: GPL-2.0-or-later
"""ONNX Runtime installed from the options by the real pip, from a folder that replaces the package index."""

from __future__ import annotations

import base64
import hashlib
import os
import shutil
import socket
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from classify_pixels.inference.runtimes.runtime import embedded_python
from classify_pixels.plugin_support.locations import runtime_folder

from .event_loop import wait_until

PIP = [embedded_python(), "-m", "pip", "--version"]
has_pip = subprocess.run(PIP, capture_output=True, check=False).returncode == 0
pytestmark = pytest.mark.skipif(not has_pip, reason="the Python of QGIS has no pip")


def make_wheel(folder: Path, name: str, version: str, requires: str = "") -> Path:
    """Creates a wheel with one module that contains its version."""
    info = f"{name}-{version}.dist-info"
    metadata = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"
    files = {
        f"{name}/__init__.py": f"__version__ = {version!r}\ndef get_available_providers(): return ['Toy']\n",
        f"{info}/METADATA": metadata + (f"Requires-Dist: {requires}\n" if requires else ""),
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        f"{info}/entry_points.txt": f"[console_scripts]\n{name}_test = {name}:get_available_providers\n",
    }
    record = ""
    path = folder / f"{name}-{version}-py3-none-any.whl"
    folder.mkdir(exist_ok=True)
    with zipfile.ZipFile(path, "w") as wheel:
        for member, content in files.items():
            digest = base64.urlsafe_b64encode(hashlib.sha256(content.encode()).digest()).rstrip(b"=").decode()
            record += f"{member},sha256={digest},{len(content)}\n"
            wheel.writestr(member, content)
        wheel.writestr(f"{info}/RECORD", record + f"{info}/RECORD,,\n")
    return path


@pytest.fixture
def wheels(plugin: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The folder of wheels; the profile has no runtime before and after."""
    folder = tmp_path / "wheels"
    folder.mkdir()
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.delenv("PIP_EXTRA_INDEX_URL", raising=False)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
    monkeypatch.setenv("PIP_RETRIES", "1")
    monkeypatch.delenv("PYTHONPATH", raising=False)
    shutil.rmtree(runtime_folder().parent, ignore_errors=True)
    yield folder
    shutil.rmtree(runtime_folder().parent, ignore_errors=True)


def opened() -> Any:
    from classify_pixels.ui.options.install_dialog import InstallDialog

    return InstallDialog()


def install(dialog: Any) -> str:
    """Presses Install and waits for the end; returns the sentence."""
    dialog.start.click()
    assert wait_until(lambda: dialog.outcome.text()) < 0.1
    return str(dialog.outcome.text())


def left() -> list[str]:
    return sorted(path.name for path in runtime_folder().parent.rglob("*"))


def test_nothing_is_installed_before_it_is_asked_for(wheels: Path) -> None:
    make_wheel(wheels, "onnxruntime", "9.9.9")
    dialog = opened()
    words = [embedded_python(), "-m", "pip", "install", "--no-deps", "--target"]
    assert dialog.command.toPlainText().startswith(" ".join(words))
    assert " onnxruntime " in dialog.command.toPlainText()
    assert str(runtime_folder()) in dialog.explanation.text()
    assert not runtime_folder().exists()
    dialog.reject()
    assert left() == []


def test_the_package_comes_whole_and_alone_into_the_profile(wheels: Path) -> None:
    make_wheel(wheels, "numpy", "99.0")
    make_wheel(wheels, "onnxruntime", "9.9.9", requires="numpy>=99")
    dialog = opened()
    assert "Installed" in install(dialog)
    assert "Successfully installed onnxruntime-9.9.9" in dialog.log.toPlainText()
    assert sorted(path.name for path in runtime_folder().iterdir()) == ["onnxruntime", "onnxruntime-9.9.9.dist-info"]
    assert [path.name for path in runtime_folder().parent.iterdir()] == [runtime_folder().name]
    code = f"import sys; sys.path.append({str(runtime_folder())!r}); import onnxruntime; print(onnxruntime.__version__)"
    found = subprocess.run([embedded_python(), "-I", "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "9.9.9"
    dialog.reject()


def test_the_page_finds_what_was_installed(wheels: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """If QGIS's own Python has none: existing packages come first."""
    from qgis.PyQt.QtCore import QObject

    from classify_pixels.ui.options.runtime_found import question_to_qgis
    from classify_pixels.ui.options.runtime_survey import RuntimeSurvey

    make_wheel(wheels, "onnxruntime", "9.9.9")
    install(opened())
    bare = [path for path in sys.path if not (Path(path) / "onnxruntime").is_dir()]
    monkeypatch.setattr(sys, "path", bare)
    answers: list[Any] = []
    owner = QObject()
    survey = RuntimeSurvey(owner)
    survey.found.connect(lambda _, answer: answers.append(answer))
    survey.ask([question_to_qgis("onnxruntime")])
    wait_until(lambda: answers)
    assert (answers[0].version, answers[0].devices) == ("9.9.9", ("Toy",))
    assert answers[0].place == str(runtime_folder() / "onnxruntime")


def test_an_upgrade_takes_the_place_of_what_was_there(wheels: Path) -> None:
    for version in ("9.9.8", "9.9.9"):
        make_wheel(wheels, "onnxruntime", version)
        assert "Installed" in install(opened())
    assert sorted(path.name for path in runtime_folder().iterdir()) == ["onnxruntime", "onnxruntime-9.9.9.dist-info"]


def test_a_package_that_is_not_there_is_told_and_what_was_there_stays(wheels: Path) -> None:
    make_wheel(wheels, "onnxruntime", "9.9.9")
    install(opened())
    before = left()
    next(wheels.iterdir()).unlink()
    dialog = opened()
    assert "pip found no ONNX Runtime" in install(dialog)
    assert "No matching distribution" in dialog.log.toPlainText()
    assert left() == before


def test_a_broken_wheel_leaves_nothing(wheels: Path) -> None:
    path = make_wheel(wheels, "onnxruntime", "9.9.9")
    path.write_bytes(path.read_bytes()[:-40])
    dialog = opened()
    assert "Installed" not in install(dialog)
    assert left() == []


def test_a_network_that_refuses_is_told(wheels: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PIP_NO_INDEX")
    monkeypatch.setenv("PIP_INDEX_URL", "http://127.0.0.1:9/simple")
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
    assert "package index cannot be reached" in install(opened())
    assert left() == []


def test_a_python_without_pip_is_told_with_the_way_out(
    wheels: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(tmp_path / "bare")], check=True)
    python = next(path for path in (tmp_path / "bare").rglob("python*") if path.stem == "python")
    monkeypatch.setattr("classify_pixels.inference.runtimes.runtime.embedded_python", lambda: str(python))
    assert "sudo apt install python3-pip" in install(opened())
    assert left() == []


def test_a_python_that_is_not_there_is_told(wheels: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("classify_pixels.inference.runtimes.runtime.embedded_python", lambda: "/absent/python")
    assert "/absent/python could not be started" in install(opened())
    assert left() == []


def test_cancel_ends_pip_and_leaves_nothing(wheels: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The index takes the connection and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as index:
        monkeypatch.delenv("PIP_NO_INDEX")
        monkeypatch.setenv("PIP_INDEX_URL", f"http://127.0.0.1:{index.getsockname()[1]}/simple")
        monkeypatch.setenv("NO_PROXY", "127.0.0.1")
        dialog = opened()
        dialog.start.click()
        wait_until(lambda: "Looking in indexes" in dialog.log.toPlainText())
        assert dialog.job.running
        dialog.reject()
        wait_until(lambda: dialog.outcome.text())
    assert dialog.outcome.text() == "Cancelled. Nothing was installed."
    assert left() == []
    dialog.reject()
    assert dialog.isHidden()


def test_closing_the_window_while_pip_runs_leaves_nothing(wheels: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from qgis.PyQt import sip

    with socket.create_server(("127.0.0.1", 0)) as index:
        monkeypatch.delenv("PIP_NO_INDEX")
        monkeypatch.setenv("PIP_INDEX_URL", f"http://127.0.0.1:{index.getsockname()[1]}/simple")
        dialog = opened()
        dialog.start.click()
        wait_until(lambda: dialog.log.toPlainText())
        sip.delete(dialog)
        wait_until(lambda: left() == [])
