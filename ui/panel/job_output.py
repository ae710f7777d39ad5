# SPDX-License-Identifier: GPL-2.0-or-later
"""Where the result of a job goes: a file that stays, because only a file can be resumed."""

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
# Bytes of each of the two names in a file's: file systems take 255 of the whole.
LONGEST = 80


def choose_folder(chosen: str, candidates: Sequence[str | None]) -> Path:
    """Returns the folder that the user chose, else the first candidate that can be written to.

    The panel's candidates are the folders of the project, of the raster, and of the user's documents. The last
    one is taken unseen: the run says what is wrong with it.
    """
    if chosen.strip():
        return Path(chosen.strip())
    folders = [Path(candidate) for candidate in candidates if candidate]
    return next((folder for folder in folders if folder.is_dir() and os.access(folder, os.W_OK)), folders[-1])


def choose_output(folder: Path, raster: str, model: str, taken: Collection[str]) -> Path:
    """Returns a GeoTIFF named after raster and model that is neither there nor promised to another job."""
    base = "_".join(part for part in (_file_name(raster), _file_name(Path(model).stem)) if part) or "classes"
    names = chain([f"{base}.tif"], (f"{base}_{number}.tif" for number in count(2)))
    return next(folder / name for name in names if is_free(folder / name, taken))


def is_free(path: Path, taken: Collection[str]) -> bool:
    """Tells whether nothing is at a path and no job will write there."""
    return not path.exists() and str(path) not in taken


def discard_strips(output: Path) -> None:
    """Deletes what a run that was not finished left beside its output; strips that another run uses stay."""
    with suppress(OutputBusyError, OutputWriteError, StripsFolderError):
        LocalStrips(output).close(keep=False)


def _file_name(text: str) -> str:
    name = UNSAFE.sub("_", text).encode()[:LONGEST].decode(errors="ignore")
    return name.strip("._")
