# SPDX-License-Identifier: GPL-2.0-or-later
"""The algorithm that packs a network and its classes into a deep learning package."""

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
        """Returns the id, which never changes: saved models and scripts use it."""
        return "packagemodel"

    def displayName(self) -> str:  # noqa: N802
        """Returns the name that the toolbox shows."""
        return tr("Create deep learning package")

    def tags(self) -> list[str]:
        """Returns further words that the toolbox finds the algorithm by."""
        return tr("export,model definition,emd,dlpk,esri,onnx,torchscript,pytorch,segmentation,classes").split(",")

    def shortDescription(self) -> str:  # noqa: N802
        """Returns one sentence."""
        return tr("Packs a network with its classes and bands into an Esri deep learning package (.dlpk).")

    def shortHelpString(self) -> str:  # noqa: N802
        """Returns the help that the dialog shows beside the parameters."""
        return tr(
            "<p>Packs a segmentation network, its classes and what else a run has to know into a deep learning "
            "package (.dlpk) with an Esri model definition (.emd), which can be passed on as one file.</p>"
            "<p>Classes come from a table, from JSON, or from a layer that shows them; bands and tile size from the "
            "network where they are not given. There are as many classes as the network has channels, or one less "
            "where its first channel is background.</p>"
            "<p>The package is read back and its network run once before it gets its name: what does not fit "
            "together is told here, and nothing is then written. The same input gives the same file, byte for byte.</p>"
        )

    def parameters(self) -> list[QgsProcessingParameterDefinition]:
        """Returns what goes into the package, and where it goes."""
        return names.package_model_parameters()

    def outputs(self) -> list[QgsProcessingOutputDefinition]:
        """Returns the definition, whether the network was run, and counts."""
        return [
            QgsProcessingOutputString("EMD", tr("The model definition, as JSON")),
            QgsProcessingOutputBoolean("RUNS", tr("Whether the network was run here")),
            *count_outputs(),
        ]

    def read(self, values: Values) -> None:
        """Keeps what goes into the package; the outputs are only known in the run itself."""
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
        """Writes the package and tells what is understood of it."""
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
    """Returns a table whose cells that were never filled, which Qt calls NULL, are None."""
    if not isinstance(value, list):
        return value
    return [None if isinstance(cell, QVariant) and cell.isNull() else cell for cell in value]


def _text(value: object) -> str:
    return "" if value is None else str(value).strip()


def _whole(value: object, name: str) -> int | None:
    """Returns a whole number; the command line hands it over as text, and the dialog maybe as a float."""
    numbers = read_numbers(value, name)
    if not numbers:
        return None
    if len(numbers) > 1 or numbers[0] != int(numbers[0]):
        raise InputNumbersError(name=name, value=value, expected=Phrase("a whole number"))
    return int(numbers[0])


def _files(value: Any) -> tuple[Path, ...]:
    items = value if isinstance(value, (list, tuple)) else [value] if value else []
    return tuple(Path(str(item)) for item in items)
