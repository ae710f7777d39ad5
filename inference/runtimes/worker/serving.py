# SPDX-License-Identifier: GPL-2.0-or-later
"""The worker's service: opens a backend and runs it, for several concurrent callers."""

from __future__ import annotations

import platform
import shutil
import sys
import traceback
from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import asdict
from functools import partial
from pathlib import Path
from threading import Lock
from typing import IO, Any

import numpy as np

from ...errors import ClassifyPixelsError
from ...version import version
from .. import Backend, open_here, size_of_files
from ..opening_watch import Opening
from ..openvino.formats import SUFFIXES as OPENVINO_SUFFIXES
from ..runtime import TITLES
from .frames import FrameWriter, view_frame
from .memory_limit import limit_memory
from .messages import PROTOCOL, read_message, write_message
from .plain_values import options_from_json, values_to_json
from .process import HELLO

# Threads are created on demand; the other side has no more callers than QGIS has workers.
MOST_CALLERS = 256

LONGEST_FAILURE = 500


class Server:
    """Answers requests; each runs in a separate thread, so that the end of the pipe is always noticed."""

    def __init__(self, answers: IO[bytes]) -> None:
        self._answers, self._lock = answers, Lock()
        self._folder: Path | None = None
        self._backend: Backend | None = None
        self._frames: dict[int, FrameWriter] = {}

    def greet(self) -> None:
        """Sends the versions of this worker."""
        self._send({"id": HELLO, "protocol": PROTOCOL, "plugin": version(), "python": platform.python_version()})

    def open(self, request: Mapping[str, Any]) -> dict[str, Any]:
        """Opens the backend for the weights and options of a request."""
        self._folder, weights = Path(request["folder"]), Path(request["weights"])
        if weights.suffix.lower() in OPENVINO_SUFFIXES:
            limit_memory(size_of_files(weights))
        self._backend = open_here(weights, options_from_json(request["options"]), Opening())
        function, first_steps = self._backend.function, self._backend.first_steps
        return {
            "device": self._backend.device,
            "input": asdict(self._backend.input),
            "output": asdict(self._backend.output),
            "metadata": dict(self._backend.metadata),
            "mixed_precision": self._backend.mixed_precision,
            "runtime": self._backend.runtime,
            "asked_output": self._backend.asked_output,
            "arguments": [asdict(argument) for argument in self._backend.arguments],
            "function": None if function is None else asdict(function),
            "first_steps": None if first_steps is None else asdict(first_steps),
            "versions": {"numpy": np.__version__, **_runtime_versions()},
        }

    def run(self, request: Mapping[str, Any]) -> dict[str, Any]:
        """Runs the network on a frame; each caller has a number, and a separate frame for the output."""
        backend, folder = self._opened()
        compute = backend.compute_precisely if request["precisely"] else backend.compute
        output = compute(view_frame(folder, request), int(request["output"]))
        caller = int(request["caller"])
        frame = self._frames.setdefault(caller, FrameWriter(folder, f"output-{caller}"))
        return frame.put(output)

    def expect(self, request: Mapping[str, Any]) -> dict[str, Any]:
        """Prepares the network for many calls with images of one size."""
        images, bands, height, width = map(int, request["images"])
        self._opened()[0].expect((images, bands, height, width))
        return {}

    def outputs(self, request: Mapping[str, Any]) -> dict[str, Any]:
        """Runs the network on a frame and returns name, shape and type of all outputs."""
        backend, folder = self._opened()
        found = backend.outputs(view_frame(folder, request))
        return {"outputs": [(output.name, output.shape, output.dtype) for output in found]}

    def imported(self, _request: Mapping[str, Any]) -> dict[str, Any]:
        """Returns the program files loaded so far by a raster function."""
        return {"imported": [str(path) for path in self._opened()[0].imported]}

    def _opened(self) -> tuple[Backend, Path]:
        if self._folder is None or self._backend is None:
            raise RuntimeError("no network is open")
        return self._backend, self._folder

    def answer(self, number: int, future: Future[dict[str, Any]]) -> None:
        """Sends the result of a request: values, a named error, or another failure."""
        try:
            self._send({**_answer_of(future), "id": number})
        except (TypeError, ValueError, RecursionError) as error:
            # It is too long, or not JSON: the waiting caller must be informed.
            self._send({**_failure(error), "id": number})

    def forget(self) -> None:
        """Removes the frames, in case QGIS has died."""
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)

    def _send(self, message: Mapping[str, Any]) -> None:
        with self._lock:
            write_message(self._answers, message)


def _answer_of(future: Future[dict[str, Any]]) -> dict[str, Any]:
    error = future.exception()
    if error is None:
        return future.result()
    if isinstance(error, ClassifyPixelsError):
        return {"error": type(error).__name__, "values": values_to_json(error.values)}
    traceback.print_exception(type(error), error, error.__traceback__, file=sys.stderr)
    return _failure(error)


def _failure(error: BaseException) -> dict[str, Any]:
    return {"failure": f"{type(error).__name__}: {error}"[:LONGEST_FAILURE]}


def serve(requests: IO[bytes], answers: IO[bytes]) -> None:
    """Serves until the pipe of requests ends."""
    server = Server(answers)
    server.greet()
    served = (server.open, server.run, server.outputs, server.expect, server.imported)
    jobs = {job.__name__: job for job in served}
    callers = ThreadPoolExecutor(MOST_CALLERS, "worker")
    while (request := read_message(requests)) is not None:
        number = int(request["id"])
        future = callers.submit(jobs[request["do"]], request)
        future.add_done_callback(partial(server.answer, number))
    server.forget()


def _runtime_versions() -> dict[str, str]:
    loaded = {name: sys.modules[name] for name in TITLES if name in sys.modules}
    return {name: str(getattr(module, "__version__", "unknown")) for name, module in loaded.items()}
