# SPDX-License-Identifier: GPL-2.0-or-later
"""User settings for all runs, from QGIS's settings or environment variables."""

from __future__ import annotations

import os
from pathlib import Path

from qgis.core import QgsSettings

from ..inference.run.read_settings import read_most_cells

ALLOWED_FUNCTIONS_SETTING = "classify_pixels/allowed_functions"
ALLOWED_FUNCTIONS_VARIABLE = "CLASSIFY_PIXELS_ALLOWED_FUNCTIONS"
TORCH_PYTHON_SETTING = "classify_pixels/torch_python"
TORCH_PYTHON_VARIABLE = "CLASSIFY_PIXELS_TORCH_PYTHON"
SCHEDULER_SETTING, STRIPS_SETTING = "classify_pixels/scheduler", "classify_pixels/strips"
SCHEDULER_VARIABLE, STRIPS_VARIABLE = "CLASSIFY_PIXELS_SCHEDULER", "CLASSIFY_PIXELS_STRIPS"
MOST_CELLS_SETTING = "classify_pixels/most_cells"
MOST_CELLS_VARIABLE = "CLASSIFY_PIXELS_MOST_CELLS"


def allowed_functions() -> frozenset[str]:
    """Returns the SHA-256 of models with allowed Python raster functions, from settings and variable."""
    saved = QgsSettings().value(ALLOWED_FUNCTIONS_SETTING) or []
    # The settings return a list of one element as text.
    texts = [saved] if isinstance(saved, str) else list(saved)
    named = [*texts, *os.environ.get(ALLOWED_FUNCTIONS_VARIABLE, "").split(",")]
    return frozenset(text.strip().lower() for text in named if text.strip())


def torch_python() -> Path | None:
    """Returns another Python for PyTorch, or the folder of its environment, None for QGIS's own.

    The environment variable takes precedence over the settings.
    """
    named = os.environ.get(TORCH_PYTHON_VARIABLE) or str(QgsSettings().value(TORCH_PYTHON_SETTING) or "")
    return Path(named) if named.strip() else None


def most_cells() -> int:
    """Returns the most cells of a result; the environment variable takes precedence over the settings."""
    return read_most_cells(os.environ.get(MOST_CELLS_VARIABLE) or QgsSettings().value(MOST_CELLS_SETTING))


def cluster() -> tuple[str, str] | None:
    """Returns the Dask scheduler and the place of strips, which may be empty; None where runs stay on this machine.

    The environment variables win over the settings.
    """
    named = ((SCHEDULER_VARIABLE, SCHEDULER_SETTING), (STRIPS_VARIABLE, STRIPS_SETTING))
    scheduler, strips = (
        (os.environ.get(variable) or str(QgsSettings().value(setting) or "")).strip() for variable, setting in named
    )
    return (scheduler, strips) if scheduler else None
