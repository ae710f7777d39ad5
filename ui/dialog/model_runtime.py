# SPDX-License-Identifier: GPL-2.0-or-later
"""The runtime of a model: version and devices, or the reason why it is unavailable."""

from __future__ import annotations

from pathlib import PurePath
from typing import ClassVar

from qgis.PyQt.QtCore import QObject, pyqtSignal

from ...inference import ClassifyPixelsError
from ...inference.describe.model_description import ModelDescription
from ...inference.errors import RuntimeMissingError
from ...inference.runtimes.openvino.formats import SUFFIXES
from ...inference.runtimes.runtime import TITLES, install_command
from ...plugin_support.locations import runtime_folder
from ...plugin_support.translation import sentence_of, tr
from ...plugin_support.user_settings import torch_python
from ..options.runtime_found import FoundRuntime, RuntimeQuestion, question_to_other, question_to_qgis
from ..options.runtime_survey import RuntimeSurvey

RUNTIMES = {
    ".onnx": "onnxruntime",
    **dict.fromkeys(SUFFIXES, "openvino"),
    ".pt": "torch",
    ".pt2": "torch",
    ".pth": "torch",
    ".ckpt": "torch",
    ".safetensors": "torch",
    ".torchscript": "torch",
}


class ModelRuntime(QObject):
    """Looks for the runtime of the last model in a separate process; `found` follows if that takes time."""

    found = pyqtSignal()
    # Runtimes found in this session; missing ones are searched again, because they may be installed.
    _known: ClassVar[dict[str, FoundRuntime]] = {}

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._name = ""
        self._answer: FoundRuntime | None = None
        self._survey = RuntimeSurvey(self)
        self._survey.found.connect(self._take)

    def look_for(self, description: ModelDescription | None) -> None:
        """Starts the search for the runtime of a model's weights."""
        suffix = PurePath(description.weights).suffix.lower() if description else ""
        name = RUNTIMES.get(suffix, "")
        if name == self._name and self._answer is not None:
            return
        self._name, self._answer = name, self._known.get(name)
        if name and self._answer is None:
            self._ask(name)

    @property
    def text(self) -> str:
        """The runtime of the model and its devices, empty while unknown."""
        answer = self._answer
        if answer is None or not answer.version:
            return ""
        text = tr("{runtime} {version} on {devices}")
        return text.format(runtime=TITLES[self._name], version=answer.version, devices=", ".join(answer.devices))

    @property
    def problem(self) -> str:
        """The reason why the runtime is unusable, empty if usable or unknown."""
        answer = self._answer
        if answer is None or answer.version:
            return ""
        reason = answer.problem or tr("it is not installed")
        command = install_command(self._name, runtime_folder())
        return sentence_of(RuntimeMissingError(runtime=TITLES[self._name], reason=reason, command=command))

    def _ask(self, name: str) -> None:
        try:
            self._survey.ask([_question(name)])
        except ClassifyPixelsError as error:
            self._answer = FoundRuntime(problem=sentence_of(error))
            self.found.emit()

    def _take(self, question: RuntimeQuestion, answer: FoundRuntime) -> None:
        if answer.version:
            self._known[question.name] = answer
        # The dialog may show another model by now.
        if question.name == self._name:
            self._answer = answer
            self.found.emit()


def _question(name: str) -> RuntimeQuestion:
    python = torch_python() if name == "torch" else None
    return question_to_qgis(name) if python is None else question_to_other(name, python)
