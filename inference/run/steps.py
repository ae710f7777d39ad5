# SPDX-License-Identifier: GPL-2.0-or-later
"""A run in three steps, in any processes: begin decides, work makes strips, finish makes the files.

    job = begin(request, place, progress)
    work(job, place, machine, progress, strips)    # anywhere, any number of times, in any order
    finish(job, place, progress)

The place is a folder that all processes see, or a prefix of a bucket as GDAL names it. It holds the job, too, which
`job_of` reads, and the model. A job holds no open file and can be pickled.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any, Callable

from ..errors import (
    InputNotPortableError,
    JobMismatchError,
    OutputFolderError,
    OutputWriteError,
    StripPlaceError,
    StripsMissingError,
    WebRasterNotPortableError,
)
from ..models import Model, open_model
from ..network import Machine, OpenNetwork, with_smaller_tile
from ..notices import Caution
from ..phrase import Phrase
from ..progress import SILENT, Progress
from ..raster import Collection, GdalInput, PolygonMask, Scene, WebInput, check_polygons, gdal_settings, open_scene
from ..tiling import StripSize
from ..version import version
from .job import StripJob, classification_of, decide, decide_again, make_files, size_for_many, strip_maker
from .job_file import read_job, write_job
from .kept_network import KeptNetwork
from .model_copy import fetched_model, put_model
from .outputs import CLASSES, SCORES, STYLE, check_outputs
from .request import ClassificationRequest
from .result import Classification
from .resume import SharedStrips, locked_output, model_digests, network_key, request_key, strips_folder
from .resume.place import Place, open_place
from .session import SharedSession, options_of, runs_code

# Maximum number of missing strips named in a message.
MOST_SHOWN = 20


def begin(
    request: ClassificationRequest,
    place: Path | None,
    progress: Progress,
    size: StripSize | None = None,
    shared: SharedSession | None = None,
) -> StripJob:
    """Opens, tries and probes the network, and writes all decisions into the place.

    The default place is the hidden folder beside the output. Finished strips of an equal request stay in it. `size`
    is that of the strips; None leaves it to the size of the result. The network of a `shared` session stays open.
    Raises an InputNotPortableError for a raster or a mask that no other process can open.
    """

    def decided(scene: Scene, network: OpenNetwork, key: str, store: SharedStrips) -> StripJob:
        chosen = size if size or place is None else size_for_many(request, scene, network.prepared)
        return decide(request, scene, network, key, store, progress, chosen)

    return _begun(request, place, progress, shared, decided)


def begin_again(
    job: StripJob,
    request: ClassificationRequest,
    place: Path | None,
    progress: Progress,
    shared: SharedSession | None = None,
) -> StripJob | None:
    """Discards all strips of a job whose network ran out of memory, and begins it with smaller tiles.

    `request` is the one that it was begun with. Returns None if its tiles cannot be smaller.
    """
    smaller = with_smaller_tile(job.prepared)
    if smaller is None:
        return None
    progress.warn(Caution.SMALLER_TILES, size=smaller.shape.height)

    def decided(scene: Scene, network: OpenNetwork, _key: str, store: SharedStrips) -> StripJob:
        begun = replace(job, request=replace(request, raster=job.request.raster))
        return decide_again(begun, smaller, scene, network, store, progress, job.manifest.strip)

    return _begun(request, place, progress, shared, decided)


def _begun(
    request: ClassificationRequest,
    place: Path | None,
    progress: Progress,
    shared: SharedSession | None,
    decided: Callable[[Scene, OpenNetwork, str, SharedStrips], StripJob],
) -> StripJob:
    request = _portable(request)
    environment = request.environment
    with ExitStack() as stack:
        if shared is None:
            shared = stack.enter_context(closing(SharedSession(request, progress)))
        stack.enter_context(gdal_settings(environment.workers))
        scene = open_scene(request.raster, environment.grid, environment.resampling, environment.mask)
        source = stack.enter_context(closing(scene.source))
        _check_files(request, source.files)
        check_outputs(request, [*source.files, *environment.pattern_files, *shared.model.files])
        stack.enter_context(_locked(request, progress))
        store = _opened(place, request)
        key = shared.request_key(request, scene, progress, place is not None)
        session = stack.enter_context(shared.session(request, scene, progress))
        job = decided(scene, session.network, key, store)
        # The settings of this machine do not travel.
        job = replace(job, request=replace(request, environment=environment.on(Machine())))
        return job if place is None else _put(job, shared.model, store.place, request.output)


def job_of(place: Path) -> StripJob:
    """Returns the job that was begun in a place; raises a JobFileError if there is none."""
    return read_job(open_place(place))


def work(
    job: StripJob, place: Path | None, machine: Machine, progress: Progress, strips: Iterable[int] | None = None
) -> None:
    """Makes the strips with these indices that the place lacks, or all that it lacks.

    Raises the errors of `opened_work`.
    """
    with opened_work(job, place, machine, progress) as make:
        make(strips)


@contextmanager
def opened_work(
    job: StripJob, place: Path | None, machine: Machine, progress: Progress, kept: KeptNetwork | None = None
) -> Iterator[Callable[[Iterable[int] | None], None]]:
    """Yields a function that makes strips, with raster and network open between calls and no further trial.

    The network stays open afterwards if it is `kept`. Raises a StripPlaceError for a place that is not the job's, and a
    JobMismatchError if raster, model, device or version differ from those at the beginning of the job.
    """
    environment = job.request.environment.on(machine)
    request = replace(job.request, environment=environment)
    store, here = _store_of(job, place), replace(job, request=request)
    reference = fetched_model(request.model, job.model_files, store.place, machine.cache)
    model = open_model(reference, machine.cache, machine.allowed_functions)
    with gdal_settings(machine.workers):
        scene = open_scene(request.raster, environment.grid, environment.resampling, environment.mask)
        with closing(scene.source) as source:
            # The imports of Python code are known only after it has run.
            prepared = None if runs_code(model) else job.prepared
            options = options_of(request, model, scene)
            with ExitStack() as stack:
                if kept is None:
                    kept = stack.enter_context(closing(KeptNetwork()))
                network = kept.opened(model, options, progress, prepared, job.call_memory, job.runtime)
                digests = model_digests(model, network.imported)
                key = request_key(request, scene, model, digests, place is not None)
                _check_same(here, scene, key, network.device)
                source.select(job.channels)
                form = job.outputs().form
                maker = stack.enter_context(strip_maker(here, source, network, store, progress))

                def make(strips: Iterable[int] | None) -> None:
                    indices = None if strips is None else [*strips]
                    store.resume(indices, form)
                    maker(indices)

                yield make


def finish(
    job: StripJob,
    place: Path | None,
    progress: Progress,
    machine: Machine = Machine(),  # noqa: B008  (frozen)
    deliver: Callable[[], None] | None = None,
) -> Classification:
    """Makes the files from the strips and deletes these; raises a StripsMissingError that names missing ones.

    Before that, `deliver` takes the files elsewhere, if it is given.
    """
    started, request = time.monotonic(), job.request
    check_outputs(request, _inputs_of(request))
    with _locked(request, progress), gdal_settings(machine.workers):
        store = _complete(job, place)
        # The job may have been begun without them, or with others.
        job.outputs().rehearse_polygons()
        classes = make_files(job, store, progress)
        if deliver is not None:
            deliver()
        # The files have their names already, so an error here is harmless.
        with suppress(OSError):
            store.clear()
    return classification_of(job, classes, time.monotonic() - started)


def finish_as_vrt(
    job: StripJob,
    place: Path,
    progress: Progress = SILENT,
    machine: Machine = Machine(),  # noqa: B008  (frozen)
    deliver: Callable[[], None] | None = None,
) -> Classification:
    """Makes a VRT of the strips, which stay, in the place itself: NAME.vrt, and NAME.qml for the class map.

    Scores are in NAME_scores.vrt where there are classes as well. NAME is that of the output; its folder is not used.
    Polygons are made before, if they are requested; then `deliver` takes them elsewhere.
    """
    started, request, name = time.monotonic(), job.request, job.request.output.stem
    with ExitStack() as stack:
        stack.enter_context(gdal_settings(machine.workers))
        if request.polygon_output is not None:
            check_polygons(request.polygon_output, _inputs_of(request))
            stack.enter_context(locked_output(request.polygon_output, progress))
        store, outputs = _complete(job, place), job.outputs()
        outputs.rehearse_polygons()
        outputs.outline(store, progress)
        if deliver is not None:
            deliver()
        texts, classes = outputs.describe_strips(store, dict(job.metadata))
    names = {CLASSES: f"{name}.vrt", SCORES: f"{name}_scores.vrt" if classes else f"{name}.vrt", STYLE: f"{name}.qml"}
    try:
        for layer, text in texts.items():
            store.place.write(names[layer], text.encode())
        store.keep()
    except OSError as error:
        raise OutputWriteError(output=place, reason=error.strerror or error) from error
    done = classification_of(job, classes, time.monotonic() - started)
    return replace(done, output=Path(store.place.gdal_name(f"{name}.vrt")))


def _complete(job: StripJob, place: Path | None) -> SharedStrips:
    """Returns the strips of a job; raises a StripsMissingError that names missing ones."""
    store = _store_of(job, place)
    store.resume(form=job.outputs().form)
    missing = [strip.index for strip in job.strips.without(store.finished)]
    if missing:
        shown = ", ".join([*map(str, missing[:MOST_SHOWN]), *(["…"] if len(missing) > MOST_SHOWN else [])])
        total, output = len(job.strips), job.request.output
        raise StripsMissingError(count=len(missing), total=total, output=output, strips=shown)
    return store


def _inputs_of(request: ClassificationRequest) -> Sequence[str]:
    """Returns GDAL's names of the rasters, which no output may replace."""
    raster = request.raster
    return raster.files if isinstance(raster, Collection) else [raster.uri] if isinstance(raster, GdalInput) else []


