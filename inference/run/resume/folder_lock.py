# SPDX-License-Identifier: GPL-2.0-or-later
"""The hidden folder beside an output, which only one run uses at a time."""

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

# How a system says that another process holds a lock, and that a disk has none: NFS without its lock service, for one.
HELD = (errno.EACCES, errno.EAGAIN, errno.EDEADLK)
UNSUPPORTED = (errno.ENOLCK, errno.EOPNOTSUPP, errno.ENOTSUP, errno.ENOSYS, errno.EINVAL)

# So often the lock file may have been deleted by a run that ended, between the moments of opening and locking it.
MOST_TRIES = 100


def strips_folder(output: Path) -> Path:
    """Returns the hidden folder beside an output that belongs to the run that writes it."""
    return output.with_name(f".{output.name}.strips")


class FolderLock:
    """The folder of an output, locked: the system lets it go when the process ends, however it ends.

    Raises an OutputBusyError where another run holds it, and a StripsFolderError where it is a link. Where the disk
    knows no locks the run is warned and goes on.
    """

    def __init__(self, output: Path, progress: Progress = SILENT) -> None:
        self.folder = strips_folder(output)
        self._path = self.folder / LOCK
        try:
            self._take(output, progress)
        except OSError as error:
            raise OutputWriteError(output=output, reason=error.strerror or error) from error

    def release(self) -> None:
        """Lets the folder go, and deletes the lock file; the folder goes as well where nothing else is in it."""
        # Deleted while it is held: once it is let go, the file of that name may be another run's lock. Windows deletes
        # no file that a process has open, so there it goes afterwards, and stays where another run has it by then.
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
        """Returns the lock file, None where a run that ended has just deleted the folder."""
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
        """Tells whether the file that this run has open is still the one that others find."""
        if os.name != "posix":
            return True
        try:
            return os.path.samestat(os.fstat(self._file), os.lstat(self._path))
        except FileNotFoundError:
            return False


@contextmanager
def locked_output(output: Path, progress: Progress = SILENT) -> Iterator[None]:
    """Keeps other runs away from an output that has no strips of its own, as scores beside a class map."""
    lock = FolderLock(output, progress)
    try:
        yield
    finally:
        # Strips of a run that was killed stay.
        lock.release()


def _lock(file: int) -> bool:
    """Locks a file, or raises an OSError where another process has; False where the disk knows no locks."""
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
