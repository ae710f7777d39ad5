# SPDX-License-Identifier: GPL-2.0-or-later
"""Runs ONNX networks with ONNX Runtime."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..errors import NetworkMismatchError, NetworkRunError, ProcessorError, WeightsUnreadableError
from .backend import NCHW, NHWC, Float32, NetworkInput, to_layout, to_nchw
from .options import BackendOptions
from .runtime import import_runtime

GPU_PROVIDERS = ("CUDAExecutionProvider", "DmlExecutionProvider", "CoreMLExecutionProvider", "ROCMExecutionProvider")
NUMBERED = ("CUDAExecutionProvider", "DmlExecutionProvider", "ROCMExecutionProvider")
INPUT_TYPES = {
    "tensor(float)": np.float32,
    "tensor(float16)": np.float16,
    "tensor(double)": np.float64,
    "tensor(uint8)": np.uint8,
    "tensor(uint16)": np.uint16,
}


class OnnxBackend:
    """An ONNX network in an inference session of its own."""

    def __init__(self, weights: Path, options: BackendOptions) -> None:
        self._runtime = import_runtime("onnxruntime", options.runtimes)
        self._session = self._open(weights, self._providers(options), options.threads)
        self._check_processor(options)
        node = self._only_input(weights)
        self._dtype = INPUT_TYPES.get(node.type)
        if self._dtype is None:
            raise NetworkMismatchError(weights=weights.name, reason=f"its input is of the type {node.type}")
        self._input_name = node.name
        self._output_name = self._session.get_outputs()[0].name
        self._input = _network_input(weights, node.shape, options)

    @property
    def device(self) -> str:
        """The execution provider that runs the network."""
        provider = self._session.get_providers()[0].replace("ExecutionProvider", "")
        return f"{provider} (ONNX Runtime {self._runtime.__version__})"

    @property
    def input(self) -> NetworkInput:
        """The input that the graph declares."""
        return self._input

    def run(self, pixels: Float32) -> NDArray[Any]:
        """Returns the first output (N, channels, height, width) for pixels (N, bands, height, width)."""
        feed = to_layout(pixels, self._input.layout).astype(self._dtype, copy=False)
        try:
            output = self._session.run([self._output_name], {self._input_name: feed})[0]
        except self._failures() as error:
            size = f"{pixels.shape[3]} x {pixels.shape[2]}"
            raise NetworkRunError(size=size, reason=_first_line(error)) from error
        return to_nchw(output, self._input.layout, pixels.shape[2], pixels.shape[3])

    def close(self) -> None:
        """Lets the session go."""
        del self._session

    def _providers(self, options: BackendOptions) -> list[tuple[str, dict[str, Any]]]:
        found = self._runtime.get_available_providers()
        gpu = [name for name in GPU_PROVIDERS if name in found]
        if options.processor == "GPU" and not gpu:
            raise ProcessorError(runtime="ONNX Runtime", found=", ".join(found))
        cpu: tuple[str, dict[str, Any]] = ("CPUExecutionProvider", {})
        if options.processor == "CPU":
            return [cpu]
        return [*((name, {"device_id": options.gpu} if name in NUMBERED else {}) for name in gpu), cpu]

    def _check_processor(self, options: BackendOptions) -> None:
        """Tells a GPU that did not start: ONNX Runtime goes on with the CPU by itself, without an error."""
        used = self._session.get_providers()
        if options.processor == "GPU" and used[0] not in GPU_PROVIDERS:
            raise ProcessorError(runtime="ONNX Runtime", found=", ".join(used))

    def _open(self, weights: Path, providers: list[tuple[str, dict[str, Any]]], threads: int) -> Any:
        settings = self._runtime.SessionOptions()
        settings.intra_op_num_threads = threads
        settings.log_severity_level = 3
        try:
            session = self._runtime.InferenceSession(str(weights), settings, providers=providers)
        except self._failures() as error:
            raise WeightsUnreadableError(weights=weights, reason=_first_line(error)) from error
        return session

    def _failures(self) -> tuple[type[BaseException], ...]:
        """ONNX Runtime's exceptions derive from Exception only and are named after its status codes."""
        state = self._runtime.capi.onnxruntime_pybind11_state
        names = ("Fail", "InvalidArgument", "InvalidGraph", "InvalidProtobuf", "NoSuchFile", "NotImplemented")
        return (RuntimeError, ValueError, *(getattr(state, n) for n in (*names, "RuntimeException", "EPFail")))

    def _only_input(self, weights: Path) -> Any:
        inputs = self._session.get_inputs()
        if len(inputs) != 1 or len(inputs[0].shape) != 4:
            shapes = ", ".join(f"{node.name} {node.shape}" for node in inputs)
            raise NetworkMismatchError(weights=weights.name, reason=f"it has the inputs {shapes} instead of one image")
        return inputs[0]


def _network_input(weights: Path, shape: list[Any], options: BackendOptions) -> NetworkInput:
    sizes: list[int | None] = [size if isinstance(size, int) and size > 0 else None for size in shape]
    layout = options.layout or _guess_layout(sizes, options.bands)
    batch, height, width = sizes[0], *((sizes[2], sizes[3]) if layout == NCHW else (sizes[1], sizes[2]))
    bands = sizes[1] if layout == NCHW else sizes[3]
    if None not in (bands, options.bands) and bands != options.bands:
        raise NetworkMismatchError(
            weights=weights.name, reason=f"it takes {bands} bands, the definition names {options.bands}"
        )
    return NetworkInput(batch, bands, height, width, layout)


def _guess_layout(sizes: list[int | None], bands: int | None) -> str:
    """Tells the place of the bands from the declared sizes; an image has more rows than bands."""
    first, last = sizes[1], sizes[3]
    if bands is not None and first != last:
        return NHWC if last == bands and first != bands else NCHW
    if last is not None and (first is None or last < first):
        return NHWC
    return NCHW


def _first_line(error: BaseException) -> str:
    return str(error).strip().splitlines()[0][:300] if str(error).strip() else type(error).__name__
