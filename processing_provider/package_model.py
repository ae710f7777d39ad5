# SPDX-License-Identifier: GPL-2.0-or-later
"""The algorithm that creates a deep learning package from a network and its classes, as QGIS lists it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qgis.core import (
    QgsProcessingOutputBoolean,
    QgsProcessingOutputDefinition,
    QgsProcessingOutputString,
    QgsProcessingParameterDefinition,
)

from ..plugin_support.translation import tr
from .algorithm_groups import ModelAlgorithm, count_outputs
from .package_model_parameters import package_model_parameters

if TYPE_CHECKING:
    from .package_model_run import PackageModelRun


class PackageModelAlgorithm(ModelAlgorithm):
    """Create a deep learning package."""

    def name(self) -> str:
        """Returns the id, which is stable for saved models and scripts."""
        return "packagemodel"

    def displayName(self) -> str:  # noqa: N802
        """Returns the name in the toolbox."""
        return tr("Create deep learning package")

    def tags(self) -> list[str]:
        """Returns additional search words for the toolbox."""
        return tr("export,model definition,emd,dlpk,esri,onnx,torchscript,pytorch,segmentation,classes").split(",")

    def shortDescription(self) -> str:  # noqa: N802
        """Returns one sentence."""
        return tr("Packs a network with its classes and bands into an Esri deep learning package (.dlpk).")

    def shortHelpString(self) -> str:  # noqa: N802
        """Returns the help of the dialog."""
        return tr(
            "<p>Packs a segmentation network, its classes and its settings into a deep learning package (.dlpk) with "
            "an Esri model definition (.emd): one file to share.</p>"
            "<p>Classes come from a table, from JSON, or from the style of a layer; bands and tile size, if not "
            "given, from the network. The number of classes must equal the number of channels of the network, or be "
            "one less if its first channel is background.</p>"
            "<p>The package is verified before it is saved: it is read back, and its network is run once. "
            "Inconsistencies are reported, and no file is written. The same input produces the same file, byte for "
            "byte.</p>"
        )

    def parameters(self) -> list[QgsProcessingParameterDefinition]:
        """Returns the parameters for content and destination."""
        return package_model_parameters()

    def outputs(self) -> list[QgsProcessingOutputDefinition]:
        """Returns outputs for the definition, the test run and counts."""
        return [
            QgsProcessingOutputString("EMD", tr("The model definition, as JSON")),
            QgsProcessingOutputBoolean("RUNS", tr("Network was run")),
            *count_outputs(),
        ]

    def new_run(self) -> PackageModelRun:
        """Returns a new run."""
        from .package_model_run import PackageModelRun

        return PackageModelRun()
