# SPDX-License-Identifier: GPL-2.0-or-later
"""The rasters of a VRT mosaic."""

from __future__ import annotations

import os
from typing import Any

from osgeo import gdal

from ..read.source import open_raster


def sources_of_mosaic(path: str) -> tuple[str, ...]:
    """Returns the rasters of a VRT mosaic, none for any other file.

    In a mosaic all bands come from the same rasters. A VRT whose bands come from different ones is a stack, and its
    rasters are not separate scenes.
    """
    dataset = open_raster(path)
    folder = os.path.dirname(path)
    numbers = range(1, dataset.RasterCount + 1)
    bands = [_band_sources(dataset.GetRasterBand(number), folder) for number in numbers]
    if not bands or len(bands[0]) < 2 or any(set(names) != set(bands[0]) for names in bands):
        return ()
    return bands[0]


def _band_sources(band: Any, folder: str) -> tuple[str, ...]:
    texts = (band.GetMetadata("vrt_sources") or {}).values()
    names = (_file_name(gdal.ParseXMLString(text), folder) for text in texts)
    return tuple(dict.fromkeys(name for name in names if name))


def _file_name(source: Any, folder: str) -> str:
    """Reads GDAL's tree [type, value, child, ...] of a source."""
    for child in source[2:]:
        if child[1] == "SourceFilename":
            relative = any(part[1] == "relativeToVRT" and part[2][1] == "1" for part in child[2:] if part[0] == 2)
            name = next((str(part[1]) for part in child[2:] if part[0] == 1), "")
            return os.path.join(folder, name) if relative else name
    return ""
