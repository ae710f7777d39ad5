# SPDX-License-Identifier: GPL-2.0-or-later
"""Separate classification of each raster of a collection, into a folder."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Callable

from .. import errors
from ..choices import POLYGON_SUFFIXES
from ..errors import (
    ClassifyPixelsError,
    ExtentMissesRasterError,
    ItemFailuresError,
    ItemsCancelledError,
    OutputFolderError,
    OutputIsInputError,
    RunCancelledError,
)
from ..events import ItemFailed, ItemSkipped, ItemStarted
from ..notices import Caution
from ..progress import PartProgress, Progress
from ..raster import check_polygons, write_polygons_vrt
from ..raster.collection import Collection, Item, item_names, remove_results_vrt, shown_items, write_results_vrt
from ..raster.read.source import GdalInput
from ..raster.write.sink import check_output
from .classification import Classification, classify_scene
from .request import ClassificationRequest
from .session import SharedSession

# Errors that would fail every item alike: the first one ends the run.
COMMON_ERRORS = (
    errors.ArgumentError,
    errors.ArgumentUnknownError,
    errors.ArchitectureMissingError,
    errors.ArchitectureUnsupportedError,
    errors.ExportedProgramError,
    errors.FrameworkError,
    errors.ModelChangedError,
    errors.NetworkMismatchError,
    errors.PickleRefusedError,
    errors.ProcessorError,
    errors.RuntimeMissingError,
    errors.SchedulerLostError,
    errors.SchedulerUnreachableError,
    errors.StateDictMismatchError,
    errors.WeightsMissingError,
    errors.WeightsUnreadableError,
)
# Processing adds a suffix to the name of every output, also for a folder.
FILE_SUFFIXES = (".tif", ".tiff", ".vrt", *POLYGON_SUFFIXES)


# Classifies an item, with the session that all items of one machine share.
Classify = Callable[[ClassificationRequest, SharedSession, Progress], Classification]


@dataclass(frozen=True)
class ItemResult:
    """The outcome of one item: its classification, or the error instead."""

    raster: Item
    output: Path
    classification: Classification | None = None
    error: ClassifyPixelsError | None = None


def results_folder(output: Path) -> Path:
    """Returns the folder of the results: the output without a file's suffix."""
    return output.with_suffix("") if output.suffix.lower() in FILE_SUFFIXES else output


def results_vrt(output: Path) -> Path:
    """Returns the VRT that holds all results."""
    folder = results_folder(output)
    return folder / f"{folder.name}.vrt"


def place_of_results(output: Path) -> Path:
    """Returns the VRT of all results, or their folder if there is no VRT."""
    vrt = results_vrt(output)
    return vrt if vrt.exists() else results_folder(output)


def polygons_vrt(output: Path) -> Path:
    """Returns the VRT that holds the polygons of all results; that of their class maps may be beside it."""
    folder = results_folder(output)
    return folder / f"{folder.name}_polygons.vrt"


def place_of_polygons(output: Path) -> Path:
    """Returns the VRT of all polygons, or their folder if there is no VRT."""
    vrt = polygons_vrt(output)
    return vrt if vrt.exists() else results_folder(output)


def classify_items(
    collection: Collection, request: ClassificationRequest, progress: Progress, classify: Classify = classify_scene
) -> tuple[ItemResult, ...]:
    """Classifies every item into the folder that the request's output names; its raster is not used.

    A failed item is reported and the others continue; an ItemFailuresError follows at the end. Items outside the
    requested extent are skipped. A cancelled run keeps the complete results, and an equal run later makes only the
    others.
    """
    folder = results_folder(request.output)
    outputs = _outputs_in(folder, collection)
    scores = request.probability_output
    score_outputs: list[Path | None] = [None] * len(outputs)
    if scores is not None:
        score_outputs = [*_outputs_in(results_folder(scores), collection)]
    polygons = request.polygon_output
    polygon_outputs: list[Path | None] = [None] * len(outputs)
    if polygons is not None:
        polygon_outputs = [*_polygons_in(polygons, collection)]
    folders = [folder, *(results_folder(given) for given in (scores, polygons) if given is not None)]
    # A model that cannot be opened, or cannot take its arguments, fails here once, before any folder exists.
    with closing(SharedSession(request, progress)) as shared, _prepared_folders(folders):
        _check_outputs([*outputs, results_vrt(request.output), *filter(None, score_outputs)], collection.files)
        for path in filter(None, polygon_outputs):
            check_polygons(path, collection.files)
        places = [*zip(outputs, score_outputs, polygon_outputs)]
        results = _classify_all(collection.items, places, request, shared, progress, classify)
    done = [index for index, result in enumerate(results) if result.classification is not None]
    _write_vrt([outputs[index] for index in done], results_vrt(request.output), progress)
    if scores is not None:
        _write_vrt([path for path in (score_outputs[index] for index in done) if path], results_vrt(scores), progress)
    if polygons is not None:
        made = [path for path in (polygon_outputs[index] for index in done) if path]
        _write_vrt(made, polygons_vrt(polygons), progress, write_polygons_vrt)
    _tell_failures(results, folder)
    return results


