# SPDX-License-Identifier: GPL-2.0-or-later
"""Rasters at the meridian of 180 degrees, with swapped or mirrored axes, which end the process when GDAL warps them.

GDAL gives PROJ the longitudes at which the first row of a raster begins and ends as the area of interest. If columns
run north or south, that is a single meridian; if they run west, its west is in the east. With 180 degrees at one end of
such an area, PROJ's search for the best transformation calls itself until the stack overflows. Any other place will do.
"""

from __future__ import annotations

import math
from typing import Any

from osgeo import gdal

from ...grid import GeoTransform, Grid
from ..gdal_call import GdalError, gdal_call
from ..read.source import GdalInput, grid_of, open_raster
from .crs import degrees_of, moved, spatial_reference

# Degrees; a meridian that is farther from 180 is no danger.
NEAR = 1e-9

# Cells by which a raster is shifted, and units in the last place of its coordinates at least.
SHIFT, UNITS = 1e-9, 8


def open_to_warp(raster: GdalInput) -> Any:
    """Returns the GDAL dataset of a raster; in its place a shifted view if GDAL cannot warp it."""
    dataset = open_raster(raster.uri, raster.name)
    grid = grid_of(dataset)
    transform = warpable_transform(grid)
    if grid.transform in (None, transform):
        return dataset
    view = gdal_call(gdal.Translate, "", dataset, options="-of VRT")
    view.SetGeoTransform(transform)
    return open_raster(view.GetMetadata("xml:VRT")[0], raster.name)


def warpable_transform(grid: Grid) -> GeoTransform:
    """Returns the transform of a grid, shifted off 180 degrees by a billionth of a cell if GDAL cannot warp it."""
    x, dx, rx, y, ry, dy = transform = grid.effective_transform
    # GDAL takes the first row for one along a parallel.
    ends = (x, x + grid.width * dx)
    touching = [end for end in ends if dx <= 0 and _is_date_line(end, y, grid.crs)]
    if not touching:
        return transform
    # Towards the middle: the other way, the raster would be on both sides of the meridian.
    middle = x + (grid.width * dx + grid.height * rx) / 2
    shift = max(SHIFT * math.hypot(dx, rx), UNITS * math.ulp(x))
    return x + math.copysign(shift, middle - touching[0]), dx, rx, y, ry, dy


def _is_date_line(x: float, y: float, crs: str) -> bool:
    try:
        reference = spatial_reference(crs)
        ((longitude, _),) = moved([(x, y)], reference, degrees_of(reference))
    except GdalError:
        return False
    return abs(abs(longitude) - 180) < NEAR
