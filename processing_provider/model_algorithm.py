# SPDX-License-Identifier: GPL-2.0-or-later
"""Base of the algorithms for models: group, log of a description, and outputs."""

from __future__ import annotations

from typing import Any

from qgis.core import QgsProcessingFeedback, QgsProcessingOutputDefinition, QgsProcessingOutputNumber

from ..inference.describe import text_of
from ..inference.describe.model_description import ModelDescription
from ..plugin_support.translation import tr
from .algorithm import DeepLearningAlgorithm


class ModelAlgorithm(DeepLearningAlgorithm):
    """An algorithm in the group of models."""

    def group(self) -> str:
        """Returns the group in the toolbox."""
        return tr("Models")

    def groupId(self) -> str:  # noqa: N802
        """Returns the stable id of the group."""
        return "models"


def tell_model(description: ModelDescription, feedback: QgsProcessingFeedback) -> None:
    """Logs the description of a model."""
    for line in text_of(description, tr).splitlines():
        feedback.pushInfo(line)


def count_outputs() -> list[QgsProcessingOutputDefinition]:
    """Returns the outputs for the number of bands and classes."""
    return [
        QgsProcessingOutputNumber("BAND_COUNT", tr("Number of input bands of the model")),
        QgsProcessingOutputNumber("CLASS_COUNT", tr("Number of classes of the model")),
    ]


def model_values(description: ModelDescription) -> dict[str, Any]:
    """Returns the counts and the ability to run."""
    return {
        "RUNS": description.network is not None,
        "BAND_COUNT": len(description.bands),
        "CLASS_COUNT": len(description.classes),
    }
