# SPDX-License-Identifier: GPL-2.0-or-later
"""What runs the network; the library of a backend is imported only when that backend is opened."""

from __future__ import annotations

from pathlib import Path

from .backend import Backend, NetworkInput
from .options import BackendOptions

__all__ = ["Backend", "BackendOptions", "NetworkInput", "open_backend"]


def open_backend(weights: Path, options: BackendOptions) -> Backend:
    """Returns the backend for these weights, chosen by their file's suffix: .onnx, else TorchScript."""
    if weights.suffix.lower() == ".onnx":
        from .onnx import OnnxBackend

        return OnnxBackend(weights, options)
    from .torchscript import TorchScriptBackend

    return TorchScriptBackend(weights, options)
