# SPDX-License-Identifier: GPL-2.0-or-later
"""Bases of the algorithms in the groups for models and for accuracy."""

from __future__ import annotations

from qgis.core import QgsProcessingOutputDefinition, QgsProcessingOutputNumber

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


class AccuracyAlgorithm(DeepLearningAlgorithm):
    """An algorithm in the group of accuracy."""

    def group(self) -> str:
        """Returns the group in the toolbox."""
        return tr("Accuracy")

    def groupId(self) -> str:  # noqa: N802
        """Returns the stable id of the group."""
        return "accuracy"


def count_outputs() -> list[QgsProcessingOutputDefinition]:
    """Returns the outputs for the number of bands and classes of a model."""
    return [
        QgsProcessingOutputNumber("BAND_COUNT", tr("Number of input bands of the model")),
        QgsProcessingOutputNumber("CLASS_COUNT", tr("Number of classes of the model")),
    ]
