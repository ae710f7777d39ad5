# SPDX-License-Identifier: GPL-2.0-or-later
"""Unsupported frameworks, and commands that convert their networks to ONNX.

Sources: github.com/onnx/tensorflow-onnx for tf2onnx (commands tested with version 1.17, TensorFlow 2.21 and Keras
3.15), CNTK's documentation of Function.save for CNTK.
"""

from __future__ import annotations

import re
from pathlib import Path

from ..errors import FrameworkError

# Frameworks in definitions, and their supported files; a folder is a SavedModel.
OF_TENSORFLOW = (".pb", ".tflite", ".xml", "")
FRAMEWORKS: dict[str, tuple[str, ...]] = {"tensorflow": OF_TENSORFLOW, "keras": OF_TENSORFLOW, "cntk": ()}

TITLES = {".h5": "Keras", ".keras": "Keras", ".model": "CNTK"}
KERAS = (".h5", ".keras")
CNTK = "python -c \"import cntk; cntk.load_model('{file}').save('{onnx}', format=cntk.ModelFormat.ONNX)\""
ANYTHING = "torch.onnx.export, torch.jit.trace or tf2onnx"


def check_framework(model: str, weights: Path, framework: str) -> None:
    """Raises a FrameworkError if no runtime here supports the definition's framework and weights."""
    # A definition may still name the original framework of a network exported to ONNX.
    if framework.lower() in FRAMEWORKS and weights.suffix.lower() not in (".onnx", *FRAMEWORKS[framework.lower()]):
        raise foreign_framework(model, weights, framework)


def foreign_framework(model: str, weights: Path, framework: str = "") -> FrameworkError:
    """Returns the error for weights that need a framework, identified by the definition or the suffix."""
    suffix = weights.suffix.lower()
    named = framework or TITLES.get(suffix, f"the framework of {weights.name}")
    if suffix in KERAS:
        command = f'python -m tf2onnx.convert --keras "{word(weights.name)}" --output "{word(weights.stem)}.onnx"'
        return FrameworkError(model=model, framework=named, export=command)
    is_cntk = named.upper() == TITLES[".model"]
    cntk = CNTK.format(file=word(weights.name), onnx=f"{word(weights.stem)}.onnx")
    return FrameworkError(model=model, framework=named, export=cntk if is_cntk else ANYTHING)


def word(text: str) -> str:
    """Returns a name from a definition without characters special to a shell or Python: users copy commands."""
    return re.sub(r"[^\w.,:/+ -]", "_", text)
