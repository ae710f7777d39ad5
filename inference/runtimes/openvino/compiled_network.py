# SPDX-License-Identifier: GPL-2.0-or-later
"""A network compiled by OpenVINO: arrays in, arrays out, from several threads at once.

Source of the properties and calls: docs.openvino.ai, OpenVINO Runtime.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...errors import RunCancelledError, WeightsUnreadableError
from ..failure import run_failure
from ..options import BackendOptions
from ..runtime import import_runtime
from .antialiasing import keep_antialiasing

TITLE, DEVICE = "OpenVINO", "CPU"

# ONNX names of its types, for the readers of declared inputs and outputs.
TYPES = {
    "f32": "float", "f16": "float16", "bf16": "bfloat16", "f64": "double", "boolean": "bool", "string": "string",
    "u8": "uint8", "u16": "uint16", "u32": "uint32", "u64": "uint64",
    "i8": "int8", "i16": "int16", "i32": "int32", "i64": "int64",
}  # fmt: skip

# OpenVINO raises RuntimeError with the place in its source; the reason follows the last of these.
PLACES = ("Exception from ", "Check '")


@dataclass(frozen=True)
class Port:
    """An input or output: its names, its type in ONNX notation, and its sizes, None for a free one."""

    names: frozenset[str]
    type: str
    shape: list[int | None]


class CompiledNetwork:
    """A network on the CPU in single precision; each thread that calls it has a separate request.

    A call has `options.threads` threads, and `options.calls` calls run at once.
    """

    def __init__(self, weights: Path, options: BackendOptions) -> None:
        library = import_runtime("openvino", options.runtimes)
        core = library.Core()
        self.version: str = library.__version__.split("-")[0]
        self._weights, self._interrupted = weights.name, False
        self._free: list[Any] = []
        self._busy: set[Any] = set()
        self._lock = Lock()
        settings = {
            "NUM_STREAMS": options.calls,
            "INFERENCE_NUM_THREADS": options.calls * options.threads,
            # Otherwise some CPUs compute in 16-bit floats unasked.
            "INFERENCE_PRECISION_HINT": "f32",
        }
        try:
            network = core.read_model(str(weights))
            keep_antialiasing(network, library.opset11)
            self._compiled = core.compile_model(network, DEVICE, settings)
        except (RuntimeError, ValueError) as error:
            raise WeightsUnreadableError(weights=weights, reason=plain_reason(error)) from error
        self.inputs = [_port(each) for each in network.inputs]
        self.outputs = [_port(each) for each in network.outputs]

    @property
    def device(self) -> str:
        """The device of the network and the library, as text."""
        return f"{DEVICE} ({TITLE} {self.version})"

    def run(self, feed: Mapping[str, NDArray[Any]], numbers: Sequence[int], size: str) -> list[NDArray[Any]]:
        """Returns the outputs with these numbers for inputs by name; raises NetworkRunError and RunCancelledError.

        `size` is that of the tile, as an error shows it. Thread-safe.
        """
        places = {name: number for number, port in enumerate(self.inputs) for name in port.names}
        with self._request() as request:
            try:
                request.start_async({places[name]: np.ascontiguousarray(array) for name, array in feed.items()})
                request.wait()
            except (RuntimeError, MemoryError, ValueError) as error:
                if self._interrupted:
                    raise RunCancelledError from error
                raise run_failure(size, error, plain_reason(error)) from error
            # The next call overwrites the request's memory.
            return [request.get_output_tensor(number).data.copy() for number in numbers]

    def interrupt(self) -> None:
        """Ends the calls that are under way, and all later ones."""
        with self._lock:
            self._interrupted = True
            for request in self._busy:
                request.cancel()

    def close(self) -> None:
        """Releases the network and its memory."""
        with self._lock:
            self._free.clear()
        del self._compiled

    @contextmanager
    def _request(self) -> Iterator[Any]:
        with self._lock:
            if self._interrupted:
                raise RunCancelledError
            request = self._free.pop() if self._free else self._compiled.create_infer_request()
            self._busy.add(request)
        try:
            yield request
        finally:
            with self._lock:
                self._busy.discard(request)
                self._free.append(request)


def plain_reason(error: BaseException) -> str:
    """Returns the last line of an error of OpenVINO that is not a place in its source."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    told = [line for line in lines if not line.startswith(PLACES)]
    return (told or lines or [type(error).__name__])[-1][:300]


def _port(port: Any) -> Port:
    shape = [size.get_length() if size.is_static else None for size in port.partial_shape]
    kind = port.element_type.get_type_name()
    return Port(frozenset(port.get_names()), f"tensor({TYPES.get(kind, kind)})", shape)
