# SPDX-License-Identifier: GPL-2.0-or-later
"""The formats that only OpenVINO reads, and the files of a network in them."""

from __future__ import annotations

from pathlib import Path

from ...errors import WeightsRefusedError, WeightsUnreadableError
from ...models.model_file import SAVED_MODEL
from ...phrase import Phrase
from ..onnx.external_files import lies_beside

FROZEN, LITE, OWN, PADDLE = ".pb", ".tflite", ".xml", ".pdmodel"
SUFFIXES = (FROZEN, LITE, OWN, PADDLE)

# TensorFlow's formats, whose images have their channels last.
OF_TENSORFLOW = (FROZEN, LITE)

# The files of the tensors beside those of the graphs.
TENSORS = {OWN: ".bin", PADDLE: ".pdiparams"}


def path_to_read(weights: Path) -> Path:
    """Returns the path for OpenVINO: a SavedModel is read by its folder."""
    return weights.parent if is_saved_model(weights) else weights


def is_saved_model(weights: Path) -> bool:
    """True for the main file of a folder of TensorFlow's SavedModel format."""
    return weights.name.lower() == SAVED_MODEL


def check_files(weights: Path) -> None:
    """Raises an error for files that OpenVINO must not read.

    These are pipes and devices, whose end may never come, and links out of the folder of the network.
    """
    for path in (weights, *_beside(weights)):
        if not path.is_file():
            raise WeightsUnreadableError(weights=weights, reason=Phrase("{name} is no file", {"name": path.name}))
        if path != weights and not lies_beside(weights, path):
            reason = Phrase("they are outside its folder, in {location}", {"location": path.resolve()})
            raise WeightsRefusedError(weights=weights, reason=reason)


def tensor_files(weights: Path) -> tuple[Path, ...]:
    """Returns the existing files of a network's tensors beside its graph."""
    return tuple(path for path in _beside(weights) if path.is_file() and lies_beside(weights, path))


def _beside(weights: Path) -> list[Path]:
    """Returns whatever is in the places of the tensors, except folders."""
    suffix = TENSORS.get(weights.suffix.lower())
    found = [weights.with_suffix(suffix)] if suffix else []
    if is_saved_model(weights):
        found = sorted((weights.parent / "variables").rglob("*"))
    return [path for path in found if path.exists() and not path.is_dir()]
