# SPDX-License-Identifier: GPL-2.0-or-later
"""The start of the plugin, which imports no library that runs networks."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

START = """
import importlib.util, sys
from qgis.core import QgsApplication
application = QgsApplication([], False)
application.initQgis()
spec = importlib.util.spec_from_file_location("classify_pixels", sys.argv[1] + "/__init__.py",
                                              submodule_search_locations=[sys.argv[1]])
module = sys.modules["classify_pixels"] = importlib.util.module_from_spec(spec)
spec.loader.exec_module(module)
plugin = module.classFactory(None)
plugin.initProcessing()
loaded = {name.partition(".")[0] for name in sys.modules}
print("loaded:", *sorted(loaded & {"torch", "onnxruntime", "openvino", "tensorflow", "onnx", "scipy"}))
plugin.unload()
"""


def test_no_library_of_networks_is_imported() -> None:
    command = [sys.executable, "-W", "ignore", "-c", START, str(ROOT)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert "loaded:" in done.stdout.splitlines()
