# SPDX-License-Identifier: GPL-2.0-or-later
"""The files that a raster is read from, also where it is the text of a VRT in a VRT."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from osgeo import gdal

from .gdal_call import GdalError, gdal_call

FILE_TAGS = ("SourceFilename", "SourceDataset")
ELEMENT, TEXT = 0, 1


def is_vrt_text(uri: str) -> bool:
    """Tells whether a name of GDAL is the text of a VRT rather than a file."""
    return uri.lstrip().startswith("<VRTDataset")


def input_files(uri: str) -> tuple[str, ...]:
    """Returns the files of a raster; those of one that cannot be read are its name alone."""
    if is_vrt_text(uri):
        try:
            tree = gdal_call(gdal.ParseXMLString, uri)
        except GdalError:
            return ()
        names = dict.fromkeys(text for tag, text in _texts(tree or ()) if tag in FILE_TAGS)
        return tuple(dict.fromkeys(name for text in names for name in input_files(text)))
    if uri.startswith("/vsi") or not uri.lower().endswith(".vrt"):
        return (uri,)
    behind = (name for listed in _listed(uri) if listed != uri for name in input_files(listed))
    return tuple(dict.fromkeys((uri, *behind)))


def _listed(uri: str) -> tuple[str, ...]:
    try:
        dataset = gdal_call(gdal.OpenEx, uri, gdal.OF_RASTER | gdal.OF_READONLY)
    except GdalError:
        return ()
    return tuple(dataset.GetFileList() or ()) if dataset is not None else ()


def _texts(node: Any) -> Iterator[tuple[str, str]]:
    """Yields tag and text of the elements in their order; GDAL gives a node as [type, value, child, child, ...].

    Nodes wait in a list, since a hostile text may nest them without end.
    """
    waiting = [node]
    while waiting:
        parent = waiting.pop()
        waiting += [child for child in reversed(parent[2:]) if child[0] == ELEMENT]
        for child in parent[2:]:
            if child[0] == TEXT and parent[0] == ELEMENT:
                yield parent[1], child[1]
