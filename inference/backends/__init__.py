# SPDX-License-Identifier: GPL-2.0-or-later
"""What runs the network; the library of a backend is imported only when that backend is opened."""

from __future__ import annotations

from pathlib import Path

from ..progress import SILENT, Progress
from .backend import Backend, DeclaredArgument, NetworkInput, NetworkOutput, likely_axes
from .limited_calls import LimitedCalls
from .onnx_files import weights_files
from .options import BackendOptions
from .output_form import GivenOutput, OutputForm, chosen_output, fitting_axes, lacking
from .shrinking import ShrinkingBackend

__all__ = [
    "Backend",
    "BackendOptions",
    "DeclaredArgument",
    "GivenOutput",
    "LimitedCalls",
    "NetworkInput",
    "NetworkOutput",
    "OutputForm",
    "ShrinkingBackend",
    "chosen_output",
    "fitting_axes",
    "lacking",
    "likely_axes",
    "open_backend",
    "weights_files",
]


def open_backend(weights: Path, options: BackendOptions, progress: Progress = SILENT) -> Backend:
    """Returns the backend for these weights, chosen by their suffix: .onnx, .pb, .py, else one of PyTorch's forms.

    A worker process is left as soon as `progress` is cancelled: TorchScript may run without end as it is opened.
    """
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

        return WorkerBackend(weights, options, progress)
    from .torch_formats import open_torch

    return open_torch(weights, options)
