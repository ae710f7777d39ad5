# SPDX-License-Identifier: GPL-2.0-or-later
"""The argmax where ONNX Runtime's scores lie, so that one byte per pixel comes back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..backend import MANY_CHANNELS
from .model_bytes import DOUBLE, FLOAT, FLOAT16, INT32, UINT8, model, node, value

# The types of scores among which is chosen.
SCORES = {"tensor(float)": FLOAT, "tensor(float16)": FLOAT16, "tensor(double)": DOUBLE}

# The last one in which the axes of all reductions are attributes.
OPSET = 12

# What ONNX Runtime calls a kind of memory, and the number of the device.
Place = tuple[str, int]
HOST: Place = ("cpu", 0)


class OnnxArgmax:
    """Finds the channel with the largest score by a second graph, run where the scores lie.

    `open_graph` makes a session of a graph's bytes on the provider that gave the scores. A graph is opened when it
    is first needed, and kept. May be used from several threads at once.
    """

    def __init__(self, open_graph: Callable[[bytes], Any]) -> None:
        self._open = open_graph
        self._sessions: dict[tuple[str, int, int, tuple[int, ...]], Any] = {}
        self._lock = Lock()

    def choose(self, scores: Any, axis: int, never: Sequence[int], options: Any) -> NDArray[Any]:
        """Returns the argmax (N, height, width) as uint8, or int32 where there are 256 channels and more.

        `scores` is an OrtValue with 4 dimensions and the channels on `axis`. The first of equals wins, and none
        of `never`; where a score is not finite it is the type's largest value. `options` can end the call.
        """
        session = self._session(scores.data_type(), scores.shape()[axis], axis, tuple(never))
        argmax: NDArray[Any] = run_bound(session, "given", scores, "argmax", HOST, options).numpy()
        return argmax

    def _session(self, kind: str, channels: int, axis: int, never: tuple[int, ...]) -> Any:
        key = (kind, channels, axis, never)
        with self._lock:
            if key not in self._sessions:
                self._sessions[key] = self._open(argmax_graph(*key))
            return self._sessions[key]


def run_bound(session: Any, name: str, pixels: Any, output: str, place: Place, options: Any) -> Any:
    """Runs a session on an array, or on an OrtValue wherever it lies, and returns the output as an OrtValue there."""
    binding = session.io_binding()
    if isinstance(pixels, np.ndarray):
        binding.bind_cpu_input(name, pixels)
    else:
        binding.bind_ortvalue_input(name, pixels)
    binding.bind_output(output, *place)
    session.run_with_iobinding(binding, options)
    return binding.get_outputs()[0]


def argmax_graph(kind: str, channels: int, axis: int, never: Sequence[int]) -> bytes:
    """Returns the graph from scores with so many channels to their argmax, made of operators that CUDA has.

    ArgMax is none of them: on CUDA it says nothing of equals, and releases before 1.21 take it to the processor.
    Source: docs/OperatorKernels.md of ONNX Runtime.
    """
    scores = "given" if SCORES[kind] == FLOAT else "scores"
    allowed = "allowed" if never else scores
    element = UINT8 if channels < MANY_CHANNELS else INT32
    nodes = [
        *([] if scores == "given" else [node("Cast", ["given"], scores, to=FLOAT)]),
        *([node("Gather", [scores, "places"], allowed, axis=axis)] if never else []),
        node("ReduceMax", [allowed], "largest", axes=[axis], keepdims=1),
        node("Equal", [allowed, "largest"], "is_largest"),
        node("Where", ["is_largest", "numbers", "channels"], "held"),
        node("ReduceMin", ["held"], "first", axes=[axis], keepdims=0),
        # A finite score less itself is 0, any other one NaN; and NaN is less than no number.
        node("Sub", [scores, scores], "zeros"),
        node("ReduceSum", ["zeros"], "zero", axes=[axis], keepdims=0),
        node("Add", ["first", "zero"], "marked"),
        node("Less", ["marked", "channels"], "chosen"),
        node("Cast", ["first"], "typed", to=element),
        node("Where", ["chosen", "typed", "mark"], "argmax"),
    ]
    constants = _constants(channels, axis, never)
    return model(OPSET, nodes, constants, value("given", SCORES[kind]), value("argmax", element))


def _constants(channels: int, axis: int, never: Sequence[int]) -> dict[str, NDArray[Any]]:
    kept = np.setdiff1d(np.arange(channels), never).astype(np.int64)
    across = [-1 if place == axis else 1 for place in range(4)]
    dtype = np.uint8 if channels < MANY_CHANNELS else np.int32
    constants: dict[str, NDArray[Any]] = {
        "numbers": kept.astype(np.float32).reshape(across),
        "channels": np.array(channels, np.float32),
        "mark": np.array(np.iinfo(dtype).max, dtype),
    }
    return {**constants, "places": kept} if never else constants
