# SPDX-License-Identifier: GPL-2.0-or-later
"""Stores of finished strips: the interface of any store, and a folder of files."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any, Protocol

from numpy.typing import NDArray

from ...errors import OutputWriteError, StripChangedError
from ...new_files import new_token
from ...progress import SILENT, Progress
from ...raster import StripCounts, StripMosaic
from ...raster.gdal_call import GdalError
from ...raster.write.strip_file import write_strip_file
from ...window import Window
from .folder_lock import FolderLock, strips_folder
from .sealed_file import read_sealed, write_sealed
from .strip_record import StripRecord, read_record

MANIFEST, RECORD = "manifest.json", ".strip.json"

# The files of a store, and those left behind by a process that was ended.
OWN_FILES = re.compile(r"\d{6,}\.[a-z]+\.(tif(\.aux\.xml)?|json)|\.[0-9a-f]{14}\.part(\.tif(\.aux\.xml)?)?")

# Values (bands, height, width) of a layer of a strip, and GDAL's number of their data type.
Layer = tuple[NDArray[Any], int]


class StripStore(Protocol):
    """The strips of one run in any place.

    A strip is its files, one for each layer, and then a record of them. It counts once its record exists: a record that
    is damaged, belongs to another manifest or does not match its files is ignored. Two writers of a strip write the
    same bytes, so neither has to wait for the other.
    """

    @property
    def finished(self) -> Mapping[int, StripRecord]:
        """The finished strips by index: those taken over and those written."""

    def manifest(self) -> Mapping[str, Any]:
        """Returns the manifest of the strips, empty if there is no valid one."""

    def begin(self, manifest: Mapping[str, Any]) -> None:
        """Discards all strips and writes the manifest of the new ones."""

    def resume(self, indices: Iterable[int] | None = None) -> None:
        """Takes over the finished strips of this manifest, or those of them with one of these indices."""

    def write(self, index: int, window: Window, layers: Mapping[str, Layer], counts: StripCounts | None) -> None:
        """Stores a strip."""

    def mosaic(self, layer: str, area: Window, bands: int, gdal_type: int) -> StripMosaic:
        """Returns a layer of all strips as one raster; raises if a file has changed since it was written."""

    def counts(self) -> Sequence[StripCounts]:
        """Returns the counts of all strips, in order."""

    def clear(self) -> None:
        """Deletes all strips."""


class StripFolder:
    """A folder of strips that any number of processes may write to; errors name the output."""

    def __init__(self, folder: Path, output: Path) -> None:
        self.folder, self._output = folder, output
        self._records: dict[int, StripRecord] = {}
        self._manifest = ""

    @property
    def finished(self) -> Mapping[int, StripRecord]:
        """The finished strips by index: those taken over and those written."""
        return self._records

    def manifest(self) -> Mapping[str, Any]:
        """Returns the manifest of the strips, empty if there is no valid one."""
        return read_sealed(self.folder / MANIFEST)[0]

    def begin(self, manifest: Mapping[str, Any]) -> None:
        """Discards all strips and writes the manifest of the new ones."""
        try:
            self.clear()
            self._manifest = write_sealed(self.folder / MANIFEST, manifest)
        except OSError as error:
            raise OutputWriteError(output=self._output, reason=error.strerror or error) from error

    def resume(self, indices: Iterable[int] | None = None) -> None:
        """Takes over the finished strips of this manifest, or those of them with one of these indices."""
        self._manifest = read_sealed(self.folder / MANIFEST)[1]
        paths = self.folder.glob(f"[0-9]*{RECORD}") if indices is None else map(self._record, indices)
        for path in paths:
            record = read_record(path)
            if record is not None and record.manifest == self._manifest and self._is_whole(record, path):
                self._records[record.index] = record

    def write(self, index: int, window: Window, layers: Mapping[str, Layer], counts: StripCounts | None) -> None:
        """Stores a strip."""
        digests = {}
        try:
            for name, (values, gdal_type) in layers.items():
                part = self.folder / f".{new_token()}.part.tif"
                write_strip_file(part, values, gdal_type)
                digests[name] = _digest(part)
                os.replace(part, self._path(index, name))
            record = StripRecord(self._manifest, index, window, digests, counts)
            write_sealed(self._record(index), asdict(record))
        except (GdalError, OSError) as error:
            raise OutputWriteError(output=self._output, reason=error) from error
        self._records[index] = record

    def mosaic(self, layer: str, area: Window, bands: int, gdal_type: int) -> StripMosaic:
        """Returns a layer of all strips as one raster; raises if a file has changed since it was written."""
        files = {}
        for index, record in sorted(self._records.items()):
            path = self._path(index, layer)
            if not _holds(path, record.digests.get(layer)):
                raise StripChangedError(strip=path)
            files[path] = record.window
        try:
            return StripMosaic(files, area, bands, gdal_type)
        except GdalError as error:
            raise OutputWriteError(output=self._output, reason=error) from error

    def counts(self) -> Sequence[StripCounts]:
        """Returns the counts of all strips, in order."""
        return [record.counts for _, record in sorted(self._records.items()) if record.counts is not None]

    def clear(self) -> None:
        """Deletes the files of the store, and nothing else in the folder."""
        self._records.clear()
        # First the manifest, without which the others do not count if the process ends here.
        (self.folder / MANIFEST).unlink(missing_ok=True)
        for path in self.folder.iterdir():
            if OWN_FILES.fullmatch(path.name):
                path.unlink(missing_ok=True)

    def _path(self, index: int, layer: str) -> Path:
        return self.folder / f"{index:06d}.{layer}.tif"

    def _record(self, index: int) -> Path:
        return self.folder / f"{index:06d}{RECORD}"

    def _is_whole(self, record: StripRecord, path: Path) -> bool:
        """Returns True if a record matches its file name, and all files match their digests."""
        files = ((self._path(record.index, layer), digest) for layer, digest in record.digests.items())
        return path == self._record(record.index) and all(_holds(*file) for file in files)


class LocalStrips(StripFolder):
    """The strips of a run on one machine, in the hidden folder beside its output, locked against other runs."""

    def __init__(self, output: Path, progress: Progress = SILENT) -> None:
        self._lock = FolderLock(output, progress)
        super().__init__(strips_folder(output), output)

    def close(self, keep: bool) -> None:
        """Releases the folder; deletes its strips without `keep`, or if none is finished.

        Other files in the folder stay.
        """
        if not (keep and self._records):
            # Files that cannot be deleted do not count: the manifest is deleted first.
            with suppress(OSError):
                self.clear()
        self._lock.release()


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _holds(path: Path, digest: object) -> bool:
    """Returns True if a file has this SHA-256; False for a missing or unreadable file."""
    try:
        return _digest(path) == digest
    except OSError:
        return False
