# SPDX-License-Identifier: GPL-2.0-or-later
"""Detects changes of files, in any of GDAL's file systems."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Optional

from osgeo import gdal

from ..gdal_call import GdalError, gdal_call
from .input_files import all_files

# Name, size in bytes, and the times when the content and when anything of the file last changed: in nanoseconds on
# local disks, otherwise in seconds. None stands for unknown values and missing files.
FileState = tuple[str, Optional[int], Optional[int], Optional[int]]

# Prefixes of GDAL's file systems, and the part of a file in one of them.
PREFIXES = re.compile(r"(/vsi\w+/)+(\d+_\d+,)?\{?")


def file_states(names: Sequence[str], whole_seconds: bool = False) -> list[FileState]:
    """Returns the states of all files that rasters depend on, by their names in GDAL, in the order of the names.

    In `whole_seconds` they are the same on all machines that see the files: mounts differ in smaller parts.
    """
    states = [state for name in all_files(names) for state in _states(name)]
    return [_in_seconds(state) for state in states] if whole_seconds else states


def _in_seconds(state: FileState) -> FileState:
    name, size, content, status = state
    # Only local disks tell both, in nanoseconds.
    if content is None or status is None:
        return state
    return name, size, content // 10**9, status // 10**9


def _states(name: str) -> Iterator[FileState]:
    """Yields the state of a file, of all files in a folder, or of an archive and its members."""
    if os.path.isdir(name):
        for parent, _, files in os.walk(name):
            yield from (_local(os.path.join(parent, file)) for file in sorted(files))
    elif os.path.exists(name):
        yield _local(name)
    else:
        yield _elsewhere(name)
        yield from (_local(str(archive)) for archive in _archives(name))


def _local(name: str) -> FileState:
    try:
        found = os.stat(name)
    except OSError:
        return name, None, None, None
    # A copy may restore the time of the content, but not the other one.
    return name, found.st_size, found.st_mtime_ns, found.st_ctime_ns


def _elsewhere(name: str) -> FileState:
    try:
        found = gdal_call(gdal.VSIStatL, name)
    except (GdalError, TypeError, ValueError):
        found = None
    return (name, found.size, found.mtime, None) if found is not None else (name, None, None, None)


def _archives(name: str) -> Iterator[Path]:
    """Yields the local file around a file in an archive, which may have its old size and time in a new archive."""
    prefix = PREFIXES.match(name)
    if prefix is not None:
        path = Path(name[prefix.end() :].replace("}", ""))
        yield from [place for place in (path, *path.parents) if os.path.isfile(place)][:1]
