# SPDX-License-Identifier: GPL-2.0-or-later
"""A run of the algorithm that creates a deep learning package."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

from qgis.core import QgsProcessingAlgorithm
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
from . import package_model_parameters as names
from .algorithm_run import AlgorithmRun, Call
from .class_layers import read_layer_classes
from .feedback import FeedbackProgress
from .model_report import model_values, tell_model
from .values import Values


class PackageModelRun(AlgorithmRun):
    """Packs a network and its classes, and logs the description of the model."""

    _request: PackageRequest

    def read(self, algorithm: QgsProcessingAlgorithm, values: Values) -> None:
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

    def work(self, call: Call) -> dict[str, Any]:
        """Writes the package and logs its description."""
        output, emd = call.file(names.OUTPUT), call.file(names.OUTPUT_EMD)
        request = replace(self._request, output=Path(output), emd_output=Path(emd) if emd else None)
        packaged = package_model(request, runtime_folder(), FeedbackProgress(call.feedback))
        tell_model(packaged.description, call.feedback)
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
