# SPDX-License-Identifier: GPL-2.0-or-later
"""Every parameter of the algorithm, once: name, type, description and help.

The names are a stable interface: saved models and scripts use them.
"""

from __future__ import annotations

from typing import Any

from qgis.core import (
    QgsProcessingContext,
    QgsProcessingParameterDefinition,
    QgsProcessingParameterEnum,
    QgsProcessingParameterExtent,
    QgsProcessingParameterFile,
    QgsProcessingParameterRasterDestination,
    QgsProcessingParameterRasterLayer,
    QgsProcessingParameterString,
)

from ..inference.request import PROCESSOR_TYPES
from .translation import tr

INPUT = "INPUT"
MODEL = "MODEL"
MODEL_ARGUMENTS = "MODEL_ARGUMENTS"
EXTENT = "EXTENT"
PROCESSOR_TYPE = "PROCESSOR_TYPE"
PARALLEL_PROCESSING_FACTOR = "PARALLEL_PROCESSING_FACTOR"
OUTPUT = "OUTPUT"


class RasterParameter(QgsProcessingParameterRasterLayer):
    """A raster layer or any name that GDAL opens.

    QGIS's own check would load a path as a layer, which writes a file beside the raster.
    """

    def clone(self) -> RasterParameter:
        """Returns a copy; without it QGIS would copy the base class only."""
        return RasterParameter(self)

    def checkValueIsAcceptable(self, value: Any, context: QgsProcessingContext | None = None) -> bool:  # noqa: N802
        """Returns true for anything that is given; whether it can be read is told by the run."""
        return value not in (None, "")


class ModelParameter(QgsProcessingParameterFile):
    """A model file, or the definition itself as JSON text or dictionary."""

    def clone(self) -> ModelParameter:
        """Returns a copy; without it QGIS would copy the base class only."""
        return ModelParameter(self)

    def checkValueIsAcceptable(self, value: Any, context: QgsProcessingContext | None = None) -> bool:  # noqa: N802
        """Returns true for anything that is given; whether it can be read is told by the run."""
        return value not in (None, "", {})


class ExtentParameter(QgsProcessingParameterExtent):
    """An extent of QGIS, or one as Esri writes it in JSON."""

    def clone(self) -> ExtentParameter:
        """Returns a copy; without it QGIS would copy the base class only."""
        return ExtentParameter(self)

    def checkValueIsAcceptable(self, value: Any, context: QgsProcessingContext | None = None) -> bool:  # noqa: N802
        """Returns true for what QGIS accepts, and for dictionaries and JSON texts."""
        if isinstance(value, dict) or (isinstance(value, str) and value.strip().startswith("{")):
            return True
        return bool(super().checkValueIsAcceptable(value, context))


class ChoiceParameter(QgsProcessingParameterEnum):
    """A choice by name, in any case; what is no choice is told by the run."""

    def clone(self) -> ChoiceParameter:
        """Returns a copy; without it QGIS would copy the base class only."""
        return ChoiceParameter(self)

    def checkValueIsAcceptable(self, value: Any, context: QgsProcessingContext | None = None) -> bool:  # noqa: N802
        """Returns true for every text."""
        return value is None or isinstance(value, str)


def classify_pixels_parameters() -> list[QgsProcessingParameterDefinition]:
    """Returns the parameters in the order of the dialog."""
    return [
        _with_help(
            RasterParameter(INPUT, tr("Input raster")),
            tr("The raster to classify: a layer, a file, or any name that GDAL opens."),
        ),
        _with_help(
            ModelParameter(MODEL, tr("Model"), fileFilter=_model_filter()),
            tr(
                "An Esri model definition (.emd) or deep learning package (.dlpk) with an ONNX or TorchScript "
                "network, the network itself (.onnx, .pt), or the definition as JSON."
            ),
        ),
        _with_help(
            QgsProcessingParameterString(MODEL_ARGUMENTS, tr("Model arguments"), optional=True),
            tr(
                "Names and values, as in: padding 32;batch_size 4;tile_size 512. Or JSON. Known are padding "
                "(pixels around each tile that are computed but not kept, or auto), batch_size, tile_size, "
                "predict_background and threshold. What is not given comes from the model."
            ),
        ),
        _with_help(
            ExtentParameter(EXTENT, tr("Extent"), optional=True),
            tr("The part to classify, in any CRS. The whole raster where it is empty."),
        ),
        _advanced(
            _with_help(
                ChoiceParameter(
                    PROCESSOR_TYPE,
                    tr("Processor type"),
                    options=list(PROCESSOR_TYPES),
                    defaultValue=PROCESSOR_TYPES[0],
                    optional=True,
                    usesStaticStrings=True,
                ),
                tr("AUTO takes a GPU where the runtime finds one. GPU fails where there is none."),
            )
        ),
        _advanced(
            _with_help(
                QgsProcessingParameterString(
                    PARALLEL_PROCESSING_FACTOR, tr("Parallel processing factor"), optional=True
                ),
                tr("Tiles in work at once: a number such as 4, or a share of the cores such as 75%. Empty: all cores."),
            )
        ),
        _with_help(
            QgsProcessingParameterRasterDestination(OUTPUT, tr("Classified raster")),
            tr("The class map, a GeoTIFF with the names and colours of the model's classes."),
        ),
    ]


def _model_filter() -> str:
    return ";;".join(
        [
            tr("Models") + " (*.emd *.dlpk *.onnx *.pt *.pth)",
            tr("Esri model definition") + " (*.emd)",
            tr("Deep learning package") + " (*.dlpk)",
            tr("Networks") + " (*.onnx *.pt *.pth)",
        ]
    )


def _with_help(parameter: QgsProcessingParameterDefinition, text: str) -> QgsProcessingParameterDefinition:
    parameter.setHelp(text)
    return parameter


def _advanced(parameter: QgsProcessingParameterDefinition) -> QgsProcessingParameterDefinition:
    parameter.setFlags(parameter.flags() | QgsProcessingParameterDefinition.Flag.FlagAdvanced)
    return parameter
