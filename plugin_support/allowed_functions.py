# SPDX-License-Identifier: GPL-2.0-or-later
"""Which models' Python raster functions the user has allowed to run."""

from __future__ import annotations

import os

from qgis.core import QgsSettings

SETTING = "classify_pixels/allowed_functions"
VARIABLE = "CLASSIFY_PIXELS_ALLOWED_FUNCTIONS"


def allowed_functions() -> frozenset[str]:
    """Returns the SHA-256 of these models, of the settings and of the environment variable, parted by commas there."""
    saved = QgsSettings().value(SETTING) or []
    # A list of one comes back as a text from the settings' file.
    texts = [saved] if isinstance(saved, str) else list(saved)
    named = [*texts, *os.environ.get(VARIABLE, "").split(",")]
    return frozenset(text.strip().lower() for text in named if text.strip())