def _portable(request: ClassificationRequest) -> ClassificationRequest:
    """Returns the request with a raster and a mask that any process can open; raises for other objects."""
    raster, mask = _described(request.raster), _described(request.environment.mask)
    items = raster.items if isinstance(raster, Collection) else (raster,)
    for given in (*items, *([] if mask is None or isinstance(mask, PolygonMask) else [mask])):
        if not isinstance(given, (GdalInput, WebInput)):
            raise InputNotPortableError(input=given.name)
    return replace(request, raster=_anywhere(raster), environment=replace(request.environment, mask=_anywhere(mask)))


def _anywhere(raster: Any) -> Any:
    """Returns a raster whose files have the same names in every folder; its own name stays."""
    if isinstance(raster, Collection):
        items, whole = tuple(map(_anywhere, raster.items)), _anywhere(raster.whole)
        return replace(raster, items=items, whole=whole)
    if isinstance(raster, GdalInput) and not os.path.isabs(raster.uri) and os.path.exists(raster.uri):
        return replace(raster, uri=os.path.abspath(raster.uri), title=raster.title or raster.uri)
    return raster


def _described(raster: Any) -> Any:
    """Returns the plain values of a server's raster, anything else unchanged; raises if it can only be read here."""
    known = getattr(raster, "described", None)
    if isinstance(known, Phrase):
        raise WebRasterNotPortableError(input=getattr(raster, "name", ""), reason=known)
    return known if isinstance(known, WebInput) else raster


