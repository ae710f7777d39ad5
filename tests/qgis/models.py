# SPDX-License-Identifier: GPL-2.0-or-later
"""Models of the graphical modeler."""

from __future__ import annotations

from qgis.core import QgsProcessingModelAlgorithm


def outputs_of(model: QgsProcessingModelAlgorithm) -> dict[str, str]:
    """Returns the parameters of a model's outputs by their names in the model.

    QGIS 3.22 puts the child's name before them, 3.44 no longer does.
    """
    model.initAlgorithm()
    return {found.name().rpartition(":")[2]: found.name() for found in model.destinationParameterDefinitions()}
