# SPDX-License-Identifier: GPL-2.0-or-later
"""The algorithm that summarises a model, as QGIS lists it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qgis.core import (
    QgsProcessingOutputBoolean,
    QgsProcessingOutputDefinition,
    QgsProcessingOutputString,
    QgsProcessingParameterDefinition,
    QgsProcessingParameterFileDestination,
)

from ..plugin_support.translation import tr
from .algorithm_groups import ModelAlgorithm, count_outputs
from .parameter_types import advanced, with_help
from .parameters import OUTPUT_HTML, model_parameter, processor_parameter

if TYPE_CHECKING:
    from .describe_model_run import DescribeModelRun


class DescribeModelAlgorithm(ModelAlgorithm):
    """Describe a deep learning model."""

    def name(self) -> str:
        """Returns the id, which is stable for saved models and scripts."""
        return "describemodel"

    def displayName(self) -> str:  # noqa: N802
        """Returns the name in the toolbox."""
        return tr("Describe deep learning model")

    def tags(self) -> list[str]:
        """Returns additional search words for the toolbox."""
        return tr("info,information,metadata,classes,bands,onnx,pytorch,emd,dlpk,esri,segmentation").split(",")

    def shortDescription(self) -> str:  # noqa: N802
        """Returns one sentence."""
        return tr("Summarises a segmentation model, its inputs and outputs, and checks that it can run.")

    def shortHelpString(self) -> str:  # noqa: N802
        """Returns the help of the dialog."""
        return tr(
            "<p>Summarises a segmentation model: weights, bands and their expected values, tile size, padding and "
            "stride, classes with colours, arguments with defaults, and keys of its definition without effect, with "
            "the reason.</p>"
            "<p>The network is opened and run once on an empty tile, and on random images if its receptive field is "
            "not declared. The description therefore includes the device, or the reason why the model cannot run. A "
            "model that can be read but not run is described as well.</p>"
        )

    def parameters(self) -> list[QgsProcessingParameterDefinition]:
        """Returns the parameters for model, processor and page."""
        page = QgsProcessingParameterFileDestination(
            OUTPUT_HTML, tr("Description"), tr("HTML files") + " (*.html)", optional=True, createByDefault=True
        )
        text = tr("The description as a page in the results viewer.")
        return [model_parameter(), advanced(processor_parameter()), with_help(page, text)]

    def outputs(self) -> list[QgsProcessingOutputDefinition]:
        """Returns outputs for the description as text and JSON, the ability to run, and counts."""
        return [
            QgsProcessingOutputString("TEXT", tr("Description as text")),
            QgsProcessingOutputString("JSON", tr("Description as JSON")),
            QgsProcessingOutputBoolean("RUNS", tr("Model can be run")),
            QgsProcessingOutputString("DEVICE", tr("Device for running the model")),
            QgsProcessingOutputString("PROBLEM", tr("Reason why the model cannot be run")),
            *count_outputs(),
        ]

    def new_run(self) -> DescribeModelRun:
        """Returns a new run."""
        from .describe_model_run import DescribeModelRun

        return DescribeModelRun()
