# SPDX-License-Identifier: GPL-2.0-or-later
"""Base of the plugin's algorithms: icon, help page, reading of values, and reporting of failures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from qgis.core import (
    QgsProcessingAlgorithm,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProcessingOutputDefinition,
    QgsProcessingParameterDefinition,
)
from qgis.PyQt.QtGui import QIcon

from ..inference import ClassifyPixelsError
from ..inference.errors import MemoryEndedError
from ..plugin_support.cache_lease import CacheLease
from ..plugin_support.http import cancelled_by
from ..plugin_support.locations import ICON, help_page
from ..plugin_support.translation import sentence_of, tr
from .value_check import check_value
from .values import Values


class DeepLearningAlgorithm(QgsProcessingAlgorithm):
    """An algorithm that reads its values in the thread of the project's layers and can run in any thread."""

    def __init__(self) -> None:
        super().__init__()
        self._error: ClassifyPixelsError | None = None
        self._lease: CacheLease | None = None

    def helpUrl(self) -> str:  # noqa: N802
        """Returns the address of the help page in the plugin's folder."""
        return help_page(self.name())

    def icon(self) -> QIcon:
        """Returns the icon of the plugin."""
        return QIcon(str(ICON))

    def svgIconPath(self) -> str:  # noqa: N802
        """Returns the path of the icon."""
        return str(ICON)

    def createInstance(self) -> DeepLearningAlgorithm:  # noqa: N802
        """Returns a new algorithm for each run."""
        return type(self)()

    def initAlgorithm(self, configuration: Mapping[str, Any] | None = None) -> None:  # noqa: N802
        """Declares the parameters and outputs."""
        for parameter in self.parameters():
            self.addParameter(parameter)
        for output in self.outputs():
            self.addOutput(output)

    def prepareAlgorithm(  # noqa: N802
        self, parameters: dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> bool:
        """Reads the parameters in the thread of the project's layers.

        Errors are kept and raised by the run: scripts do not receive the message of an error raised here.
        """
        # Processing accepts unknown names, so a misspelt one would go unnoticed.
        known = {definition.name() for definition in self.parameterDefinitions()}
        for name in sorted(set(parameters) - known):
            feedback.pushWarning(tr("The parameter {name} is unknown and has no effect.").format(name=name))
        # Before the values are read, because reading may download or unpack a model.
        self._lease = CacheLease()
        try:
            with cancelled_by(feedback.isCanceled):
                for name, value in parameters.items():
                    check_value(name, value)
                self.read(Values(parameters, context, feedback.pushWarning))
        except ClassifyPixelsError as error:
            self._error = error
        except MemoryError as error:
            self._error = MemoryEndedError()
            self._error.__cause__ = error
        return True

    def processAlgorithm(  # noqa: N802
        self, parameters: dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> dict[str, Any]:
        """Runs the algorithm; raises its errors as messages for the user."""
        try:
            # Also after a failed preparation, to release its lease before the algorithm is deleted.
            with self._lease or CacheLease():
                if self._error is not None:
                    raise self._error
                return self.work(parameters, context, feedback)
        except ClassifyPixelsError as error:
            raise QgsProcessingException(sentence_of(error)) from error
        except MemoryError as error:
            ended = MemoryEndedError()
            ended.__cause__ = error
            raise QgsProcessingException(sentence_of(ended)) from ended

    def parameters(self) -> Sequence[QgsProcessingParameterDefinition]:
        """Returns new parameters, to be owned by the algorithm."""
        raise NotImplementedError

    def outputs(self) -> Sequence[QgsProcessingOutputDefinition]:
        """Returns new outputs, except those of parameters, to be owned by the algorithm."""
        raise NotImplementedError

    def read(self, values: Values) -> None:
        """Reads the parameter values."""
        raise NotImplementedError

    def work(
        self, parameters: dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> dict[str, Any]:
        """Runs the algorithm and returns its outputs."""
        raise NotImplementedError
