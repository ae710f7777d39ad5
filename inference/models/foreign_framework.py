# SPDX-License-Identifier: GPL-2.0-or-later
"""Frameworks that do not run here, and the commands that make ONNX networks of theirs.

Sources: github.com/onnx/tensorflow-onnx for tf2onnx (its commands were tried with version 1.17, TensorFlow 2.21 and
Keras 3.15), CNTK's documentation of Function.save for CNTK.
"""

from __future__ import annotations

import re
from pathlib import Path

from ..errors import FrameworkError

# TensorFlow writes a folder around this file, which is no frozen graph in spite of its suffix.
SAVED_MODEL = "saved_model.pb"

# Frameworks that definitions name, and those of their files that run here.
FRAMEWORKS: dict[str, tuple[str, ...]] = {"tensorflow": (".pb",), "keras": (), "cntk": ()}

TITLES = {".tflite": "TensorFlow Lite", ".h5": "Keras", ".keras": "Keras", ".model": "CNTK"}
OPTIONS = {".tflite": "tflite", ".h5": "keras", ".keras": "keras", ".pb": "graphdef"}
CNTK = "python -c \"import cntk; cntk.load_model('{file}').save('{onnx}', format=cntk.ModelFormat.ONNX)\""
ANYTHING = "torch.onnx.export, torch.jit.trace or tf2onnx"


def check_framework(model: str, weights: Path, framework: str) -> None:
    """Raises a FrameworkError where the framework that a definition names has no runtime here for its weights."""
    # A definition may still name the framework of a network that was exported to ONNX.
    if framework.lower() in FRAMEWORKS and weights.suffix.lower() not in (".onnx", *FRAMEWORKS[framework.lower()]):
        raise foreign_framework(model, weights, framework)


def foreign_framework(model: str, weights: Path, framework: str = "") -> FrameworkError:
    """Returns the error for weights that need a framework, which the definition names or their suffix tells."""
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
    """Returns the command that makes an ONNX network of a file or folder, as a shell takes it."""
    name = weights.name or str(weights)
    return f'python -m tf2onnx.convert --{option} "{word(name)}" --output "{word(stem or weights.stem)}.onnx"'


def word(text: str) -> str:
    """Returns a name from a definition without what a shell or Python would obey: users copy commands."""
    return re.sub(r"[^\w.,:/+ -]", "_", text)
