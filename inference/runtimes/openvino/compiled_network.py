# SPDX-License-Identifier: GPL-2.0-or-later
"""A network compiled by OpenVINO: arrays in, arrays out, from several threads at once.

Source of the properties and calls: docs.openvino.ai, OpenVINO Runtime.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...errors import RunCancelledError, WeightsUnreadableError
from ...phrase import Phrase
from ..failure import opening_failure, run_failure
from ..library_thread import begin
from ..options import BackendOptions
from ..runtime import import_runtime
from .antialiasing import keep_antialiasing, shrink_by_convolution
from .devices import CPU, TITLE, Device, choose_device
from .slow_parts import slow_part

# ONNX names of its types, for the readers of declared inputs and outputs.
TYPES = {
    "f32": "float", "f16": "float16", "bf16": "bfloat16", "f64": "double", "boolean": "bool", "string": "string",
    "u8": "uint8", "u16": "uint16", "u32": "uint32", "u64": "uint64",
    "i8": "int8", "i16": "int16", "i32": "int32", "i64": "int64",
}  # fmt: skip

# The sizes of inputs by number.
Sizes = dict[int, tuple[int, ...]]

# OpenVINO raises RuntimeError with the place in its source; the reason follows the last of these.
PLACES = ("Exception from ", "Check '", "FrontEnd API failed")

# The reason for a file that none of its readers recognises begins with this, and lists them.
UNRECOGNIZED = "Unable to read the model"


@dataclass(frozen=True)
class Port:
    """An input or output: its name and all its names, its type in ONNX notation, and its sizes, None for a free one."""

    name: str
    names: frozenset[str]
    type: str
    shape: list[int | None]


class _Compilation:
    """A compiled network and those of its requests that no thread uses, at first one for each of so many calls."""

    def __init__(self, compiled: Any, calls: int) -> None:
        self._compiled = compiled
        # The creation of a request may wait for the end of a call that is under way.
        self.free = [compiled.create_infer_request() for _ in range(calls)]

    def request(self) -> Any:
        return self.free.pop() if self.free else self._compiled.create_infer_request()


class CompiledNetwork:
    """A network on one device; each thread that calls it has a separate request.

    A call has `options.threads` threads, and `options.calls` calls run at once. `chosen` returns the network with other
    inputs and outputs; `device` replaces that of the options. Images of one size can be expected; others share another
    compilation. That takes place at once, unless this machine has run the network before (`options.compared`): then it
    waits for the first call that needs it, and is known not to take too long. Raises RuntimeMissingError,
    ProcessorError and WeightsUnreadableError.
    """

    def __init__(
        self, weights: Path, options: BackendOptions,
        chosen: Callable[[Any, Any], Any] | None = None, device: Device | None = None,
    ) -> None:  # fmt: skip
        library = import_runtime("openvino", options.runtimes)
        core = self._core = library.Core()
        self._operations = library.opset11
        self._version: str = library.__version__.split("-")[0]
        self.used = device or choose_device(core, options)
        self._weights, self._calls = weights, options.calls
        self._interrupted = Future[None]()
        self._expected: tuple[Sizes, _Compilation] | None = None
        self._any: Future[_Compilation] | None = None
        self._busy: set[Any] = set()
        self._lock = Lock()
        try:
            network = core.read_model(str(weights))
            network = chosen(library, network) if chosen is not None else network
            if not options.compared:
                _check_time(weights, network)
            keep_antialiasing(network, self._operations)
            self.inputs = [_port(each, f"input_{number}") for number, each in enumerate(network.inputs)]
            self.outputs = [_port(each, f"output_{number}") for number, each in enumerate(network.outputs)]
            self._network, self._settings = network, _settings(options, self.used)
        except (RuntimeError, ValueError, MemoryError) as error:
            raise opening_failure(weights, error, plain_reason(error)) from error
        if not options.compared:
            self._compiled_for_any()
        self._title = "" if self.used.kind == CPU else f" on {core.get_property(self.used.name, 'FULL_DEVICE_NAME')}"

    @property
    def device(self) -> str:
        """The device of the network and the library, as text."""
        half = f" in {self.used.half}" if self.used.half else ""
        return f"{self.used.name}{self._title}{half} ({TITLE} {self._version})"

    def run(self, feed: Mapping[str, NDArray[Any]], numbers: Sequence[int], size: str) -> list[NDArray[Any]]:
        """Returns the outputs with these numbers for inputs by name.

        `size` is that of the tile, as an error shows it. Raises NetworkRunError, RunCancelledError and, where this call
        compiles the network, WeightsUnreadableError. Thread-safe.
        """
        arrays = {self._place(name): np.ascontiguousarray(array) for name, array in feed.items()}
        with self._request(arrays) as request:
            try:
                self._start(request, arrays)
                request.wait()
            except (RuntimeError, MemoryError, ValueError) as error:
                if self._interrupted.done():
                    raise RunCancelledError from error
                raise run_failure(size, error, plain_reason(error)) from error
            # The next call overwrites the request's memory.
            return [request.get_output_tensor(number).data.copy() for number in numbers]

    def expect(self, feed: Mapping[str, NDArray[Any]]) -> None:
        """Compiles the network for inputs of these sizes alone, which takes less time than for each thread's first.

        Raises RunCancelledError.
        """
        sizes = {self._place(name): array.shape for name, array in feed.items()}
        if self._expected is not None and sizes == self._expected[0]:
            return
        network = self._network.clone()
        try:
            network.reshape(sizes)
            if slow_part(network, with_shapes=True):
                return
            changed = shrink_by_convolution(network, self._operations)
            # A network of these sizes only is compiled once for both.
            only = not changed and sizes == {number: tuple(port.shape) for number, port in enumerate(self.inputs)}
            compilation = self._compiled_for_any() if only else self._awaited(self._begun(network))
        except (RuntimeError, MemoryError):
            # Calls of this size use the other compilation, whose error is named.
            return
        self._expected = sizes, compilation

    def interrupt(self) -> None:
        """Ends the calls that are under way, and all later ones."""
        with self._lock:
            if not self._interrupted.done():
                self._interrupted.set_result(None)
            for request in self._busy:
                request.cancel()

    def close(self) -> None:
        """Releases the network and its memory."""
        with self._lock:
            self._expected = None
        del self._any, self._network, self._core

    def _compiled_for_any(self) -> _Compilation:
        """Returns the compilation for inputs of any size, which the first thread begins that needs it."""
        try:
            with self._lock:
                if self._any is None:
                    self._any = self._begun(self._network)
            return self._awaited(self._any)
        except (RuntimeError, ValueError, MemoryError) as error:
            raise opening_failure(self._weights, error, plain_reason(error)) from error

    def _begun(self, network: Any) -> Future[_Compilation]:
        """Begins to compile a network in another thread, because Cancel cannot end that."""
        if self._interrupted.done():
            return Future[_Compilation]()
        core = self._core

        def compiled() -> _Compilation:
            return _Compilation(core.compile_model(network, self.used.name, self._settings), self._calls)

        return begin(compiled, "compiling")

    def _awaited(self, compiled: Future[_Compilation]) -> _Compilation:
        either: list[Future[Any]] = [compiled, self._interrupted]
        wait(either, return_when=FIRST_COMPLETED)
        if self._interrupted.done():
            raise RunCancelledError
        return compiled.result()

    def _place(self, name: str) -> int:
        return next(number for number, port in enumerate(self.inputs) if name == port.name or name in port.names)

    def _start(self, request: Any, feed: Mapping[int, NDArray[Any]]) -> None:
        with self._lock:
            # A request that is cancelled before its start would run.
            if self._interrupted.done():
                raise RunCancelledError
            request.start_async(feed)

    @contextmanager
    def _request(self, feed: Mapping[int, NDArray[Any]]) -> Iterator[Any]:
        sizes, expected = {number: array.shape for number, array in feed.items()}, self._expected
        compilation = expected[1] if expected is not None and sizes == expected[0] else self._compiled_for_any()
        with self._lock:
            if self._interrupted.done():
                raise RunCancelledError
            request = compilation.request()
            self._busy.add(request)
        try:
            yield request
        finally:
            with self._lock:
                self._busy.discard(request)
                compilation.free.append(request)


def plain_reason(error: BaseException) -> str | Phrase:
    """Returns the last line of an error of OpenVINO that is not a place in its source, or another name of it."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    told = [line for line in lines if not line.startswith(PLACES)]
    reason = (told or lines or [type(error).__name__])[-1]
    if reason.startswith(UNRECOGNIZED):
        return Phrase("OpenVINO does not recognize its content")
    return reason[:300]


