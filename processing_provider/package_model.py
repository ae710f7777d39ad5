# SPDX-License-Identifier: GPL-2.0-or-later
"""The algorithm that creates a deep learning package from a network and its classes."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

from qgis.core import (
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProcessingOutputBoolean,
    QgsProcessingOutputDefinition,
    QgsProcessingOutputString,
    QgsProcessingParameterDefinition,
)
from qgis.PyQt.QtCore import QVariant

from ..inference.bands import read_numbers
from ..inference.errors import InputNumbersError
from ..inference.models import (
    DefinitionParts,
    emd_document,
    read_band_list,
    read_class_table,
    read_document,
    read_model_reference,
)
from ..inference.package_model import PackageRequest, package_model
from ..inference.phrase import Phrase
from ..plugin_support.locations import package_cache, runtime_folder
from ..plugin_support.translation import tr
from . import package_model_parameters as names
from .class_layers import read_layer_classes
from .feedback import FeedbackProgress
from .model_algorithm import ModelAlgorithm, count_outputs, model_values, tell_model
from .values import Values


class PackageModelAlgorithm(ModelAlgorithm):
    """Create a deep learning package."""

    def __init__(self) -> None:
        super().__init__()
        self._request: PackageRequest | None = None

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
        return names.package_model_parameters()

    def outputs(self) -> list[QgsProcessingOutputDefinition]:
        """Returns outputs for the definition, the test run and counts."""
        return [
            QgsProcessingOutputString("EMD", tr("The model definition, as JSON")),
            QgsProcessingOutputBoolean("RUNS", tr("Network was run")),
            *count_outputs(),
        ]

    def read(self, values: Values) -> None:
        """Reads the content of the package; the outputs are set by the run."""
        self._request = PackageRequest(
            weights=Path(str(values.raw(names.WEIGHTS) or "")),
            output=Path(),
            parts=_parts(values),
            mean=read_numbers(values.raw(names.MEAN), names.MEAN),
            std=read_numbers(values.raw(names.STD), names.STD),
            scale=read_numbers(values.raw(names.SCALE), names.SCALE),
            files=_files(values.raw(names.FILES)),
        )

    def work(
        self, parameters: dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> dict[str, Any]:
        """Writes the package and logs its description."""
        if self._request is None:
            return {}
        output = self.parameterAsFileOutput(parameters, names.OUTPUT, context)
        emd = self.parameterAsFileOutput(parameters, names.OUTPUT_EMD, context)
        request = replace(self._request, output=Path(output), emd_output=Path(emd) if emd else None)
        packaged = package_model(request, runtime_folder(), FeedbackProgress(feedback))
        tell_model(packaged.description, feedback)
        files = {names.OUTPUT: output, **({names.OUTPUT_EMD: emd} if emd else {})}
        return {**files, "EMD": json.dumps(packaged.document), **model_values(packaged.description)}


def _parts(values: Values) -> DefinitionParts:
    existing = values.raw(names.DEFINITION)
    base = read_document(read_model_reference(existing), package_cache()) if existing else None
    tile = _whole(values.raw(names.TILE_SIZE), names.TILE_SIZE)
    table = read_class_table(_without_nulls(values.raw(names.CLASSES)))
    return DefinitionParts(
        name=_text(values.raw(names.NAME)),
        classes=table or read_layer_classes(values.raw(names.CLASSES_LAYER), values.context),
        bands=read_band_list(values.raw(names.BANDS), names.BANDS),
        tile=None if tile is None else (tile, tile),
        padding=_whole(values.raw(names.PADDING), names.PADDING),
        description=_text(values.raw(names.DESCRIPTION)),
        version=_text(values.raw(names.VERSION)),
        base=emd_document(base, str(existing)) if base else {},
    )


def _without_nulls(value: Any) -> Any:
    """Returns a table with None in place of Qt's NULL in empty cells."""
    if not isinstance(value, list):
        return value
    return [None if isinstance(cell, QVariant) and cell.isNull() else cell for cell in value]


def _text(value: object) -> str:
    return "" if value is None else str(value).strip()


def _whole(value: object, name: str) -> int | None:
    """Returns a whole number from text (command line) or a number (dialog), None if empty."""
    numbers = read_numbers(value, name)
    if not numbers:
        return None
    if len(numbers) > 1 or numbers[0] != int(numbers[0]):
        raise InputNumbersError(name=name, value=value, expected=Phrase("a whole number"))
    return int(numbers[0])


def _files(value: Any) -> tuple[Path, ...]:
    items = value if isinstance(value, (list, tuple)) else [value] if value else []
    return tuple(Path(str(item)) for item in items)
