# SPDX-License-Identifier: GPL-2.0-or-later
"""The algorithm that compares a class map with a reference, as QGIS lists it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qgis.core import (
    QgsProcessingOutputDefinition,
    QgsProcessingOutputNumber,
    QgsProcessingOutputString,
    QgsProcessingParameterDefinition,
)

from ..plugin_support.translation import tr
from .accuracy_parameters import assess_accuracy_parameters
from .algorithm_groups import AccuracyAlgorithm

if TYPE_CHECKING:
    from .assess_accuracy_run import AssessAccuracyRun


class AssessAccuracyAlgorithm(AccuracyAlgorithm):
    """Assess the accuracy of a class map."""

    def name(self) -> str:
        """Returns the id, which is stable for saved models and scripts."""
        return "assessaccuracy"

    def displayName(self) -> str:  # noqa: N802
        """Returns the name in the toolbox."""
        return tr("Assess accuracy of class map")

    def tags(self) -> list[str]:
        """Returns additional search words for the toolbox."""
        return tr("confusion matrix,error matrix,validation,ground truth,kappa,iou,f1,area,olofsson").split(",")

    def shortDescription(self) -> str:  # noqa: N802
        """Returns one sentence."""
        return tr("Compares a class map with a reference and estimates its accuracy and the areas of its classes.")

    def shortHelpString(self) -> str:  # noqa: N802
        """Returns the help of the dialog."""
        return tr(
            "<p>Compares a class map with points, polygons or a raster of true classes. The result is the confusion "
            "matrix with overall, user's and producer's accuracy, F1, IoU and kappa, and area-adjusted estimates of "
            "the accuracies and of the area of each class in hectares, with 95 % confidence intervals (Olofsson et "
            "al. 2014).</p>"
            "<p>The estimates need a random sample: points of <i>Create sample points</i>, or any simple random "
            "sample. The strata are the classes of the map, or the raster of <i>Strata</i> from which the sample was "
            "drawn.</p>"
            "<p>Classes of the reference are matched by value or name; one that the map does not have is an error. "
            "Samples outside the map, on NoData or without a class are left out and counted. Numbers that cannot be "
            "estimated, such as the standard error of a class with a single sample, are undefined, not zero.</p>"
        )

    def parameters(self) -> list[QgsProcessingParameterDefinition]:
        """Returns the parameters for map, reference, strata and files."""
        return assess_accuracy_parameters()

    def outputs(self) -> list[QgsProcessingOutputDefinition]:
        """Returns the outputs other than files."""
        return [
            QgsProcessingOutputString("ACCURACY", tr("All results as JSON")),
            QgsProcessingOutputNumber("SAMPLES", tr("Number of samples compared")),
            QgsProcessingOutputNumber("OVERALL_ACCURACY", tr("Overall accuracy of the samples")),
            QgsProcessingOutputNumber("KAPPA", tr("Kappa of the samples")),
            QgsProcessingOutputNumber("ESTIMATED_ACCURACY", tr("Overall accuracy of the area")),
            QgsProcessingOutputNumber("ESTIMATED_MARGIN", tr("Half the width of its 95 % confidence interval")),
        ]

    def new_run(self) -> AssessAccuracyRun:
        """Returns a new run."""
        from .assess_accuracy_run import AssessAccuracyRun

        return AssessAccuracyRun()
