# SPDX-License-Identifier: GPL-2.0-or-later
"""The algorithm that summarises a model."""

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

from ..inference.describe import html_of, json_of, text_of
from ..inference.describe.model_description import ModelDescription, describe_model
from ..inference.errors import OutputWriteError
from ..inference.models import ModelReference, read_model_reference
from ..inference.network.probe import Probing
from ..inference.new_files import write_whole
from ..inference.run.reading import read_processor
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
        """Returns the id, which is stable for saved models and scripts."""
        return "describemodel"

    def displayName(self) -> str:  # noqa: N802
        """Returns the name in the toolbox."""
        return tr("Describe deep learning model")

    def tags(self) -> list[str]:
        """Returns additional search words for the toolbox."""
        return tr("info,information,metadata,classes,bands,onnx,pytorch,emd,dlpk,esri,segmentation").split(",")

    def shortDescription(self) -> str:  # noqa: N802
        """Returns one sentence."""
        return tr("Summarises a segmentation model, its inputs and outputs, and checks that it can run.")

    def shortHelpString(self) -> str:  # noqa: N802
        """Returns the help of the dialog."""
        return tr(
            "<p>Summarises a segmentation model: weights, bands and their expected values, tile size, padding and "
            "stride, classes with colours, arguments with defaults, and keys of its definition without effect, with "
            "the reason.</p>"
            "<p>The network is opened and run once on an empty tile, and on random images if its receptive field is "
            "not declared. The description therefore includes the device, or the reason why the model cannot run. A "
            "model that can be read but not run is described as well.</p>"
        )

    def parameters(self) -> list[QgsProcessingParameterDefinition]:
        """Returns the parameters for model, processor and page."""
        processor = processor_parameter()
        processor.setFlags(processor.flags() | QgsProcessingParameterDefinition.Flag.FlagAdvanced)
        page = QgsProcessingParameterFileDestination(
            OUTPUT_HTML, tr("Description"), tr("HTML files") + " (*.html)", optional=True, createByDefault=True
        )
        page.setHelp(tr("The description as a page in the results viewer."))
        return [model_parameter(), processor, page]

    def outputs(self) -> list[QgsProcessingOutputDefinition]:
        """Returns outputs for the description as text and JSON, the ability to run, and counts."""
        return [
            QgsProcessingOutputString("TEXT", tr("Description as text")),
            QgsProcessingOutputString("JSON", tr("Description as JSON")),
            QgsProcessingOutputBoolean("RUNS", tr("Model can be run")),
            QgsProcessingOutputString("DEVICE", tr("Device for running the model")),
            QgsProcessingOutputString("PROBLEM", tr("Reason why the model cannot be run")),
            *count_outputs(),
        ]

    def read(self, values: Values) -> None:
        """Reads the model and the processor."""
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
