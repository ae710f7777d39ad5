# SPDX-License-Identifier: GPL-2.0-or-later
"""Limits that the user may move."""

from __future__ import annotations

import os

from qgis.core import QgsSettings

from ..inference import read_most_cells

MOST_CELLS_SETTING = "classify_pixels/most_cells"
VARIABLE = "CLASSIFY_PIXELS_MOST_CELLS"


def most_cells() -> int:
    """Returns the most cells that a result may have; the environment variable wins over the settings."""
    return read_most_cells(os.environ.get(VARIABLE) or QgsSettings().value(MOST_CELLS_SETTING))
