# SPDX-License-Identifier: GPL-2.0-or-later
"""Tells whether files have changed, wherever GDAL finds them."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Optional

from osgeo import gdal

from .gdal_call import GdalError, gdal_call

# Name, size in bytes and time of the last change, in nanoseconds on local disks, else in seconds; None where there is
# no such file.
FileState = tuple[str, Optional[int], Optional[int]]


def file_states(names: Sequence[str]) -> list[FileState]:
    """Returns the states of files by their names in GDAL, in order."""
    return [_state(name) for name in names]


def _state(name: str) -> FileState:
    if os.path.exists(name):
        local = os.stat(name)
        return name, local.st_size, local.st_mtime_ns
    try:
        found = gdal_call(gdal.VSIStatL, name)
    except GdalError:
        found = None
    return (name, found.size, found.mtime) if found is not None else (name, None, None)
