# SPDX-License-Identifier: GPL-2.0-or-later
"""A network alone on data in its device's memory: the maximum throughput of a device."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.measure import seconds

# Runs the network once; the second callable waits for all calls.
Calls = tuple[Callable[[], object], Callable[[], object]]

CUDA = "CUDAExecutionProvider"


class ResidentNetwork:
    """A network and one batch of pixels, called repeatedly, several times at once on a CPU."""

    def __init__(self, weights: Path, pixels: np.ndarray, calls: int) -> None:
        opened = _onnx(weights, pixels) if weights.suffix == ".onnx" else _torch(weights, pixels)
        self._call, self._wait = opened
        self._calls = calls
        self.run(calls)

    def run(self, count: int) -> float:
        """Returns the seconds of `count` calls."""
        return seconds(lambda: self._run(count))

    def _run(self, count: int) -> None:
        if self._calls == 1:
            for _ in range(count):
                self._call()
        else:
            with ThreadPoolExecutor(self._calls) as pool:
                list(pool.map(lambda _: self._call(), range(count)))
        self._wait()


def _torch(weights: Path, pixels: np.ndarray) -> Calls:
    import torch

    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    network = torch.jit.load(str(weights), map_location=device).eval()
    resident = torch.from_numpy(pixels).to(device)

    def call() -> None:
        with torch.inference_mode():
            network(resident)

    return call, torch.cuda.synchronize if device.type == "cuda" else lambda: None


def _onnx(weights: Path, pixels: np.ndarray) -> Calls:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    providers = [name for name in (CUDA, "CPUExecutionProvider") if name in onnxruntime.get_available_providers()]
    session = onnxruntime.InferenceSession(str(weights), options, providers=providers)
    name, output = session.get_inputs()[0].name, session.get_outputs()[0].name
    if session.get_providers()[0] != CUDA:
        return lambda: session.run([output], {name: pixels}), lambda: None
    binding: Any = session.io_binding()
    binding.bind_ortvalue_input(name, onnxruntime.OrtValue.ortvalue_from_numpy(pixels, "cuda", 0))
    binding.bind_output(output, "cuda", 0)
    return lambda: session.run_with_iobinding(binding), binding.synchronize_outputs
