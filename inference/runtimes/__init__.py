# SPDX-License-Identifier: GPL-2.0-or-later
"""Runtimes: a backend's library is imported only when that backend is opened."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from ..progress import SILENT, Progress
from .backend import Backend, DeclaredArgument, NetworkInput, NetworkOutput, likely_axes
from .onnx.external_files import weights_files
from .opening_watch import Opening, open_watched
from .options import BackendOptions
from .output_form import GivenOutput, OutputForm, chosen_output, fitting_axes, lacking, takes_rows, times_coarser
from .wrappers import LimitedCalls, ShrinkingBackend

FUNCTION = ".py"

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
    "open_here",
    "takes_rows",
    "times_coarser",
    "weights_files",
]


def open_backend(weights: Path, options: BackendOptions, progress: Progress = SILENT) -> Backend:
    """Returns the backend for these weights, by suffix: .onnx, .pb, .py, otherwise one of PyTorch's formats.

    Raster functions run in a separate process, as do PyTorch networks if the user selects another Python. Raises
    RunCancelledError as soon as `progress` is cancelled: constants of a network may take minutes to evaluate, and a
    model's code may never return.
    """
    return open_watched(partial(_open_anywhere, weights, options), progress)


def open_here(weights: Path, options: BackendOptions, opening: Opening) -> Backend:
    """Returns the backend for these weights in this process, which keeps a raster function's code loaded."""
    suffix = weights.suffix.lower()
    if suffix == FUNCTION:
        from .raster_function.function_backend import RasterFunctionBackend

        return RasterFunctionBackend(weights, options)
    if suffix == ".pb":
        from .tensorflow import TensorFlowBackend

        return TensorFlowBackend(weights, options)
    if suffix == ".onnx":
        from .onnx.onnx_backend import OnnxBackend

        return OnnxBackend(weights, options, opening)
    from .torch.formats import open_torch

    return open_torch(weights, options)


def _open_anywhere(weights: Path, options: BackendOptions, opening: Opening) -> Backend:
    suffix = weights.suffix.lower()
    if suffix == FUNCTION or (options.python is not None and suffix not in (".pb", ".onnx")):
        from .worker import WorkerBackend

        return WorkerBackend(weights, options, opening)
    return open_here(weights, options, opening)
