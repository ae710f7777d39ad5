# SPDX-License-Identifier: GPL-2.0-or-later
"""What the algorithms that look after models share: their group, icon, and how they fail."""

from __future__ import annotations

from typing import Any

from qgis.core import (
    QgsProcessingAlgorithm,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeedback,
)
from qgis.PyQt.QtGui import QIcon

from ..inference import ClassifyPixelsError
from .locations import ICON, help_page
from .sources.cancellation import cancelled_by
from .translation import sentence_of, tr
from .values import Values


class ModelAlgorithm(QgsProcessingAlgorithm):
    """An algorithm that reads its values in the thread of the project's layers and then works in any thread."""

    def __init__(self) -> None:
        super().__init__()
        self._error: ClassifyPixelsError | None = None

    def group(self) -> str:
        """Returns the group that the toolbox shows."""
        return tr("Models")

    def groupId(self) -> str:  # noqa: N802
        """Returns the id of the group, which never changes."""
        return "models"

    def helpUrl(self) -> str:  # noqa: N802
        """Returns the page that the Help button opens; it lies in the plugin's folder."""
        return help_page(self.name())

    def icon(self) -> QIcon:
        """Returns the icon of the plugin."""
        return QIcon(str(ICON))

    def svgIconPath(self) -> str:  # noqa: N802
        """Returns the path of the icon."""
        return str(ICON)

    def prepareAlgorithm(  # noqa: N802
        self, parameters: dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> bool:
        """Reads the parameters; what is wrong with them is told by the run, where a script sees the sentence."""
        known = {definition.name() for definition in self.parameterDefinitions()}
        for name in sorted(set(parameters) - known):
            feedback.pushWarning(tr("The parameter {name} is unknown and has no effect.").format(name=name))
        try:
            with cancelled_by(feedback.isCanceled):
                self.read(Values(parameters, context))
        except ClassifyPixelsError as error:
            self._error = error
        return True

    def processAlgorithm(  # noqa: N802
        self, parameters: dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> dict[str, Any]:
        """Does the work and tells its failures as sentences."""
        try:
            if self._error is not None:
                raise self._error
            return self.work(parameters, context, feedback)
        except ClassifyPixelsError as error:
            raise QgsProcessingException(sentence_of(error)) from error

    def read(self, values: Values) -> None:
        """Keeps what the parameter values stand for."""
        raise NotImplementedError

    def work(
        self, parameters: dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> dict[str, Any]:
        """Does the work and returns the outputs."""
        raise NotImplementedError
