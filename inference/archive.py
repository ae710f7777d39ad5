# SPDX-License-Identifier: GPL-2.0-or-later
"""Zip archives of strangers, whose list of members is read as a whole before anything can be looked at."""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

CHUNK = 1024**2

# A hundred thousand members; each takes Python twenty times the place that it has in the list.
LONGEST_LIST = 8 * 1024**2


class _ArchiveFile(io.FileIO):
    """A file that refuses long reads as long as the list of members is read."""

    is_listing = True

    def read(self, size: int | None = -1, /) -> bytes:
        """Returns so many bytes; raises a BadZipFile where the list is beyond measure."""
        if self.is_listing and size is not None and size > LONGEST_LIST:
            raise zipfile.BadZipFile("its list of members is too long")
        return super().read(size)


@contextmanager
def open_archive(path: Path) -> Iterator[zipfile.ZipFile]:
    """Opens an archive for reading; raises what zipfile raises, and a BadZipFile where it lists too many members."""
    with _ArchiveFile(path) as file, zipfile.ZipFile(file) as archive:
        file.is_listing = False
        yield archive


def sha256_of(archive: zipfile.ZipFile) -> str:
    """Returns the SHA-256 of the very file that an open archive is read from, whatever has its name by now."""
    digest, file = hashlib.sha256(), archive.fp
    if file is not None:
        file.seek(0)
        for chunk in iter(lambda: file.read(CHUNK), b""):
            digest.update(chunk)
    return digest.hexdigest()
