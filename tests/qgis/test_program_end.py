# SPDX-License-Identifier: GPL-2.0-or-later
"""QGIS ends after the libraries that still open a network, as after Cancel."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

# A hang is a failure.
LIMIT = 300

# The library comes back some time after QGIS begins to end. The program ends as QGIS does: not Python first.
PROGRAM = """
import importlib, importlib.util, os, sys, threading, time
from qgis.core import QgsApplication
from qgis.PyQt.QtCore import QTimer
application = QgsApplication([], False)
application.initQgis()
spec = importlib.util.spec_from_file_location("classify_pixels", sys.argv[1] + "/__init__.py",
                                              submodule_search_locations=[sys.argv[1]])
module = sys.modules["classify_pixels"] = importlib.util.module_from_spec(spec)
spec.loader.exec_module(module)
plugin = module.classFactory(None)
ending, done = threading.Event(), threading.Event()
application.aboutToQuit.connect(ending.set)
plugin.initProcessing()
if sys.argv[2] == "working":
    library_thread = importlib.import_module("classify_pixels.inference.runtimes.library_thread")
    def work():
        ending.wait()
        time.sleep(1)
        done.set()
    library_thread.begin(work, "test")
QTimer.singleShot(0, application.quit)
application.exec()
imported = "classify_pixels.inference.runtimes" in sys.modules
os._exit({(True, True): 7, (False, False): 8}.get((imported, done.is_set()), 9))
"""


def status_of(what: str, folder: Path) -> int:
    """Returns the exit status of a program in which a library is working or was never used."""
    command = [sys.executable, "-W", "ignore", "-c", PROGRAM, str(ROOT), what]
    profile = {"QGIS_CUSTOM_CONFIG_PATH": str(folder), "QT_QPA_PLATFORM": "offscreen"}
    return subprocess.run(command, env={**os.environ, **profile}, timeout=LIMIT, check=False).returncode


def test_qgis_waits_for_a_library_at_its_end(tmp_path: Path) -> None:
    assert status_of("working", tmp_path) == 7


def test_qgis_ends_without_libraries_that_were_not_used(tmp_path: Path) -> None:
    assert status_of("unused", tmp_path) == 8
