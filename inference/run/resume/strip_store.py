# SPDX-License-Identifier: GPL-2.0-or-later
"""Finished strips in a hidden folder beside the output, from which a run that was killed goes on."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

from numpy.typing import NDArray

from ...errors import OutputWriteError, StripChangedError
from ...new_files import new_token
from ...progress import SILENT, Progress
from ...raster import StripMosaic
from ...raster.gdal_call import GdalError
from ...raster.write.strip_file import write_strip_file
from ...raster.write.tally import StripCounts
from ...window import Window
from .folder_lock import FolderLock
from .sealed_file import is_whole, read_sealed, write_sealed

MANIFEST, RECORD = "manifest.json", ".strip.json"

# What a store writes, and what is left of it where a process ends meanwhile.
OWN_FILES = re.compile(r"\d{6,}\.[a-z]+\.(tif(\.aux\.xml)?|json)|\.[0-9a-f]{14}\.part(\.tif(\.aux\.xml)?)?")


@dataclass(frozen=True)
class StripRecord:
    """A finished strip: its place, the digest of each of its files by layer, and the counts of its classes.

    `manifest` is the digest of the manifest that it was made under.
    """

    manifest: str
    index: int
    window: Window
    digests: Mapping[str, str]
    counts: StripCounts | None


class StripStore:
    """The strips of one run; opened in a folder, it holds those that an earlier run of the same request finished.

    A strip is its files, one for each layer, and then a record of them. It counts once its record is there: one that is
    not what was written, belongs to another manifest, or whose files are not what it says, stands for nothing.
    """

    def __init__(self, output: Path, progress: Progress = SILENT) -> None:
        self._output = output
        self._records: dict[int, StripRecord] = {}
        self._lock = FolderLock(output, progress)
        self.folder = self._lock.folder
        self._manifest = ""

    @property
    def finished(self) -> Mapping[int, StripRecord]:
        """The finished strips by index."""
        return self._records

    def manifest(self) -> Mapping[str, Any]:
        """Returns what an earlier run wrote down, empty where there is nothing that can be read."""
        return read_sealed(self.folder / MANIFEST)[0]

    def resume(self) -> None:
        """Takes over the finished strips of an earlier run."""
        self._manifest = read_sealed(self.folder / MANIFEST)[1]
        for path in self.folder.glob(f"[0-9]*{RECORD}"):
            record = _read_record(path)
            if record is not None and record.manifest == self._manifest and self._is_whole(record, path):
                self._records[record.index] = record

    def begin(self, manifest: Mapping[str, Any]) -> None:
        """Forgets all strips and writes down what the new ones are made of."""
        try:
            self._clear()
            self._manifest = write_sealed(self.folder / MANIFEST, manifest)
        except OSError as error:
            raise OutputWriteError(output=self._output, reason=error.strerror or error) from error

    def write(
        self, index: int, window: Window, layers: Mapping[str, tuple[NDArray[Any], int]], counts: StripCounts | None
    ) -> None:
        """Keeps a strip: for each layer its values (bands, height, width) and GDAL's number of their type."""
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

    def close(self, keep: bool) -> None:
        """Lets the folder go; without `keep`, or where no strip is finished, it is deleted.

        Whatever else lies in the folder is not ours to delete, and so it stays.
        """
        if not (keep and self._records):
            # What cannot be deleted stands for nothing: the manifest went first.
            with suppress(OSError):
                self._clear()
        self._lock.release()

    def _path(self, index: int, layer: str) -> Path:
        return self.folder / f"{index:06d}.{layer}.tif"

    def _record(self, index: int) -> Path:
        return self.folder / f"{index:06d}{RECORD}"

    def _is_whole(self, record: StripRecord, path: Path) -> bool:
        """Tells whether a record is that of its name, and all files are what it says."""
        files = ((self._path(record.index, layer), digest) for layer, digest in record.digests.items())
        return path == self._record(record.index) and all(_holds(*file) for file in files)

    def _clear(self) -> None:
        """Deletes what a store writes, and nothing else that may lie in the folder."""
        self._records.clear()
        # Without the manifest the others stand for nothing, should the process end here.
        (self.folder / MANIFEST).unlink(missing_ok=True)
        for path in self.folder.iterdir():
            if OWN_FILES.fullmatch(path.name):
                path.unlink(missing_ok=True)


def _read_record(path: Path) -> StripRecord | None:
    """Returns the strip of a record, None where the file is not what was written."""
    content, _ = read_sealed(path)
    try:
        values = {field.name: content[field.name] for field in fields(StripRecord)}
        window, counts = Window(**values.pop("window")), values.pop("counts")
        record = StripRecord(window=window, counts=None if counts is None else _read_counts(counts), **values)
    except (KeyError, TypeError, ValueError, AttributeError):
        return None
    numbers = (record.index, window.x, window.y, window.width, window.height)
    has_files = isinstance(record.digests, dict) and bool(record.digests)
    return record if has_files and all(map(is_whole, numbers)) else None


def _read_counts(document: Mapping[str, Any]) -> StripCounts:
    kinds = {field.name: str(field.type) for field in fields(StripCounts)}
    counts = StripCounts(**{name: _read_count(document[name], kind) for name, kind in kinds.items()})
    if len(counts.pixels) != len(counts.areas):
        raise ValueError("pixels and areas are not those of the same classes")
    return counts


def _read_count(value: Any, annotation: str) -> Any:
    """Returns a number, or a tuple of them where the annotation says so; None only where it has a place for it."""
    many = isinstance(value, list)
    numbers = value if many else [value]
    if many is not annotation.startswith("tuple") or not all(_is_number(each, annotation) for each in numbers):
        raise TypeError(f"{value!r:.60} is not {annotation}")
    return tuple(value) if many else value


def _is_number(value: object, annotation: str) -> bool:
    if value is None:
        return "None" in annotation
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _holds(path: Path, digest: object) -> bool:
    """Tells whether a file has this SHA-256; one that is missing or cannot be read has none."""
    try:
        return _digest(path) == digest
    except OSError:
        return False
