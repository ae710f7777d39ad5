# SPDX-License-Identifier: GPL-2.0-or-later
"""Parts of a job for the programs of a batch system, and the end of the job."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Callable

from ..errors import OutputFormatError
from ..network import Machine
from ..phrase import Phrase
from ..progress import SILENT, Progress
from ..raster.write.object_store import is_object_store, write_object
from ..run.job import StripJob
from ..run.result import Classification
from ..run.steps import finish, finish_as_vrt, job_of, opened_work

HERE = Machine()


def make_part(place: Path, part: int, parts: int, machine: Machine, progress: Progress) -> int:
    """Makes the strips of a part that the place lacks; `part` counts from 0. Returns their number in the part."""
    job = job_of(place)
    # Strips of a lane lie in different parts: where one end of the scene is empty, no part is done early.
    strips = range(part, len(job.strips), parts)
    if strips:
        with opened_work(job, place, machine, progress) as make:
            make(strips)
    return len(strips)


def finish_job(
    place: Path, output: str, scores: str, progress: Progress, machine: Machine, polygons: str = ""
) -> Classification:
    """Makes the files of a job whose strips are complete; an output may lie in a bucket, as GDAL names it.

    Scores and polygons that the job was begun with, but that have no name here, get their file names beside the output:
    a file in a place, which others may write to, chooses no folder.
    """
    job = job_of(place)
    request = job.request
    names = [output, *(given or _beside(output, begun) for given, begun in
                       ((request.probability_output and scores, request.probability_output),
                        (polygons, request.polygon_output)))]  # fmt: skip
    with _paths_of(names) as ((path, *others), deliver):
        done = finish(_with_outputs(job, path or Path(), *others), place, progress, machine, deliver)
    return replace(done, output=Path(output))


def finish_job_as_vrt(
    place: Path, name: str, progress: Progress = SILENT, machine: Machine = HERE, polygons: str = ""
) -> Classification:
    """Makes a VRT of this name over the strips of a job, in its place; raises an OutputFormatError for another name.

    Polygons without a name here get that of the begun job, in the place as well.
    """
    if PurePosixPath(name).suffix.lower() != ".vrt" or Path(name).name != name:
        reason = Phrase("it is made in the place of the strips; give a plain name that ends in .vrt")
        raise OutputFormatError(output=name, reason=reason)
    job = job_of(place)
    outlined = polygons or _beside((place / name).as_posix(), job.request.polygon_output)
    with _paths_of([outlined]) as ((path,), deliver):
        return finish_as_vrt(_with_outputs(job, Path(name), None, path), place, progress, machine, deliver)


def _beside(output: str, begun: Path | None) -> str:
    """Returns the name in the folder of the output for a file that a job was begun with, empty if there is none."""
    return "" if begun is None else str(PurePosixPath(Path(output).as_posix()).with_name(PureWindowsPath(begun).name))


def _with_outputs(job: StripJob, output: Path, scores: Path | None, polygons: Path | None) -> StripJob:
    kept = job.request.probability_output and (scores or job.request.probability_output)
    request = replace(job.request, output=output, probability_output=kept, polygon_output=polygons)
    return replace(job, request=request)


@contextmanager
def _paths_of(names: Sequence[str]) -> Iterator[tuple[list[Path | None], Callable[[], None]]]:
    """Yields a local path for each name, None for an empty one, and a function that copies the files into buckets."""
    with ExitStack() as stack:
        folders = {name: Path(stack.enter_context(_local_folder())) for name in names if is_object_store(name)}
        paths = [
            folders[name] / PurePosixPath(name).name if name in folders else Path(name) if name else None
            for name in names
        ]

        def deliver() -> None:
            for name, folder in folders.items():
                _upload(folder, str(PurePosixPath(name).parent))

        yield paths, deliver


def _local_folder() -> tempfile.TemporaryDirectory[str]:
    return tempfile.TemporaryDirectory(prefix="classify_pixels_")


def _upload(folder: Path, prefix: str) -> None:
    """Puts all files of a folder into a bucket, the raster last, so that a visible result is complete."""
    files = sorted((path for path in folder.iterdir() if path.is_file()), key=lambda path: path.suffix == ".tif")
    for path in files:
        write_object(f"{prefix}/{path.name}", path.read_bytes())
