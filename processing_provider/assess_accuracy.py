# SPDX-License-Identifier: GPL-2.0-or-later
"""The algorithm that compares a class map with a reference."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from qgis.core import (
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProcessingOutputDefinition,
    QgsProcessingOutputNumber,
    QgsProcessingOutputString,
    QgsProcessingParameterDefinition,
)

from ..inference.accuracy import AssessmentRequest, assess_accuracy, csv_of, html_of, json_of
from ..inference.errors import RasterMissingError, ReferenceMissingError
from ..inference.notices import Note
from ..inference.phrase import Phrase
from ..inference.raster import GdalInput
from ..plugin_support.translation import shown, tr
from . import accuracy_parameters as names
from .algorithm import DeepLearningAlgorithm
from .feedback import FeedbackProgress
from .published_files import check_outputs, write_texts
from .reference_layers import read_class_map, read_reference
from .values import Values

FILES = (names.OUTPUT_HTML, names.OUTPUT_JSON, names.OUTPUT_CSV)


class AssessAccuracyAlgorithm(DeepLearningAlgorithm):
    """Assess the accuracy of a class map."""

    def __init__(self) -> None:
        super().__init__()
        self._request: AssessmentRequest | None = None
        self._inputs: tuple[str, ...] = ()

    def name(self) -> str:
        """Returns the id, which is stable for saved models and scripts."""
        return "assessaccuracy"

    def displayName(self) -> str:  # noqa: N802
        """Returns the name in the toolbox."""
        return tr("Assess accuracy of class map")

    def group(self) -> str:
        """Returns the group in the toolbox."""
        return tr("Accuracy")

    def groupId(self) -> str:  # noqa: N802
        """Returns the stable id of the group."""
        return "accuracy"

    def tags(self) -> list[str]:
        """Returns additional search words for the toolbox."""
        return tr("confusion matrix,error matrix,validation,ground truth,kappa,iou,f1,area,olofsson").split(",")

    def shortDescription(self) -> str:  # noqa: N802
        """Returns one sentence."""
        return tr("Compares a class map with a reference and estimates its accuracy and the areas of its classes.")

    def shortHelpString(self) -> str:  # noqa: N802
        """Returns the help of the dialog."""
        return tr(
            "<p>Compares a class map with points, polygons or a raster of true classes. The result is the confusion "
            "matrix with overall, user's and producer's accuracy, F1, IoU and kappa, and area-adjusted estimates of "
            "the accuracies and of the area of each class in hectares, with 95 % confidence intervals (Olofsson et "
            "al. 2014).</p>"
            "<p>The estimates need a random sample: points of <i>Create sample points</i>, or any simple random "
            "sample. The strata are the classes of the map, or the raster of <i>Strata</i> from which the sample was "
            "drawn.</p>"
            "<p>Classes of the reference are matched by value or name; one that the map does not have is an error. "
            "Samples outside the map, on NoData or without a class are left out and counted. Numbers that cannot be "
            "estimated, such as the standard error of a class with a single sample, are undefined, not zero.</p>"
        )

    def parameters(self) -> list[QgsProcessingParameterDefinition]:
        """Returns the parameters for map, reference, strata and files."""
        return names.assess_accuracy_parameters()

    def outputs(self) -> list[QgsProcessingOutputDefinition]:
        """Returns the outputs other than files."""
        return [
            QgsProcessingOutputString("ACCURACY", tr("All results as JSON")),
            QgsProcessingOutputNumber("SAMPLES", tr("Number of samples compared")),
            QgsProcessingOutputNumber("OVERALL_ACCURACY", tr("Overall accuracy of the samples")),
            QgsProcessingOutputNumber("KAPPA", tr("Kappa of the samples")),
            QgsProcessingOutputNumber("ESTIMATED_ACCURACY", tr("Overall accuracy of the area")),
            QgsProcessingOutputNumber("ESTIMATED_MARGIN", tr("Half the width of its 95 % confidence interval")),
        ]

    def read(self, values: Values) -> None:
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

    def work(
        self, parameters: dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> dict[str, Any]:
        """Compares, and writes the files that are wanted."""
        if self._request is None:
            raise QgsProcessingException(tr("The algorithm was not prepared."))
        outputs = {name: self.parameterAsFileOutput(parameters, name, context) for name in FILES}
        outputs = {name: path for name, path in outputs.items() if path}
        check_outputs([Path(path) for path in outputs.values()], self._inputs)
        progress = FeedbackProgress(feedback)
        assessment = assess_accuracy(self._request, progress)
        document = json_of(assessment)
        # The sentence is in the user's language in the log and the page, in English in JSON.
        feedback.pushInfo(shown(assessment.design))
        progress.note(Note.SAMPLES_COMPARED, count=assessment.samples)
        estimated = document["estimated"]["overall_accuracy"]
        overall = {
            "accuracy": _text(document["overall_accuracy"]),
            "estimate": _text(estimated["value"]),
            "margin": _text(estimated["margin"]),
        }
        feedback.pushInfo(shown(Phrase(Note.OVERALL_ACCURACY, overall)))
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
