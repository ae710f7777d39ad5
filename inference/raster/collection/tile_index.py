# SPDX-License-Identifier: GPL-2.0-or-later
"""GDAL's tile index: a vector file whose features name rasters."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

from osgeo import gdal, ogr

from ...errors import CollectionError
from ...phrase import Phrase
from ..gdal_call import GdalError, gdal_call
from .folder import is_raster

LOCATION = "location"
GTI_SUFFIXES = (".gti", ".gti.gpkg", ".gti.fgb", ".gti.parquet")

# Never an index; avoids opening a large raster again.
NO_INDEX = (".tif", ".tiff", ".jp2", ".img", ".png", ".jpg", ".jpeg", ".nc", ".h5", ".hdf")


def gti_name(path: str) -> str:
    """Returns GDAL's name (3.9 and later) of a tile index as one raster, empty if unsupported.

    GDAL resolves relative locations against the current folder unless the file has the expected suffix.
    """
    if gdal.GetDriverByName("GTI") is None:
        return ""
    name = path if path.lower().endswith(GTI_SUFFIXES) else f"GTI:{path}"
    return name if is_raster(name) else ""


def locations_in(path: str) -> tuple[str, ...] | None:
    """Returns the rasters in a tile index, in its order, None for any other file.

    Relative names are resolved against the folder of the index.
    """
    lowered = path.lower()
    if lowered.endswith(NO_INDEX) or "://" in path or (not lowered.endswith(GTI_SUFFIXES) and is_raster(path)):
        return None
    index = _Index.of_gti(path) if lowered.endswith(".gti") else _Index(path)
    dataset = _vector(index.path)
    if dataset is None:
        return None
    layer = dataset.GetLayerByName(index.layer) if index.layer else dataset.GetLayer(0)
    field = _field(layer, index.field)
    if field is None:
        return None
    if index.condition:
        layer.SetAttributeFilter(index.condition)
    folder = os.path.dirname(index.path)
    return tuple(_resolved(str(feature.GetField(field)), folder) for feature in _sorted(layer, index))


class _Index:
    """The content of a .gti file; without one only the path is known."""

    def __init__(self, path: str, tags: dict[str, str] | None = None) -> None:
        tags = tags or {}
        self.path = path
        self.layer = tags.get("IndexLayer", "")
        self.field = tags.get("LocationField", LOCATION)
        self.condition = tags.get("Filter", "")
        self.sort = tags.get("SortField", "")
        self.ascending = tags.get("SortFieldAsc", "true").lower() != "false"

    @classmethod
    def of_gti(cls, path: str) -> _Index:
        tags = _tags(path)
        if "IndexDataset" not in tags:
            raise CollectionError(collection=path, reason=Phrase("it is not a GDAL tile index, or lacks IndexDataset"))
        return cls(_resolved(tags["IndexDataset"], os.path.dirname(path)), tags)


def _tags(path: str) -> dict[str, str]:
    try:
        with open(path, encoding="utf-8") as file:
            tree: Any = gdal_call(gdal.ParseXMLString, file.read()) or [0, ""]
    except (OSError, UnicodeDecodeError, GdalError) as error:
        raise CollectionError(collection=path, reason=error) from error
    root: Any = next((node for node in [tree, *tree[2:]] if node[1] == "GDALTileIndexDataset"), ())
    return {child[1]: child[2][1] for child in root[2:] if len(child) > 2 and child[2][0] == 1}


def _vector(path: str) -> Any:
    try:
        return gdal_call(gdal.OpenEx, path, gdal.OF_VECTOR | gdal.OF_READONLY)
    except GdalError:
        return None


def _field(layer: ogr.Layer | None, name: str) -> int | None:
    if layer is None:
        return None
    index = layer.GetLayerDefn().GetFieldIndex(name)
    return index if index >= 0 else None


def _sorted(layer: ogr.Layer, index: _Index) -> Iterator[Any]:
    features = list(layer)
    if index.sort:
        features.sort(key=lambda feature: feature.GetField(index.sort), reverse=not index.ascending)
    return iter(features)


def _resolved(name: str, folder: str) -> str:
    if os.path.isabs(name) or name.startswith("/vsi") or "://" in name:
        return f"/vsicurl/{name}" if name.startswith(("http://", "https://")) else name
    return os.path.join(folder, name)
