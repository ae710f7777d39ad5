# SPDX-License-Identifier: GPL-2.0-or-later
"""The source files of a raster, including those of nested VRT texts."""

from __future__ import annotations

import os
import re
from collections import deque
from collections.abc import Iterator, Sequence
from typing import Any, Callable

from osgeo import gdal

from ..gdal_call import GdalError, gdal_call

# Elements of a VRT that name files, and metadata items that do, for geolocation arrays.
FILE_TAGS = ("SourceFilename", "SourceDataset", "DEMPath")
FILE_ITEMS = ("X_DATASET", "Y_DATASET")
ELEMENT, TEXT, ATTRIBUTE = range(3)

# The root element of a VRT, and the first bytes of a file in which to look for it.
VRT, HEAD, CHUNK = "<VRTDataset", 1024, 1024**2

# Driver prefix of a file name with the number of a part, as in GTIFF_DIR:1:scene.tif.
DRIVER = re.compile(r'[A-Z][A-Z0-9_]+:(\d+:)?"?')

# Side files that may change a raster's pixels, NoData, mask or georeference: appended to its name, and replacing its
# suffix (gdal.org, drivers GTiff and HFA, "RPC Georeferencing").
AFTER_NAME = (".aux.xml", ".msk", ".ovr", ".msk.ovr", ".msk.aux.xml", ".ovr.aux.xml", ".aux")
AFTER_STEM = (".aux", ".rrd", ".wld", ".prj", ".hdr", ".tab", ".rpb", ".rpc", ".imd", "_rpc.txt", "_metadata.txt")


def is_vrt_text(uri: str) -> bool:
    """True if a name of GDAL is the text of a VRT rather than a file."""
    return uri.lstrip().startswith(VRT)


def input_files(uri: str) -> tuple[str, ...]:
    """Returns the files of a raster; for an unreadable one its name alone."""
    return _files_of((uri,), lambda name: False)


def all_files(names: Sequence[str]) -> tuple[str, ...]:
    """Returns all files that rasters depend on: those of each source below them, and side files.

    Opens every source. Missing side files are not listed, so a new one changes the answer.
    """
    files = _files_of(names, lambda name: True)
    folders = {folder: _entries(folder) for folder in {os.path.dirname(name) for name in files}}
    beside = (found for name in files for found in _beside(name, folders[os.path.dirname(name)]))
    return tuple(sorted({*files, *beside}))


def _files_of(names: Sequence[str], is_opened: Callable[[str], bool]) -> tuple[str, ...]:
    """Returns the files of rasters, the first ones first; a VRT may name itself among its sources."""
    found: dict[str, None] = {}
    waiting = deque(names)
    while waiting:
        name = waiting.popleft()
        if name not in found:
            found[name] = None
            text = name if is_vrt_text(name) else _text_of_vrt(name)
            waiting += _named_in(text, "" if text is name else os.path.dirname(name))
            if text is not name and (text or is_opened(name)):
                waiting += _listed(name)
    return tuple(name for name in found if not is_vrt_text(name))


def _text_of_vrt(name: str) -> str:
    """Returns the text of a VRT file, empty for any other; remote files are recognised by their suffix."""
    if name.startswith("/vsi") and not name.lower().endswith(".vrt"):
        return ""
    try:
        file = gdal_call(gdal.VSIFOpenL, name, "rb")
    except (GdalError, TypeError, ValueError):
        file = None  # also names that are not valid text for GDAL
    if file is None:
        return ""
    try:
        head = bytes(gdal.VSIFReadL(1, HEAD, file) or b"")
        if VRT.encode() not in head:
            return ""
        chunks = iter(lambda: bytes(gdal.VSIFReadL(1, CHUNK, file) or b""), b"")
        return b"".join([head, *chunks]).decode("utf-8", "replace")
    finally:
        gdal.VSIFCloseL(file)


def _listed(name: str) -> tuple[str, ...]:
    try:
        dataset = gdal_call(gdal.OpenEx, name, gdal.OF_RASTER | gdal.OF_READONLY)
    except (GdalError, TypeError, ValueError):
        return ()
    return tuple(dataset.GetFileList() or ()) if dataset is not None else ()


def _named_in(text: str, folder: str) -> list[str]:
    """Returns the names of files in the text of a VRT; relative ones are resolved against this folder."""
    try:
        tree = gdal_call(gdal.ParseXMLString, text) if text else None
    except GdalError:
        tree = None
    return [] if tree is None else [*_names(tree, folder)]


def _names(tree: Any, folder: str) -> Iterator[str]:
    """Yields names in their order; GDAL represents a node of the tree as [type, value, child, child, ...].

    Iterative, since a hostile text may nest nodes without end.
    """
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        waiting += [child for child in reversed(node[2:]) if child[0] == ELEMENT]
        attributes = {child[1]: child[2][1] for child in node[2:] if child[0] == ATTRIBUTE and len(child) > 2}
        if node[0] == ELEMENT and (node[1] in FILE_TAGS or attributes.get("key") in FILE_ITEMS):
            for name in (child[1] for child in node[2:] if child[0] == TEXT):
                driver = DRIVER.match(name)
                start = driver.end() if driver is not None else 0
                relative = attributes.get("relativeToVRT") == "1"
                yield name[:start] + os.path.join(folder, name[start:]) if relative else name


def _entries(folder: str) -> dict[str, list[str]]:
    """Returns the files of a folder by their names in lower case: GDAL accepts side files in either case."""
    entries: dict[str, list[str]] = {}
    try:
        names = os.listdir(folder or ".")
    except (OSError, ValueError):
        names = []
    for name in names:
        entries.setdefault(name.lower(), []).append(name)
    return entries


def _beside(name: str, entries: dict[str, list[str]]) -> Iterator[str]:
    folder, file = os.path.split(name.lower())
    stem, suffix = os.path.splitext(file)
    # A world file of scene.tif is scene.tfw or scene.tifw.
    world = (f".{suffix[1:2]}{suffix[-1:]}w", f"{suffix}w")
    candidates = {*(f"{file}{end}" for end in AFTER_NAME), *(f"{stem}{end}" for end in (*AFTER_STEM, *world))}
    for candidate in candidates - {file}:
        yield from (os.path.join(os.path.dirname(name), found) for found in entries.get(candidate, ()))
