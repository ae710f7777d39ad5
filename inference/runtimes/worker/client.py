# SPDX-License-Identifier: GPL-2.0-or-later
"""A backend whose network runs in a worker process."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, TimeoutError
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
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
    WorkerOpeningError,
    WorkerStartError,
    WorkerVersionError,
)
from ...models import ModelClass, Normalization
from ...phrase import Phrase
from ...version import version
from ..backend import Backend, DeclaredArgument, Float32, NetworkInput, NetworkOutput
from ..opening_watch import Opening
from ..options import BackendOptions
from ..output_form import GivenOutput
from ..raster_function.function_definition import readable_definition
from ..raster_function.function_values import FunctionBlock
from .frames import FrameWriter, make_frame_folder, view_frame
from .interpreter import Interpreter, interpreter
from .messages import PROTOCOL, BrokenMessageError
from .plain_values import options_to_json, values_from_json
from .process import Answer, WorkerEndedError, WorkerProcess

# Timeout in seconds for the worker's first message; on a slow network drive the first start takes a while.
SECONDS_TO_GREET = 60.0


@dataclass(frozen=True)
class _Facts:
    """A worker's information on its opened network."""

    device: str
    input: NetworkInput
    output: NetworkOutput
    metadata: Mapping[str, str]
    mixed_precision: bool
    runtime: str
    asked_output: str
    versions: Mapping[str, str]
    arguments: tuple[DeclaredArgument, ...]
    function: FunctionBlock | None
    first_steps: Normalization | None

    @classmethod
    def of(cls, answer: Answer) -> _Facts:
        """Returns the facts of an answer; raises BrokenMessageError if one is missing."""
        try:
            output = NetworkOutput(int(answer["output"]["number"]), tuple(map(str, answer["output"]["names"])))
            metadata, versions = (_texts(answer[name]) for name in ("metadata", "versions"))
            steps = answer["first_steps"]
            return cls(
                str(answer["device"]),
                _network_input(answer["input"]),
                output,
                metadata,
                bool(answer["mixed_precision"]),
                str(answer["runtime"]),
                str(answer["asked_output"]),
                versions,
                tuple(DeclaredArgument(**_texts(argument)) for argument in answer["arguments"]),
                _function_block(answer["function"]),
                Normalization(**{key: tuple(map(float, values)) for key, values in steps.items()}) if steps else None,
            )
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise BrokenMessageError(f"{answer!r:.120} does not describe a network") from error


Result = TypeVar("Result")


def _texts(given: Mapping[str, Any]) -> dict[str, str]:
    return {str(key): str(text) for key, text in given.items()}


def _network_input(given: Mapping[str, Any]) -> NetworkInput:
    limits = given["limits"]
    if limits is not None:
        lowest, highest = map(int, limits)
        given = {**given, "limits": (lowest, highest)}
    return NetworkInput(**given)


def _function_block(given: Mapping[str, Any] | None) -> FunctionBlock | None:
    if given is None:
        return None
    height, width = (None if given[side] is None else int(given[side]) for side in ("height", "width"))
    classes = []
    for entry in given["classes"]:
        red, green, blue = map(int, entry["color"])
        classes.append(ModelClass(int(entry["value"]), str(entry["name"]), (red, green, blue)))
    return FunctionBlock(height, width, int(given["padding"]), tuple(map(int, given["bands"])), tuple(classes))


