# SPDX-License-Identifier: GPL-2.0-or-later
"""Finds the library that runs a network: in Python's own path, else in the user's runtime folder."""

from __future__ import annotations

import importlib
import importlib.util
import os
import sys
from pathlib import Path
from types import ModuleType

import numpy as np

from ..errors import RuntimeMissingError

TITLES = {"onnxruntime": "ONNX Runtime", "openvino": "OpenVINO", "torch": "PyTorch", "tensorflow": "TensorFlow"}

# onnxruntime runs without its declared dependencies; with them, pip would bring a second numpy along. TensorFlow has to
# be of a release for QGIS's numpy, of which pip knows nothing.
PIP_OPTIONS = {
    "onnxruntime": ("--no-deps",),
    "openvino": ("--no-deps",),
    "torch": (),
    "tensorflow": (f"numpy=={np.__version__}",),
}

# How an import fails: what is missing, and what was built for other releases of numpy, protobuf or a system's library.
FAILURES = (ImportError, OSError, AttributeError, RuntimeError, SystemError, TypeError, ValueError)


def import_runtime(name: str, folder: Path | None) -> ModuleType:
    """Returns the imported library; the user's folder is appended to the path, so it never hides a package."""
    # ONNX Runtime reports its use to its maker unless it is told not to before it is imported.
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
    """Returns the command that installs the library where the plugin finds it, as a shell takes it."""
    return " ".join(f'"{word}"' if " " in word else word for word in install_words(name, folder))


def install_words(name: str, folder: Path | None) -> tuple[str, ...]:
    """Returns the program and the arguments that install the library where the plugin finds it."""
    target = () if folder is None else ("--target", str(folder))
    return (embedded_python(), "-m", "pip", "install", *PIP_OPTIONS[name], *target, name)


def embedded_python() -> str:
    """Names the Python that QGIS embeds; inside QGIS sys.executable is QGIS itself."""
    name = "python{}.{}".format(*sys.version_info[:2])
    # On Windows the program lies beside its libraries, elsewhere in bin.
    places = (os.path.join(sys.base_prefix, "bin", name), os.path.join(sys.base_prefix, "python.exe"))
    return next((place for place in places if os.path.isfile(place)), "python3")
