# SPDX-License-Identifier: GPL-2.0-or-later
"""The parts of a job that programs of a batch system make, and its end."""

from __future__ import annotations

import tempfile
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path, PurePosixPath

from ..errors import OutputFormatError
from ..network import Machine
from ..phrase import Phrase
from ..progress import Progress
from ..raster.write.object_store import is_object_store, write_object
from ..run.job import StripJob
from ..run.result import Classification
from ..run.steps import finish, finish_as_vrt, job_of, opened_work


def make_part(place: Path, part: int, parts: int, machine: Machine, progress: Progress) -> int:
    """Makes every strip of a part that the place lacks; `part` counts from 0. Returns how many strips the part has."""
    job = job_of(place)
    # Strips of a lane lie in different parts: where one end of the scene is empty, no part is done early.
    strips = range(part, len(job.strips), parts)
    if strips:
        with opened_work(job, place, machine, progress) as make:
            make(strips)
    return len(strips)


def finish_job(place: Path, output: str, scores: str, progress: Progress, machine: Machine) -> Classification:
    """Makes the files of a job whose strips are complete; an output may lie in a bucket, as GDAL names it."""
    job = job_of(place)
    with ExitStack() as stack:
        outputs = {}
        for name in filter(None, (output, scores)):
            folder = stack.enter_context(_local_folder(name)) if is_object_store(name) else None
            outputs[name] = Path(folder, PurePosixPath(name).name) if folder else Path(name)
        job = _with_outputs(job, outputs[output], outputs.get(scores))

        def deliver() -> None:
            for name, path in outputs.items():
                if is_object_store(name):
                    _upload(path.parent, str(PurePosixPath(name).parent))

        done = finish(job, place, progress, machine, deliver)
    return replace(done, output=Path(output))


def finish_job_as_vrt(place: Path, name: str) -> Classification:
    """Makes a VRT of this name over the strips of a job, in its place; raises an OutputFormatError for another name."""
    if PurePosixPath(name).suffix.lower() != ".vrt" or Path(name).name != name:
        reason = Phrase("it is made in the place of the strips; give a plain name that ends in .vrt")
        raise OutputFormatError(output=name, reason=reason)
    return finish_as_vrt(_with_outputs(job_of(place), Path(name), None), place)


def _with_outputs(job: StripJob, output: Path, scores: Path | None) -> StripJob:
    # Without a name, scores go where they were to go.
    kept = job.request.probability_output and (scores or job.request.probability_output)
    return replace(job, request=replace(job.request, output=output, probability_output=kept))


def _local_folder(name: str) -> tempfile.TemporaryDirectory[str]:
    return tempfile.TemporaryDirectory(prefix="classify_pixels_")


def _upload(folder: Path, prefix: str) -> None:
    """Puts all files of a folder into a bucket, the raster last: it is complete where it is seen."""
    files = sorted((path for path in folder.iterdir() if path.is_file()), key=lambda path: path.suffix == ".tif")
    for path in files:
        write_object(f"{prefix}/{path.name}", path.read_bytes())
