# SPDX-License-Identifier: GPL-2.0-or-later
"""The other Python for PyTorch, which the settings name."""

from __future__ import annotations

import os
from pathlib import Path

from qgis.core import QgsSettings

TORCH_PYTHON_SETTING = "classify_pixels/torch_python"
VARIABLE = "CLASSIFY_PIXELS_TORCH_PYTHON"


def torch_python() -> Path | None:
    """Returns the Python, or the folder of its environment, None for QGIS's own; the environment variable wins."""
    named = os.environ.get(VARIABLE) or str(QgsSettings().value(TORCH_PYTHON_SETTING) or "")
    return Path(named) if named.strip() else None