def _check_files(request: ClassificationRequest, files: Iterable[str]) -> None:
    """Raises for files of the raster or the mask in this process's memory."""
    for file in files:
        if "/vsimem/" in file or file.startswith("MEM:"):
            raise InputNotPortableError(input=file)


@contextmanager
def _locked(request: ClassificationRequest, progress: Progress) -> Iterator[None]:
    """Locks the outputs against other runs; strips stay."""
    with ExitStack() as stack:
        for output in filter(None, (request.probability_output, request.polygon_output, request.output)):
            stack.enter_context(locked_output(output, progress))
        yield


def _opened(place: Path | None, request: ClassificationRequest) -> SharedStrips:
    folder = place or strips_folder(request.output)
    store = SharedStrips(open_place(folder), request.output)
    try:
        store.place.make()
    except OSError as error:
        raise OutputFolderError(folder=folder, reason=error.strerror or error) from error
    return store


def _put(job: StripJob, model: Model, place: Place, output: Path) -> StripJob:
    """Writes the job and its model into the place; code, which may import what it likes, stays where it is."""
    try:
        job = replace(job, model_files=() if runs_code(model) else put_model(model, place))
        write_job(place, job)
    except OSError as error:
        raise OutputWriteError(output=output, reason=error.strerror or error) from error
    return job


def _store_of(job: StripJob, place: Path | None) -> SharedStrips:
    """Returns the strips of a job; raises if the place holds others, or none."""
    folder = place or strips_folder(job.request.output)
    store = SharedStrips(open_place(folder), job.request.output)
    if store.manifest() != job.manifest.document():
        raise StripPlaceError(place=folder, output=job.request.output)
    return store


def _check_same(job: StripJob, scene: Scene, key: str, device: str) -> None:
    """Raises if strips made here would differ from those of the process that began the job."""
    manifest = job.manifest
    reason: str | Phrase = ""
    if manifest.version != version():
        values = {"found": version(), "expected": manifest.version}
        reason = Phrase("Classify Pixels has version {found}, but the job was begun with {expected}", values)
    elif manifest.network_key != network_key(job.prepared, job.channels, job.no_data_rule, device):
        values = {"found": device, "expected": job.device}
        reason = Phrase("the network runs on {found}, but the job was begun on {expected}", values)
    elif manifest.request_key != key or (job.grid, job.area) != (scene.source.grid, scene.area):
        reason = Phrase("the raster, the mask or the model changed after the job was begun")
    if reason:
        raise JobMismatchError(output=job.request.output, reason=reason)
