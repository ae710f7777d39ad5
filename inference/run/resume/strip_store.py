# SPDX-License-Identifier: GPL-2.0-or-later
"""Stores of finished strips: for many processes, and for a run of this machine."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any, Callable, Optional, Protocol

from numpy.typing import NDArray

from ...errors import ObjectStoreError, OutputWriteError, StripChangedError, StripPlaceError, StripPlaceKeptError
from ...phrase import Phrase
from ...progress import SILENT, Progress
from ...raster import StripCounts, StripMosaic
from ...raster.gdal_call import GdalError
from ...raster.write.strip_file import read_strip_file, strip_file_form, write_strip_file
from ...window import Window
from .folder_lock import FolderLock, strips_folder
from .place import FolderPlace, Place
from .sealed_file import sealed, unsealed
from .strip_record import StripForm, StripRecord, read_record

MANIFEST, RECORD, KEPT = "manifest.json", ".strip.json", "kept.json"

# The files of a store, and those left behind by a process that was ended.
OWN_FILES = re.compile(
    r"\d{6,}\.[a-z]+\.(tif(\.aux\.xml)?|json)|\.[0-9a-f]{14}\.part(\.tif(\.aux\.xml)?)?|job\.json|[0-9a-f]{64}\.model"
)
RECORDS = re.compile(r"\d{6,}" + re.escape(RECORD))

# Values (bands, height, width) of a layer of a strip, and GDAL's number of their data type.
Layer = tuple[NDArray[Any], int]

# Returns the form of the strip with an index, None where there is no such strip.
Form = Optional[Callable[[int], Optional[StripForm]]]


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

    def resume(self, indices: Iterable[int] | None = None, form: Form = None) -> None:
        """Takes over the finished strips of this manifest, or those of them with one of these indices.

        With a `form`, which returns that of the strip with an index, strips of another one do not count.
        """

    def write(self, index: int, window: Window, layers: Mapping[str, Layer], counts: StripCounts | None) -> None:
        """Stores a strip."""

    def values(self, index: int, layer: str) -> NDArray[Any]:
        """Returns the values (bands, height, width) of a layer of a strip; raises a GdalError."""

    def mosaic(self, layer: str, area: Window, bands: int, gdal_type: int) -> StripMosaic:
        """Returns a layer of all strips as one raster; raises if a file has changed since it was written."""

    def files(self, layer: str) -> Mapping[str, Window]:
        """Returns the windows of all strips by the names of a layer's files in the place."""

    def counts(self) -> Sequence[StripCounts]:
        """Returns the counts of all strips, in order."""

    def clear(self) -> None:
        """Deletes all strips."""


