# SPDX-License-Identifier: GPL-2.0-or-later
"""What runs the network; the library of a backend is imported only when that backend is opened."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from ..progress import SILENT, Progress
from ..errors import RuntimeMissingError, WeightsUnreadableError
from .backend import Backend, DeclaredArgument, NetworkInput, NetworkOutput, likely_axes
from .limited_calls import LimitedCalls
from .onnx.external_files import weights_files
from .opening_watch import Opening, open_watched
from .options import BackendOptions
from .output_form import GivenOutput, OutputForm, chosen_output, fitting_axes, lacking, takes_rows, times_coarser
from .shrinking import ShrinkingBackend

if TYPE_CHECKING:
    from .onnx.onnx_backend import OnnxBackend

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
    "takes_rows",
    "times_coarser",
    "weights_files",
]


def open_backend(weights: Path, options: BackendOptions, progress: Progress = SILENT) -> Backend:
    """Returns the backend for these weights, chosen by their suffix: .onnx, .pb, .py, else one of PyTorch's forms.

    Raises RunCancelledError as soon as `progress` is cancelled: constants of a network may take minutes to work out,
    and TorchScript may run without end as it is opened. Only raster functions are waited for, as their code changes
    what all threads share.
    """
    if weights.suffix.lower() == ".py":
        from .raster_function.function_backend import RasterFunctionBackend

        return RasterFunctionBackend(weights, options)
    return open_watched(partial(_open_network, weights, options), progress)


def _open_network(weights: Path, options: BackendOptions, opening: Opening) -> Backend:
    if weights.suffix.lower() == ".pb":
        from .tensorflow import TensorFlowBackend

        return TensorFlowBackend(weights, options)
    if weights.suffix.lower() == ".onnx":
        from .onnx.onnx_backend import OnnxBackend

        return _fastest(OnnxBackend(weights, options, opening), weights, options)
    if options.python is not None:
        from .worker import WorkerBackend

        return WorkerBackend(weights, options, opening)
    from .torch.formats import open_torch

    return open_torch(weights, options)


def _fastest(network: OnnxBackend, weights: Path, options: BackendOptions) -> Backend:
    """Returns an ONNX network that OpenVINO runs, where that is installed and can; else ONNX Runtime runs it."""
    asked = options.runtime == "openvino"
    if not asked and (options.runtime != "auto" or not network.on_cpu or takes_rows(network.input.layout)):
        return network
    from .openvino.openvino_backend import OpenVinoBackend

    try:
        return OpenVinoBackend(network, weights, options)
    except (RuntimeMissingError, WeightsUnreadableError):
        if asked:
            network.close()
            raise
        return network
