# SPDX-License-Identifier: GPL-2.0-or-later
"""A session: a network that stays open for the classification of several scenes."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from functools import cached_property

from ..bands import pixel_type_of
from ..errors import ModelChangedError, NetworkMemoryError
from ..models import Model, check_arguments, open_model
from ..network import NetworkOptions, OpenNetwork, with_smaller_tile
from ..notices import Caution
from ..progress import Progress
from ..raster import Scene
from ..tiling import StripPlan
from .announcement import announce_function
from .job import StripJob, classification_of, decide, decide_again, make_files, make_strips, memory_of_run
from .pace import write_pace
from .request import ClassificationRequest
from .result import Classification
from .resume import StripStore, model_digests, open_strips, request_key

# Cells for which the search for the fastest size of tiles, up to 10 s once for each model, is worth its time.
LARGE_SCENE = 2**22


class Session:
    """An open network, tried and probed, with known argument values; a context manager that closes it."""

    def __init__(self, network: OpenNetwork) -> None:
        self.network = network

    def __enter__(self) -> Session:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @cached_property
    def digests(self) -> list[tuple[str, str]]:
        """Names and SHA-256 of the model's files and of all code that its network loaded before the first run."""
        return model_digests(self.network.model, self.network.imported)

    def close(self) -> None:
        """Releases the network and its memory."""
        self.network.close()

    def classify(
        self, scene: Scene, request: ClassificationRequest, progress: Progress, key: str | None = None,
        last: bool = False,
    ) -> Classification:  # fmt: skip
        """Classifies a scene into the request's output, and closes the scene.

        `key` is the request key, if known. With the `last` scene the session closes as well, before the overviews need
        the memory.
        """
        started = time.monotonic()
        with open_strips(request, progress) as store:
            if key is None:
                key = request_key(request, scene, self.network.model, self.digests)
            job = decide(request, scene, self.network, key, store, progress)
            begun, missing = time.monotonic(), job.strips.without(store.finished)
            job = self._made_until_it_fits(job, scene, store, progress)
            self._write_pace(job, scene, missing, time.monotonic() - begun)
            scene.source.close()
            if last:
                self.close()
            classes = make_files(job, store, progress)
        return classification_of(job, classes, time.monotonic() - started)

    def _write_pace(self, job: StripJob, scene: Scene, made: StripPlan, seconds: float) -> None:
        options = self.network.options
        pixels = sum(strip.window.width * strip.window.height for strip in made)
        memory = memory_of_run(job.request, scene, self.network, job.prepared)
        write_pace(self.network.model.files, options.settings, options.arguments, pixels, seconds, memory)

    def _made_until_it_fits(self, job: StripJob, scene: Scene, store: StripStore, progress: Progress) -> StripJob:
        """Makes all strips, again with smaller tiles if memory runs out; returns the job that was completed."""
        while True:
            try:
                make_strips(job, scene.source, self.network, store, progress)
            except NetworkMemoryError:
                smaller = with_smaller_tile(job.prepared)
                if smaller is None:
                    raise
            else:
                return job
            progress.warn(Caution.SMALLER_TILES, size=smaller.shape.height)
            # Outside the handler, so that the memory of the failed call is free again.
            job = decide_again(job, smaller, scene, self.network, store, progress)


def open_session(model: Model, options: NetworkOptions, progress: Progress) -> Session:
    """Opens, tries and probes the network of a model, and fits the model to it; raises a ClassifyPixelsError."""
    return Session(OpenNetwork(model, options, progress))


class SharedSession:
    """A model, and the shared session of several runs, opened by the first one that needs it."""

    def __init__(self, request: ClassificationRequest, progress: Progress) -> None:
        environment = request.environment
        self.model = open_model(request.model, environment.cache, environment.allowed_functions)
        check_arguments(request.arguments, self.model)
        announce_function(self.model, progress)
        self._session: Session | None = None

    def request_key(
        self, request: ClassificationRequest, scene: Scene, progress: Progress, shared: bool = False
    ) -> str:
        """Returns the key of a request; opens the network only for code, which may import any file.

        Of a `shared` place the times of files count to the second.
        """
        if not runs_code(self.model):
            return request_key(request, scene, self.model, self._digests, shared)
        with self.session(request, scene, progress) as session:
            return request_key(request, scene, self.model, session.digests, shared)

    @contextmanager
    def session(self, request: ClassificationRequest, scene: Scene, progress: Progress) -> Iterator[Session]:
        """Yields the session for a scene: a new one if its options differ, or if the last one failed."""
        options = options_of(request, self.model, scene)
        # A session for large scenes also suits small ones.
        if self._session is not None and self._session.network.options not in (
            options,
            replace(options, is_large=True),
        ):
            self.close()
        if self._session is None:
            self._session = open_session(self.model, options, progress)
            if not runs_code(self.model) and self._session.digests != self._digests:
                self.close()
                raise ModelChangedError(file=self.model.weights)
        with ExitStack() as undone:
            undone.callback(self.close)
            yield self._session
            undone.pop_all()

    def close(self) -> None:
        """Closes the session, if one is open."""
        if self._session is not None:
            self._session.close()
            self._session = None

    @cached_property
    def _digests(self) -> list[tuple[str, str]]:
        return model_digests(self.model, ())


def options_of(request: ClassificationRequest, model: Model, scene: Scene) -> NetworkOptions:
    """Returns the options for opening the network of a model for a scene."""
    # Only raster functions receive values in the raster's own data type.
    scaled = request.input_scale, request.input_offset
    pixel_type = pixel_type_of(scene.source.bands, *scaled) if runs_code(model) else ""
    is_large = scene.area.width * scene.area.height >= LARGE_SCENE
    return NetworkOptions(request.arguments, request.environment.network, pixel_type, is_large)


def runs_code(model: Model) -> bool:
    """Returns True if a Python raster function replaces the network."""
    return model.function is not None and model.function.allowed
