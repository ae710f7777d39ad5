# SPDX-License-Identifier: GPL-2.0-or-later
"""The parts of a run: decisions written to the store, then strips, then files from the strips."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any, Callable

from numpy.typing import NDArray

from ..bands import channels_of, choose_bands
from ..grid import Grid
from ..models import fit_preprocessing
from ..network import NetworkRunner, OpenNetwork, PreparedModel, fitted, memory_needed
from ..network.interruption import interrupting
from ..network.memory import peak, release_unused
from ..notices import Caution
from ..progress import PartProgress, Progress
from ..raster import Channel, ClassCount, RasterSource, Reading, Scene, WebInput, reading_for
from ..tiling import DEPTH, Strip, StripPlan, StripSize, Threads, plan_tiles, run
from ..version import version
from ..window import Window
from .announcement import announce_input, announce_run
from .disk_space import check_disk
from .metadata import run_metadata
from .no_data_rule import DECIDED, RULES, RuledSource, choose_rule
from .outputs import Outputs
from .partial_map import MapReport, begin_map
from .request import ClassificationRequest
from .result import Classification
from .resume import ItemRecord, Manifest, StripStore, network_key, take_over
from .stacks import check_stack, count_of_stack, items_of_bands

# Strips between two releases of unused memory, which grows with their number. More often would take time.
STRIPS_BETWEEN_RELEASES = 8


@dataclass(frozen=True)
class StripJob:
    """Everything that determines the strips of a result: a frozen value that any process may work from.

    `grid` is that of the whole scene, `area` the requested part. A call of the network takes `call_memory` bytes.
    `model_files` are names and SHA-256 of the model's files that lie with the strips. `runtime` is the library that
    runs the network, empty if there is no choice.
    """

    request: ClassificationRequest
    prepared: PreparedModel
    channels: tuple[Channel, ...]
    no_data_rule: str
    grid: Grid
    area: Window
    device: str
    call_memory: int
    manifest: Manifest
    metadata: tuple[tuple[str, str], ...] = ()
    model_files: tuple[tuple[str, str], ...] = ()
    runtime: str = ""

    @property
    def strips(self) -> StripPlan:
        """All strips of the result."""
        return self.outputs().strips

    def outputs(self) -> Outputs:
        """Returns the outputs that are made from the strips."""
        return _outputs(self.request, self.prepared, self.grid, self.area, self.manifest.strip)


def decide(
    request: ClassificationRequest,
    scene: Scene,
    network: OpenNetwork,
    request_key: str,
    store: StripStore,
    progress: Progress,
    size: StripSize | None = None,
) -> StripJob:
    """Makes and reports all decisions and writes them into the store; takes over choices and strips of an equal run.

    `size` is that of the strips, None for the usual one of a single machine.
    """
    grid = scene.source.grid
    prepared, channels, rule = _fed(network, scene, request, progress)
    prepared = fitted(prepared, lambda model: memory_of_run(request, scene, network, model, size), progress)
    keys = request_key, network_key(prepared, channels, rule, network.device)
    manifest = take_over(store, *keys, progress)
    if manifest is not None:
        # A resumed run keeps its tiles, whatever memory is free now.
        prepared = manifest.fits(prepared)
    else:
        manifest = _begun(request, scene, prepared, keys, store, size)
    outputs = _outputs(request, prepared, grid, scene.area, manifest.strip)
    call_memory = network.memory_of_call(_pixels_of_call(outputs))
    job = StripJob(request, prepared, channels, rule, grid, scene.area, network.device, call_memory, manifest)
    job = replace(job, runtime=network.backend.runtime)
    return _announced(job, scene, network, store, progress)


def decide_in_memory(
    request: ClassificationRequest, scene: Scene, network: OpenNetwork, progress: Progress
) -> StripJob:
    """Makes the decisions of a run whose classes stay in memory: a job without keys and files.

    Scores that the arguments request are not kept.
    """
    grid = scene.source.grid
    prepared, channels, rule = _fed(network, scene, request, progress)
    prepared = replace(prepared, arguments=replace(prepared.arguments, return_probability_raster=False))
    request = replace(request, probability_output=None)
    prepared = fitted(prepared, lambda model: memory_of_run(request, scene, network, model), progress)
    outputs = _outputs(request, prepared, grid, scene.area, None)
    call_memory = network.memory_of_call(_pixels_of_call(outputs))
    manifest = Manifest("", "", prepared.shape, prepared.batch_size, outputs.size, version())
    return StripJob(request, prepared, channels, rule, grid, scene.area, network.device, call_memory, manifest)


def size_for_many(request: ClassificationRequest, scene: Scene, prepared: PreparedModel) -> StripSize:
    """Returns the size of strips that many machines share."""
    return _outputs(request, prepared, scene.source.grid, scene.area, None).shared_size()


def decide_again(
    job: StripJob,
    smaller: PreparedModel,
    scene: Scene,
    network: OpenNetwork,
    store: StripStore,
    progress: Progress,
    size: StripSize | None = None,
) -> StripJob:
    """Discards all strips and returns the job for smaller tiles; `size` is that of the strips, as for `decide`."""
    keys = job.manifest.request_key, job.manifest.network_key
    manifest = _begun(job.request, scene, smaller, keys, store, size)
    return _announced(replace(job, prepared=smaller, manifest=manifest), scene, network, store, progress)


def make_strips(
    job: StripJob, source: RasterSource, network: OpenNetwork, store: StripStore, progress: Progress
) -> None:
    """Makes the strips that the store lacks."""
    with strip_maker(job, source, network, store, progress) as make:
        make(None)


@contextmanager
def strip_maker(
    job: StripJob, source: RasterSource, network: OpenNetwork, store: StripStore, progress: Progress
) -> Iterator[Callable[[Iterable[int] | None], None]]:
    """Yields a function that makes the strips that the store lacks, or those of them with one of these indices.

    Threads, their open files and GDAL's blocks stay from call to call.
    """
    outputs = job.outputs()
    every = outputs.strips
    bands = [channel.number for channel in job.channels]
    items = items_of_bands(bands, job.request, source)
    runner = NetworkRunner.of(job.prepared, network.for_calls(job.call_memory))
    plan = outputs.plan
    # Every process that makes strips of this job expects the same size, so that all have the same scores.
    with interrupting(runner.backend, progress):
        runner.expect(plan.tile(len(plan.rows) // 2, len(plan.columns) // 2), len(bands))
    processor = outputs.processor(runner)
    workers = job.request.environment.workers
    with Threads(workers) as threads, _reading(source, outputs, workers).settings():

        def make(indices: Iterable[int] | None) -> None:
            missing: Sequence[Strip] = every.without(store.finished)
            told, report = progress, None
            if indices is not None:
                # An index without a strip raises. Nothing here may grow with the number of all strips.
                chosen = {range(len(every))[index] for index in indices}
                missing = [every[index] for index in sorted(chosen - store.finished.keys())]
            elif missing:
                # Kept strips count as finished; a part among others has its own progress.
                share = len(missing) / len(every)
                told = PartProgress(progress, 1 - share, share)
                report = begin_map(outputs, job.grid, job.area, store, progress)
            if missing:
                ruled = RuledSource(source, job.no_data_rule, items)
                sink = _StripSink(outputs, ruled, store, report, network)
                run(missing, ruled, processor, outputs.merger(), sink, told, threads)

        yield make


def memory_of_run(
    request: ClassificationRequest, scene: Scene, network: OpenNetwork, prepared: PreparedModel,
    size: StripSize | None = None,
) -> int:  # fmt: skip
    """Returns the bytes that the strips of a run need beyond those of the process with its open network.

    `size` is that of the strips, as for `decide`.
    """
    workers, batch = request.environment.workers, prepared.batch_size
    outputs = _outputs(request, prepared, scene.source.grid, scene.area, size)
    pixels, batches = _pixels_of_call(outputs), -(-len(outputs.plan) // batch)
    # Pixels are 32-bit floats with a byte of validity.
    cell_bytes = 4 * len(prepared.definition.bands) + 1 + outputs.cell_bytes
    strip, cache = outputs.strips.largest * outputs.cell_bytes, _reading(scene.source, outputs, workers).filled
    # One more is being read.
    waiting = min(batches, DEPTH * workers + 1)
    return memory_needed(network.memory_of_calls(pixels, batches), pixels * cell_bytes, waiting, strip, cache)


def make_files(job: StripJob, store: StripStore, progress: Progress) -> tuple[ClassCount, ...]:
    """Makes the files from complete strips; returns the counts of the classes, if any."""
    classes = job.outputs().finish(store, dict(job.metadata), progress)
    decided = sum(counts.decided for counts in store.counts())
    progress.note(DECIDED[job.no_data_rule], count=decided)
    if classes and not any(count.pixels for count in classes):
        progress.warn(Caution.NOTHING_CLASSIFIED)
    return classes


def classification_of(job: StripJob, classes: tuple[ClassCount, ...], seconds: float) -> Classification:
    """Returns the result of a finished job."""
    outputs, shape = job.outputs(), job.prepared.shape
    return Classification(
        job.request.output, classes, outputs.no_data, job.device, (shape.height, shape.width), outputs.plan.halo,
        shape.stride, len(outputs.plan), seconds, peak(),
    )  # fmt: skip


@dataclass(frozen=True)
class _StripSink:
    """Writes finished strips into the store, unless the model's files have changed, and reports them."""

    outputs: Outputs
    source: RuledSource
    store: StripStore
    report: MapReport | None
    network: OpenNetwork

    def write(self, strip: Strip, values: NDArray[Any]) -> None:
        self.network.check_files()
        self.outputs.write(strip, values, self.source.decided(strip), self.store)
        if self.report is not None:
            self.report.add(strip, values)
        if (strip.index + 1) % STRIPS_BETWEEN_RELEASES == 0:
            release_unused()


