# SPDX-License-Identifier: GPL-2.0-or-later
"""A folder that only one run uses at a time."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from ..errors import OutputBusyError, OutputWriteError

LOCK = "lock"


def strips_folder(output: Path) -> Path:
    """Returns the hidden folder beside an output that belongs to the run that writes it."""
    return output.with_name(f".{output.name}.strips")


class FolderLock:
    """A lock that the system lets go when its process ends, however it ends."""

    def __init__(self, folder: Path, output: Path) -> None:
        try:
            self._file = os.open(folder / LOCK, os.O_RDWR | os.O_CREAT, 0o644)
        except OSError as error:
            raise OutputWriteError(output=output, reason=error.strerror or error) from error
        try:
            _lock(self._file)
        except OSError as error:
            os.close(self._file)
            raise OutputBusyError(output=output) from error

    def release(self) -> None:
        """Lets the folder go."""
        os.close(self._file)


@contextmanager
def locked_output(output: Path) -> Iterator[None]:
    """Keeps other runs away from an output that has no strips of its own, as scores beside a class map."""
    folder = strips_folder(output)
    try:
        folder.mkdir(exist_ok=True)
    except OSError as error:
        raise OutputWriteError(output=output, reason=error.strerror or error) from error
    lock = FolderLock(folder, output)
    try:
        yield
    finally:
        lock.release()
        if [path.name for path in folder.iterdir()] == [LOCK]:
            (folder / LOCK).unlink(missing_ok=True)
        # Strips of a run that was killed stay.
        with suppress(OSError):
            folder.rmdir()


def _lock(file: int) -> None:
    if sys.platform == "win32":
        import msvcrt

        msvcrt.locking(file, msvcrt.LK_NBLCK, 1)
    else:
        import fcntl

        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
