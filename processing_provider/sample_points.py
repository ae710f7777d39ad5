# SPDX-License-Identifier: GPL-2.0-or-later
"""The algorithm that draws stratified random points from a class map, as QGIS lists it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qgis.core import (
    QgsProcessingOutputDefinition,
    QgsProcessingOutputNumber,
    QgsProcessingOutputString,
    QgsProcessingParameterDefinition,
)

from ..plugin_support.translation import tr
from .accuracy_parameters import sample_points_parameters
from .algorithm_groups import AccuracyAlgorithm

if TYPE_CHECKING:
    from .sample_points_run import SamplePointsRun


class SamplePointsAlgorithm(AccuracyAlgorithm):
    """Create sample points."""

    def name(self) -> str:
        """Returns the id, which is stable for saved models and scripts."""
        return "samplepoints"

    def displayName(self) -> str:  # noqa: N802
        """Returns the name in the toolbox."""
        return tr("Create sample points")

    def tags(self) -> list[str]:
        """Returns additional search words for the toolbox."""
        return tr("stratified,random,sampling,validation,ground truth,accuracy,olofsson,labelling").split(",")

    def shortDescription(self) -> str:  # noqa: N802
        """Returns one sentence."""
        return tr("Draws random points from each class of a map, to be labelled for an accuracy assessment.")

    def shortHelpString(self) -> str:  # noqa: N802
        """Returns the help of the dialog."""
        return tr(
            "<p>Draws a stratified random sample: the strata are the classes of a map, and the points are centres of "
            "pixels, drawn without replacement with a probability proportional to the true area of the pixel.</p>"
            "<p>The number of points is given, or follows from a target standard error of the overall accuracy "
            "(Olofsson et al. 2014, equation 13).</p>"
            "<p>Enter the true class of each point in the field <i>reference</i>, from imagery or in the field, "
            "without looking at the map; then run <i>Assess accuracy of class map</i> with reference as the class "
            "field and map_class as the stratum field.</p>"
        )

    def parameters(self) -> list[QgsProcessingParameterDefinition]:
        """Returns the parameters for map, design and destination."""
        return sample_points_parameters()

    def outputs(self) -> list[QgsProcessingOutputDefinition]:
        """Returns the outputs other than the points."""
        return [
            QgsProcessingOutputNumber("COUNT", tr("Number of points drawn")),
            QgsProcessingOutputNumber("SEED", tr("Random seed")),
            QgsProcessingOutputString("CLASSES", tr("Classes with their numbers of points, as JSON")),
        ]

    def new_run(self) -> SamplePointsRun:
        """Returns a new run."""
        from .sample_points_run import SamplePointsRun

        return SamplePointsRun()