def _fed(
    network: OpenNetwork, scene: Scene, request: ClassificationRequest, progress: Progress
) -> tuple[PreparedModel, tuple[Channel, ...], str]:
    """Selects the bands that feed the model; returns the model fitted to them, the channels and the NoData rule."""
    source, prepared = scene.source, network.prepared
    choices = choose_bands(prepared.definition, source.bands, request.bands, source.name)
    # The data type of the bands shows whether they hold reflectances.
    definition = fit_preprocessing(prepared.definition, [choice.band.floating for choice in choices])
    check_stack(request, source, choices)
    channels = channels_of(choices, request.input_scale, request.input_offset)
    source.select(channels)
    announce_input(definition, choices, channels, scene, network.backend, progress)
    rule = choose_rule(request.no_data_rule, [choice.band for choice in choices], count_of_stack(request) > 1)
    progress.note(RULES[rule])
    return replace(prepared, definition=definition), channels, rule


def _begun(
    request: ClassificationRequest, scene: Scene, prepared: PreparedModel, keys: tuple[str, str], store: StripStore,
    size: StripSize | None,
) -> Manifest:  # fmt: skip
    """Discards all strips and writes the manifest of the new ones."""
    strip = _outputs(request, prepared, scene.source.grid, scene.area, size).size
    manifest = Manifest(*keys, prepared.shape, prepared.batch_size, strip, version())
    store.begin(manifest.document())
    return manifest


