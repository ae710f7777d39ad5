# SPDX-License-Identifier: GPL-2.0-or-later
"""The algorithm that tells what is understood of a model."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from qgis.core import (
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProcessingOutputBoolean,
    QgsProcessingOutputDefinition,
    QgsProcessingOutputString,
    QgsProcessingParameterDefinition,
    QgsProcessingParameterFileDestination,
)

from ..inference import read_processor
from ..inference.describe import html_of, json_of, text_of
from ..inference.describe.model_description import ModelDescription, describe_model
from ..inference.errors import OutputWriteError
from ..inference.models import ModelReference, read_model_reference
from ..inference.network.probe import Probing
from ..inference.new_files import write_whole
from ..plugin_support.locations import download_cache, package_cache, runtime_folder
from ..plugin_support.sources.resolve import resolve_model
from ..plugin_support.translation import sentence_of, tr
from ..plugin_support.user_settings import allowed_functions, torch_python
from .feedback import FeedbackProgress
from .model_algorithm import ModelAlgorithm, count_outputs, model_values, tell_model
from .parameters import MODEL, PROCESSOR_TYPE, model_parameter, processor_parameter
from .values import Values

OUTPUT_HTML = "OUTPUT_HTML"


class DescribeModelAlgorithm(ModelAlgorithm):
    """Describe a deep learning model."""

    def __init__(self) -> None:
        super().__init__()
        self._model = ModelReference()
        self._processor = ""
        self._allowed: frozenset[str] = frozenset()
        self._python: Path | None = None

    def name(self) -> str:
        """Returns the id, which never changes: saved models and scripts use it."""
        return "describemodel"

    def displayName(self) -> str:  # noqa: N802
        """Returns the name that the toolbox shows."""
        return tr("Describe deep learning model")

    def tags(self) -> list[str]:
        """Returns further words that the toolbox finds the algorithm by."""
        return tr("info,information,metadata,classes,bands,onnx,pytorch,emd,dlpk,esri,segmentation").split(",")

    def shortDescription(self) -> str:  # noqa: N802
        """Returns one sentence."""
        return tr("Tells what a segmentation model is, what it takes and gives, and whether it runs here.")

    def shortHelpString(self) -> str:  # noqa: N802
        """Returns the help that the dialog shows beside the parameters."""
        return tr(
            "<p>Tells all that is understood of a segmentation model: its weights, bands and the values that they "
            "should have, tile size, padding and stride, classes with their colours, arguments with their defaults, "
            "and which keys of its definition have no effect, and why.</p>"
            "<p>The network is opened and run, once on an empty tile, and on random images where nobody says how far "
            "it looks; so the description also says on which device it runs, or what is missing. A model that can be "
            "read but not run is described all the same.</p>"
        )

    def parameters(self) -> list[QgsProcessingParameterDefinition]:
        """Returns the model, the processor and the page."""
        processor = processor_parameter()
        processor.setFlags(processor.flags() | QgsProcessingParameterDefinition.Flag.FlagAdvanced)
        page = QgsProcessingParameterFileDestination(
            OUTPUT_HTML, tr("Description"), tr("HTML files") + " (*.html)", optional=True, createByDefault=True
        )
        page.setHelp(tr("A page with the description, which the results viewer shows."))
        return [model_parameter(), processor, page]

    def outputs(self) -> list[QgsProcessingOutputDefinition]:
        """Returns the description in other forms, whether the model runs, and counts."""
        return [
            QgsProcessingOutputString("TEXT", tr("Description as text")),
            QgsProcessingOutputString("JSON", tr("Description as JSON")),
            QgsProcessingOutputBoolean("RUNS", tr("Whether the model can be run here")),
            QgsProcessingOutputString("DEVICE", tr("Device that would run the model")),
            QgsProcessingOutputString("PROBLEM", tr("Why the model cannot be run here")),
            *count_outputs(),
        ]

    def read(self, values: Values) -> None:
        """Keeps which model is meant, and on which processor it would run."""
        self._model = read_model_reference(resolve_model(values.raw(MODEL), download_cache()))
        self._processor = read_processor(values.raw(PROCESSOR_TYPE))
        self._allowed, self._python = allowed_functions(), torch_python()

    def work(
        self, parameters: dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> dict[str, Any]:
        """Describes the model in the log, in a page, and as JSON."""
        probing = Probing(package_cache(), FeedbackProgress(feedback))
        description = describe_model(
            self._model,
            package_cache(),
            runtime_folder(),
            self._processor,
            allowed=self._allowed,
            torch_python=self._python,
            probing=probing,
        )
        tell_model(description, feedback)
        page = self.parameterAsFileOutput(parameters, OUTPUT_HTML, context)
        if page:
            _write(Path(page), html_of(description, tr))
        return {**({OUTPUT_HTML: page} if page else {}), **_values(description)}


def _values(description: ModelDescription) -> dict[str, Any]:
    network, problem = description.network, description.problem
    return {
        "TEXT": text_of(description, tr),
        "JSON": json.dumps(json_of(description)),
        "DEVICE": network.device if network else "",
        "PROBLEM": sentence_of(problem) if problem else "",
        **model_values(description),
    }


def _write(path: Path, page: str) -> None:
    try:
        write_whole(path, page)
    except OSError as error:
        raise OutputWriteError(output=path, reason=error.strerror or error) from error
