# SPDX-License-Identifier: GPL-2.0-or-later
"""The description of a model in the log of an algorithm and in its outputs."""

from __future__ import annotations

from typing import Any

from qgis.core import QgsProcessingFeedback

from ..inference.describe import text_of
from ..inference.describe.model_description import ModelDescription
from ..plugin_support.translation import tr


def tell_model(description: ModelDescription, feedback: QgsProcessingFeedback) -> None:
    """Logs the description of a model."""
    for line in text_of(description, tr).splitlines():
        feedback.pushInfo(line)


def model_values(description: ModelDescription) -> dict[str, Any]:
    """Returns the counts and the ability to run."""
    return {
        "RUNS": description.network is not None,
        "BAND_COUNT": len(description.bands),
        "CLASS_COUNT": len(description.classes),
    }
