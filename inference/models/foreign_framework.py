# SPDX-License-Identifier: GPL-2.0-or-later
"""Frameworks that do not run here, and the commands that make ONNX networks of theirs.

Sources: github.com/onnx/tensorflow-onnx for tf2onnx, CNTK's documentation of Function.save for CNTK.
"""

from __future__ import annotations

import re
from pathlib import Path

from ..errors import FrameworkError

# TensorFlow writes a folder around this file, which is no frozen graph in spite of its suffix.
SAVED_MODEL = "saved_model.pb"

TITLES = {".tflite": "TensorFlow Lite", ".h5": "Keras", ".keras": "Keras", ".model": "CNTK"}
OPTIONS = {".tflite": "tflite", ".h5": "keras", ".keras": "keras", ".pb": "graphdef"}
CNTK = "python -c \"import cntk; cntk.load_model('{file}').save('{onnx}', format=cntk.ModelFormat.ONNX)\""
ANYTHING = "torch.onnx.export, torch.jit.trace or tf2onnx"


def foreign_framework(model: str, weights: Path, framework: str = "") -> FrameworkError:
    """Returns the error for weights that need a framework, which the definition names or their suffix tells."""
    if weights.name.lower() == SAVED_MODEL:
        named = framework or "TensorFlow's SavedModel format"
        return FrameworkError(model=model, framework=named, export=from_tensorflow("saved-model", Path("."), "model"))
    suffix = weights.suffix.lower()
    named = framework or TITLES.get(suffix, f"the framework of {weights.name}")
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
