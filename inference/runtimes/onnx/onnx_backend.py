# SPDX-License-Identifier: GPL-2.0-or-later
"""Runs ONNX networks with ONNX Runtime."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager, redirect_stdout, suppress
from functools import partial
from io import StringIO
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...errors import NetworkMismatchError, ProcessorError, RunCancelledError
from ...models import Normalization
from ..backend import Backend, Float32, NetworkInput, NetworkOutput
from ..failure import run_failure
from ..gpu_name import cuda_name, listed_name
from ..opening_watch import Opening
from ..options import BackendOptions
from ..other_tasks import Tensor, check_declared
from ..output_form import GivenOutput, takes_rows
from ..runtime import import_runtime
from .external_files import check_external_files
from .functions import check_functions
from .graph_start import first_steps
from .image_input import OnnxInput
from .image_output import OnnxOutputs
from .label_output import ENTRIES, MAPS, RowsOutput, array_of_maps, choose_rows_output
from .reasons import opening_error, plain_reason

CUDA = "CUDAExecutionProvider"
ROCM = "ROCMExecutionProvider"
GPU_PROVIDERS = (CUDA, "DmlExecutionProvider", "CoreMLExecutionProvider", ROCM)
NUMBERED = (CUDA, "DmlExecutionProvider", ROCM)

# Larger constants are evaluated at run time: ONNX Runtime cannot be interrupted while it opens a network. Without any
# constant folding, published networks take an eighth longer.
LARGEST_CONSTANT = 16 * 1024**2


class OnnxBackend(Backend):
    """An ONNX network in a separate inference session.

    One that another library runs, and which is only `described`, is not optimised, which saves time and memory.
    """

    def __init__(
        self, weights: Path, options: BackendOptions, opening: Opening | None = None, described: bool = False
    ) -> None:
        self._runtime = import_runtime("onnxruntime", options.runtimes)
        check_external_files(weights)
        check_functions(weights)
        self._used, self._threads = self._providers(options), options.threads
        opening = opening or Opening()
        self._session = self._open(weights, opening, described)
        self._check_processor(options)
        self._gpu, self._name, self._weights = options.gpu, weights.name, weights
        if not options.output:
            check_declared(weights.name, _tensors(self._session.get_inputs()), _tensors(self._session.get_outputs()))
        self._input = OnnxInput(weights, self._session.get_inputs(), options)
        self._calls: set[Any] = set()
        self._lock = Lock()
        self._interrupted = False
        # Row classifiers are run before they count as open.
        opening.ended_by(self.interrupt)
        self._rows = self._choose_rows(weights, options) if takes_rows(self.input.layout) else RowsOutput()
        self._asked_output = options.output or self._rows.name
        self._outputs = OnnxOutputs(weights, self._session.get_outputs(), self._asked_output)

    @property
    def device(self) -> str:
        """The execution provider that runs the network, and the card that it uses."""
        provider = self._session.get_providers()[0]
        name = provider.replace("ExecutionProvider", "")
        card = self._card(provider)
        return f"{name}{f' on {card}' if card else ''} (ONNX Runtime {self._runtime.__version__})"

    @property
    def runtime(self) -> str:
        """ONNX Runtime."""
        return "onnxruntime"

    @property
    def on_cpu(self) -> bool:
        """True if no graphics card runs the network."""
        return self._session.get_providers()[0] not in GPU_PROVIDERS

    @property
    def input(self) -> NetworkInput:
        """The declared input of the graph."""
        return self._input.declared

    @property
    def output(self) -> NetworkOutput:
        """The output in use."""
        return NetworkOutput(self._number, self._outputs.names)

    @property
    def metadata(self) -> Mapping[str, str]:
        """The graph's own properties."""
        return dict(self._session.get_modelmeta().custom_metadata_map)

    @property
    def labels(self) -> tuple[int | str, ...]:
        """The labels of a row classifier, in the order of its probabilities."""
        return self._rows.labels

    @property
    def first_steps(self) -> Normalization | None:
        """The normalisation at the start of the graph."""
        bands = self.input.bands
        return first_steps(self._weights, self._input.name, bands) if bands else None

    def feed(self, pixels: Float32) -> dict[str, NDArray[Any]]:
        """Returns the inputs of the graph by name, for pixels (N, bands, height, width)."""
        return self._input.feed(pixels)

    def compute(self, pixels: Float32, number: int) -> NDArray[Any]:
        """Returns the raw output of this number."""
        return self._computed(pixels, [self._outputs.names[number]])[0]

    def outputs(self, pixels: Float32) -> tuple[GivenOutput, ...]:
        """Returns name, shape and type of all outputs for pixels (N, bands, height, width)."""
        names = [self._outputs.names[number] for number in self._outputs.readable]
        return self._outputs.given(self._computed(pixels, names))

    def interrupt(self) -> None:
        """Ends current calls between two steps of the graph, and all later ones."""
        with self._lock:
            self._interrupted = True
            for options in self._calls:
                options.terminate = True

    def close(self) -> None:
        """Releases the session."""
        del self._session

    @property
    def _number(self) -> int:
        """The number of the output in use, if known."""
        if self._form is not None:
            return self._form.number
        return self._outputs.asked if self._outputs.asked is not None else self._outputs.readable[0]

    def _computed(self, pixels: Float32, names: list[str]) -> list[NDArray[Any]]:
        with self._call(*pixels.shape[2:]) as options:
            feed = self._input.feed(pixels)
            maps = [node.name for node in self._session.get_outputs() if node.type in MAPS and node.name in names]
            if maps:
                return self._computed_maps(names, feed, options)
            arrays: list[NDArray[Any]] = self._session.run(names, feed, options)
            return arrays

    def _computed_maps(self, names: list[str], feed: Mapping[str, NDArray[Any]], options: Any) -> list[NDArray[Any]]:
        """Runs a row classifier in parts, because each row gets a separate map."""
        rows = feed[self._input.name]
        part = max(1, ENTRIES // max(1, len(self._rows.labels)))
        parts = []
        for start in range(0, len(rows), part):
            found = self._session.run(names, {**feed, self._input.name: rows[start : start + part]}, options)
            parts.append([array_of_maps(each, self._name) if isinstance(each, list) else each for each in found])
        return [np.concatenate(arrays) for arrays in zip(*parts)]

    def _choose_rows(self, weights: Path, options: BackendOptions) -> RowsOutput:
        """Returns the output of a row classifier with its classes, found by running it on random rows."""
        bands = self.input.bands or options.bands
        if bands is None:
            return RowsOutput()

        def run(names: list[str], rows: NDArray[np.float32]) -> list[Any]:
            with self._call(1, len(rows)) as settings:
                given = self._input.feed(rows[:, :, np.newaxis, np.newaxis])
                found: list[Any] = self._session.run(names, given, settings)
                return found

        return choose_rows_output(weights, self._session.get_outputs(), bands, run)

    @contextmanager
    def _call(self, height: int, width: int) -> Iterator[Any]:
        """Yields the options of one call, through which it can be interrupted, and names its failures."""
        options = self._runtime.RunOptions()
        # Otherwise an unused ZipMap would create a map per row.
        options.only_execute_path_to_fetches = takes_rows(self.input.layout)
        with self._lock:
            if self._interrupted:
                raise RunCancelledError
            self._calls.add(options)
        try:
            yield options
        except self._failures() as error:
            if self._interrupted:
                raise RunCancelledError from error
            reason = plain_reason(error)
            if reason.startswith("Invalid rank for input"):
                raise NetworkMismatchError(weights=self._name, reason=reason) from error
            raise run_failure(f"{width} x {height}", error, reason) from error
        finally:
            with self._lock:
                self._calls.discard(options)

    def _card(self, provider: str) -> str:
        if provider == CUDA:
            return cuda_name(self._gpu)
        listed: list[Any] = getattr(self._runtime, "get_ep_devices", list)()
        return listed_name(listed, provider, self._gpu) if provider in GPU_PROVIDERS else ""

    def _providers(self, options: BackendOptions) -> list[tuple[str, dict[str, Any]]]:
        found = self._runtime.get_available_providers()
        gpu = [name for name in GPU_PROVIDERS if name in found]
        if options.processor == "GPU" and not gpu:
            raise ProcessorError(runtime="ONNX Runtime", found=", ".join(found))
        cpu: tuple[str, dict[str, Any]] = ("CPUExecutionProvider", {})
        if options.processor == "CPU":
            return [cpu]
        if CUDA in gpu:
            self._preload_cuda()
        return [*((name, {"device_id": options.gpu} if name in NUMBERED else {}) for name in gpu), cpu]

    def _preload_cuda(self) -> None:
        """Finds pip's CUDA libraries; missing ones are only printed, and reported by _check_processor."""
        preload = getattr(self._runtime, "preload_dlls", None)
        if preload is not None:
            with redirect_stdout(StringIO()):
                preload()

    def _check_processor(self, options: BackendOptions) -> None:
        """Raises if a GPU did not start: ONNX Runtime would continue on the CPU without an error."""
        used = self._session.get_providers()
        if options.processor == "GPU" and used[0] not in GPU_PROVIDERS:
            raise ProcessorError(runtime="ONNX Runtime", found=", ".join(used))

    def _open(self, weights: Path, opening: Opening, described: bool) -> Any:
        settings = self._settings()
        limit = "optimization.constant_folding_max_output_size_in_bytes"
        settings.add_session_config_entry(limit, str(LARGEST_CONSTANT))
        # Since 1.22; takes effect between two steps of the optimisation.
        cancel = getattr(settings, "set_load_cancellation_flag", None)
        if cancel is not None:
            opening.ended_by(partial(cancel, True))
        levels = self._runtime.GraphOptimizationLevel
        if described:
            settings.graph_optimization_level = levels.ORT_DISABLE_ALL
            # Some networks in 16-bit floats need optimisation (github.com/microsoft/onnxruntime/issues/29235).
            with suppress(*self._failures()):
                return self._runtime.InferenceSession(str(weights), settings, self._used)
        settings.graph_optimization_level = levels.ORT_ENABLE_ALL
        try:
            return self._runtime.InferenceSession(str(weights), settings, self._used)
        except self._failures() as error:
            raise opening_error(weights, error, self._runtime.__version__) from error

    def _settings(self) -> Any:
        settings = self._runtime.SessionOptions()
        settings.intra_op_num_threads = self._threads
        settings.log_severity_level = 4
        # Waiting threads would spin and take cores from reading and argmax.
        settings.add_session_config_entry("session.intra_op.allow_spinning", "0")
        # Memory patterns are kept per tile size: at the edges of a scene they would serve single calls.
        settings.enable_mem_pattern = False
        return settings

    def _failures(self) -> tuple[type[BaseException], ...]:
        """ONNX Runtime's exceptions derive from Exception only and are named after its status codes."""
        state = self._runtime.capi.onnxruntime_pybind11_state
        names = ("Fail", "InvalidArgument", "InvalidGraph", "InvalidProtobuf", "NoSuchFile", "NotImplemented")
        found = (getattr(state, name, None) for name in (*names, "RuntimeException", "EPFail", "ModelLoadCanceled"))
        return (MemoryError, RuntimeError, ValueError, *(each for each in found if each is not None))


def _tensors(nodes: list[Any]) -> list[Tensor]:
    return [Tensor(node.name, list(node.shape or ())) for node in nodes]
