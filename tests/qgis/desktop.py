# SPDX-License-Identifier: GPL-2.0-or-later
"""A real QGIS desktop on a virtual screen, driven by a script that runs inside it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from .command import ROOT, environment

SYSTEM_PATH = "/usr/bin:/bin"
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
# The classes of the sample's model: value, name, colour.
LEGEND = [
    [0, "Water", "#4169e1"],
    [1, "Dense vegetation", "#006400"],
    [2, "Sparse vegetation", "#9acd32"],
    [3, "Built or bare", "#c8785a"],
]


def find_program(*names: str) -> str:
    """Returns the path of a program; the test is skipped if there is none."""
    found = next((path for path in (shutil.which(name, path=SYSTEM_PATH) for name in names) if path), None)
    if found is None:
        pytest.skip(f"{' or '.join(names)} is not in {SYSTEM_PATH}, so there is no desktop to test in")
    return found


@contextmanager
def virtual_screen() -> Iterator[str]:
    """Yields the name of a virtual screen."""
    program = find_program("Xvfb")
    read, write = os.pipe()
    command = [program, "-displayfd", str(write), "-screen", "0", "1600x1000x24", "-nolisten", "tcp"]
    server = subprocess.Popen(command, pass_fds=[write], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    os.close(write)
    try:
        with os.fdopen(read) as answer:
            yield f":{answer.readline().strip()}"
    finally:
        server.terminate()
        server.wait(120)


def run_desktop(display: str, folder: Path, sample: Path, driver: str, limit: float) -> dict[str, Any]:
    """Starts QGIS with a fresh profile and a driver, by its path from this folder; returns its findings."""
    prepare_desktop(folder, sample)
    return start_desktop(display, folder, driver, limit)


def tour_desktop(factory: pytest.TempPathFactory, sample: Path, driver: str, limit: float) -> dict[str, Any]:
    """Does the same in a given folder, on a new screen."""
    with virtual_screen() as display:
        return run_desktop(display, factory.mktemp("desktop"), sample, driver, limit)


def prepare_desktop(folder: Path, sample: Path) -> None:
    """Makes a fresh profile in a folder, which also gets a copy of the sample."""
    settings = folder / "profiles" / "profiles" / "demo" / "QGIS" / "QGIS3.ini"
    settings.parent.mkdir(parents=True)
    settings.write_text(SETTINGS, encoding="utf-8")
    (folder / "plugins").mkdir()
    (folder / "plugins" / "classify_pixels").symlink_to(ROOT)
    shutil.copytree(sample, folder / "sample")
    (folder / "runtime").mkdir(mode=0o700)


def start_desktop(display: str, folder: Path, driver: str, limit: float) -> dict[str, Any]:
    """Starts QGIS with the profile of a prepared folder; the driver writes findings.json and pictures there."""
    qgis = find_program("qgis.bin", "qgis")
    options = ["--nologo", "--noversioncheck", "--profiles-path", str(folder / "profiles"), "--profile", "demo"]
    script = str(Path(__file__).parent / driver)
    with (folder / "log.txt").open("w") as log:
        done = subprocess.run(
            [qgis, *options, "--code", script],
            cwd=folder,
            env=_variables(display, folder),
            stdout=log,
            stderr=log,
            timeout=limit,
            check=False,
        )
    log_text = (folder / "log.txt").read_text(encoding="utf-8", errors="replace")
    assert (folder / "findings.json").exists(), log_text
    found = json.loads((folder / "findings.json").read_text(encoding="utf-8"))
    assert "error" not in found, found.get("error")
    return {**found, "code": done.returncode, "folder": folder, "stderr": log_text}


def _variables(display: str, folder: Path) -> dict[str, str]:
    packages = ":".join(str(path) for path in ROOT.glob(".venv/lib/python3*/site-packages"))
    return environment(
        DISPLAY=display,
        PATH=SYSTEM_PATH,
        PYTHONPATH=packages,
        QT_QPA_PLATFORM="xcb",
        QGIS_PLUGINPATH=str(folder / "plugins"),
        XDG_RUNTIME_DIR=str(folder / "runtime"),
        CLASSIFY_PIXELS_FINDINGS=str(folder),
    )
