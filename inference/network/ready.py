# SPDX-License-Identifier: GPL-2.0-or-later
"""A network that is open and fitted to its model, with as many threads as its tiles call for."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, replace

from ..models import Model
from ..progress import Progress
from ..run.request import ClassificationRequest
from ..runtimes import Backend, LimitedCalls, ShrinkingBackend, open_backend
from ..window import Window
from .interruption import interrupting
from .memory import Growth
from .opening import backend_options
from .prepared_model import PreparedModel, prepare_model
from .probe import Probing

# Bytes that calls which run at once may take together; of larger ones fewer run, each with more threads.
CALLS_MEMORY = 3 * 2**29

# Bytes that a pixel of a call is taken to need on systems that do not tell how much a network took.
PIXEL_MEMORY = 512


@dataclass(frozen=True)
class ReadyNetwork:
    """A network and the model that is fitted to it; so many of its calls run at once, each taking so many bytes."""

    backend: Backend
    prepared: PreparedModel
    calls: int
    call_memory: int


@contextmanager
def ready_network(
    model: Model, request: ClassificationRequest, scene: Window, progress: Progress, pixel_type: str = ""
) -> Iterator[ReadyNetwork]:
    """Opens the network of a model and fits the model to it; it is closed with the context.

    Every worker has a call of its own, with one thread, as far as memory allows: that is fastest. Else fewer calls
    share the threads. `pixel_type` is that of the raster's values, empty where they are scaled or of several types.
    """
    workers = request.environment.workers
    with ExitStack() as stack:
        backend = stack.enter_context(closing(_open(model, request, workers, 1, progress, pixel_type)))
        # What all calls share is there by now: libraries, weights, and what a GPU's driver takes.
        with interrupting(backend, progress), Growth() as growth:
            probing = Probing(request.environment.cache, progress)
            prepared = prepare_model(model, request.arguments, backend, probing)
        memory = prepared.memory_of_call(growth.bytes, scene)
        calls = calls_at_once(workers, memory or PIXEL_MEMORY * prepared.pixels_of_call(scene))
        if calls == workers:
            yield ReadyNetwork(backend, prepared, workers, memory)
            return
        stack.close()
        shared = stack.enter_context(closing(_open(model, request, calls, workers // calls, progress, pixel_type)))
        shared.settle(prepared.form)
        yield ReadyNetwork(LimitedCalls(shared, calls), prepared, calls, memory)


def calls_at_once(workers: int, memory: int) -> int:
    """Returns how many calls of so many bytes may run at once: at least one, at most one for each worker."""
    return max(1, min(workers, CALLS_MEMORY // memory))


def _open(
    model: Model, request: ClassificationRequest, calls: int, threads: int, progress: Progress, pixel_type: str
) -> Backend:
    def tell(count: int) -> None:
        progress.warning("The network ran out of memory: from now on it gets {count} tiles at once.", count=count)

    options = replace(backend_options(model, request.environment, request.arguments, threads, pixel_type), calls=calls)
    return ShrinkingBackend(open_backend(model.weights, options, progress), tell)
