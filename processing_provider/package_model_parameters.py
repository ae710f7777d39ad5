# SPDX-License-Identifier: GPL-2.0-or-later
"""The parameters for packing a model: name, type, description and help."""

from __future__ import annotations

from typing import Any

from qgis.core import (
    QgsProcessing,
    QgsProcessingContext,
    QgsProcessingParameterDefinition,
    QgsProcessingParameterFile,
    QgsProcessingParameterFileDestination,
    QgsProcessingParameterMatrix,
    QgsProcessingParameterMultipleLayers,
    QgsProcessingParameterNumber,
    QgsProcessingParameterString,
)

from ..plugin_support.translation import tr
from .parameter_types import LayerParameter, advanced, with_help

WEIGHTS = "WEIGHTS"
NAME = "NAME"
CLASSES = "CLASSES"
CLASSES_LAYER = "CLASSES_LAYER"
BANDS = "BANDS"
DEFINITION = "DEFINITION"
MEAN = "MEAN"
STD = "STD"
SCALE = "SCALE"
TILE_SIZE = "TILE_SIZE"
PADDING = "PADDING"
DESCRIPTION = "DESCRIPTION"
VERSION = "VERSION"
FILES = "FILES"
OUTPUT = "OUTPUT"
OUTPUT_EMD = "OUTPUT_EMD"


class ClassesParameter(QgsProcessingParameterMatrix):
    """A table of classes, or JSON text, or the name of a JSON file."""

    def clone(self) -> ClassesParameter:
        """Returns a copy; QGIS alone copies only the base class."""
        return ClassesParameter(self)

    def checkValueIsAcceptable(self, value: Any, context: QgsProcessingContext | None = None) -> bool:  # noqa: N802
        """Returns True for everything: the run has better messages for an unreadable table."""
        return True


def package_model_parameters() -> list[QgsProcessingParameterDefinition]:
    """Returns the parameters in the order of the dialog."""
    return [*_what(), *_class_parameters(), _bands(), *_values(), *map(advanced, _details()), *_results()]


def _what() -> list[QgsProcessingParameterDefinition]:
    return [
        with_help(
            QgsProcessingParameterFile(WEIGHTS, tr("Network"), fileFilter=_networks()),
            tr(
                "The file with the weights: an ONNX or TorchScript network, or the weights of a model with an existing "
                "definition."
            ),
        ),
        with_help(
            _text(NAME, tr("Name")),
            tr("Name of the model. Default: the name of the network's file."),
        ),
    ]


def _class_parameters() -> list[QgsProcessingParameterDefinition]:
    headers = [tr("Value"), tr("Name"), tr("Colour")]
    return [
        with_help(
            ClassesParameter(CLASSES, tr("Classes"), headers=headers, optional=True),
            tr(
                "Value, name and colour (such as #4169e1) of each class, in the order of the network's channels. On "
                "the command line: JSON, the name of a JSON file, or 1,Water,#4169e1,2,Forest,#006400."
            ),
        ),
        with_help(
            LayerParameter(CLASSES_LAYER, tr("Layer with the classes"), optional=True),
            tr(
                "Used if the table is empty: a raster with a paletted style, an attribute table or category names, or "
                "a vector layer with a categorized style. Its classes must be in the order of the network's channels."
            ),
        ),
    ]


def _bands() -> QgsProcessingParameterDefinition:
    return with_help(
        _text(BANDS, tr("Bands")),
        tr(
            "Raster bands for the network, in its order: numbers from 1, such as 4,3,2, or names, such as "
            "red,green,nir. Default: the first bands."
        ),
    )


def _values() -> list[QgsProcessingParameterDefinition]:
    return [
        with_help(
            _text(SCALE, tr("Scale")),
            tr(
                "Factor applied to the raster's values first, such as 0.0001, or one factor per band. The network "
                "receives (value x scale - mean) / std."
            ),
        ),
        with_help(_text(MEAN, tr("Mean")), tr("Value subtracted next, or one value per band. Default: 0.")),
        with_help(
            _text(STD, tr("Standard deviation")),
            tr("Divisor applied last, or one divisor per band. Default: 1."),
        ),
        with_help(
            _whole(TILE_SIZE, tr("Tile size"), least=1),
            tr("Width and height of a tile in pixels. Default: the fixed size of the network, otherwise 256."),
        ),
    ]


def _details() -> list[QgsProcessingParameterDefinition]:
    return [
        with_help(
            _whole(PADDING, tr("Padding"), least=0),
            tr("Pixels at each edge of a tile that are computed but not kept. Default: chosen by each run."),
        ),
        with_help(
            QgsProcessingParameterString(DESCRIPTION, tr("Description"), multiLine=True, optional=True),
            tr("Purpose of the model, its training data and its authors."),
        ),
        with_help(_text(VERSION, tr("Version")), tr("Version of the model, such as 2024.06.")),
        with_help(
            QgsProcessingParameterFile(
                DEFINITION, tr("Existing definition"), optional=True, fileFilter=tr("Model definitions") + " (*.emd)"
            ),
            tr(
                "A definition whose keys are kept unless other parameters replace them. Required for weights without "
                "their architecture (.pth)."
            ),
        ),
        with_help(
            QgsProcessingParameterMultipleLayers(
                FILES, tr("Further files"), QgsProcessing.SourceType.TypeFile, optional=True
            ),
            tr(
                "Additional files for the package, such as a licence, the external weights of an ONNX file, or the "
                "Python raster function named by the existing definition, which ArcGIS needs to run a network."
            ),
        ),
    ]


def _results() -> list[QgsProcessingParameterDefinition]:
    return [
        with_help(
            QgsProcessingParameterFileDestination(
                OUTPUT, tr("Deep learning package"), tr("Deep learning package") + " (*.dlpk)"
            ),
            tr("The package: the definition and the network in one file."),
        ),
        with_help(
            QgsProcessingParameterFileDestination(
                OUTPUT_EMD,
                tr("Model definition"),
                tr("Model definition") + " (*.emd)",
                optional=True,
                createByDefault=False,
            ),
            tr("The definition as a separate file that refers to the network in its present location."),
        ),
    ]


def _networks() -> str:
    networks = "*.onnx *.pt *.pth *.ckpt *.pt2 *.safetensors *.pb *.tflite *.xml *.pdmodel"
    return ";;".join([f"{tr('Networks')} ({networks})", tr("All files") + " (*)"])


def _text(name: str, description: str) -> QgsProcessingParameterDefinition:
    return QgsProcessingParameterString(name, description, optional=True)


def _whole(name: str, description: str, least: int) -> QgsProcessingParameterDefinition:
    return QgsProcessingParameterNumber(
        name, description, QgsProcessingParameterNumber.Type.Integer, optional=True, minValue=least
    )
