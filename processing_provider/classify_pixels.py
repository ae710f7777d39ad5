# SPDX-License-Identifier: GPL-2.0-or-later
"""The algorithm for classification, as QGIS lists it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qgis.core import QgsProcessingOutputDefinition, QgsProcessingParameterDefinition

from ..plugin_support.translation import tr
from .algorithm import DeepLearningAlgorithm
from .parameters import classify_pixels_outputs, classify_pixels_parameters

if TYPE_CHECKING:
    from .classify_pixels_run import ClassifyPixelsRun


class ClassifyPixelsAlgorithm(DeepLearningAlgorithm):
    """Classify pixels using deep learning."""

    def name(self) -> str:
        """Returns the id, which is stable for saved models and scripts."""
        return "classifypixels"

    def displayName(self) -> str:  # noqa: N802
        """Returns the name in the toolbox."""
        return tr("Classify pixels using deep learning")

    def group(self) -> str:
        """Returns the group in the toolbox."""
        return tr("Raster analysis")

    def groupId(self) -> str:  # noqa: N802
        """Returns the stable id of the group."""
        return "rasteranalysis"

    def tags(self) -> list[str]:
        """Returns additional search words for the toolbox."""
        words = tr("segmentation,land cover,neural network,onnx,pytorch,emd,dlpk,esri,machine learning,ai")
        return words.split(",")

    def shortDescription(self) -> str:  # noqa: N802
        """Returns one sentence."""
        return tr("Runs a segmentation model over a raster and writes a class map with the model's names and colours.")

    def shortHelpString(self) -> str:  # noqa: N802
        """Returns the help of the dialog."""
        return tr(
            "<p>Runs a deep learning segmentation model over a raster of any size and writes a georeferenced class "
            "map with the model's own values, names and colours.</p>"
            "<p>Pixels that are NoData in the raster are NoData in the map. Bands are matched by number, name or "
            "wavelength; their values must be in the range of the model's training data.</p>"
            "<p>ONNX networks need the Python package onnxruntime, PyTorch networks need torch. The Classify Pixels "
            "page of QGIS's options shows the available runtimes and can install ONNX Runtime.</p>"
        )

    def parameters(self) -> list[QgsProcessingParameterDefinition]:
        """Returns the parameters of the operation and of the plugin."""
        return classify_pixels_parameters()

    def outputs(self) -> list[QgsProcessingOutputDefinition]:
        """Returns the outputs other than files."""
        return classify_pixels_outputs()

    def new_run(self) -> ClassifyPixelsRun:
        """Returns a new run."""
        from .classify_pixels_run import ClassifyPixelsRun

        return ClassifyPixelsRun()
