# SPDX-License-Identifier: GPL-2.0-or-later
"""Finished strips in a hidden folder beside the output, from which a run that was killed goes on."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from numpy.typing import NDArray

from ..errors import OutputWriteError, StripChangedError
from ..window import Window
from .folder_lock import LOCK, FolderLock, strips_folder
from .gdal_call import GdalError
from .strip_file import StripMosaic, write_strip_file
from .tally import StripCounts

MANIFEST, JOURNAL = "manifest.json", "strips.jsonl"


@dataclass(frozen=True)
class StripRecord:
    """A finished strip: its place, the digest of each of its files by layer, and the counts of its classes."""

    index: int
    window: Window
    digests: Mapping[str, str]
    counts: StripCounts | None


class StripStore:
    """The strips of one run; opened in a folder, it holds those that an earlier run of the same request finished.

    A strip counts once its line is in the journal; a line that was cut off, or whose files are not what it says,
    stands for nothing.
    """

    def __init__(self, output: Path) -> None:
        self._output = output
        self.folder = strips_folder(output)
        self._records: dict[int, StripRecord] = {}
        try:
            self.folder.mkdir(exist_ok=True)
        except OSError as error:
            raise OutputWriteError(output=output, reason=error.strerror or error) from error
        self._lock = FolderLock(self.folder, output)

    @property
    def finished(self) -> Mapping[int, StripRecord]:
        """The finished strips by index."""
        return self._records

    def manifest(self) -> Mapping[str, Any] | None:
        """Returns what an earlier run wrote down, None where there is nothing that can be read."""
        try:
            document = json.loads((self.folder / MANIFEST).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return None
        return document if isinstance(document, dict) else None

    def resume(self) -> None:
        """Takes over the finished strips of an earlier run."""
        for record in _read_journal(self.folder / JOURNAL):
            if all(_digest(self._path(record.index, name)) == d for name, d in record.digests.items()):
                self._records[record.index] = record

    def begin(self, manifest: Mapping[str, Any]) -> None:
        """Forgets all strips and writes down what the new ones are made of."""
        self._clear()
        part = self.folder / f"{MANIFEST}.part"
        try:
            part.write_text(json.dumps(manifest, indent=1), encoding="utf-8")
            os.replace(part, self.folder / MANIFEST)
        except OSError as error:
            raise OutputWriteError(output=self._output, reason=error.strerror or error) from error

    def write(
        self, index: int, window: Window, layers: Mapping[str, tuple[NDArray[Any], int]], counts: StripCounts | None
    ) -> None:
        """Keeps a strip: for each layer its values (bands, height, width) and GDAL's number of their type."""
        digests = {}
        try:
            for name, (values, gdal_type) in layers.items():
                path = self._path(index, name)
                part = path.with_suffix(".part.tif")
                write_strip_file(part, values, gdal_type)
                digests[name] = _digest(part)
                os.replace(part, path)
            record = StripRecord(index, window, digests, counts)
            with (self.folder / JOURNAL).open("a", encoding="utf-8") as journal:
                journal.write(json.dumps(asdict(record)) + "\n")
        except (GdalError, OSError) as error:
            raise OutputWriteError(output=self._output, reason=error) from error
        self._records[index] = record

    def mosaic(self, layer: str, area: Window, bands: int, gdal_type: int) -> StripMosaic:
        """Returns a layer of all strips as one raster; raises where one is no longer what was written."""
        files = {}
        for index, record in sorted(self._records.items()):
            path = self._path(index, layer)
            if _digest(path) != record.digests[layer]:
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
        """Lets the folder go; without `keep`, or where no strip is finished, it is deleted."""
        if keep and self._records:
            self._lock.release()
            return
        self._clear()
        self._lock.release()
        (self.folder / LOCK).unlink(missing_ok=True)
        # Whatever else may lie in the folder is not ours to delete.
        with suppress(OSError):
            self.folder.rmdir()

    def _path(self, index: int, layer: str) -> Path:
        return self.folder / f"{index:06d}.{layer}.tif"

    def _clear(self) -> None:
        """Deletes what a store writes, and nothing else that may lie in the folder."""
        self._records.clear()
        # The journal first: without it the others stand for nothing, should the process end here.
        for pattern in (JOURNAL, f"{MANIFEST}*", "[0-9]*.tif", "[0-9]*.tif.aux.xml"):
            for path in self.folder.glob(pattern):
                path.unlink(missing_ok=True)


def _read_journal(path: Path) -> list[StripRecord]:
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        return []
    return [record for record in map(_read_record, lines) if record is not None]


def _read_record(line: str) -> StripRecord | None:
    """Returns the strip of a line, None where the line was cut off in the middle."""
    try:
        entry = json.loads(line)
        counts = entry["counts"]
        return StripRecord(
            entry["index"],
            Window(**entry["window"]),
            entry["digests"],
            StripCounts(tuple(counts["pixels"]), tuple(counts["areas"]), counts["decided"]) if counts else None,
        )
    except (ValueError, KeyError, TypeError):
        return None


def _digest(path: Path) -> str:
    """Returns the SHA-256 of a file, nothing where it is missing."""
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except FileNotFoundError:
        return ""
