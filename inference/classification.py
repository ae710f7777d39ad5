# SPDX-License-Identifier: GPL-2.0-or-later
"""The whole story of a classification, on one page."""

from __future__ import annotations

import time
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path

from .announcement import announce_input, announce_run
from .backends import BackendOptions, open_backend
from .bands import channels_of, choose_bands
from .model import Model, open_model
from .network import RunnableNetwork
from .outputs import Outputs, check_outputs
from .prepared_model import prepare_model
from .progress import Progress
from .raster import ClassCount, open_scene
from .request import ClassificationRequest, Environment
from .run_metadata import run_metadata
from .tiling import plan_tiles, run


@dataclass(frozen=True)
class Classification:
    """A finished result and how it came about; the tile is (height, width), sizes are in pixels."""

    output: Path
    classes: tuple[ClassCount, ...]
    no_data: float
    device: str
    tile: tuple[int, int]
    halo: int
    stride: int
    tiles: int
    seconds: float


def classify_pixels(request: ClassificationRequest, progress: Progress) -> Classification:
    """Classifies every valid pixel of a raster and writes the class map; raises a ClassifyPixelsError.

    A run that fails or is cancelled leaves an existing output as it was and no other file.
    """
    started = time.monotonic()
    environment = request.environment
    model = open_model(request.model, environment.cache)
    with ExitStack() as stack:
        scene = open_scene(request.raster, environment.grid, environment.resampling, environment.mask)
        source = stack.enter_context(closing(scene.source))
        check_outputs(request, [*source.files, *environment.pattern_files, *model.files])
        backend = stack.enter_context(closing(open_backend(model.weights, _options(model, environment))))
        prepared = prepare_model(model, request.arguments, backend)
        choices = choose_bands(prepared.definition, source.bands, request.bands, source.name)
        channels = channels_of(choices, request.input_scale, request.input_offset)
        source.select(channels)
        plan = plan_tiles(source.grid.window, scene.area, prepared.shape)
        announce_run(prepared, plan, backend, environment.workers, progress)
        announce_input(prepared.definition, choices, channels, scene, progress)
        metadata = run_metadata(prepared, plan, channels, source.name)
        with Outputs(request, prepared, source.grid.crop(scene.area), metadata) as outputs:
            network = outputs.network(RunnableNetwork.of(prepared, backend), prepared.channels)
            run(plan, source, network, outputs.merger(plan), outputs.sink, progress, environment.workers)
            classes = outputs.finish()
        if classes and not any(count.pixels for count in classes):
            progress.warning("No pixel was classified: the raster has no valid pixel in the extent and the mask.")
        tile = (prepared.shape.height, prepared.shape.width)
        seconds = time.monotonic() - started
        return Classification(
            request.output, classes, outputs.no_data, backend.device, tile, plan.padding,
            prepared.shape.stride, len(plan), seconds,
        )  # fmt: skip


def _options(model: Model, environment: Environment) -> BackendOptions:
    definition = model.definition
    return BackendOptions(
        processor=environment.processor,
        gpu=environment.gpu,
        bands=len(definition.bands) if definition else None,
        layout=definition.layout if definition else None,
        runtimes=environment.runtimes,
    )
