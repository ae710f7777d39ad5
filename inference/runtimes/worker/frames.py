# SPDX-License-Identifier: GPL-2.0-or-later
"""Frames: arrays in memory that two processes share, through files that both map.

multiprocessing.shared_memory is unsuitable: it starts another process through sys.executable, which inside QGIS is
QGIS.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .messages import BrokenMessageError

# Linux keeps the files of this folder in memory, up to a limit that containers make small.
MEMORY = Path("/dev/shm")  # nosec B108
ENOUGH = 512 * 1024**2

# Sizes are rounded up to this, so that an array which is a little larger fits as well.
GRAIN = 64 * 1024
# numpy's type kinds of plain bytes.
NUMBERS = "biuf"
MAX_DIMENSIONS = 8


def make_frame_folder() -> Path:
    """Creates a folder for frames that only this user can open, in memory if possible."""
    fits = os.access(MEMORY, os.W_OK | os.X_OK) and shutil.disk_usage(MEMORY).free >= ENOUGH
    return Path(tempfile.mkdtemp(prefix="classify_pixels_", dir=MEMORY if fits else None))


class FrameWriter:
    """A reusable frame; a larger array gets a new file."""

    def __init__(self, folder: Path, name: str) -> None:
        self._folder, self._name, self._generation = folder, name, 0
        self._memory: NDArray[np.uint8] | None = None

    def put(self, array: NDArray[Any]) -> dict[str, Any]:
        """Copies an array into the frame and returns its description for the other side."""
        if self._memory is None or self._memory.size < array.nbytes:
            self._memory = self._grow(array.nbytes)
        target: NDArray[Any] = np.ndarray(array.shape, array.dtype, buffer=self._memory.data)
        np.copyto(target, array)
        return {"frame": self._path.name, "dtype": array.dtype.str, "shape": list(array.shape)}

    @property
    def _path(self) -> Path:
        return self._folder / f"{self._name}-{self._generation}"

    def _grow(self, size: int) -> NDArray[np.uint8]:
        self._memory = None
        with suppress(OSError):  # Windows keeps a file that the other side still maps until the folder is removed.
            self._path.unlink()
        self._generation += 1
        rounded = (size // GRAIN + 1) * GRAIN
        # Written in full: a sparse file on a full disk would end the process by a signal, not an error.
        with self._path.open("xb") as file:
            for _ in range(rounded // GRAIN):
                file.write(bytes(GRAIN))
        return np.memmap(self._path, np.uint8, "r+", shape=(rounded,))


def view_frame(folder: Path, note: Mapping[str, Any]) -> NDArray[Any]:
    """Returns a view of the frame's array, valid until the other side writes it again.

    Writes to the array stay in this process. Raises BrokenMessageError for an invalid description.
    """
    try:
        name, dtype = str(note["frame"]), np.dtype(str(note["dtype"]))
        shape = tuple(int(size) for size in note["shape"])
    except (KeyError, TypeError, ValueError) as error:
        raise BrokenMessageError(f"{note!r:.120} is not the note of a frame") from error
    if dtype.kind not in NUMBERS or len(shape) > MAX_DIMENSIONS or min(shape, default=0) < 0 or name != Path(name).name:
        raise BrokenMessageError(f"{note!r:.120} is not the note of a frame of numbers")
    if 0 in shape:
        return np.empty(shape, dtype)
    path = folder / name
    try:
        return np.asarray(np.memmap(path, dtype, "c", shape=shape))
    except (OSError, ValueError) as error:
        raise BrokenMessageError(f"the frame {name} cannot be opened ({error})") from error
