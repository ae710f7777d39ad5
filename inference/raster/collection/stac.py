# SPDX-License-Identifier: GPL-2.0-or-later
"""The scenes of a STAC file."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timezone
from typing import Any

from osgeo import gdal

from ...errors import CollectionError, RasterUnreadableError
from ...phrase import Phrase, printable
from ..gdal_call import GdalError, gdal_call
from ..read.source import GdalInput
from .band_stack import stack
from .stac_assets import Json, gdal_location, layers_of

# RFC 3339 timestamp.
TIME = re.compile(r"(\d{4}-\d\d-\d\d)[Tt ](\d\d:\d\d:\d\d)(\.\d+)?([Zz]|[+-]\d\d:\d\d)")

LARGEST_FILE = 256 * 1024 * 1024


def read_stac(name: str, by_date: bool = False) -> tuple[GdalInput, ...] | None:
    """Returns the scenes of a STAC ItemCollection or Item, one per item, None if the file is not STAC.

    The order is that of the file, or of their dates.
    """
    document = _document(name)
    if not isinstance(document, Mapping):
        return None
    kind = document.get("type")
    if kind in ("Catalog", "Collection") and "stac_version" in document:
        reason = Phrase("a STAC {kind} has no pixels; choose an ItemCollection or an Item", {"kind": kind})
        raise CollectionError(collection=name, reason=reason)
    items = document.get("features") if kind == "FeatureCollection" else [document]
    if not isinstance(items, list) or not all(isinstance(item, Mapping) and "assets" in item for item in items):
        return None
    if not items:
        raise CollectionError(collection=name, reason=Phrase("it contains no items"))
    return tuple(_scene(item, name) for item in (_by_date(items, name) if by_date and len(items) > 1 else items))


def _by_date(items: Sequence[Json], name: str) -> list[Json]:
    """Returns items in the order of their dates; raises if dates are unknown."""
    dated = sorted(((_date(item, name), item) for item in items), key=lambda pair: pair[0])
    for (date, item), (following, other) in zip(dated, dated[1:]):
        if date == following:
            values = {"title": item.get("id"), "other": other.get("id")}
            reason = Phrase("the items {title} and {other} have the same date, so their order is unknown", values)
            raise CollectionError(collection=name, reason=reason)
    return [item for _, item in dated]


def _date(item: Json, name: str) -> tuple[datetime, float]:
    """Returns the acquisition time of an item, or the start of its period, in whole seconds and the fraction."""
    properties = item.get("properties")
    given = properties if isinstance(properties, Mapping) else {}
    found = TIME.fullmatch(str(given.get("datetime") or given.get("start_datetime") or "").strip())
    try:
        if found is not None:
            day, clock, rest, zone = found.groups()
            moment = datetime.fromisoformat(f"{day}T{clock}{'+00:00' if zone in 'Zz' else zone}")
            return moment.astimezone(timezone.utc), float(rest or 0)
    except (ValueError, OverflowError):
        pass
    text = "the item {title} has no datetime, so its order is unknown"
    reason = Phrase(text, {"title": item.get("id")})
    raise CollectionError(collection=name, reason=reason)


def _document(name: str) -> Any:
    try:
        return json.loads(_read(name))
    except (ValueError, RecursionError, GdalError):
        return None


def _read(name: str) -> bytes:
    """Reads through GDAL, which supports zip files and servers too."""
    file = gdal_call(gdal.VSIFOpenL, gdal_location(name, ""), "rb")
    if file is None:
        raise GdalError("it cannot be opened")
    try:
        return bytes(gdal.VSIFReadL(1, LARGEST_FILE, file) or b"")
    finally:
        gdal.VSIFCloseL(file)


def _scene(item: Json, name: str) -> GdalInput:
    title = str(item.get("id") or os.path.basename(name))
    layers = layers_of(item, title, name)
    if len(layers) == 1:
        return GdalInput(layers[0].uri, title=title)
    try:
        return stack(layers, title)
    except RasterUnreadableError as error:
        # Opening this raises the same error again: one bad item must not stop the others. The error omits the full
        # name, which may contain credentials.
        broken = [layer.uri for layer in layers if str(error.values["raster"]) == printable(GdalInput(layer.uri).name)]
        if not broken:
            raise
        return GdalInput(broken[0], title=title)
