# SPDX-License-Identifier: GPL-2.0-or-later
"""Output files of jobs, never temporary, because only such files can be resumed."""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Sequence
from contextlib import suppress
from itertools import chain, count
from pathlib import Path

from ...inference.errors import OutputBusyError, OutputWriteError, StripsFolderError
from ...inference.run.resume import LocalStrips

UNSAFE = re.compile(r"[^\w.-]+")
# Most bytes of each of the two parts of a file name, limited to 255 by file systems.
LONGEST = 80


def choose_folder(chosen: str, candidates: Sequence[str | None]) -> Path:
    """Returns the folder chosen by the user, otherwise the first writable candidate.

    The panel's candidates are the folders of the project, the raster, the user's documents and the home folder. The
    last one is not checked: the run reports problems with it.
    """
    if chosen.strip():
        return Path(chosen.strip())
    folders = [Path(candidate) for candidate in candidates if candidate]
    return next((folder for folder in folders if folder.is_dir() and os.access(folder, os.W_OK)), folders[-1])


def choose_output(folder: Path, raster: str, model: str, taken: Collection[str]) -> Path:
    """Returns the path of a new GeoTIFF, named after raster and model and not promised to another job."""
    base = "_".join(part for part in (_file_name(raster), _file_name(Path(model).stem)) if part) or "classes"
    names = chain([f"{base}.tif"], (f"{base}_{number}.tif" for number in count(2)))
    return next(folder / name for name in names if is_free(folder / name, taken))


def is_free(path: Path, taken: Collection[str]) -> bool:
    """Returns True if a path does not exist and is not promised to another job."""
    return not path.exists() and str(path) not in taken


def discard_strips(output: Path) -> None:
    """Deletes the strips of an unfinished run, unless another run uses them."""
    with suppress(OutputBusyError, OutputWriteError, StripsFolderError):
        LocalStrips(output).close(keep=False)


def _file_name(text: str) -> str:
    name = UNSAFE.sub("_", text).encode()[:LONGEST].decode(errors="ignore")
    return name.strip("._")
