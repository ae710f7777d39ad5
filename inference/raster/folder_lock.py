# SPDX-License-Identifier: GPL-2.0-or-later
"""A folder that only one run uses at a time."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from ..errors import OutputBusyError, OutputWriteError

LOCK = "lock"


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


def _lock(file: int) -> None:
    if sys.platform == "win32":
        import msvcrt

        msvcrt.locking(file, msvcrt.LK_NBLCK, 1)
    else:
        import fcntl

        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
