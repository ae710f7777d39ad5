# SPDX-License-Identifier: GPL-2.0-or-later
"""The formats that only OpenVINO reads, and the files of a network in them."""

from __future__ import annotations

from pathlib import Path

from ...models.model_file import SAVED_MODEL

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


def irregular_file(weights: Path) -> Path | None:
    """Returns a pipe or device among the files that OpenVINO reads, None if there is none; its end may never come."""
    suffix = TENSORS.get(weights.suffix.lower())
    beside = (weights.parent / "variables").rglob("*") if is_saved_model(weights) else ()
    files = (weights, *beside, *([weights.with_suffix(suffix)] if suffix else []))
    return next((path for path in files if path.exists() and not path.is_file() and not path.is_dir()), None)


def tensor_files(weights: Path) -> tuple[Path, ...]:
    """Returns the existing files of a network's tensors beside its graph."""
    if is_saved_model(weights):
        return tuple(sorted(path for path in (weights.parent / "variables").rglob("*") if path.is_file()))
    suffix = TENSORS.get(weights.suffix.lower())
    beside = weights.with_suffix(suffix) if suffix else None
    return (beside,) if beside is not None and beside.is_file() else ()
