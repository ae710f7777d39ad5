# SPDX-License-Identifier: GPL-2.0-or-later
"""Base of the plugin's algorithms: what QGIS lists when it starts. Their runs do the rest (`algorithm_run.py`)."""

from __future__ import annotations

import traceback
from collections.abc import Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from qgis.core import (
    QgsProcessingAlgorithm,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProcessingOutputDefinition,
    QgsProcessingParameterDefinition,
)
from qgis.PyQt.QtGui import QIcon

from ..plugin_support.locations import ICON, help_page
from ..plugin_support.translation import tr
from .interruptible import interruptible

if TYPE_CHECKING:
    from .algorithm_run import AlgorithmRun


class DeepLearningAlgorithm(QgsProcessingAlgorithm):
    """An algorithm that reads its values in the thread of the project's layers and can run in any thread."""

    def __init__(self) -> None:
        super().__init__()
        self._run: AlgorithmRun | None = None

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
        """Reads the parameters in the thread of the project's layers."""
        self._run = self.new_run()
        self._run.prepare(self, parameters, context, feedback)
        return True

    def processAlgorithm(  # noqa: N802
        self, parameters: dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> dict[str, Any]:
        """Runs the algorithm; raises its errors as messages for the user."""
        return interruptible(partial(self._process, parameters, context, feedback))

    def _process(
        self, parameters: dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> dict[str, Any]:
        if self._run is None:
            raise QgsProcessingException(tr("The algorithm was not prepared."))
        try:
            return self._run.process(self, parameters, context, feedback)
        except QgsProcessingException as error:
            self._run = None
            _release(error)
            raise

    def postProcessAlgorithm(  # noqa: N802
        self, context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> dict[str, Any]:
        """Registers the styling of layers to be loaded."""
        if self._run is not None:
            self._run.post_process(context)
        return {}

    def parameters(self) -> Sequence[QgsProcessingParameterDefinition]:
        """Returns new parameters, to be owned by the algorithm."""
        raise NotImplementedError

    def outputs(self) -> Sequence[QgsProcessingOutputDefinition]:
        """Returns new outputs, except those of parameters, to be owned by the algorithm."""
        raise NotImplementedError

    def new_run(self) -> AlgorithmRun:
        """Returns a new run; imports it only here, because it needs the engine."""
        raise NotImplementedError


def _release(error: BaseException | None) -> None:
    """Releases what the frames of an error refer to: QGIS keeps the error, and with it layers, to its end."""
    while error is not None:
        traceback.clear_frames(error.__traceback__)
        error = error.__cause__ or error.__context__
