# SPDX-License-Identifier: GPL-2.0-or-later
"""A part of a class map in memory, from a session that stays open for the next part."""

from __future__ import annotations

import threading
from contextlib import closing
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..errors import RunCancelledError
from ..grid import Grid
from ..models import Model, ModelClass
from ..network import NetworkRunner
from ..progress import Progress
from ..raster import Scene, gdal_settings, legend_of, open_scene
from ..raster.read.file_state import file_states
from ..raster.write.legend import class_colors
from ..runtimes import weights_files
from ..tiling import Block, Strip, Threads, Tile, TileProcessor, run
from .job import StripJob, decide_in_memory
from .no_data_rule import RuledSource
from .request import ClassificationRequest
from .session import Session, SharedSession
from .stacks import items_of_bands


@dataclass(frozen=True)
class Preview:
    """Class values (height, width) on their grid, with the classes that may occur; `no_data` marks pixels without one.

    The values equal those of a run with the same request.
    """

    values: NDArray[Any]
    grid: Grid
    classes: tuple[ModelClass, ...]
    no_data: int

    def colors(self) -> NDArray[np.uint8]:
        """Returns red, green, blue and alpha (height, width, 4); NoData is transparent."""
        return class_colors(self.values, self.classes, self.no_data)


class PreviewSession:
    """Keeps the network of the last request open; a context manager that closes it.

    One thread at a time may classify; any may interrupt.
    """

    def __init__(self) -> None:
        self._shared: SharedSession | None = None
        self._opened_for: tuple[object, ...] = ()
        self._session: Session | None = None
        self._interrupted = threading.Event()

    def __enter__(self) -> PreviewSession:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def classify(self, request: ClassificationRequest, progress: Progress) -> Preview:
        """Classifies the request's extent and writes nothing; raises a ClassifyPixelsError.

        A cancelled preview ends after the current tiles, so that the network stays usable.
        """
        environment = request.environment
        with gdal_settings(environment.workers):
            scene = open_scene(request.raster, environment.grid, environment.resampling, environment.mask)
            with closing(scene.source):
                shared = self._shared_for(request, progress)
                with shared.session(request, scene, progress) as self._session:
                    found = self._preview(request, scene, self._session, progress)
        # After the session, which an error inside of its block would close.
        if found is None:
            raise RunCancelledError
        return found

    def interrupt(self) -> None:
        """Ends the calls that are under way; the network is then closed with the session."""
        self._interrupted.set()
        session = self._session
        if session is not None:
            session.network.backend.interrupt()

    def close(self) -> None:
        """Releases the network and its memory."""
        self._session = None
        if self._shared is not None:
            self._shared.close()
            self._shared = None

    def _preview(
        self, request: ClassificationRequest, scene: Scene, session: Session, progress: Progress
    ) -> Preview | None:
        job = decide_in_memory(request, scene, session.network, progress)
        outputs, network = job.outputs(), session.network
        bands = [channel.number for channel in job.channels]
        ruled = RuledSource(scene.source, job.no_data_rule, items_of_bands(bands, request, scene.source))
        processor = outputs.processor(NetworkRunner.of(job.prepared, network.for_calls(job.call_memory)))
        sink = _Window(job)
        try:
            with Threads(request.environment.workers) as threads:
                patient = _Patient(processor, self._interrupted)
                run(outputs.strips, ruled, patient, outputs.merger(), sink, progress, threads)
        except RunCancelledError:
            if self._interrupted.is_set():
                raise
            return None
        legend = legend_of(outputs.classes)
        return Preview(sink.values, job.grid.crop(job.area), legend.classes, legend.no_data)

    def _shared_for(self, request: ClassificationRequest, progress: Progress) -> SharedSession:
        """Returns the open model if it is that of the request, and its files are unchanged."""
        environment = request.environment
        asked = request.model, environment.cache, environment.allowed_functions
        if self._shared is not None and self._opened_for == (asked, _states(self._shared.model)):
            return self._shared
        self.close()
        shared = SharedSession(request, progress)
        self._shared, self._opened_for = shared, (asked, _states(shared.model))
        return shared


def _states(model: Model) -> object:
    """Returns the states of a model's files; tensors may be in files of their own."""
    return file_states([*model.files, *map(str, weights_files(model.weights))])


class _Patient:
    """A processor whose calls a cancelled preview lets finish, because an interrupted network is unusable."""

    def __init__(self, processor: TileProcessor, interrupted: threading.Event) -> None:
        self._processor, self._interrupted = processor, interrupted
        self.batch_size = processor.batch_size

    def process(self, tiles: list[Tile], blocks: list[Block]) -> list[NDArray[Any]]:
        """Returns the values of each tile."""
        return self._processor.process(tiles, blocks)

    def interrupt(self) -> None:
        """Ends the calls that are under way if the whole session is interrupted."""
        if self._interrupted.is_set():
            self._processor.interrupt()


class _Window:
    """Keeps the classes of a preview's strips."""

    def __init__(self, job: StripJob) -> None:
        self._outputs, self._area = job.outputs(), job.area
        legend = legend_of(self._outputs.classes)
        self.values = np.full((job.area.height, job.area.width), legend.no_data, legend.dtype)

    def write(self, strip: Strip, values: NDArray[Any]) -> None:
        """Keeps the classes of a strip."""
        self.values[strip.window.within(self._area)] = self._outputs.class_values(values)[0]
