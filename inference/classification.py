# SPDX-License-Identifier: GPL-2.0-or-later
"""The whole story of a classification, on one page."""

from __future__ import annotations

import json
import time
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path

from .backends import Backend, BackendOptions, open_backend
from .bands import choose_bands
from .errors import RasterSizeError
from .model import Model, open_model
from .network import ClassifyingNetwork
from .prepared_model import PreparedModel, prepare_model
from .progress import Progress
from .raster import (
    ClassCount,
    GdalInput,
    GdalSource,
    GeoTiffSink,
    RasterSource,
    check_output,
    legend_of,
    window_of_extent,
)
from .request import ClassificationRequest, Environment
from .tiling import TilePlan, plan_tiles, run
from .version import version
from .window import Window

# The largest width or height that a GeoTIFF can have.
LARGEST_SIZE = 2**31 - 1


@dataclass(frozen=True)
class Classification:
    """A finished result and how it came about; the tile is (height, width), sizes are in pixels."""

    output: Path
    classes: tuple[ClassCount, ...]
    no_data: int
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
        source = stack.enter_context(closing(_open_source(request)))
        area = _area(source, environment)
        check_output(request.output, [*source.files, str(model.weights), str(request.model.path or "")])
        backend = stack.enter_context(closing(open_backend(model.weights, _options(model, environment))))
        prepared = prepare_model(model, request.arguments, backend)
        source.select(choose_bands(prepared.definition.bands, source.bands, source.name))
        plan = plan_tiles(source.grid.window, area, prepared.shape)
        legend = legend_of(prepared.decision.classes)
        network = ClassifyingNetwork.of(prepared, backend, legend)
        _announce(prepared, plan, backend, environment, progress)
        metadata = _metadata(prepared, plan, source)
        with GeoTiffSink(request.output, source.grid.crop(area), legend, metadata) as sink:
            run(plan, source, network, sink, progress, environment.workers)
            classes = sink.finish()
        tile = (prepared.shape.height, prepared.shape.width)
        seconds = time.monotonic() - started
        return Classification(
            request.output, classes, legend.no_data, backend.device, tile, plan.rows.aligned_halo,
            prepared.shape.stride, len(plan), seconds,
        )  # fmt: skip


def _open_source(request: ClassificationRequest) -> RasterSource:
    return GdalSource(request.raster) if isinstance(request.raster, GdalInput) else request.raster


def _options(model: Model, environment: Environment) -> BackendOptions:
    definition = model.definition
    return BackendOptions(
        processor=environment.processor,
        bands=len(definition.bands) if definition else None,
        layout=definition.layout if definition else None,
        runtimes=environment.runtimes,
    )


def _area(source: RasterSource, environment: Environment) -> Window:
    """Returns the cells of the raster that are wanted."""
    window = source.grid.window
    if environment.extent is not None:
        window = window_of_extent(source.grid, environment.extent, source.name)
    if window.empty or max(window.width, window.height) > LARGEST_SIZE:
        raise RasterSizeError(width=window.width, height=window.height)
    return window


def _announce(
    prepared: PreparedModel, plan: TilePlan, backend: Backend, environment: Environment, progress: Progress
) -> None:
    """Says before the run what will happen."""
    definition, shape = prepared.definition, prepared.shape
    progress.message("Model: {name}, {count} classes", name=definition.name, count=len(definition.classes))
    progress.message("Device: {device}, {workers} workers", device=backend.device, workers=environment.workers)
    progress.message(
        "Tiles: {count} of {width} x {height} pixels, padding {halo}, stride {stride}, batches of {batch}",
        count=len(plan), width=shape.width, height=shape.height, halo=plan.rows.aligned_halo + plan.margin,
        stride=shape.stride, batch=prepared.batch_size,
    )  # fmt: skip
    if "InferenceFunction" in definition.ignored:
        progress.warning("The Python raster function beside the model is not run; the network is run without it.")
    if "DataRange" in definition.ignored:
        progress.warning("The model's DataRange is not applied: the network gets the raster's own values.")
    others = [key for key in definition.ignored if key not in ("InferenceFunction", "DataRange")]
    if others:
        progress.message("Keys of the model definition without effect: {keys}", keys=", ".join(others))


def _metadata(prepared: PreparedModel, plan: TilePlan, source: RasterSource) -> dict[str, str]:
    """Returns what the result says of its origin; nothing that differs between two equal runs."""
    definition, arguments = prepared.definition, prepared.arguments
    used = {
        "padding": plan.rows.aligned_halo + plan.margin,
        "tile_size": prepared.shape.height,
        "batch_size": prepared.batch_size,
        "stride": prepared.shape.stride,
        "predict_background": arguments.predict_background,
        "threshold": arguments.threshold,
    }
    items = {
        "TIFFTAG_SOFTWARE": f"Classify Pixels {version()}",
        "INPUT": source.name,
        "MODEL": definition.name,
        "MODEL_FILE": definition.weights,
        "MODEL_VERSION": definition.version,
        "MODEL_DESCRIPTION": definition.description,
        "MODEL_ARGUMENTS": json.dumps(used, sort_keys=True),
    }
    return {name: text for name, text in items.items() if text}
