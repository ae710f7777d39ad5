# SPDX-License-Identifier: GPL-2.0-or-later
"""Untrusted zip archives, whose whole list of members is read on opening."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, cast

from .sha256 import sha256_of

# A hundred thousand members; each takes twenty times its bytes in the list as a Python object.
LONGEST_LIST = 8 * 1024**2


class _ArchiveFile(io.FileIO):
    """A file that refuses long reads while the list of members is read."""

    is_listing = True

    def read(self, size: int | None = -1, /) -> bytes:
        """Returns up to `size` bytes; raises a BadZipFile if the list is too long."""
        if self.is_listing and size is not None and size > LONGEST_LIST:
            raise zipfile.BadZipFile("its list of members is too long")
        return super().read(size)


@contextmanager
def open_archive(path: Path) -> Iterator[zipfile.ZipFile]:
    """Opens an archive for reading; raises zipfile's errors, and a BadZipFile if it lists too many members."""
    with _ArchiveFile(path) as file, zipfile.ZipFile(file) as archive:
        file.is_listing = False
        yield archive


def archive_sha256(archive: zipfile.ZipFile) -> str:
    """Returns the SHA-256 of the file that an open archive is read from, even if its name has been reused since."""
    file = cast(IO[bytes], archive.fp)  # None only once the archive is closed
    file.seek(0)
    return sha256_of(file)
