# SPDX-License-Identifier: GPL-2.0-or-later
"""The hidden folder beside an output, locked by one run at a time."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from ...errors import OutputBusyError, OutputWriteError, StripsFolderError
from ...new_files import NO_FOLLOW
from ...notices import Caution
from ...progress import SILENT, Progress

LOCK = "lock"

# Errors of a lock held by another process, and of a disk without locks, such as NFS without its lock service.
HELD = (errno.EACCES, errno.EAGAIN, errno.EDEADLK)
UNSUPPORTED = (errno.ENOLCK, errno.EOPNOTSUPP, errno.ENOTSUP, errno.ENOSYS, errno.EINVAL)

# Number of times that an ending run may delete the lock file between its opening and its locking here.
MOST_TRIES = 100


def strips_folder(output: Path) -> Path:
    """Returns the hidden folder beside an output, for the run that writes it."""
    return output.with_name(f".{output.name}.strips")


class FolderLock:
    """The locked folder of an output; the system releases the lock when the process ends, even if killed.

    Raises an OutputBusyError if another run holds it, and a StripsFolderError if it is a link. On a disk without
    locks it warns and continues.
    """

    def __init__(self, output: Path, progress: Progress = SILENT) -> None:
        self.folder = strips_folder(output)
        self._path = self.folder / LOCK
        try:
            self._take(output, progress)
        except OSError as error:
            raise OutputWriteError(output=output, reason=error.strerror or error) from error

    def release(self) -> None:
        """Releases the lock and deletes its file, and the folder if nothing else is in it."""
        # Deleted while held: after the release, the file of that name may be another run's lock. Windows deletes no
        # open file, so there it is deleted afterwards, and stays if another run has opened it by then.
        with suppress(OSError):
            if os.name == "posix" and self._is_in_place():
                self._path.unlink()
        os.close(self._file)
        with suppress(OSError):
            if os.name != "posix":
                self._path.unlink()
            self.folder.rmdir()

    def _take(self, output: Path, progress: Progress) -> None:
        for _ in range(MOST_TRIES):
            opened = self._opened(output)
            if opened is None:
                continue
            self._file = opened
            try:
                locked = _lock(self._file)
            except OSError as error:
                os.close(self._file)
                if error.errno in HELD:
                    raise OutputBusyError(output=output) from error
                raise
            if not locked:
                progress.warn(Caution.NO_FILE_LOCKS, folder=self.folder.parent, output=output)
                return
            if self._is_in_place():
                return
            os.close(self._file)
        raise OutputBusyError(output=output)

    def _opened(self, output: Path) -> int | None:
        """Returns the open lock file; None if an ending run has just deleted the folder."""
        with suppress(FileExistsError):
            self.folder.mkdir()
        if self.folder.is_symlink():
            raise StripsFolderError(place=self.folder, output=output)
        try:
            return os.open(self._path, os.O_RDWR | os.O_CREAT | NO_FOLLOW, 0o644)
        except FileNotFoundError:
            return None
        except OSError as error:
            if self._path.is_symlink():
                raise StripsFolderError(place=self._path, output=output) from error
            raise

    def _is_in_place(self) -> bool:
        """Returns True if the open lock file is still the one under its name."""
        if os.name != "posix":
            return True
        try:
            return os.path.samestat(os.fstat(self._file), os.lstat(self._path))
        except FileNotFoundError:
            return False


@contextmanager
def locked_output(output: Path, progress: Progress = SILENT) -> Iterator[None]:
    """Locks an output without separate strips, such as scores beside a class map, against other runs."""
    lock = FolderLock(output, progress)
    try:
        yield
    finally:
        # Strips of a killed run stay.
        lock.release()


def _lock(file: int) -> bool:
    """Locks a file; raises an OSError if another process holds it, returns False on a disk without locks."""
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(file, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        if error.errno in UNSUPPORTED:
            return False
        raise
    return True
