# SPDX-License-Identifier: GPL-2.0-or-later
"""ONNX Runtime and OpenVINO alone: the minimum time of a network on this machine."""

from __future__ import annotations

import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnxruntime

from benchmarks.measure import cores, seconds

Tiles = Sequence[np.ndarray]


@dataclass(frozen=True)
class Threading:
    """Concurrent calls, and the threads of each."""

    calls: int
    threads: int

    def __str__(self) -> str:
        return f"{self.calls} x {self.threads} threads"


class BareNetwork:
    """A session and its threading."""

    def __init__(self, weights: Path, threading: Threading) -> None:
        started = time.perf_counter()
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threading.threads
        options.log_severity_level = 4
        self._session = onnxruntime.InferenceSession(str(weights), options, providers=["CPUExecutionProvider"])
        self._input = self._session.get_inputs()[0].name
        self._calls = threading.calls
        self.opening = time.perf_counter() - started

    def scores(self, tile: np.ndarray) -> np.ndarray:
        """Returns the network's output for tiles (N, bands, height, width)."""
        return self._session.run(None, {self._input: tile})[0]

    def run(self, tiles: Tiles) -> float:
        """Returns the seconds of all tiles; their scores are discarded."""

        def work(tile: np.ndarray) -> None:
            self.scores(tile)

        with ThreadPoolExecutor(self._calls) as pool:
            return seconds(lambda: list(pool.map(work, tiles)))


class BareOpenVino:
    """A network compiled by OpenVINO in single precision for tiles of one shape; a stream for each call."""

    def __init__(self, weights: Path, threading: Threading, shape: tuple[int, ...]) -> None:
        import openvino

        from classify_pixels.inference.runtimes.openvino.antialiasing import keep_antialiasing

        core = openvino.Core()
        network = core.read_model(str(weights))
        keep_antialiasing(network, openvino.opset11)
        network.reshape({0: shape})
        settings = {
            "NUM_STREAMS": threading.calls,
            "INFERENCE_NUM_THREADS": threading.calls * threading.threads,
            "INFERENCE_PRECISION_HINT": "f32",
        }
        compiled = core.compile_model(network, "CPU", settings)
        self._requests = [compiled.create_infer_request() for _ in range(threading.calls)]

    def run(self, tiles: Tiles) -> float:
        """Returns the seconds of all tiles; their scores are discarded."""

        def work(number: int) -> None:
            for tile in tiles[number :: len(self._requests)]:
                self._requests[number].start_async({0: tile}, share_inputs=True)
                self._requests[number].wait()

        with ThreadPoolExecutor(len(self._requests)) as pool:
            return seconds(lambda: list(pool.map(work, range(len(self._requests)))))


def best_threading(weights: Path, tiles: Tiles) -> Threading:
    """Returns the faster of one call with all cores and a call of one thread for each core."""
    ways = {Threading(1, cores()), Threading(cores(), 1)}
    return min(ways, key=lambda way: _trial(weights, way, tiles))


def _trial(weights: Path, way: Threading, tiles: Tiles) -> float:
    network = BareNetwork(weights, way)
    network.run(tiles[: way.calls])
    return min(network.run(tiles) for _ in range(2))


def cut(pixels: np.ndarray, tile: int) -> list[np.ndarray]:
    """Returns the pixels (bands, height, width) as tiles (1, bands, tile, tile) without halo."""
    _, height, width = pixels.shape
    corners = ((y, x) for y in range(0, height, tile) for x in range(0, width, tile))
    return [np.ascontiguousarray(pixels[np.newaxis, :, y : y + tile, x : x + tile]) for y, x in corners]
