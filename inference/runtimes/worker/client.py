# SPDX-License-Identifier: GPL-2.0-or-later
"""A backend whose network is held and run by a worker process."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, TimeoutError
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from queue import Empty, LifoQueue
from typing import Any, NoReturn, TypeVar

import numpy as np
from numpy.typing import NDArray

from ... import errors
from ...errors import (
    ClassifyPixelsError,
    InterpreterLacksError,
    NetworkRunError,
    RunCancelledError,
    RuntimeMissingError,
    WeightsUnreadableError,
    WorkerDiedError,
    WorkerMessageError,
    WorkerStartError,
    WorkerVersionError,
)
from ...phrase import Phrase
from ...version import version
from ..backend import Backend, Float32, NetworkInput, NetworkOutput
from ..opening_watch import Opening
from ..options import BackendOptions
from ..output_form import GivenOutput
from .frames import FrameWriter, make_frame_folder, view_frame
from .interpreter import find_interpreter
from .messages import PROTOCOL, BrokenMessageError
from .plain_values import options_to_json, values_from_json
from .process import Answer, WorkerEndedError, WorkerProcess

# A Python that says nothing for so long is none; on a slow network drive the first start takes a while.
SECONDS_TO_GREET = 60.0


@dataclass(frozen=True)
class _Facts:
    """What a worker says of the network that it has opened."""

    device: str
    input: NetworkInput
    output: NetworkOutput
    metadata: Mapping[str, str]
    mixed_precision: bool
    versions: Mapping[str, str]

    @classmethod
    def of(cls, answer: Answer) -> _Facts:
        """Returns the facts of an answer; raises BrokenMessageError where it lacks one."""
        try:
            declared = NetworkInput(**answer["input"])
            output = NetworkOutput(int(answer["output"]["number"]), tuple(answer["output"]["names"]))
            texts = [{str(key): str(text) for key, text in answer[name].items()} for name in ("metadata", "versions")]
            return cls(str(answer["device"]), declared, output, texts[0], bool(answer["mixed_precision"]), texts[1])
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise BrokenMessageError(f"{answer!r:.120} does not describe a network") from error


Result = TypeVar("Result")


class WorkerBackend(Backend):
    """A network in another Python; several threads are served at once, each with a frame of its own."""

    def __init__(self, weights: Path, options: BackendOptions, opening: Opening) -> None:
        self._python = find_interpreter(options.python or Path())
        self._callers: LifoQueue[tuple[int, FrameWriter]] = LifoQueue()
        self._numbers = count()
        self._asked_output = options.output
        self._names: tuple[str, ...] = ()
        with ExitStack() as undone:
            self._folder = make_frame_folder()
            undone.callback(shutil.rmtree, self._folder, ignore_errors=True)
            self._process = self._start()
            undone.callback(self._process.end)
            opening.ended_by(self._process.kill)
            self._python_version = self._greeting()
            self._facts = self._open(weights, options)
            self._closing = undone.pop_all()

    @property
    def device(self) -> str:
        """The device, in the words of the backend in the worker, and whose Python that is."""
        return f"{self._facts.device}, in a process of its own with Python {self._python_version}"

    @property
    def input(self) -> NetworkInput:
        """The input that the network takes."""
        return self._facts.input

    @property
    def output(self) -> NetworkOutput:
        """The output that is used."""
        names = self._names or self._facts.output.names
        return NetworkOutput(self._form.number if self._form is not None else 0, names)

    @property
    def metadata(self) -> Mapping[str, str]:
        """What the file of the network says of itself."""
        return self._facts.metadata

    @property
    def mixed_precision(self) -> bool:
        """Tells whether the network runs in mixed precision in the worker."""
        return self._facts.mixed_precision

    @property
    def versions(self) -> Mapping[str, str]:
        """The versions of the libraries in the worker."""
        return self._facts.versions

    def compute(self, pixels: Float32, number: int) -> NDArray[Any]:
        """Returns the output of this number as the network in the worker gives it."""

        def read(answer: Answer) -> NDArray[Any]:
            # Copied: the next call from this thread writes into the same frame.
            return np.array(view_frame(self._folder, answer))

        return self._asked(pixels, {"do": "run", "output": number}, read)

    def outputs(self, pixels: Float32) -> tuple[GivenOutput, ...]:
        """Returns what all outputs are for pixels (N, bands, height, width)."""
        found = self._asked(pixels, {"do": "outputs"}, _given_outputs)
        self._names = tuple(output.name for output in found)
        return found

    def _asked(self, pixels: Float32, request: Mapping[str, Any], read: Callable[[Answer], Result]) -> Result:
        """Has the worker do something with pixels, and reads its answer."""
        size = f"{pixels.shape[3]} x {pixels.shape[2]}"
        with self._caller() as (number, frame):
            try:
                note = frame.put(pixels)
                answer = self._answer(self._process.ask({**request, "caller": number, **note}))
                return read(_known(answer, size))
            except (OSError, BrokenMessageError) as error:
                self._tell_if_cancelled()
                raise NetworkRunError(size=size, reason=error) from error

    def interrupt(self) -> None:
        """Kills the worker, so that even a network that never returns is left."""
        self._process.kill()

    def close(self) -> None:
        """Ends the worker and gives its memory back."""
        self._closing.close()

    @contextmanager
    def _caller(self) -> Iterator[tuple[int, FrameWriter]]:
        """Lends the number and the frame of a caller; there are as many as there were callers at once."""
        try:
            lent = self._callers.get_nowait()
        except Empty:
            number = next(self._numbers)
            lent = number, FrameWriter(self._folder, f"input-{number}")
        try:
            yield lent
        finally:
            self._callers.put(lent)

    def _start(self) -> WorkerProcess:
        try:
            return WorkerProcess(self._python)
        except OSError as error:
            raise WorkerStartError(python=self._python, reason=error.strerror or error) from error

    def _greeting(self) -> str:
        """Returns the version of Python that the worker's first message tells, if it is one of this plugin's."""
        try:
            hello = self._process.hello.result(SECONDS_TO_GREET)
        except TimeoutError as error:
            self._process.kill()
            reason = Phrase("it did not answer within {seconds} seconds", {"seconds": f"{SECONDS_TO_GREET:.0f}"})
            raise WorkerStartError(python=self._python, reason=reason) from error
        except WorkerEndedError as error:
            raise WorkerStartError(python=self._python, reason=error.line or error.reason) from error
        found, expected = (hello.get("protocol"), hello.get("plugin")), (PROTOCOL, version())
        if found != expected:
            raise WorkerVersionError(python=self._python, found=found, expected=expected)
        return str(hello.get("python"))

    def _open(self, weights: Path, options: BackendOptions) -> _Facts:
        request = {"weights": str(weights.absolute()), "options": options_to_json(options)}
        try:
            answer = self._answer(self._process.ask({"do": "open", "folder": str(self._folder), **request}))
            if "failure" in answer:
                raise WeightsUnreadableError(weights=weights, reason=answer["failure"])
            return _Facts.of(answer)
        except RuntimeMissingError as error:
            runtime, reason = error.values["runtime"], error.values["reason"]
            raise InterpreterLacksError(python=self._python, runtime=runtime, reason=reason) from error
        except BrokenMessageError as error:
            raise WorkerMessageError(python=self._python, reason=error) from error

    def _answer(self, asked: Future[Answer]) -> Answer:
        """Waits for an answer; an error that the worker named is raised here under the same name."""
        try:
            answer = asked.result()
        except WorkerEndedError as error:
            self._tell_if_cancelled()
            last = error.line or "it left no message"
            raise WorkerDiedError(python=self._python, reason=error.reason, line=last) from error
        if "error" in answer:
            _raise_named(answer)
        return answer

    def _tell_if_cancelled(self) -> None:
        if self._process.killed:
            raise RunCancelledError


def _known(answer: Answer, size: str) -> Answer:
    """Returns an answer to `run` unless something failed that has no name, such as the memory."""
    if "failure" in answer:
        raise NetworkRunError(size=size, reason=answer["failure"])
    return answer


def _given_outputs(answer: Answer) -> tuple[GivenOutput, ...]:
    try:
        listed = answer["outputs"]
        given = tuple(GivenOutput(str(name), tuple(map(int, shape)), str(dtype)) for name, shape, dtype in listed)
        if not given or not all(output.holds_numbers for output in given):
            raise BrokenMessageError(f"{answer!r:.120} lists no outputs")
    except (KeyError, TypeError, ValueError) as error:
        raise BrokenMessageError(f"{answer!r:.120} lists no outputs") from error
    return given


def _raise_named(answer: Answer) -> NoReturn:
    error = getattr(errors, str(answer["error"]), None)
    if not (isinstance(error, type) and issubclass(error, ClassifyPixelsError)):
        raise BrokenMessageError(f"{answer['error']!r:.60} is no error")
    try:
        named = error(**values_from_json(answer["values"]))
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError) as wrong:
        raise BrokenMessageError(f"{answer!r:.120} does not say what the error is about") from wrong
    raise named
