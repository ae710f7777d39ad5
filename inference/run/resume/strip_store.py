# SPDX-License-Identifier: GPL-2.0-or-later
"""Finished strips: what any place for them offers, and the folder that holds them."""

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

# What a store writes, and what is left of it where a process ends meanwhile.
OWN_FILES = re.compile(r"\d{6,}\.[a-z]+\.(tif(\.aux\.xml)?|json)|\.[0-9a-f]{14}\.part(\.tif(\.aux\.xml)?)?")

# Values (bands, height, width) of a layer of a strip, and GDAL's number of their type.
Layer = tuple[NDArray[Any], int]


class StripStore(Protocol):
    """The strips of one run, wherever they are kept.

    A strip is its files, one for each layer, and then a record of them. It counts once its record is there: one that is
    not what was written, belongs to another manifest, or whose files are not what it says, stands for nothing. Two
    writers of a strip write the same bytes, so none has to wait for another.
    """

    @property
    def finished(self) -> Mapping[int, StripRecord]:
        """The finished strips by index: those that were taken over and those that were written."""

    def manifest(self) -> Mapping[str, Any]:
        """Returns what the strips are made of, empty where there is nothing that can be read."""

    def begin(self, manifest: Mapping[str, Any]) -> None:
        """Forgets all strips and writes down what the new ones are made of."""

    def resume(self, indices: Iterable[int] | None = None) -> None:
        """Takes over the finished strips of this manifest, or those of them that have one of these indices."""

    def write(self, index: int, window: Window, layers: Mapping[str, Layer], counts: StripCounts | None) -> None:
        """Keeps a strip."""

    def mosaic(self, layer: str, area: Window, bands: int, gdal_type: int) -> StripMosaic:
        """Returns a layer of all strips as one raster; raises where one is no longer what was written."""

    def counts(self) -> Sequence[StripCounts]:
        """Returns the counts of all strips, in their order."""

    def clear(self) -> None:
        """Deletes all strips."""


class StripFolder:
    """A folder of strips, for which any number of processes may write; errors name the output that they are for."""

    def __init__(self, folder: Path, output: Path) -> None:
        self.folder, self._output = folder, output
        self._records: dict[int, StripRecord] = {}
        self._manifest = ""

    @property
    def finished(self) -> Mapping[int, StripRecord]:
        """The finished strips by index: those that were taken over and those that were written."""
        return self._records

    def manifest(self) -> Mapping[str, Any]:
        """Returns what the strips are made of, empty where there is nothing that can be read."""
        return read_sealed(self.folder / MANIFEST)[0]

    def begin(self, manifest: Mapping[str, Any]) -> None:
        """Forgets all strips and writes down what the new ones are made of."""
        try:
            self.clear()
            self._manifest = write_sealed(self.folder / MANIFEST, manifest)
        except OSError as error:
            raise OutputWriteError(output=self._output, reason=error.strerror or error) from error

    def resume(self, indices: Iterable[int] | None = None) -> None:
        """Takes over the finished strips of this manifest, or those of them that have one of these indices."""
        self._manifest = read_sealed(self.folder / MANIFEST)[1]
        paths = self.folder.glob(f"[0-9]*{RECORD}") if indices is None else map(self._record, indices)
        for path in paths:
            record = read_record(path)
            if record is not None and record.manifest == self._manifest and self._is_whole(record, path):
                self._records[record.index] = record

    def write(self, index: int, window: Window, layers: Mapping[str, Layer], counts: StripCounts | None) -> None:
        """Keeps a strip."""
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
        """Returns a layer of all strips as one raster; raises where one is no longer what was written."""
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
        """Returns the counts of all strips, in their order."""
        return [record.counts for _, record in sorted(self._records.items()) if record.counts is not None]

    def clear(self) -> None:
        """Deletes what a store writes, and nothing else that may lie in the folder."""
        self._records.clear()
        # Without the manifest the others stand for nothing, should the process end here.
        (self.folder / MANIFEST).unlink(missing_ok=True)
        for path in self.folder.iterdir():
            if OWN_FILES.fullmatch(path.name):
                path.unlink(missing_ok=True)

    def _path(self, index: int, layer: str) -> Path:
        return self.folder / f"{index:06d}.{layer}.tif"

    def _record(self, index: int) -> Path:
        return self.folder / f"{index:06d}{RECORD}"

    def _is_whole(self, record: StripRecord, path: Path) -> bool:
        """Tells whether a record is that of its name, and all files are what it says."""
        files = ((self._path(record.index, layer), digest) for layer, digest in record.digests.items())
        return path == self._record(record.index) and all(_holds(*file) for file in files)


class LocalStrips(StripFolder):
    """The strips of a run of one machine, in the hidden folder beside its output, which no other run may use."""

    def __init__(self, output: Path, progress: Progress = SILENT) -> None:
        self._lock = FolderLock(output, progress)
        super().__init__(strips_folder(output), output)

    def close(self, keep: bool) -> None:
        """Lets the folder go; without `keep`, or where no strip is finished, it is deleted.

        Whatever else lies in the folder is not ours to delete, and so it stays.
        """
        if not (keep and self._records):
            # What cannot be deleted stands for nothing: the manifest went first.
            with suppress(OSError):
                self.clear()
        self._lock.release()


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _holds(path: Path, digest: object) -> bool:
    """Tells whether a file has this SHA-256; one that is missing or cannot be read has none."""
    try:
        return _digest(path) == digest
    except OSError:
        return False
