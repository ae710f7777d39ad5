# SPDX-License-Identifier: GPL-2.0-or-later
"""A run of the algorithm that compares a class map with a reference."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from qgis.core import QgsProcessingAlgorithm

from ..inference.accuracy import AssessmentRequest, assess_accuracy, csv_of, html_of, json_of
from ..inference.errors import RasterMissingError, ReferenceMissingError
from ..inference.notices import Note
from ..inference.phrase import Phrase
from ..inference.raster import GdalInput
from ..plugin_support.translation import shown, tr
from . import accuracy_parameters as names
from .algorithm_run import AlgorithmRun, Call
from .feedback import FeedbackProgress
from .published_files import check_outputs, write_texts
from .reference_layers import read_class_map, read_reference
from .values import Values

FILES = (names.OUTPUT_HTML, names.OUTPUT_JSON, names.OUTPUT_CSV)


class AssessAccuracyRun(AlgorithmRun):
    """Compares, and writes the requested files."""

    _request: AssessmentRequest
    _inputs: tuple[str, ...]

    def read(self, algorithm: QgsProcessingAlgorithm, values: Values) -> None:
        """Reads map, reference and strata; features are read here, in the thread of the project's layers."""
        if values.raw(names.INPUT) is None:
            raise RasterMissingError
        if values.raw(names.REFERENCE) is None:
            raise ReferenceMissingError
        raster, legend = read_class_map(values, names.INPUT)
        reference, files = read_reference(values)
        strata, strata_legend = (None, ()) if values.raw(names.STRATA) is None else read_class_map(values, names.STRATA)
        self._request = AssessmentRequest(raster, legend, reference, strata, strata_legend)
        rasters = [each.uri for each in (raster, strata) if isinstance(each, GdalInput)]
        self._inputs = (*rasters, *files)

    def work(self, call: Call) -> dict[str, Any]:
        """Compares, and writes the files that are wanted."""
        outputs = {name: path for name in FILES if (path := call.file(name))}
        check_outputs([Path(path) for path in outputs.values()], self._inputs)
        progress = FeedbackProgress(call.feedback)
        assessment = assess_accuracy(self._request, progress)
        document = json_of(assessment)
        # The sentence is in the user's language in the log and the page, in English in JSON.
        call.feedback.pushInfo(shown(assessment.design))
        progress.note(Note.SAMPLES_COMPARED, count=assessment.samples)
        estimated = document["estimated"]["overall_accuracy"]
        overall = {
            "accuracy": _text(document["overall_accuracy"]),
            "estimate": _text(estimated["value"]),
            "margin": _text(estimated["margin"]),
        }
        call.feedback.pushInfo(shown(Phrase(Note.OVERALL_ACCURACY, overall)))
        pages = {
            names.OUTPUT_HTML: lambda: html_of(assessment, progress.warnings, tr),
            names.OUTPUT_JSON: lambda: json.dumps(document, ensure_ascii=False, indent=1),
            names.OUTPUT_CSV: lambda: csv_of(assessment),
        }
        write_texts({Path(path): pages[name]() for name, path in outputs.items()})
        numbers = {
            "OVERALL_ACCURACY": document["overall_accuracy"],
            "KAPPA": document["kappa"],
            "ESTIMATED_ACCURACY": estimated["value"],
            "ESTIMATED_MARGIN": estimated["margin"],
        }
        return {
            **outputs,
            "ACCURACY": json.dumps(document, ensure_ascii=False),
            "SAMPLES": assessment.samples,
            # A number that is undefined has no value.
            **{name: number for name, number in numbers.items() if number is not None},
        }


def _text(number: float | None) -> str:
    return "–" if number is None else f"{number:.3f}"
