# SPDX-License-Identifier: GPL-2.0-or-later
"""The rasters of a VRT mosaic."""

from __future__ import annotations

import math
import os
from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from osgeo import gdal

from ..read.source import GdalInput, open_raster
from ..read.validity import NoDataRange, alpha_of

# Elements of a source that leave its values unchanged (gdal.org, driver VRT).
SOURCES = ("SimpleSource", "ComplexSource")
UNCHANGED = (
    "SourceFilename", "SourceBand", "SourceProperties", "SrcRect", "DstRect", "OpenOptions", "NODATA", "UseMaskBand",
)  # fmt: skip

# A band whose values a function computes from its sources.
COMPUTED = "VRTDerivedRasterBand"

ELEMENT, TEXT, ATTRIBUTE = range(3)


@dataclass(frozen=True)
class _Source:
    """A source of a band: the file, whether the band is its band of the same number, unchanged, and its NoData."""

    name: str
    plain: bool
    no_data: float | None


def sources_of_mosaic(path: str) -> tuple[str, ...]:
    """Returns the rasters of a VRT mosaic, none for any other file.

    In a mosaic all bands come from the same rasters. A VRT whose bands come from different ones is a stack, and its
    rasters are not separate scenes.
    """
    return _common_names(_bands(path))


def items_of_mosaic(path: str) -> tuple[GdalInput, ...]:
    """Returns the rasters of a VRT mosaic with the NoData that it declares for them.

    There are none for any other file, or if the VRT selects other bands of them or computes their values: it is a
    raster in its own right.
    """
    bands = _bands(path)
    text = (open_raster(path).GetMetadata("xml:VRT") or [""])[0]
    if COMPUTED in text or not all(source.plain for band in bands for source in band):
        return ()
    no_data: dict[str, dict[int, tuple[NoDataRange, ...]]] = defaultdict(dict)
    for number, band in enumerate(bands, start=1):
        for source in band:
            if source.no_data is not None:
                no_data[source.name][number] = ((source.no_data, source.no_data),)
    return tuple(GdalInput(name, no_data[name]) for name in _common_names(bands))


def _common_names(bands: list[list[_Source]]) -> tuple[str, ...]:
    names = [tuple(dict.fromkeys(source.name for source in band if source.name)) for band in bands]
    if not names or len(names[0]) < 2 or any(set(others) != set(names[0]) for others in names):
        return ()
    return names[0]


def _bands(path: str) -> list[list[_Source]]:
    """Returns the sources of each band of a VRT, none for any other raster."""
    dataset = open_raster(path)
    folder, alpha = os.path.dirname(path), alpha_of(dataset)
    found = []
    for number in range(1, dataset.RasterCount + 1):
        texts = (dataset.GetRasterBand(number).GetMetadata("vrt_sources") or {}).values()
        trees = map(gdal.ParseXMLString, texts)
        found.append([_source(tree, number, folder, number == alpha) for tree in trees])
    return found


def _source(tree: Any, number: int, folder: str, is_alpha: bool) -> _Source:
    """Reads GDAL's tree [type, value, child, ...] of a source."""
    parts = {child[1]: child for child in tree[2:] if child[0] == ELEMENT}
    name = _text(parts, "SourceFilename")
    attributes = {part[1]: part[2][1] for part in parts.get("SourceFilename", ())[2:] if part[0] == ATTRIBUTE}
    name = os.path.join(folder, name) if attributes.get("relativeToVRT") == "1" else name
    same_band = _text(parts, "SourceBand") in ("", str(number))
    plain = tree[1] in SOURCES and same_band and set(parts) <= set(UNCHANGED)
    try:
        no_data = float(_text(parts, "NODATA") or "nan")
    except ValueError:
        return _Source(name, False, None)
    return _Source(name, is_alpha or plain, None if is_alpha or math.isnan(no_data) else no_data)


def _text(parts: dict[str, Any], tag: str) -> str:
    return next((str(part[1]).strip() for part in parts.get(tag, ())[2:] if part[0] == TEXT), "")