def _announced(job: StripJob, scene: Scene, network: OpenNetwork, store: StripStore, progress: Progress) -> StripJob:
    """Reports the run, raises if its files cannot be written, and returns the job with their metadata."""
    request, prepared, outputs = job.request, job.prepared, job.outputs()
    announce_run(prepared, outputs.plan, network.backend, request.environment.workers, progress)
    metadata = run_metadata(prepared, outputs.plan, network.backend, job.channels, scene.source.name)
    if request.separately:
        shape, values = prepared.shape, tuple(known.value for known in outputs.classes)
        tile, halo = (shape.height, shape.width), outputs.plan.halo
        record = ItemRecord(job.device, tile, halo, shape.stride, values, repr(request.form))
        # Results of rasters on servers are not kept for another run.
        metadata.update(record.metadata("" if isinstance(request.raster, WebInput) else job.manifest.request_key))
    outputs.rehearse(metadata)
    missing = len(outputs.strips.without(store.finished))
    check_disk(outputs, missing, scene, request.output.parent, progress)
    return replace(job, metadata=tuple(metadata.items()))


def _pixels_of_call(outputs: Outputs) -> int:
    """Returns the pixels of one call of the network."""
    return max(tile.read.width * tile.read.height for tile in outputs.longest_row) * outputs.prepared.batch_size


def _reading(source: RasterSource, outputs: Outputs, workers: int) -> Reading:
    """Returns how GDAL best reads the tiles of a run."""
    row = outputs.longest_row
    apart = all(tile.read == tile.core for tile in row)
    return reading_for(source, [tile.read for tile in row], apart, outputs.strip_bytes, workers)


def _outputs(
    request: ClassificationRequest, prepared: PreparedModel, grid: Grid, area: Window, size: StripSize | None
) -> Outputs:
    plan = plan_tiles(grid.window, area, prepared.shape)
    return Outputs(request, prepared, plan, grid.crop(area), size)
