# SPDX-License-Identifier: GPL-2.0-or-later
"""Untrusted zip archives, whose whole list of members is read on opening."""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

CHUNK = 1024**2

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


def sha256_of(archive: zipfile.ZipFile) -> str:
    """Returns the SHA-256 of the file that an open archive is read from, even if its name has been reused since."""
    digest, file = hashlib.sha256(), archive.fp
    if file is not None:
        file.seek(0)
        for chunk in iter(lambda: file.read(CHUNK), b""):
            digest.update(chunk)
    return digest.hexdigest()
