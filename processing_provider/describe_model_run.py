# SPDX-License-Identifier: GPL-2.0-or-later
"""A run of the algorithm that summarises a model."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from qgis.core import QgsProcessingAlgorithm

from ..inference.describe import html_of, json_of, text_of
from ..inference.describe.model_description import ModelDescription, describe_model
from ..inference.errors import OutputWriteError
from ..inference.models import ModelReference, read_model_reference
from ..inference.network.probe import Probing
from ..inference.new_files import write_whole
from ..inference.run.read_settings import read_processor
from ..plugin_support.locations import download_cache, package_cache, runtime_folder
from ..plugin_support.sources.resolve import resolve_model
from ..plugin_support.translation import sentence_of, tr
from ..plugin_support.user_settings import allowed_functions, torch_python
from .algorithm_run import AlgorithmRun, Call
from .feedback import FeedbackProgress
from .model_report import model_values, tell_model
from .parameters import MODEL, OUTPUT_HTML, PROCESSOR_TYPE
from .published_files import check_outputs
from .values import Values


class DescribeModelRun(AlgorithmRun):
    """Describes a model in the log, in a page, and as JSON."""

    _model: ModelReference
    _processor: str
    _allowed: frozenset[str]
    _python: Path | None

    def read(self, algorithm: QgsProcessingAlgorithm, values: Values) -> None:
        """Reads the model and the processor."""
        self._model = read_model_reference(resolve_model(values.raw(MODEL), download_cache()))
        self._processor = read_processor(values.raw(PROCESSOR_TYPE))
        self._allowed, self._python = allowed_functions(), torch_python()

    def work(self, call: Call) -> dict[str, Any]:
        """Describes the model in the log, in a page, and as JSON."""
        page = call.file(OUTPUT_HTML)
        if page:
            check_outputs([Path(page)], [str(self._model.path)] if self._model.path is not None else [])
        probing = Probing(package_cache(), FeedbackProgress(call.feedback))
        description = describe_model(
            self._model,
            package_cache(),
            runtime_folder(),
            self._processor,
            allowed=self._allowed,
            torch_python=self._python,
            probing=probing,
        )
        tell_model(description, call.feedback)
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
