# SPDX-License-Identifier: GPL-2.0-or-later
"""What runs the network; the library of a backend is imported only when that backend is opened."""

from __future__ import annotations

from pathlib import Path

from .backend import Backend, NetworkInput, NetworkOutput
from .limited_calls import LimitedCalls
from .options import BackendOptions
from .shrinking import ShrinkingBackend

__all__ = [
    "Backend",
    "BackendOptions",
    "LimitedCalls",
    "NetworkInput",
    "NetworkOutput",
    "ShrinkingBackend",
    "open_backend",
]


def open_backend(weights: Path, options: BackendOptions) -> Backend:
    """Returns the backend for these weights, chosen by their suffix: .onnx, .pb, .py, else one of PyTorch's forms."""
    if weights.suffix.lower() == ".py":
        from .raster_function import RasterFunctionBackend

        return RasterFunctionBackend(weights, options)
    if weights.suffix.lower() == ".pb":
        from .tensorflow import TensorFlowBackend

        return TensorFlowBackend(weights, options)
    if weights.suffix.lower() == ".onnx":
        from .onnx import OnnxBackend

        return OnnxBackend(weights, options)
    if options.python is not None:
        from .worker import WorkerBackend

        return WorkerBackend(weights, options)
    from .torch_formats import open_torch

    return open_torch(weights, options)