def _check_time(weights: Path, network: Any) -> None:
    slow = slow_part(network)
    if slow:
        reason = Phrase("its operation {name} would take OpenVINO too long to compile", {"name": slow})
        raise WeightsUnreadableError(weights=weights, reason=reason)


def _settings(options: BackendOptions, device: Device) -> dict[str, Any]:
    settings = {"NUM_STREAMS": options.calls, "INFERENCE_PRECISION_HINT": device.precision}
    # OpenVINO would bind its threads to the first cores, where those of other processes, such as the workers of a
    # cluster on one machine, then have to wait for them. Others have no threads, and NPUs neither streams nor a hint.
    threads = {"INFERENCE_NUM_THREADS": options.calls * options.threads, "ENABLE_CPU_PINNING": False}
    return {
        "CPU": {**settings, **threads},
        "GPU": settings,
    }.get(device.kind, {})


def _port(port: Any, otherwise: str) -> Port:
    names = frozenset(port.get_names())
    sizes = port.partial_shape
    # A free number of axes can be that of images.
    known: list[int | None] = (
        [size.get_length() if size.is_static else None for size in sizes] if sizes.rank.is_static else [None] * 4
    )
    kind = port.element_type.get_type_name()
    return Port(min(names, default=otherwise), names, f"tensor({TYPES.get(kind, kind)})", known)
