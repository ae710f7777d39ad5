# SPDX-License-Identifier: GPL-2.0-or-later
"""Model files dropped on the panel or on QGIS's window."""

from __future__ import annotations

from pathlib import PurePath
from typing import Callable

from qgis.gui import QgsCustomDropHandler
from qgis.PyQt.QtCore import QMimeData

# Suffixes of models only: QGIS opens .json, .pb and others itself.
SUFFIXES = frozenset({".dlpk", ".emd", ".onnx", ".pth", ".pt", ".pt2", ".safetensors"})


class ModelDrop(QgsCustomDropHandler):
    """Passes a model file that is dropped on map or layer tree; QGIS opens all others."""

    def __init__(self, take: Callable[[str], None]) -> None:
        super().__init__()
        self._take = take

    def handleFileDrop(self, file: str) -> bool:  # noqa: N802
        """Takes a model file."""
        if not is_model(file):
            return False
        self._take(file)
        return True


def is_model(file: str) -> bool:
    """Returns True for the name of a model file."""
    return PurePath(file).suffix.lower() in SUFFIXES


def dropped_models(data: QMimeData) -> list[str]:
    """Returns the local model files of a drop."""
    files = (url.toLocalFile() for url in data.urls()) if data.hasUrls() else ()
    return [file for file in files if is_model(file)]
