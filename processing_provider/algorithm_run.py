# SPDX-License-Identifier: GPL-2.0-or-later
"""Base of an algorithm's run: reading of values, and reporting of failures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from qgis.core import QgsProcessingAlgorithm, QgsProcessingContext, QgsProcessingException, QgsProcessingFeedback

from ..inference import ClassifyPixelsError
from ..inference.errors import MemoryEndedError
from ..plugin_support.cache_lease import CacheLease
from ..plugin_support.http import cancelled_by
from ..plugin_support.translation import sentence_of, tr
from .value_check import check_value
from .values import Values


@dataclass(frozen=True)
class Call:
    """A call by Processing, with the algorithm that owns the run."""

    algorithm: QgsProcessingAlgorithm
    parameters: dict[str, Any]
    context: QgsProcessingContext
    feedback: QgsProcessingFeedback

    def file(self, name: str) -> str:
        """Returns the path of an output file, empty for none."""
        return str(self.algorithm.parameterAsFileOutput(self.parameters, name, self.context))


class AlgorithmRun:
    """One run of an algorithm: `prepare`, then `process`, with what the first has read."""

    def __init__(self) -> None:
        self._error: ClassifyPixelsError | None = None
        self._lease: CacheLease | None = None

    def prepare(
        self,
        algorithm: QgsProcessingAlgorithm,
        parameters: dict[str, Any],
        context: QgsProcessingContext,
        feedback: QgsProcessingFeedback,
    ) -> None:
        """Reads the parameters in the thread of the project's layers.

        Errors are kept and raised by `process`: scripts do not receive the message of an error raised here.
        """
        # Processing accepts unknown names, so a misspelt one would go unnoticed.
        known = {definition.name() for definition in algorithm.parameterDefinitions()}
        for name in sorted(set(parameters) - known):
            feedback.pushWarning(tr("The parameter {name} is unknown and has no effect.").format(name=name))
        # Before the values are read, because reading may download or unpack a model.
        self._lease = CacheLease()
        try:
            with cancelled_by(feedback.isCanceled):
                values = Values(parameters, context, feedback.pushWarning)
                for name, value in parameters.items():
                    check_value(name, value)
                    # Those of outputs are read by Processing, which ignores failed expressions.
                    values.own(name)
                self.read(algorithm, values)
        except ClassifyPixelsError as error:
            self._error = error
        except MemoryError as error:
            self._error = MemoryEndedError()
            self._error.__cause__ = error

    def process(
        self,
        algorithm: QgsProcessingAlgorithm,
        parameters: dict[str, Any],
        context: QgsProcessingContext,
        feedback: QgsProcessingFeedback,
    ) -> dict[str, Any]:
        """Works and returns the outputs; raises errors as messages for the user."""
        try:
            # Also after a failed preparation, to release its lease before the algorithm is deleted.
            with self._lease or CacheLease():
                if self._error is not None:
                    raise self._error
                return self.work(Call(algorithm, parameters, context, feedback))
        except ClassifyPixelsError as error:
            raise QgsProcessingException(sentence_of(error)) from error
        except MemoryError as error:
            ended = MemoryEndedError()
            ended.__cause__ = error
            raise QgsProcessingException(sentence_of(ended)) from ended

    def read(self, algorithm: QgsProcessingAlgorithm, values: Values) -> None:
        """Reads the parameter values."""
        raise NotImplementedError

    def work(self, call: Call) -> dict[str, Any]:
        """Runs the algorithm and returns its outputs."""
        raise NotImplementedError

    def post_process(self, context: QgsProcessingContext) -> None:
        """Registers the styling of layers to be loaded; this class has none."""