def _outputs_in(folder: Path, collection: Collection) -> list[Path]:
    return [folder / f"{name}.tif" for name in item_names(collection.items)]


def _polygons_in(output: Path, collection: Collection) -> list[Path]:
    suffix = output.suffix.lower() if output.suffix.lower() in POLYGON_SUFFIXES else POLYGON_SUFFIXES[0]
    return [results_folder(output) / f"{name}{suffix}" for name in item_names(collection.items)]


@contextmanager
def _prepared_folders(folders: Sequence[Path]) -> Iterator[None]:
    """Makes missing folders, and removes those that stay empty."""
    with ExitStack() as stack:
        for folder in folders:
            if _prepare_folder(folder):
                stack.callback(_remove_if_empty, folder)
        yield


def _remove_if_empty(folder: Path) -> None:
    if not any(folder.iterdir()):
        folder.rmdir()


def _prepare_folder(folder: Path) -> bool:
    """Makes a missing folder; returns True if it did."""
    if folder.is_dir():
        return False
    try:
        folder.mkdir()
    except OSError as error:
        raise OutputFolderError(folder=folder, reason=error.strerror or error) from error
    return True


def _check_outputs(outputs: Sequence[Path], inputs: Sequence[str]) -> None:
    """Raises if a result would overwrite the raster of any item, not only its own."""
    for output in outputs:
        check_output(output.with_suffix(".tif"), ())
        if output.exists() and any(os.path.exists(name) and output.samefile(name) for name in inputs):
            raise OutputIsInputError(output=output)


def _classify_all(
    items: Sequence[Item],
    places: Sequence[tuple[Path, Path | None, Path | None]],
    request: ClassificationRequest,
    shared: SharedSession,
    progress: Progress,
    classify: Classify,
) -> tuple[ItemResult, ...]:
    results: list[ItemResult] = []
    for index, (raster, (output, scores, polygons)) in enumerate(zip(items, places)):
        progress.emit(ItemStarted(index + 1, len(items), raster.name))
        one = replace(request, output=output, probability_output=scores, polygon_output=polygons, separately=True)
        part = PartProgress(progress, index / len(items), 1 / len(items))
        try:
            results.append(_classify_one(one, raster, shared, part, classify))
        except RunCancelledError as error:
            done = sum(result.classification is not None for result in results)
            if not done:
                raise
            raise ItemsCancelledError(done=done, count=len(items), folder=output.parent) from error
        progress.report((index + 1) / len(items))
    return tuple(results)


def _classify_one(
    request: ClassificationRequest, raster: Item, shared: SharedSession, progress: Progress, classify: Classify
) -> ItemResult:
    try:
        opened = raster if isinstance(raster, GdalInput) else raster.open()
        done = classify(replace(request, raster=opened), shared, progress)
        return ItemResult(raster, request.output, done)
    except (RunCancelledError, *COMMON_ERRORS):
        raise
    except ExtentMissesRasterError as error:
        progress.emit(ItemSkipped(error))
        return ItemResult(raster, request.output, error=_without_frames(error))
    except ClassifyPixelsError as error:
        progress.emit(ItemFailed(error))
        return ItemResult(raster, request.output, error=_without_frames(error))


def _without_frames(error: ClassifyPixelsError) -> ClassifyPixelsError:
    """Returns the error without its traceback, which would keep the raster of each item open."""
    error.__cause__ = error.__context__ = None
    return error.with_traceback(None)


def _write_vrt(
    done: Sequence[Path], vrt: Path, progress: Progress,
    write: Callable[[Path, Sequence[Path]], bool] = write_results_vrt,
) -> None:  # fmt: skip
    if done and not write(vrt, done):
        remove_results_vrt(vrt)
        progress.warn(Caution.NO_COMMON_CRS)


def _tell_failures(results: Sequence[ItemResult], folder: Path) -> None:
    """Raises if an item failed, or if every item is outside the extent."""
    failed = [result for result in results if _failed(result)]
    if failed:
        names = shown_items([result.raster for result in failed])
        raise ItemFailuresError(
            failed=len(failed), count=len(results), items=names, reason=failed[0].error, folder=folder
        )
    if not any(result.classification for result in results) and results[0].error is not None:
        raise results[0].error


def _failed(result: ItemResult) -> bool:
    return result.error is not None and not isinstance(result.error, ExtentMissesRasterError)
