# SPDX-License-Identifier: GPL-2.0-or-later
"""Libraries that run networks, each imported only when a network of it is opened.

A new runtime is a class that derives from `Backend`, with `device`, `input`, `compute` and `close`, and `outputs` if
it has several, in a separate module; its constructor imports the library through `import_runtime`, and `open_here` has
a line for it. Input layouts (axes, dates, rows of pixels) are in `input_form.py`, constant further inputs in
`constant_inputs.py`, output axes and coarse scores in `output_form.py` and `network/trial.py`, classifiers of rows and
their labels in `onnx/label_output.py`.
"""

from __future__ import annotations

import math
from contextlib import ExitStack
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import ArgumentError, ProcessorError, RuntimeMissingError, WeightsUnreadableError
from ..progress import SILENT, Progress
from .backend import Backend, DeclaredArgument, NetworkInput, NetworkOutput, likely_axes
from .onnx.external_files import external_tensors
from .opening_watch import LONGEST, LONGEST_PER_BYTE, Opening, open_watched
from .openvino.formats import SUFFIXES as OPENVINO_SUFFIXES
from .openvino.formats import tensor_files
from .options import BackendOptions
from .output_form import GivenOutput, OutputForm, chosen_output, fitting_axes, lacking, takes_rows, times_coarser
from .wrappers import LimitedCalls, ShrinkingBackend

FUNCTION = ".py"

# The values of the argument `runtime` for files of a suffix; the others are those of PyTorch.
FORMATS = {
    ".onnx": ("auto", "onnxruntime", "openvino"),
    **dict.fromkeys(OPENVINO_SUFFIXES, ("auto", "openvino")),
    FUNCTION: ("auto",),
}
TORCH_RUNTIMES, OPENVINO = ("auto", "torch"), "openvino"

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
    "open_here",
    "size_of_files",
    "takes_rows",
    "times_coarser",
    "weights_files",
]


def open_backend(weights: Path, options: BackendOptions, progress: Progress = SILENT) -> Backend:
    """Returns the backend for these weights, by suffix: .onnx, .py, OpenVINO's, otherwise one of PyTorch's formats.

    Raster functions run in a separate process, as do PyTorch networks if the user selects another Python, and formats
    that only OpenVINO reads: its readers crash on some damaged files, which must not end QGIS. Raises
    RunCancelledError as soon as `progress` is cancelled: constants of a network may take minutes to evaluate, and a
    model's code may never return. Raises an OpeningTimeError if opening takes far longer than networks of that size
    need; code that the user has allowed may take any time.
    """
    is_function = weights.suffix.lower() == FUNCTION
    seconds = math.inf if is_function else LONGEST + LONGEST_PER_BYTE * size_of_files(weights)
    return open_watched(partial(_open_anywhere, weights, options), progress, weights, seconds)


def open_here(weights: Path, options: BackendOptions, opening: Opening) -> Backend:
    """Returns the backend for these weights in this process, which keeps a raster function's code loaded."""
    suffix = weights.suffix.lower()
    if suffix == FUNCTION:
        from .raster_function.function_backend import RasterFunctionBackend

        return RasterFunctionBackend(weights, options)
    if suffix in OPENVINO_SUFFIXES:
        from .openvino.own_backend import OwnBackend

        return OwnBackend(weights, options)
    if suffix == ".onnx":
        return _open_onnx(weights, options, opening)
    from .torch.formats import open_torch

    return open_torch(weights, options)


def weights_files(weights: Path) -> tuple[Path, ...]:
    """Returns the files of a network: its own, and existing, readable ones of its tensors beside it."""
    return (weights, *(external_tensors(weights) or tensor_files(weights)))


def size_of_files(weights: Path) -> int:
    """Returns the bytes of the existing files of a network; a pipe, whose end may never come, has none."""
    return sum(file.stat().st_size for file in weights_files(weights)) if weights.is_file() else 0


def _open_onnx(weights: Path, options: BackendOptions, opening: Opening) -> Backend:
    """Returns an ONNX network in OpenVINO if installed and able to run it, otherwise in ONNX Runtime."""
    from .onnx.onnx_backend import OnnxBackend

    if options.runtime == OPENVINO:
        network = OnnxBackend(weights, replace(options, processor="CPU"), opening, described=options.compared)
        return _in_openvino(network, weights, options)
    try:
        network = OnnxBackend(weights, options, opening)
    except ProcessorError as error:
        if options.runtime != "auto":
            raise
        # A GPU that ONNX Runtime does not support may be one of OpenVINO's.
        try:
            return _open_onnx(weights, replace(options, runtime=OPENVINO), opening)
        except (RuntimeMissingError, ProcessorError):
            raise error from None
    if options.runtime != "auto" or not network.on_cpu or takes_rows(network.input.layout):
        return network
    try:
        return _in_openvino(network, weights, options)
    except (RuntimeMissingError, WeightsUnreadableError):
        return network


def _in_openvino(network: OnnxBackend, weights: Path, options: BackendOptions) -> Backend:
    from .openvino.openvino_backend import OpenVinoBackend

    with ExitStack() as undone:
        if options.runtime == OPENVINO:
            undone.callback(network.close)
        backend = OpenVinoBackend(network, weights, options)
        undone.pop_all()
    return backend


def _open_anywhere(weights: Path, options: BackendOptions, opening: Opening) -> Backend:
    suffix = weights.suffix.lower()
    _check_runtime(options.runtime, suffix)
    if suffix in OPENVINO_SUFFIXES:
        # The user's Python is one for PyTorch.
        options = replace(options, python=None)
    if suffix in (FUNCTION, *OPENVINO_SUFFIXES) or (options.python is not None and suffix not in FORMATS):
        from .worker import WorkerBackend

        return WorkerBackend(weights, options, opening)
    return open_here(weights, options, opening)


def _check_runtime(asked: str, suffix: str) -> None:
    """Raises if the requested library does not read such a file."""
    possible = FORMATS.get(suffix, TORCH_RUNTIMES)
    if asked not in possible:
        raise ArgumentError(name="runtime", value=asked, expected=" or ".join(possible))
