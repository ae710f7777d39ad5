# SPDX-License-Identifier: GPL-2.0-or-later
"""Finds runtime libraries: in Python's own path, otherwise in the user's runtime folder."""

from __future__ import annotations

import importlib
import importlib.util
import os
import sys
from pathlib import Path
from types import ModuleType

from ..errors import RuntimeMissingError

TITLES = {"onnxruntime": "ONNX Runtime", "openvino": "OpenVINO", "torch": "PyTorch"}

# Both run without their declared dependencies; with them, pip would install a second numpy.
PIP_OPTIONS = {"onnxruntime": ("--no-deps",), "openvino": ("--no-deps",), "torch": ()}

# Import failures: missing modules, and builds for other releases of numpy, protobuf or a system library.
FAILURES = (ImportError, OSError, AttributeError, RuntimeError, SystemError, TypeError, ValueError)


def import_runtime(name: str, folder: Path | None) -> ModuleType:
    """Returns the imported library; the user's folder is appended to the path, so it never hides a package."""
    # ONNX Runtime sends telemetry unless disabled before its import.
    os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")
    if importlib.util.find_spec(name) is None and folder is not None and folder.is_dir():
        sys.path.append(str(folder))
        importlib.invalidate_caches()
    try:
        return importlib.import_module(name)
    except FAILURES as error:
        command = install_command(name, folder)
        raise RuntimeMissingError(runtime=TITLES[name], reason=error, command=command) from error


def install_command(name: str, folder: Path | None) -> str:
    """Returns the shell command that installs the library in the plugin's search path."""
    return " ".join(f'"{word}"' if " " in word else word for word in install_words(name, folder))


def install_words(name: str, folder: Path | None) -> tuple[str, ...]:
    """Returns the program and the arguments that install the library in the plugin's search path."""
    target = () if folder is None else ("--target", str(folder))
    return (embedded_python(), "-m", "pip", "install", *PIP_OPTIONS[name], *target, name)


def embedded_python() -> str:
    """Returns the Python that QGIS embeds; inside QGIS sys.executable is QGIS itself."""
    name = "python{}.{}".format(*sys.version_info[:2])
    # On Windows the program is next to its libraries, elsewhere in bin.
    places = (os.path.join(sys.base_prefix, "bin", name), os.path.join(sys.base_prefix, "python.exe"))
    return next((place for place in places if os.path.isfile(place)), "python3")
