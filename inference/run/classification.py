# SPDX-License-Identifier: GPL-2.0-or-later
"""The whole story of a classification, on one page."""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass, replace
from pathlib import Path

from ..bands import channels_of, choose_bands, pixel_type_of
from ..errors import NetworkMemoryError
from ..models import fit_preprocessing, open_model
from ..network import PreparedModel, ReadyNetwork, RunnableNetwork, fitted, ready_network, with_smaller_tile
from ..network.memory import peak
from ..notices import Caution, Note
from ..progress import Progress
from ..raster import BLOCK_CACHE, Channel, ClassCount, Scene, cache_for, gdal_settings, legend_of, open_scene
from ..runtimes import Backend
from ..tiling import longest_row, plan_tiles, run
from .announcement import announce_function, announce_input, announce_run
from .disk_space import check_disk
from .metadata import run_metadata
from .no_data_rule import DECIDED, RULES, RuledSource, choose_rule
from .outputs import Outputs, check_outputs, score_output
from .request import ClassificationRequest
from .resume import ITEM_KEY, StripRun, finished_item, item_key, open_strips, request_key


@dataclass(frozen=True)
class Classification:
    """A finished result and how it came about; the tile is (height, width), sizes are in pixels, memory in bytes."""

    output: Path
    classes: tuple[ClassCount, ...]
    no_data: float
    device: str
    tile: tuple[int, int]
    halo: int
    stride: int
    tiles: int
    seconds: float
    peak_memory: int | None = None


def classify_pixels(request: ClassificationRequest, progress: Progress) -> Classification:
    """Classifies every valid pixel of a raster and writes the class map; raises a ClassifyPixelsError.

    A run that fails or is cancelled leaves an existing output as it was. Its finished strips stay in a hidden
    folder beside the output, if the request is resumable, and the same request goes on from there.
    """
    started = time.monotonic()
    environment = request.environment
    model = open_model(request.model, environment.cache, environment.allowed_functions)
    announce_function(model, progress)
    with gdal_settings(environment.workers), ExitStack() as stack:
        scene = open_scene(request.raster, environment.grid, environment.resampling, environment.mask)
        computing = stack.enter_context(ExitStack())
        source = computing.enter_context(closing(scene.source))
        # Before the network is opened: whoever named a wrong output should not wait for that.
        check_outputs(request, [*source.files, *environment.pattern_files, *model.files])
        pixel_type = pixel_type_of(source.bands, request.input_scale, request.input_offset)
        ready = ready_network(model, request, source.grid.window, progress, pixel_type)
        network = computing.enter_context(ready)
        backend, device = network.backend, network.backend.device
        prepared, channels, rule = _fed(network, scene, request, progress)
        strips = stack.enter_context(open_strips(request, progress))
        key = request_key(request, scene, model, backend.imported, prepared, channels, device, rule)
        memory = network.calls * network.call_memory
        mark = item_key(request, key)
        finished = finished_item(request, prepared, score_output(request, prepared), mark, source.grid)
        if finished is not None:
            progress.note(Note.KEPT_RESULT, output=request.output)
            return _kept(request, prepared, finished, device, time.monotonic() - started)
        # A run that goes on keeps the tiles that it began with, whatever memory is free now.
        prepared = strips.resume(key, fitted(prepared, memory, environment.workers, progress))
        outputs = _run_until_it_fits(request, scene, channels, rule, backend, prepared, strips, progress, mark)
        # What network and source took is free before the overviews need memory.
        computing.close()
        classes = outputs.finish(progress)
        progress.note(DECIDED[rule], count=outputs.decided)
    if classes and not any(count.pixels for count in classes):
        progress.warn(Caution.NOTHING_CLASSIFIED)
    shape = outputs.prepared.shape
    return Classification(
        request.output, classes, outputs.no_data, device, (shape.height, shape.width), outputs.plan.padding,
        shape.stride, len(outputs.plan), time.monotonic() - started, peak(),
    )  # fmt: skip


def _fed(
    network: ReadyNetwork, scene: Scene, request: ClassificationRequest, progress: Progress
) -> tuple[PreparedModel, tuple[Channel, ...], str]:
    """Has the scene read the bands that feed the model; returns the model fitted to them, them and their rule."""
    source, prepared = scene.source, network.prepared
    choices = choose_bands(prepared.definition, source.bands, request.bands, source.name)
    # Only with the bands it is known whether they hold reflectances.
    definition = fit_preprocessing(prepared.definition, [choice.band.floating for choice in choices])
    channels = channels_of(choices, request.input_scale, request.input_offset)
    source.select(channels)
    announce_input(definition, choices, channels, scene, network.backend, progress)
    rule = choose_rule(request.no_data_rule, [choice.band for choice in choices])
    progress.note(RULES[rule])
    return replace(prepared, definition=definition), channels, rule


def _kept(
    request: ClassificationRequest, prepared: PreparedModel, classes: Sequence[ClassCount], device: str, seconds: float
) -> Classification:
    """Returns the classification of a result that is there already: no tile was computed."""
    no_data = math.nan if not classes else float(legend_of(prepared.decision.classes).no_data)
    shape = prepared.shape
    return Classification(
        request.output, tuple(classes), no_data, device, (shape.height, shape.width), shape.halo, shape.stride, 0,
        seconds, peak(),
    )  # fmt: skip


def _run_until_it_fits(
    request: ClassificationRequest, scene: Scene, channels: Sequence[Channel], rule: str, backend: Backend,
    prepared: PreparedModel, strips: StripRun, progress: Progress, mark: str,
) -> Outputs:  # fmt: skip
    """Runs all tiles and returns the outputs; where memory runs out it starts again with smaller tiles."""
    source, workers = scene.source, request.environment.workers
    plan = plan_tiles(source.grid.window, scene.area, prepared.shape)
    announce_run(prepared, plan, backend, workers, progress)
    metadata = {**run_metadata(prepared, plan, backend, channels, source.name), **({ITEM_KEY: mark} if mark else {})}
    ruled = RuledSource(source, rule)
    outputs = Outputs(request, prepared, plan, source.grid.crop(scene.area), metadata, strips.store, ruled)
    check_disk(outputs, scene, request.output.parent, progress)
    network = outputs.network(RunnableNetwork.of(prepared, backend))
    row = longest_row(plan, outputs.strips)
    apart = all(tile.read == tile.core for tile in row)
    cache = cache_for(source, [tile.read for tile in row], apart, outputs.strip_bytes)
    try:
        with BLOCK_CACHE.wanted(cache):
            run(outputs.missing, ruled, network, outputs.merger(), outputs, progress, workers)
    except NetworkMemoryError as error:
        smaller = _smaller(prepared, error, progress)
        strips.begin(smaller)
        return _run_until_it_fits(request, scene, channels, rule, backend, smaller, strips, progress, mark)
    return outputs


def _smaller(prepared: PreparedModel, error: NetworkMemoryError, progress: Progress) -> PreparedModel:
    """Returns the model with smaller tiles; the error itself is raised where there are none."""
    smaller = with_smaller_tile(prepared)
    if smaller is None:
        raise error
    progress.warn(Caution.SMALLER_TILES, size=smaller.shape.height)
    return smaller
