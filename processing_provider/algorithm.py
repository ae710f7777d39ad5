# SPDX-License-Identifier: GPL-2.0-or-later
"""What all algorithms of the plugin share: icon, help page, when they read their values, and how they fail."""

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
    """An algorithm that reads its values in the thread of the project's layers and then works in any thread."""

    def __init__(self) -> None:
        super().__init__()
        self._error: ClassifyPixelsError | None = None
        self._lease: CacheLease | None = None

    def helpUrl(self) -> str:  # noqa: N802
        """Returns the page that the Help button opens; it lies in the plugin's folder."""
        return help_page(self.name())

    def icon(self) -> QIcon:
        """Returns the icon of the plugin."""
        return QIcon(str(ICON))

    def svgIconPath(self) -> str:  # noqa: N802
        """Returns the path of the icon."""
        return str(ICON)

    def createInstance(self) -> DeepLearningAlgorithm:  # noqa: N802
        """Returns a new algorithm; every run has its own."""
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
        """Reads the parameters here, in the thread that the project's layers belong to.

        What is wrong with them is told by the run: a script would not see the sentence of an error raised here.
        """
        # Processing lets every name pass, and a misspelt one would go unnoticed.
        known = {definition.name() for definition in self.parameterDefinitions()}
        for name in sorted(set(parameters) - known):
            feedback.pushWarning(tr("The parameter {name} is unknown and has no effect.").format(name=name))
        # Before the values are read: a model may be fetched or unpacked for that.
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
        """Does the work and tells its failures as sentences."""
        try:
            # Also where the parameters could not be read: else their lease would last as long as the algorithm.
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
        """Returns new parameters; the algorithm takes them over."""
        raise NotImplementedError

    def outputs(self) -> Sequence[QgsProcessingOutputDefinition]:
        """Returns new outputs beside those that parameters name; the algorithm takes them over."""
        raise NotImplementedError

    def read(self, values: Values) -> None:
        """Keeps what the parameter values stand for."""
        raise NotImplementedError

    def work(
        self, parameters: dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> dict[str, Any]:
        """Does the work and returns the outputs."""
        raise NotImplementedError
