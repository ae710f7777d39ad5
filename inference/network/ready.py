# SPDX-License-Identifier: GPL-2.0-or-later
"""A network that is open and fitted to its model, with as many threads as its tiles call for."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass

from ..backends import Backend, OneAtATime, ShrinkingBackend, open_backend
from ..memory import Growth
from ..model import Model
from ..probing import Probing
from ..progress import Progress
from ..request import ClassificationRequest
from ..window import Window
from .interruption import interrupting
from .opening import backend_options
from .prepared_model import PreparedModel, prepare_model

# Pixels of a call from which on several threads share one call; below, each has calls of its own.
SHARED = 768 * 768


@dataclass(frozen=True)
class ReadyNetwork:
    """A network and the model that is fitted to it; so many of its calls run at once, each taking so many bytes."""

    backend: Backend
    prepared: PreparedModel
    calls: int
    call_memory: int


@contextmanager
def ready_network(
    model: Model, request: ClassificationRequest, scene: Window, progress: Progress
) -> Iterator[ReadyNetwork]:
    """Opens the network of a model and fits the model to it; it is closed with the context.

    Calls with large tiles run one at a time with all threads: that is as fast, and takes the memory of one call.
    """
    workers = request.environment.workers
    with ExitStack() as stack:
        with ExitStack() as preparing, Growth() as growth:
            backend = stack.enter_context(closing(_open(model, request, 1, progress)))
            preparing.enter_context(interrupting(backend, progress))
            probing = Probing(request.environment.cache, progress)
            prepared = prepare_model(model, request.arguments, backend, probing)
        memory = prepared.memory_of_call(growth.bytes, scene)
        if workers == 1 or prepared.pixels_of_call(scene) < SHARED:
            yield ReadyNetwork(backend, prepared, workers, memory)
            return
        stack.close()
        shared = OneAtATime(stack.enter_context(closing(_open(model, request, workers, progress))))
        yield ReadyNetwork(shared, prepared, 1, memory)


def _open(model: Model, request: ClassificationRequest, threads: int, progress: Progress) -> Backend:
    def tell(count: int) -> None:
        progress.warning("The network ran out of memory: from now on it gets {count} tiles at once.", count=count)

    options = backend_options(model, request.environment, request.arguments, threads)
    return ShrinkingBackend(open_backend(model.weights, options), tell)
