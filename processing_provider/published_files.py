# SPDX-License-Identifier: GPL-2.0-or-later
"""Output files that appear together or not at all."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from ..inference.distinct_files import check_distinct
from ..inference.errors import OutputFolderError, OutputWriteError
from ..inference.new_files import write_whole
from ..inference.phrase import Phrase
from ..inference.publishing import KEPT, Step, publish, scratch_beside

# Files of SQLite beside a GeoPackage: those of a replaced one would be applied to the new one.
BESIDE_GEOPACKAGE = ("-wal", "-shm", "-journal")


def check_outputs(outputs: Sequence[Path], inputs: Sequence[str]) -> None:
    """Raises an error if an output is an input, another output, a side file or a folder, or its folder is missing."""
    for output in outputs:
        try:
            _check_place(output)
        except OSError as error:
            raise OutputWriteError(output=output, reason=error.strerror or error) from error
    check_distinct(outputs, inputs)


def write_texts(contents: Mapping[Path, str]) -> None:
    """Writes text files, all or none."""
    if not contents:
        return
    with ExitStack() as scratches:
        steps = []
        for path, text in contents.items():
            try:
                scratch = scratches.enter_context(scratch_beside(path))
                write_whole(scratch / path.name, text)
            except OSError as error:
                raise OutputWriteError(output=path, reason=error.strerror or error) from error
            steps.append(Step(path, scratch / path.name, scratch / KEPT))
        publish(steps, next(iter(contents)))


@contextmanager
def published_geopackage(output: Path) -> Iterator[Path]:
    """Yields the path of a new file, which gets the name of the output after the block."""
    with ExitStack() as scratches:
        try:
            scratch = scratches.enter_context(scratch_beside(output))
        except OSError as error:
            raise OutputWriteError(output=output, reason=error.strerror or error) from error
        yield scratch / output.name
        beside = [output.with_name(output.name + ending) for ending in BESIDE_GEOPACKAGE]
        stale = [Step(path, None, scratch / KEPT) for path in beside if path.exists()]
        publish([*stale, Step(output, scratch / output.name, scratch / KEPT)], output)


def _check_place(output: Path) -> None:
    if not output.name or output.is_dir():
        raise OutputWriteError(output=output, reason=Phrase("it is a folder"))
    if not output.parent.is_dir():
        raise OutputFolderError(folder=output.parent, reason=Phrase("the folder does not exist"))
