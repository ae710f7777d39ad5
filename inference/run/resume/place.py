# SPDX-License-Identifier: GPL-2.0-or-later
"""Places for strips: a folder, or a prefix of a bucket. Files appear in them whole, under plain names."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Protocol

from ...new_files import new_token, write_whole
from ...raster.write.object_store import delete_object, is_object_store, object_names, read_object, write_object


class Place(Protocol):
    """Files by plain names. A folder raises OSError, a bucket an ObjectStoreError."""

    @property
    def folder(self) -> Path:
        """The place as a path; that of a bucket exists in GDAL only."""

    def make(self) -> None:
        """Makes the place where it is missing."""

    def gdal_name(self, name: str) -> str:
        """Returns the name by which GDAL opens a file."""

    def names(self) -> list[str]:
        """Returns the names of all files."""

    def read(self, name: str) -> bytes | None:
        """Returns what a file holds, None where there is none."""

    def write(self, name: str, content: bytes) -> None:
        """Writes a file at once and complete."""

    def fill(self, name: str) -> AbstractContextManager[Path]:
        """Yields a path of this machine; the file written there gets its name in the place when the block ends."""

    def delete(self, name: str) -> None:
        """Deletes a file, if it is there."""


class FolderPlace:
    """A folder of this machine, or one that many machines see."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def make(self) -> None:
        """Makes the folder where it is missing."""
        self.folder.mkdir(exist_ok=True)

    def gdal_name(self, name: str) -> str:
        """Returns the path of a file."""
        return str(self.folder / name)

    def names(self) -> list[str]:
        """Returns the names of all files."""
        return os.listdir(self.folder)

    def read(self, name: str) -> bytes | None:
        """Returns what a file holds, None where there is none or it cannot be read."""
        try:
            return (self.folder / name).read_bytes()
        except OSError:
            return None

    def write(self, name: str, content: bytes) -> None:
        """Writes a file at once and complete."""
        write_whole(self.folder / name, content)

    @contextmanager
    def fill(self, name: str) -> Iterator[Path]:
        """Yields a path in the folder; the file written there gets its name when the block ends."""
        part = self.folder / f".{new_token()}.part.tif"
        yield part
        os.replace(part, self.folder / name)

    def delete(self, name: str) -> None:
        """Deletes a file, if it is there."""
        (self.folder / name).unlink(missing_ok=True)


class BucketPlace:
    """A prefix of a bucket, as GDAL names it."""

    def __init__(self, prefix: str) -> None:
        self._prefix = prefix.rstrip("/")
        self.folder = Path(self._prefix)

    def make(self) -> None:
        """Does nothing: a prefix is there with its first object."""

    def gdal_name(self, name: str) -> str:
        """Returns GDAL's name of an object."""
        return f"{self._prefix}/{name}"

    def names(self) -> list[str]:
        """Returns the names of all objects below the prefix."""
        return [*object_names(self._prefix)]

    def read(self, name: str) -> bytes | None:
        """Returns what an object holds, None where there is none."""
        return read_object(self.gdal_name(name))

    def write(self, name: str, content: bytes) -> None:
        """Writes an object by one request."""
        write_object(self.gdal_name(name), content)

    @contextmanager
    def fill(self, name: str) -> Iterator[Path]:
        """Yields a temporary path; the file written there is put into the bucket when the block ends."""
        # A file is read again once it is written, which a bucket is not made for.
        with tempfile.TemporaryDirectory(prefix="classify_pixels_") as folder:
            path = Path(folder, name)
            yield path
            self.write(name, path.read_bytes())

    def delete(self, name: str) -> None:
        """Deletes an object, if it is there."""
        delete_object(self.gdal_name(name))


def open_place(place: Path) -> Place:
    """Returns the place of a path."""
    name = place.as_posix()
    return BucketPlace(name) if is_object_store(name) else FolderPlace(place)
