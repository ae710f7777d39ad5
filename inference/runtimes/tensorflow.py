# SPDX-License-Identifier: GPL-2.0-or-later
"""Runs TensorFlow's frozen graphs (.pb): one file with operations and constants."""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..errors import (
    NetworkMismatchError,
    ProcessorError,
    RunCancelledError,
    RuntimeMissingError,
    TensorFlowMissingError,
    WeightsUnreadableError,
)
from ..models.foreign_framework import from_tensorflow, word
from ..phrase import Phrase
from .backend import Backend, Float32, NetworkInput, NetworkOutput
from .failure import run_failure
from .frozen_graph import IMAGE, SCORES, Ends, check_operations, find_ends
from .input_form import check_band_count, to_layout, to_type, whole_limits
from .options import BackendOptions
from .output_form import NCHW, NHWC
from .runtime import import_runtime


class TensorFlowBackend(Backend):
    """A frozen graph in a separate session."""

    def __init__(self, weights: Path, options: BackendOptions) -> None:
        self._tf = self._import(weights, options)
        self._gpu = self._choose_gpu(options)
        graph = self._load(weights)
        check_operations(graph, weights.name)
        self._ends = find_ends(graph, weights.name, options.input, options.output)
        self._dtype = _number_type(self._ends.image, weights)
        self._input = replace(_network_input(self._ends, weights, options), limits=whole_limits(self._dtype))
        self._interrupted = False
        self._session = self._tf.compat.v1.Session(graph=graph, config=self._settings(options))

    @property
    def device(self) -> str:
        """The device that runs the graph."""
        return f"{'CPU' if self._gpu is None else f'GPU {self._gpu}'} (TensorFlow {self._tf.__version__})"

    @property
    def input(self) -> NetworkInput:
        """The declared input of the graph."""
        return self._input

    @property
    def output(self) -> NetworkOutput:
        """The tensor that is read; a graph does not list its outputs."""
        return NetworkOutput(names=(self._ends.scores.name,))

    def compute(self, pixels: Float32, number: int) -> NDArray[Any]:
        """Returns the raw output tensor.

        For graphs with integer input, pixels are clipped to the range of the type.
        """
        feed = to_layout(to_type(pixels, self._dtype), self._input.layout)
        try:
            output = self._session.run(self._ends.scores, {self._ends.image: feed})
        except (self._tf.errors.OpError, ValueError, TypeError, RuntimeError) as error:
            if self._interrupted:
                raise RunCancelledError from error
            size = f"{pixels.shape[3]} x {pixels.shape[2]}"
            raise run_failure(size, error, _first_line(error)) from error
        return np.asarray(output)

    def interrupt(self) -> None:
        """Ends the session and with it current calls."""
        self._interrupted = True
        self._session.close()

    def close(self) -> None:
        """Releases the session and the graph."""
        self._session.close()
        del self._session, self._ends

    def _import(self, weights: Path, options: BackendOptions) -> Any:
        # Otherwise it prints processor features to the terminal.
        os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
        try:
            with without_h5py():
                return import_runtime("tensorflow", options.runtimes)
        except RuntimeMissingError as error:
            raise TensorFlowMissingError(
                weights=weights.name,
                reason=error.values["reason"],
                install=error.values["command"],
                convert=conversion_command(weights, options),
            ) from error

    def _choose_gpu(self, options: BackendOptions) -> int | None:
        found = len(self._tf.config.list_physical_devices("GPU"))
        if options.processor == "GPU" and options.gpu >= found:
            raise ProcessorError(runtime="TensorFlow", found=f"{found} GPUs")
        return options.gpu if options.processor != "CPU" and options.gpu < found else None

    def _settings(self, options: BackendOptions) -> Any:
        gpu = self._gpu
        settings = self._tf.compat.v1.ConfigProto(
            # An empty list of visible cards means all of them, so the count is set to zero.
            device_count={"GPU": 0} if gpu is None else {},
            intra_op_parallelism_threads=options.threads,
            # Graphs may name the devices of the training machine.
            allow_soft_placement=True,
        )
        # Otherwise all memory of the card is allocated at once.
        settings.gpu_options.allow_growth = True
        settings.gpu_options.visible_device_list = "" if gpu is None else str(gpu)
        return settings

    def _load(self, weights: Path) -> Any:
        definition = self._tf.compat.v1.GraphDef()
        graph = self._tf.Graph()
        try:
            definition.ParseFromString(weights.read_bytes())
            with graph.as_default():
                # Without a name all operations would get the prefix "import".
                self._tf.import_graph_def(definition, name="")
        except (OSError, ValueError, TypeError, KeyError, self._tf.errors.OpError, _decode_error()) as error:
            raise WeightsUnreadableError(weights=weights, reason=_first_line(error)) from error
        return graph


@contextmanager
def without_h5py() -> Iterator[None]:
    """Hides h5py, which Keras imports if present: it conflicts with QGIS's HDF5, and graphs need neither."""
    modules: dict[str, Any] = sys.modules
    hidden = "h5py" not in modules
    if hidden:
        # None makes Python's import fail.
        modules["h5py"] = None
    try:
        yield
    finally:
        if hidden:
            modules.pop("h5py", None)


def conversion_command(weights: Path, options: BackendOptions) -> str:
    """Returns the command that turns a frozen graph into an ONNX network."""
    image, scores = options.input or IMAGE, options.output or SCORES
    return f"{from_tensorflow('graphdef', weights)} --inputs {word(image)} --outputs {word(scores)}"


def _network_input(ends: Ends, weights: Path, options: BackendOptions) -> NetworkInput:
    shape = ends.image.shape.as_list() if ends.image.shape.rank is not None else [None] * 4
    if len(shape) != 4:
        reason = Phrase("its input {name} is {shape}, not an image", {"name": ends.image.name, "shape": shape})
        raise NetworkMismatchError(weights=weights.name, reason=reason)
    batch, first, second, last = shape
    # TensorFlow's own layout has the channels last; the other one is recognised by the bands.
    turned = options.layout is None and None not in (first, options.bands) and first == options.bands != last
    layout = options.layout or (NCHW if turned else NHWC)
    bands, height, width = (first, second, last) if layout == NCHW else (last, first, second)
    check_band_count(weights, bands, options.bands)
    found = NetworkInput(batch, bands, height, width, layout, name=ends.image.name, type=ends.image.dtype.name)
    if turned:
        return replace(found, why=str(Phrase("from the sizes that the network declares")))
    return replace(
        found,
        why=str(Phrase("from ModelFormat")) if options.layout else str(Phrase("the usual order of TensorFlow")),
    )


def _number_type(image: Any, weights: Path) -> np.dtype[Any]:
    dtype: np.dtype[Any] = np.dtype(image.dtype.as_numpy_dtype)
    # Text inputs are encoded image files.
    if dtype.kind not in "fiu":
        reason = Phrase("its input is of the type {type}", {"type": image.dtype.name})
        raise NetworkMismatchError(weights=weights.name, reason=reason)
    return dtype


def _decode_error() -> type[Exception]:
    """Returns the exception of TensorFlow's protobuf for bytes that are not a graph."""
    error: type[Exception] = importlib.import_module("google.protobuf.message").DecodeError
    return error


def _first_line(error: BaseException) -> str:
    return str(error).strip().splitlines()[0][:300] if str(error).strip() else type(error).__name__
