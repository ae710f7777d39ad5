# SPDX-License-Identifier: GPL-2.0-or-later
"""A real QGIS desktop on a virtual screen, in which the sample is classified through the dialog."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from .command import ROOT, environment

LIMIT = 90
SYSTEM_PATH = "/usr/bin:/bin"
LEGEND = [
    [0, "Water", "#4169e1"],
    [1, "Dense vegetation", "#006400"],
    [2, "Sparse vegetation", "#9acd32"],
    [3, "Built or bare", "#c8785a"],
]
SETTINGS = """[PythonPlugins]
classify_pixels=true
processing=true
[qgis]
checkVersion=false
enableMacros=Never
showTips322=false
[app]
projections\\unknownCrsBehavior=NoAction
[app-news-feed]
items\\httpsfeedqgisorg\\disabled=true
[migration]
fileVersion=2
settings=true
"""


def _program(*names: str) -> str:
    found = next((path for path in (shutil.which(name, path=SYSTEM_PATH) for name in names) if path), None)
    if found is None:
        pytest.skip(f"{' or '.join(names)} is not in {SYSTEM_PATH}, so there is no desktop to test in")
    return found


@pytest.fixture(scope="module")
def display() -> Iterator[str]:
    """A virtual screen."""
    program = _program("Xvfb")
    read, write = os.pipe()
    command = [program, "-displayfd", str(write), "-screen", "0", "1600x1000x24", "-nolisten", "tcp"]
    server = subprocess.Popen(command, pass_fds=[write], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    os.close(write)
    try:
        with os.fdopen(read) as answer:
            yield f":{answer.readline().strip()}"
    finally:
        server.terminate()
        server.wait(10)


@pytest.fixture(scope="module")
def findings(display: str, sample: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What the driver saw, and the folder of its pictures."""
    qgis = _program("qgis.bin", "qgis")
    folder = tmp_path_factory.mktemp("desktop")
    settings = folder / "profiles" / "profiles" / "demo" / "QGIS" / "QGIS3.ini"
    settings.parent.mkdir(parents=True)
    settings.write_text(SETTINGS, encoding="utf-8")
    (folder / "plugins").mkdir()
    (folder / "plugins" / "classify_pixels").symlink_to(ROOT)
    shutil.copytree(sample, folder / "sample")
    runtime = folder / "runtime"
    runtime.mkdir(mode=0o700)
    packages = ":".join(str(path) for path in ROOT.glob(".venv/lib/python3*/site-packages"))
    variables = environment(
        DISPLAY=display,
        PATH=SYSTEM_PATH,
        PYTHONPATH=packages,
        QT_QPA_PLATFORM="xcb",
        QGIS_PLUGINPATH=str(folder / "plugins"),
        XDG_RUNTIME_DIR=str(runtime),
        CLASSIFY_PIXELS_FINDINGS=str(folder),
    )
    driver = str(Path(__file__).with_name("desktop_driver.py"))
    options = [
        "--nologo",
        "--noversioncheck",
        "--profiles-path",
        str(folder / "profiles"),
        "--profile",
        "demo",
    ]
    with (folder / "log.txt").open("w") as log:
        done = subprocess.run(
            [qgis, *options, "--code", driver],
            cwd=folder,
            env=variables,
            stdout=log,
            stderr=log,
            timeout=LIMIT,
            check=False,
        )
    log_text = (folder / "log.txt").read_text(encoding="utf-8", errors="replace")
    assert (folder / "findings.json").exists(), log_text
    found = json.loads((folder / "findings.json").read_text(encoding="utf-8"))
    assert "error" not in found, found.get("error")
    return {**found, "code": done.returncode, "folder": folder, "stderr": log_text}


def test_desktop_starts_with_the_plugin_and_ends_well(findings: dict[str, Any]) -> None:
    assert findings["loaded"]
    assert findings["algorithms"] == ["Classify pixels using deep learning"]
    assert findings["code"] == 0
    assert "Traceback" not in findings["stderr"]


def test_result_is_loaded_with_the_models_legend(findings: dict[str, Any]) -> None:
    [result] = findings["results"]
    assert result["renderer"] == "paletted"
    assert result["classes"] == LEGEND
    assert result["crs"] == "EPSG:31985"


def test_result_lies_above_its_input(findings: dict[str, Any]) -> None:
    [result] = findings["results"]
    assert findings["order"] == [result["name"], "Olinda"]


def test_map_shows_the_models_colours_only(findings: dict[str, Any]) -> None:
    colors = set(findings["center_colors"])
    assert len(colors) >= 2
    assert colors <= {color for _, _, color in LEGEND}


def test_dialogs_log_tells_what_was_done(findings: dict[str, Any]) -> None:
    assert "Device: CPU" in findings["log"]
    assert "Built or bare" in findings["log"]


def test_run_in_the_dialog_is_recorded(findings: dict[str, Any], record_property: Any) -> None:
    record_property("seconds", round(findings["seconds"], 2))
    record_property("longest gap of the event loop in seconds", round(findings["longest_gap"], 3))
    assert findings["seconds"] > 0
    for name in ("dialog", "log", "desktop"):
        assert (findings["folder"] / f"{name}.png").stat().st_size > 10_000
