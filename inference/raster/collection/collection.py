# SPDX-License-Identifier: GPL-2.0-or-later
"""Several rasters as one input: a folder, a list, a tile index, a STAC file, a VRT."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from typing import Any, Union

from ...errors import CollectionError
from ...phrase import Phrase
from ...redaction import without_secrets
from ..read.input_files import input_files, is_vrt_text
from ..read.source import GdalInput, RasterItem
from .folder import is_folder, rasters_in
from .stac import read_stac
from .tile_index import gti_name, locations_in
from .vrt_items import items_of_mosaic

# Raster names listed in one message; the log has all of them.
MOST_SHOWN = 20

Item = Union[GdalInput, RasterItem]


@dataclass(frozen=True)
class Collection:
    """Ordered rasters and the name of the collection.

    `whole` is GDAL's own combined raster, if it makes one. Items that are `stacked` become the bands of one raster,
    those of the first item before those of the second; otherwise they are a mosaic.
    """

    items: tuple[Item, ...]
    name: str
    whole: GdalInput | None = None
    stacked: bool = False

    @property
    def rasters(self) -> tuple[GdalInput, ...]:
        """The items that GDAL reads by name: all of them, or none for a service."""
        return tuple(item for item in self.items if isinstance(item, GdalInput))

    @property
    def files(self) -> tuple[str, ...]:
        """The source files of the items."""
        return tuple(dict.fromkeys(name for raster in self.rasters for name in input_files(raster.uri)))


def read_collection(value: Any, separately: bool = False, stacked: bool = False) -> Collection | None:
    """Returns the rasters of a value, None for a single raster.

    The value is a path or a name for GDAL, a sequence of them, or several in one text, separated by semicolons. A VRT
    is one raster, unless its sources are to be classified separately (see `items_of_mosaic`). Rasters to be `stacked`
    are in chronological order, see `read_stack`.
    """
    parts = split_value(value)
    if len(parts) != 1:
        return _list(parts, separately, stacked)
    part = parts[0]
    if isinstance(part, GdalInput):
        return _named(part.uri, separately, stacked) if not part.no_data else None
    return _named(str(part), separately, stacked)


def read_stack(value: Any) -> Collection | None:
    """Returns the rasters of a value in stacking order, None for a single raster.

    The order is that of the list or the tile index; of a folder natural sort order of the names; of a STAC file that of
    the dates.
    """
    collection = read_collection(value, stacked=True)
    return None if collection is None else replace(collection, whole=None, stacked=True)


def split_value(value: Any) -> list[Any]:
    """Returns the rasters in a value, or the value itself; texts are lists in JSON or separated by semicolons."""
    if isinstance(value, str) and value.lstrip().startswith("["):
        value = _json_list(value)
    if isinstance(value, str):
        single = value.lstrip().startswith(("<", "{")) or ";" not in value or os.path.exists(value)
        parts = [value] if single else [part.strip().strip('"') for part in value.split(";")]
        return [part for part in parts if part] or [value]
    if isinstance(value, Sequence):
        return list(value)
    return [value]


def _json_list(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text


def _list(parts: Sequence[Any], separately: bool, stacked: bool) -> Collection:
    """Returns all rasters of a list; an entry may itself be a collection."""
    items: list[Item] = []
    for part in parts:
        inner = read_collection(part, separately, stacked)
        raster = part if isinstance(part, GdalInput) else GdalInput(str(part))
        items += inner.items if inner is not None else (raster,)
    if not items:
        raise CollectionError(collection="(none)", reason=Phrase("the list is empty"))
    return Collection(tuple(items), f"{item_name(items[0])} and {len(items) - 1} more")


def _named(name: str, separately: bool, stacked: bool) -> Collection | None:
    if is_vrt_text(name) or name.lstrip().startswith(("<", "{")):
        return None
    suffix = PurePosixPath(name.split("?")[0]).suffix.lower()
    if suffix in (".json", ".geojson"):
        scenes = read_stac(name, by_date=stacked)
        if scenes is not None:
            return Collection(scenes, _stem(name))
    if is_folder(name):
        uris = rasters_in(name)
        return None if uris == (name,) else _of(sorted(uris, key=_natural) if stacked else uris, name)
    if suffix == ".vrt":
        items = items_of_mosaic(name) if separately else ()
        return Collection(items, _stem(name)) if items else None
    locations = locations_in(name)
    return None if locations is None else _index(locations, name)


def _natural(name: str) -> list[tuple[str, int]]:
    """Returns a natural sort key: 2 comes before 10."""
    return [(text, int(number or 0)) for text, number in re.findall("([^0-9]*)([0-9]{0,200})", name)]


def _index(uris: Sequence[str], name: str) -> Collection:
    if not uris:
        raise CollectionError(collection=name, reason=Phrase("the tile index lists no raster"))
    gti = gti_name(name)
    return _of(uris, name, GdalInput(gti, title=name) if gti else None)


def _of(uris: Sequence[str], name: str, whole: GdalInput | None = None) -> Collection:
    return Collection(tuple(GdalInput(uri) for uri in uris), _stem(name), whole)


def _stem(name: str) -> str:
    return PurePosixPath(without_secrets(name).replace("\\", "/").rstrip("/")).stem


def item_name(raster: Item) -> str:
    """Returns the base name for a result of this raster, without a suffix."""
    text = without_secrets(raster.title) if raster.title else _stem(raster.name)
    return "".join(c if c.isalnum() or c in " ._-()+@" else "_" for c in text).strip(" .") or "raster"


def shown_items(items: Sequence[Item]) -> str:
    """Returns the names of rasters as one text for a message, with an indication of omissions."""
    names = [raster.name for raster in items[:MOST_SHOWN]]
    return ", ".join(names if len(names) == len(items) else [*names, "…"])


def item_names(items: Sequence[Item]) -> tuple[str, ...]:
    """Returns a name for each raster; later duplicates get a number."""
    names: dict[str, str] = {}
    for raster in items:
        name = base = item_name(raster)
        number = 1
        while name.lower() in names:
            number += 1
            name = f"{base}_{number}"
        names[name.lower()] = name
    return tuple(names.values())
