# SPDX-License-Identifier: GPL-2.0-or-later
"""A network that stays open for several scenes: tried once, with as many calls at once as memory allows."""

from __future__ import annotations

import math
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

from ..errors import ModelChangedError, WeightsUnreadableError
from ..models import Model
from ..models.hugging_face import files_beside
from ..notices import Caution
from ..progress import Progress
from ..runtimes import Backend, BackendOptions, LimitedCalls, ShrinkingBackend, open_backend, weights_files
from .call_memory import CallMemory, measure_calls
from .interruption import interrupting
from .known_models import KnownModel, known_file, read_known, write_known
from .memory import Growth, release_unused
from .opening import backend_options
from .prepared_model import PreparedModel, prepare_model
from .probe import Probing, files_sha256
from .settings import NetworkOptions

# Assumed bytes per pixel of a call, if nothing was measured.
PIXEL_MEMORY = 512

# Bytes that calls which run at once may take together; of larger ones fewer run, each with more threads.
CALLS_MEMORY = 3 * 2**29


class OpenNetwork:
    """The network of a model, and the model fitted to it; a context manager that closes the network.

    It is tried and probed for that, unless this machine has done so before, or another process passes what it
    `prepared`, the bytes of a call, and the library that runs it. Each worker has a separate call with one thread if
    memory allows, which is fastest. Otherwise fewer calls share the threads, and the network is opened again for them
    without another trial. Raises a ModelChangedError if that would be another network.
    """

    def __init__(
        self,
        model: Model,
        options: NetworkOptions,
        progress: Progress,
        prepared: PreparedModel | None = None,
        call_memory: int = 0,
        runtime: str = "",
    ) -> None:
        self.model, self.options = model, options
        self._progress = progress
        self._opened = ExitStack()
        self._files = _files_of(model)
        try:
            self._content = files_sha256(self._files)
        except OSError as error:
            raise WeightsUnreadableError(weights=model.weights, reason=error.strerror or error) from error
        workers = options.settings.workers
        self._threads = workers // calls_at_once(workers, call_memory) if call_memory else 1
        # `_compared` is true once the scores of this library have been compared on this machine.
        self._runtime, self._compared = runtime, False
        self.memory = CallMemory()
        file = known_file(model, options, self._backend_options()) if prepared is None else None
        known = read_known(file) if file is not None else None
        if known is not None:
            self._runtime, self._compared = known.runtime, True
        self.backend = self._open()
        if known is not None and self.backend.device != known.device:
            # Another device or driver than before: all is tried anew.
            known, self._runtime, self._compared = None, "", False
            self.close()
            self.backend = self._open()
        with ExitStack() as undone:
            undone.callback(self.close)
            if known is not None:
                prepared, self.memory = known.prepared, known.memory
            self.prepared = prepared or self._fitted()
            self._settle()
            if prepared is None:
                self._measure_memory()
            if file is not None and known is None:
                write_known(file, KnownModel(self.prepared, self.memory, self.device, self._runtime))
            undone.pop_all()

    def __enter__(self) -> OpenNetwork:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def device(self) -> str:
        """The device of the network, as text."""
        return self.backend.device

    @property
    def imported(self) -> tuple[Path, ...]:
        """The files of programs that the network's own program has loaded, installed libraries apart."""
        return self.backend.imported

    @property
    def is_current(self) -> bool:
        """True while the files of the model have the content that the network was opened from."""
        try:
            return files_sha256(self._files) == self._content
        except OSError:
            # A file that was moved away or is out of reach does not change the open network.
            return True

    def check_files(self) -> None:
        """Raises a ModelChangedError if a file of the model was replaced: runtimes may read parts of it late."""
        if not self.is_current:
            raise ModelChangedError(file=self.model.weights)

    def memory_of_call(self, pixels: int) -> int:
        """Returns the bytes of a call with so many pixels, assumed if the system does not report memory."""
        return self.memory.needed(pixels) or PIXEL_MEMORY * pixels

    def memory_of_calls(self, pixels: int, most: int) -> int:
        """Returns the bytes of concurrent calls, of which a run has `most`; 0 if the system does not report memory."""
        calls = calls_at_once(self.options.settings.workers, self.memory_of_call(pixels))
        return self.memory.needed(pixels, min(most, calls))

    def for_calls(self, memory: int) -> Backend:
        """Returns the network for calls of `memory` bytes, limited to the concurrent calls that fit."""
        workers = self.options.settings.workers
        calls = calls_at_once(workers, memory)
        threads = workers // calls
        if threads != self._threads:
            self._threads = threads
            self._open_again()
        return self.backend if calls == workers else LimitedCalls(self.backend, calls)

    def close(self) -> None:
        """Lets the network and its memory go."""
        self._opened.close()

    def _open(self) -> Backend:
        def tell(count: int) -> None:
            self._progress.warn(Caution.SMALLER_BATCHES, count=count)

        options = self._backend_options()
        if self._runtime:
            options = replace(options, runtime=self._runtime, compared=self._compared)
        backend = ShrinkingBackend(open_backend(self.model.weights, options, self._progress), tell)
        with ExitStack() as undone:
            undone.callback(backend.close)
            self.check_files()
            self._opened.push(undone.pop_all())
        return backend

    def _settle(self) -> None:
        self.backend.settle(self.prepared.form)
        # A network that is opened once more is run by the same library.
        self._runtime, self._compared = self.backend.runtime, True

    def _open_again(self) -> None:
        self.close()
        # What calls of other sizes have left would stay, and hide what a call takes.
        release_unused()
        self.backend = self._open()
        self._settle()

    def _backend_options(self) -> BackendOptions:
        given = self.options
        calls = given.settings.workers // self._threads
        return backend_options(self.model, given.settings, given.arguments, self._threads, given.pixel_type, calls)

    def _fitted(self) -> PreparedModel:
        """Tries and probes the network."""
        with interrupting(self.backend, self._progress), Growth(self.backend.process) as growth:
            probing = Probing(
                self.options.settings.cache, self._progress, sizes=self.options.is_large, content=self._content
            )
            prepared = prepare_model(self.model, self.options.arguments, self.backend, probing)
        self.memory = CallMemory(math.prod(prepared.trial_size), growth.bytes)
        return prepared

    def _measure_memory(self) -> None:
        """Measures the memory of a call, and leaves the network without any, as a known one is opened."""
        if self.backend.function is not None:
            # Its code may take long to start, and the trial was its only call.
            return
        self._open_again()
        with interrupting(self.backend, self._progress):
            self.memory = measure_calls(self.backend, self.prepared.measured_sizes)
        self._open_again()


def _files_of(model: Model) -> tuple[Path, ...]:
    """Returns the files that the network is opened from; the code of a raster function is compared as it is loaded."""
    beside = files_beside(model.weights) if model.definition is None else ()
    function = model.function.weights if model.function is not None and model.function.allowed else None
    return (*weights_files(model.weights), *beside, *([] if function is None else [function]))


def calls_at_once(workers: int, memory: int) -> int:
    """Returns the number of concurrent calls of `memory` bytes: at least one, at most one per worker."""
    return max(1, min(workers, CALLS_MEMORY // memory))