class SharedStrips:
    """The strips of a run in a folder or bucket that any number of processes may write to; errors name the output."""

    def __init__(self, place: Place, output: Path) -> None:
        self.place, self._output = place, output
        self._records: dict[int, StripRecord] = {}
        self._manifest = ""

    @property
    def folder(self) -> Path:
        """The place as a path."""
        return self.place.folder

    @property
    def finished(self) -> Mapping[int, StripRecord]:
        """The finished strips by index: those taken over and those written."""
        return self._records

    def manifest(self) -> Mapping[str, Any]:
        """Returns the manifest of the strips, empty if there is no valid one."""
        content, self._manifest = unsealed(self.place.read(MANIFEST))
        return content

    def begin(self, manifest: Mapping[str, Any]) -> None:
        """Discards all strips and writes the manifest of the new ones."""
        file, self._manifest = sealed(manifest)
        try:
            if self.place.read(KEPT) is not None:
                raise StripPlaceKeptError(place=self.folder)
            self.clear()
            self.place.write(MANIFEST, file)
        except OSError as error:
            raise OutputWriteError(output=self._output, reason=error.strerror or error) from error

    def resume(self, indices: Iterable[int] | None = None, form: Form = None) -> None:
        """Takes over the finished strips of this manifest, or those of them with one of these indices.

        With a `form`, which returns that of the strip with an index, strips of another one do not count.
        """
        self._check_manifest()
        names = self._record_names() if indices is None else map(_record, indices)
        for name in names:
            record = read_record(self.place.read(name))
            if record is not None and record.manifest == self._manifest and self._is_whole(record, name, form):
                self._records[record.index] = record

    def write(self, index: int, window: Window, layers: Mapping[str, Layer], counts: StripCounts | None) -> None:
        """Stores a strip."""
        digests = {}
        try:
            for name, (values, gdal_type) in layers.items():
                with self.place.fill(_file(index, name)) as part:
                    write_strip_file(part, values, gdal_type)
                    digests[name] = _digest(part.read_bytes())
                    self._check_manifest()
            record = StripRecord(self._manifest, index, window, digests, counts)
            self.place.write(_record(index), sealed(asdict(record))[0])
        except (GdalError, OSError) as error:
            raise OutputWriteError(output=self._output, reason=error) from error
        self._records[index] = record

    def values(self, index: int, layer: str) -> NDArray[Any]:
        """Returns the values (bands, height, width) of a layer of a strip; raises a GdalError."""
        return read_strip_file(self.place.gdal_name(_file(index, layer)))

    def files(self, layer: str) -> Mapping[str, Window]:
        """Returns the windows of all strips by the names of a layer's files in the place."""
        return {_file(index, layer): record.window for index, record in sorted(self._records.items())}

    def mosaic(self, layer: str, area: Window, bands: int, gdal_type: int) -> StripMosaic:
        """Returns a layer of all strips as one raster; raises if a file has changed since it was written."""
        files = {}
        for index, record in sorted(self._records.items()):
            name = _file(index, layer)
            path = self.place.gdal_name(name)
            if not self._holds(name, record.digests.get(layer)):
                raise StripChangedError(strip=path)
            files[path] = record.window
        try:
            return StripMosaic(files, area, bands, gdal_type)
        except GdalError as error:
            raise OutputWriteError(output=self._output, reason=error) from error

    def counts(self) -> Sequence[StripCounts]:
        """Returns the counts of all strips, in order."""
        return [record.counts for _, record in sorted(self._records.items()) if record.counts is not None]

    def keep(self) -> None:
        """Leaves the files of all strips to a result that is made of them; no other job may begin here then."""
        kept = {name for record in self._records.values() for name in _files(record)}
        self.place.write(KEPT, b"{}")
        self._records.clear()
        self.place.delete(MANIFEST)
        for name in self.place.names():
            if OWN_FILES.fullmatch(name) and name not in kept:
                self.place.delete(name)

    def clear(self) -> None:
        """Deletes the files of the store, and nothing else in the place."""
        self._records.clear()
        # First the manifest, without which the others do not count if the process ends here.
        self.place.delete(MANIFEST)
        for name in self.place.names():
            if OWN_FILES.fullmatch(name):
                self.place.delete(name)

    def _record_names(self) -> Iterable[str]:
        names = self.place.names()
        if self._manifest and MANIFEST not in names:
            # Another job may have been begun meanwhile; otherwise strips would be missing from the list, too.
            self._check_manifest()
            raise ObjectStoreError(object=self.folder, reason=Phrase("the list of its files is incomplete"))
        return filter(RECORDS.fullmatch, names)

    def _check_manifest(self) -> None:
        """Raises if another job was begun here meanwhile, or this one was finished."""
        found = unsealed(self.place.read(MANIFEST))[1]
        if self._manifest and found != self._manifest:
            raise StripPlaceError(place=self.folder, output=self._output)
        self._manifest = found

    def _is_whole(self, record: StripRecord, name: str, form: Form) -> bool:
        """Returns True if a record matches its file name and form, and all files match their digests and form."""
        if name != _record(record.index):
            return False
        known = None if form is None else form(record.index)
        if form is not None and (known is None or not known.fits(record)):
            return False
        for layer, digest in record.digests.items():
            content = self.place.read(_file(record.index, layer))
            if content is None or _digest(content) != digest:
                return False
            if known is not None and strip_file_form(content) != known.file(layer):
                return False
        return True

    def _holds(self, name: str, digest: object) -> bool:
        """Returns True if a file has this SHA-256; False for a missing or unreadable file."""
        content = self.place.read(name)
        return content is not None and _digest(content) == digest


class LocalStrips(SharedStrips):
    """The strips of a run on one machine, in the hidden folder beside its output, locked against other runs."""

    def __init__(self, output: Path, progress: Progress = SILENT) -> None:
        self._lock = FolderLock(output, progress)
        super().__init__(FolderPlace(strips_folder(output)), output)

    def close(self, keep: bool) -> None:
        """Releases the folder; deletes its strips without `keep`, or if none is finished.

        Other files in the folder stay.
        """
        if not (keep and self._records):
            # Files that cannot be deleted do not count: the manifest is deleted first.
            with suppress(OSError):
                self.clear()
        self._lock.release()


def _file(index: int, layer: str) -> str:
    return f"{index:06d}.{layer}.tif"


def _files(record: StripRecord) -> list[str]:
    return [_file(record.index, layer) for layer in record.digests]


def _record(index: int) -> str:
    return f"{index:06d}{RECORD}"


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
