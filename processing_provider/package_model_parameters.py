# SPDX-License-Identifier: GPL-2.0-or-later
"""Every parameter of the algorithm that packs a model, once: name, type, description and help."""

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
from .parameter_types import LayerParameter

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
        """Returns a copy; without it QGIS would copy the base class only."""
        return ClassesParameter(self)

    def checkValueIsAcceptable(self, value: Any, context: QgsProcessingContext | None = None) -> bool:  # noqa: N802
        """Returns true for everything: the run can say more of a table that cannot be read."""
        return True


def package_model_parameters() -> list[QgsProcessingParameterDefinition]:
    """Returns the parameters in the order of the dialog."""
    return [*_what(), *_class_parameters(), _bands(), *_values(), *map(_advanced, _details()), *_results()]


def _what() -> list[QgsProcessingParameterDefinition]:
    return [
        _with_help(
            QgsProcessingParameterFile(WEIGHTS, tr("Network"), fileFilter=_networks()),
            tr(
                "The file with the weights: an ONNX or TorchScript network, or the weights of a model that has a "
                "definition already."
            ),
        ),
        _with_help(
            _text(NAME, tr("Name")),
            tr("What the model is called. The name of the network's file where it is empty."),
        ),
    ]


def _class_parameters() -> list[QgsProcessingParameterDefinition]:
    headers = [tr("Value"), tr("Name"), tr("Colour")]
    return [
        _with_help(
            ClassesParameter(CLASSES, tr("Classes"), headers=headers, optional=True),
            tr(
                "Value, name and colour (such as #4169e1) of each class, in the order of the network's channels. On "
                "the command line JSON, the name of a JSON file, or 1,Water,#4169e1,2,Forest,#006400."
            ),
        ),
        _with_help(
            LayerParameter(CLASSES_LAYER, tr("Layer with the classes"), optional=True),
            tr(
                "Where the table is empty: a raster with a paletted style, an attribute table or category names, or a "
                "vector layer with a categorized style. Its order is that of the network's channels."
            ),
        ),
    ]


def _bands() -> QgsProcessingParameterDefinition:
    return _with_help(
        _text(BANDS, tr("Bands")),
        tr(
            "The raster bands that feed the network, in its order: numbers from 1, as in 4,3,2, or names, as in "
            "red,green,nir. The first ones where it is empty."
        ),
    )


def _values() -> list[QgsProcessingParameterDefinition]:
    return [
        _with_help(
            _text(SCALE, tr("Scale")),
            tr(
                "What the raster's values are multiplied by first, such as 0.0001, or one number for each band. The "
                "network gets (value x scale - mean) / std."
            ),
        ),
        _with_help(
            _text(MEAN, tr("Mean")), tr("What is then subtracted: a number, or one for each band. Otherwise 0.")
        ),
        _with_help(
            _text(STD, tr("Standard deviation")),
            tr("What it is then divided by: a number, or one for each band. Otherwise 1."),
        ),
        _with_help(
            _whole(TILE_SIZE, tr("Tile size"), least=1),
            tr("Width and height in pixels of what the network sees at once. Its own where it has one, else 256."),
        ),
    ]


def _details() -> list[QgsProcessingParameterDefinition]:
    return [
        _with_help(
            _whole(PADDING, tr("Padding"), least=0),
            tr("Pixels around each tile that are computed but not kept. Left to the run where it is empty."),
        ),
        _with_help(
            QgsProcessingParameterString(DESCRIPTION, tr("Description"), multiLine=True, optional=True),
            tr("What the model is for, what it was trained on, and who made it."),
        ),
        _with_help(_text(VERSION, tr("Version")), tr("The version of the model, such as 2024.06.")),
        _with_help(
            QgsProcessingParameterFile(
                DEFINITION, tr("Existing definition"), optional=True, fileFilter=tr("Model definitions") + " (*.emd)"
            ),
            tr(
                "A definition whose keys stay as they are where nothing else is given. Weights without their "
                "architecture (.pth) need it."
            ),
        ),
        _with_help(
            QgsProcessingParameterMultipleLayers(
                FILES, tr("Further files"), QgsProcessing.SourceType.TypeFile, optional=True
            ),
            tr(
                "What else goes into the package, such as a licence, weights that lie beside an ONNX file, or the "
                "Python raster function that the existing definition names, which ArcGIS needs to run a network."
            ),
        ),
    ]


def _results() -> list[QgsProcessingParameterDefinition]:
    return [
        _with_help(
            QgsProcessingParameterFileDestination(
                OUTPUT, tr("Deep learning package"), tr("Deep learning package") + " (*.dlpk)"
            ),
            tr("The package: the definition and the network in one file."),
        ),
        _with_help(
            QgsProcessingParameterFileDestination(
                OUTPUT_EMD,
                tr("Model definition"),
                tr("Model definition") + " (*.emd)",
                optional=True,
                createByDefault=False,
            ),
            tr("The definition by itself, which names the network where it is now."),
        ),
    ]


def _networks() -> str:
    networks = "*.onnx *.pt *.pth *.ckpt *.pt2 *.safetensors *.pb"
    return ";;".join([f"{tr('Networks')} ({networks})", tr("All files") + " (*)"])


def _text(name: str, description: str) -> QgsProcessingParameterDefinition:
    return QgsProcessingParameterString(name, description, optional=True)


def _whole(name: str, description: str, least: int) -> QgsProcessingParameterDefinition:
    return QgsProcessingParameterNumber(
        name, description, QgsProcessingParameterNumber.Type.Integer, optional=True, minValue=least
    )


def _with_help(parameter: QgsProcessingParameterDefinition, text: str) -> QgsProcessingParameterDefinition:
    parameter.setHelp(text)
    return parameter


def _advanced(parameter: QgsProcessingParameterDefinition) -> QgsProcessingParameterDefinition:
    parameter.setFlags(parameter.flags() | QgsProcessingParameterDefinition.Flag.FlagAdvanced)
    return parameter
