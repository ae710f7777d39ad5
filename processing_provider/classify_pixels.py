# SPDX-License-Identifier: GPL-2.0-or-later
"""The algorithm: parameters in, request out, classes reported, layer styled."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from qgis.core import (
    QgsProcessingAlgorithm,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProcessingOutputNumber,
    QgsProcessingOutputString,
)
from qgis.PyQt.QtGui import QIcon

from ..inference import Classification, ClassificationRequest, ClassifyPixelsError, classify_pixels
from .feedback import FeedbackProgress, duration
from .locations import ICON
from .parameters import OUTPUT, classify_pixels_parameters
from .request import read_request
from .styling import ClassMapStyler
from .translation import tr


class ClassifyPixelsAlgorithm(QgsProcessingAlgorithm):
    """Classify pixels using deep learning."""

    def __init__(self) -> None:
        super().__init__()
        self._request: ClassificationRequest | ClassifyPixelsError | None = None
        self._result: Classification | None = None
        self._output = ""

    def name(self) -> str:
        """Returns the id, which never changes: saved models and scripts use it."""
        return "classifypixels"

    def displayName(self) -> str:  # noqa: N802
        """Returns the name that the toolbox shows."""
        return tr("Classify pixels using deep learning")

    def group(self) -> str:
        """Returns the group that the toolbox shows."""
        return tr("Raster analysis")

    def groupId(self) -> str:  # noqa: N802
        """Returns the id of the group, which never changes."""
        return "rasteranalysis"

    def tags(self) -> list[str]:
        """Returns further words that the toolbox finds the algorithm by."""
        words = tr("segmentation,land cover,neural network,onnx,pytorch,emd,dlpk,esri,machine learning,ai")
        return words.split(",")

    def shortDescription(self) -> str:  # noqa: N802
        """Returns one sentence."""
        return tr("Runs a segmentation model over a raster and writes a class map with the model's names and colours.")

    def shortHelpString(self) -> str:  # noqa: N802
        """Returns the help that the dialog shows beside the parameters."""
        return tr(
            "<p>Runs a deep learning segmentation model over a raster of any size and writes a georeferenced class "
            "map with the model's own values, names and colours.</p>"
            "<p>Pixels that are NoData in the raster are NoData in the map. The raster's bands must be in the order "
            "and the value range that the model was trained on.</p>"
            "<p>ONNX networks need the Python package onnxruntime, TorchScript networks need torch.</p>"
        )

    def icon(self) -> QIcon:
        """Returns the icon of the plugin."""
        return QIcon(str(ICON))

    def svgIconPath(self) -> str:  # noqa: N802
        """Returns the path of the icon."""
        return str(ICON)

    def createInstance(self) -> ClassifyPixelsAlgorithm:  # noqa: N802
        """Returns a new algorithm; every run has its own."""
        return ClassifyPixelsAlgorithm()

    def initAlgorithm(self, configuration: Mapping[str, Any] | None = None) -> None:  # noqa: N802
        """Declares the parameters and outputs."""
        for parameter in classify_pixels_parameters():
            self.addParameter(parameter)
        for output in (
            QgsProcessingOutputString("CLASSES", tr("Classes with pixels and areas, as JSON")),
            QgsProcessingOutputNumber("CLASS_COUNT", tr("Number of classes found")),
            QgsProcessingOutputNumber("VALID_PIXELS", tr("Number of classified pixels")),
            QgsProcessingOutputString("DEVICE", tr("Device that ran the model")),
            QgsProcessingOutputNumber("TILES", tr("Number of tiles")),
            QgsProcessingOutputNumber("TILE_SIZE", tr("Tile size in pixels")),
            QgsProcessingOutputNumber("PADDING", tr("Padding in pixels")),
            QgsProcessingOutputNumber("SECONDS", tr("Seconds taken")),
        ):
            self.addOutput(output)

    def prepareAlgorithm(  # noqa: N802
        self, parameters: dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> bool:
        """Reads the parameters here, in the thread that the project's layers belong to.

        What is wrong with them is told by the run: a script would not see the sentence of an error raised here.
        """
        known = {definition.name() for definition in self.parameterDefinitions()}
        for name in sorted(set(parameters) - known):
            feedback.pushWarning(tr("The parameter {name} is unknown and has no effect.").format(name=name))
        try:
            self._request = read_request(self, parameters, context)
        except ClassifyPixelsError as error:
            self._request = error
        return True

    def processAlgorithm(  # noqa: N802
        self, parameters: dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> dict[str, Any]:
        """Runs the classification."""
        if not isinstance(self._request, ClassificationRequest):
            raise _translated(self._request) from self._request
        # Only here: a background run has a context of its own, which keeps what is to be loaded at its end.
        self._output = self.parameterAsOutputLayer(parameters, OUTPUT, context)
        request = replace(self._request, output=Path(self._output))
        try:
            self._result = classify_pixels(request, FeedbackProgress(feedback))
        except ClassifyPixelsError as error:
            raise _translated(error) from error
        _tell(self._result, feedback)
        return {OUTPUT: self._output, **_outputs(self._result)}

    def postProcessAlgorithm(  # noqa: N802
        self, context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> dict[str, Any]:
        """Has the layer styled, if it is going to be loaded."""
        if self._result is not None and context.willLoadLayerOnCompletion(self._output):
            styler = ClassMapStyler([count.legend_class for count in self._result.classes])
            context.layerToLoadOnCompletionDetails(self._output).setPostProcessor(styler)
        return {}


def _translated(error: ClassifyPixelsError | None) -> QgsProcessingException:
    if error is None:
        return QgsProcessingException(tr("The algorithm was not prepared."))
    return QgsProcessingException(tr(error.sentence).format(**error.values))


def _outputs(result: Classification) -> dict[str, Any]:
    return {
        "CLASSES": json.dumps(_classes(result), ensure_ascii=False),
        "CLASS_COUNT": sum(1 for count in result.classes if count.pixels),
        "VALID_PIXELS": sum(count.pixels for count in result.classes),
        "DEVICE": result.device,
        "TILES": result.tiles,
        "TILE_SIZE": result.tile[0],
        "PADDING": result.halo,
        "SECONDS": round(result.seconds, 3),
    }


def _classes(result: Classification) -> list[dict[str, Any]]:
    return [
        {
            "value": count.legend_class.value,
            "name": count.legend_class.name,
            "color": list(count.legend_class.color),
            "pixels": count.pixels,
            "area": count.area,
        }
        for count in result.classes
    ]


def _tell(result: Classification, feedback: QgsProcessingFeedback) -> None:
    """Writes the classes and their shares into the log."""
    total = sum(count.pixels for count in result.classes) or 1
    for count in result.classes:
        feedback.pushInfo(
            tr("{value}  {name}: {pixels} pixels, {share} percent").format(
                value=count.legend_class.value,
                name=count.legend_class.name,
                pixels=count.pixels,
                share=f"{100 * count.pixels / total:.1f}",
            )
        )
    feedback.pushInfo(tr("Done on {device} in {time}.").format(device=result.device, time=duration(result.seconds)))