class WorkerBackend(Backend):
    """A network in another Python; several threads are served concurrently, each with a separate frame."""

    def __init__(self, weights: Path, options: BackendOptions, opening: Opening) -> None:
        python = interpreter(options.python)
        self._python, self._is_own = python.program, options.python is None
        self._callers: LifoQueue[tuple[int, FrameWriter]] = LifoQueue()
        self._numbers = count()
        self._names: tuple[str, ...] = ()
        with ExitStack() as undone:
            self._folder = make_frame_folder()
            undone.callback(shutil.rmtree, self._folder, ignore_errors=True)
            self._process = self._start(python)
            undone.callback(self._process.end)
            opening.ended_by(self._process.kill)
            self._python_version = self._greeting()
            self._facts = self._open(weights, options)
            self._asked_output = self._facts.asked_output
            self._closing = undone.pop_all()

    @property
    def device(self) -> str:
        """The device, from the worker's backend, and its Python."""
        return f"{self._facts.device}, in a process of its own with Python {self._python_version}"

    @property
    def process(self) -> int:
        """The number of the worker's process."""
        return self._process.number

    @property
    def input(self) -> NetworkInput:
        """The input of the network."""
        return self._facts.input

    @property
    def output(self) -> NetworkOutput:
        """The output in use."""
        names = self._names or self._facts.output.names
        return NetworkOutput(self._form.number if self._form is not None else 0, names)

    @property
    def metadata(self) -> Mapping[str, str]:
        """The metadata of the network file."""
        return self._facts.metadata

    @property
    def mixed_precision(self) -> bool:
        """True if the network runs in mixed precision in the worker."""
        return self._facts.mixed_precision

    @property
    def runtime(self) -> str:
        """The library that runs the network in the worker."""
        return self._facts.runtime

    @property
    def versions(self) -> Mapping[str, str]:
        """The versions of the libraries in the worker."""
        return self._facts.versions

    @property
    def arguments(self) -> tuple[DeclaredArgument, ...]:
        """The parameters that a raster function declares."""
        return self._facts.arguments

    @property
    def function(self) -> FunctionBlock | None:
        """The block, bands and classes of a raster function."""
        return self._facts.function

    @property
    def first_steps(self) -> Normalization | None:
        """The normalisation at the start of the network."""
        return self._facts.first_steps

    @property
    def imported(self) -> tuple[Path, ...]:
        """The program files loaded so far by a raster function, except installed libraries."""
        if self.function is None:
            return ()
        with self._messages():
            answer = self._answer(self._process.ask({"do": "imported"}))
            listed = answer.get("imported")
            if not isinstance(listed, list):
                raise BrokenMessageError(f"{answer!r:.120} lists no files")
        return tuple(Path(str(path)) for path in listed)

    def compute(self, pixels: Float32, number: int) -> NDArray[Any]:
        """Returns the raw output of this number from the worker."""
        return self._computed(pixels, number, precisely=False)

    def compute_precisely(self, pixels: Float32, number: int) -> NDArray[Any]:
        """Returns the raw output of this number in single precision."""
        return self._computed(pixels, number, precisely=True)

    def _computed(self, pixels: Float32, number: int, precisely: bool) -> NDArray[Any]:
        def read(answer: Answer) -> NDArray[Any]:
            # Copied: the next call from this thread writes into the same frame.
            return np.array(view_frame(self._folder, answer))

        return self._asked(pixels, {"do": "run", "output": number, "precisely": precisely}, read)

    def expect(self, images: tuple[int, int, int, int]) -> None:
        """Prepares the network in the worker for many calls with images (N, bands, height, width)."""
        with self._messages():
            self._answer(self._process.ask({"do": "expect", "images": list(images)}))

    def outputs(self, pixels: Float32) -> tuple[GivenOutput, ...]:
        """Returns name, shape and type of all outputs for pixels (N, bands, height, width)."""
        found = self._asked(pixels, {"do": "outputs"}, _given_outputs)
        self._names = tuple(output.name for output in found)
        return found

    def _asked(self, pixels: Float32, request: Mapping[str, Any], read: Callable[[Answer], Result]) -> Result:
        """Sends the worker a request with pixels, and reads its answer."""
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
        """Kills the worker, and with it even a network that never returns."""
        self._process.kill()

    def close(self) -> None:
        """Ends the worker and releases its memory."""
        self._closing.close()

    @contextmanager
    def _caller(self) -> Iterator[tuple[int, FrameWriter]]:
        """Lends the number and the frame of a caller; there is one per concurrent caller."""
        try:
            lent = self._callers.get_nowait()
        except Empty:
            number = next(self._numbers)
            lent = number, FrameWriter(self._folder, f"input-{number}")
        try:
            yield lent
        finally:
            self._callers.put(lent)

    def _start(self, python: Interpreter) -> WorkerProcess:
        try:
            return WorkerProcess(python)
        except OSError as error:
            raise WorkerStartError(python=self._python, reason=error.strerror or error) from error

    def _greeting(self) -> str:
        """Returns the Python version in the worker's first message, if it is from this plugin."""
        try:
            hello = self._process.hello.result(SECONDS_TO_GREET)
        except TimeoutError as error:
            self._process.kill()
            reason = Phrase("it did not respond within {seconds} seconds", {"seconds": f"{SECONDS_TO_GREET:.0f}"})
            raise WorkerStartError(python=self._python, reason=reason) from error
        except WorkerEndedError as error:
            raise WorkerStartError(python=self._python, reason=error.line or error.reason) from error
        found, expected = (hello.get("protocol"), hello.get("plugin")), (PROTOCOL, version())
        if found != expected:
            raise WorkerVersionError(python=self._python, found=found, expected=expected)
        return str(hello.get("python"))

    def _open(self, weights: Path, options: BackendOptions) -> _Facts:
        if options.definition is not None:
            definition = readable_definition(options.definition, options.model_file, self._folder)
            options = replace(options, definition=definition)
        request = {"weights": str(weights.absolute()), "options": options_to_json(options)}
        with self._messages():
            try:
                answer = self._answer(self._process.ask({"do": "open", "folder": str(self._folder), **request}))
            except RuntimeMissingError as error:
                if self._is_own:
                    raise
                runtime, reason = error.values["runtime"], error.values["reason"]
                raise InterpreterLacksError(python=self._python, runtime=runtime, reason=reason) from error
            except WorkerDiedError as error:
                values = error.values
                raise WorkerOpeningError(
                    weights=weights, python=values["python"], reason=values["reason"], line=values["line"]
                ) from error
            if "failure" in answer:
                raise WeightsUnreadableError(weights=weights, reason=answer["failure"])
            return _Facts.of(answer)

    @contextmanager
    def _messages(self) -> Iterator[None]:
        """Names the failures of messages other than pixels."""
        try:
            yield
        except BrokenMessageError as error:
            raise WorkerMessageError(python=self._python, reason=error) from error

    def _answer(self, asked: Future[Answer]) -> Answer:
        """Waits for an answer; a named error of the worker is raised here under the same name."""
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
    """Returns an answer to `run`; raises for unnamed failures, such as lack of memory."""
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
