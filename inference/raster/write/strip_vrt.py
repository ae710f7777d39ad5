# SPDX-License-Identifier: GPL-2.0-or-later
"""A VRT over finished strips, for results that are too large to be written once more."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Callable

from osgeo import gdal

from ...grid import Grid
from ...window import Window
from ..gdal_call import gdal_call
from .georeference import georeference
from .geotiff import BandLayout
from .strip_file import strip_source

# Overviews have half the cells of the one before, down to this side.
SMALLEST_OVERVIEW = 256


def strip_vrt(
    files: Mapping[str, Window],
    area: Window,
    grid: Grid,
    layout: BandLayout,
    metadata: Mapping[str, str],
    resampling: str,
    describe: Callable[[Any], None] | None = None,
) -> str:
    """Returns the text of a VRT of strips by name, whose windows are in cells of the scene; raises a GdalError.

    Names without a folder are those of files beside the VRT. `describe` gets its dataset. Overviews are computed when
    they are read, by `resampling`.
    """
    driver, count = gdal.GetDriverByName("VRT"), len(layout.names)
    dataset = gdal_call(driver.Create, "", area.width, area.height, count, layout.gdal_type)
    georeference(dataset, grid)
    dataset.SetMetadata(dict(metadata))
    for number, name in enumerate(layout.names, start=1):
        band = dataset.GetRasterBand(number)
        band.SetNoDataValue(layout.no_data)
        band.SetDescription(name)
    if describe is not None:
        gdal_call(describe, dataset)
    text = gdal_call(dataset.GetMetadata, "xml:VRT")[0]
    head, *bands = text.split("</VRTRasterBand>")
    type_name, lines = gdal.GetDataTypeName(layout.gdal_type), []
    for number, part in enumerate([head, *bands[:-1]], start=1):
        lines.append(part.rstrip())
        lines += [strip_source(name, window, area, number, type_name) for name, window in files.items()]
        lines.append("</VRTRasterBand>")
    levels = _levels(area)
    overviews = f'<OverviewList resampling="{resampling}">{" ".join(map(str, levels))}</OverviewList>\n'
    return "\n".join([*lines, (overviews if levels else "") + bands[-1].strip()])


def _levels(area: Window) -> list[int]:
    levels = [2]
    while max(area.width, area.height) // levels[-1] > SMALLEST_OVERVIEW:
        levels.append(2 * levels[-1])
    return levels[:-1]
