# SPDX-License-Identifier: GPL-2.0-or-later
"""Unsupported frameworks, and commands that convert their networks to ONNX.

Sources: github.com/onnx/tensorflow-onnx for tf2onnx (commands tested with version 1.17, TensorFlow 2.21 and Keras
3.15), CNTK's documentation of Function.save for CNTK.
"""

from __future__ import annotations

import re
from pathlib import Path

from ..errors import FrameworkError

# Main file of a TensorFlow SavedModel folder, not a frozen graph despite its suffix.
SAVED_MODEL = "saved_model.pb"

# Frameworks in definitions, and their supported files.
FRAMEWORKS: dict[str, tuple[str, ...]] = {"tensorflow": (".pb",), "keras": (), "cntk": ()}

TITLES = {".tflite": "TensorFlow Lite", ".h5": "Keras", ".keras": "Keras", ".model": "CNTK"}
OPTIONS = {".tflite": "tflite", ".h5": "keras", ".keras": "keras", ".pb": "graphdef"}
CNTK = "python -c \"import cntk; cntk.load_model('{file}').save('{onnx}', format=cntk.ModelFormat.ONNX)\""
ANYTHING = "torch.onnx.export, torch.jit.trace or tf2onnx"


def check_framework(model: str, weights: Path, framework: str) -> None:
    """Raises a FrameworkError if no runtime here supports the definition's framework and weights."""
    # A definition may still name the original framework of a network exported to ONNX.
    if framework.lower() in FRAMEWORKS and weights.suffix.lower() not in (".onnx", *FRAMEWORKS[framework.lower()]):
        raise foreign_framework(model, weights, framework)


def foreign_framework(model: str, weights: Path, framework: str = "") -> FrameworkError:
    """Returns the error for weights that need a framework, identified by the definition or the suffix."""
    if weights.name.lower() == SAVED_MODEL:
        named = framework or "TensorFlow's SavedModel format"
        folder = Path(weights.parent.name)
        stem = "" if folder.name else "model"
        return FrameworkError(model=model, framework=named, export=from_tensorflow("saved-model", folder, stem))
    suffix = weights.suffix.lower()
    named = framework or TITLES.get(suffix, f"the framework of {weights.name}")
    if not suffix and framework.lower() in ("tensorflow", "keras") and weights.name:
        return FrameworkError(model=model, framework=named, export=from_tensorflow("saved-model", weights))
    if suffix in OPTIONS:
        return FrameworkError(model=model, framework=named, export=from_tensorflow(OPTIONS[suffix], weights))
    is_cntk = named.upper() == TITLES[".model"]
    cntk = CNTK.format(file=word(weights.name), onnx=f"{word(weights.stem)}.onnx")
    return FrameworkError(model=model, framework=named, export=cntk if is_cntk else ANYTHING)


def from_tensorflow(option: str, weights: Path, stem: str = "") -> str:
    """Returns the shell command that converts a file or folder to ONNX."""
    name = weights.name or str(weights)
    return f'python -m tf2onnx.convert --{option} "{word(name)}" --output "{word(stem or weights.stem)}.onnx"'


def word(text: str) -> str:
    """Returns a name from a definition without characters special to a shell or Python: users copy commands."""
    return re.sub(r"[^\w.,:/+ -]", "_", text)
