# SPDX-License-Identifier: GPL-2.0-or-later
"""The window of a raster within an extent."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace

from osgeo import osr

from ...errors import ExtentError, ExtentMissesRasterError
from ...grid import Bounds, Grid
from ...phrase import Phrase
from ...window import Window
from ..gdal_call import GdalError, gdal_call
from .crs import Point, degrees_of, holds_a_pole, moved, same_crs, spatial_reference, spread_over_the_globe

# Points per edge: edges of a rectangle bend in another CRS; these suffice even around a pole.
POINTS_PER_EDGE = 201

# Latitude in degrees that represents the pole, which some CRSs cannot transform.
CLOSE_TO_A_POLE = 89.999


@dataclass(frozen=True)
class Extent:
    """A rectangle (xmin, ymin, xmax, ymax) in a CRS given as WKT; without one it is the raster's."""

    bounds: Bounds
    crs: str = ""

    def __str__(self) -> str:
        return ", ".join(f"{bound:.10g}" for bound in self.bounds)


def window_of_extent(grid: Grid, extent: Extent, raster: str) -> Window:
    """Returns the cells of the grid that the extent touches; `raster` names the grid in errors."""
    try:
        windows = windows_of_bounds(grid, extent_bounds(grid.crs, extent))
    except OverflowError as error:
        raise ExtentError(extent=extent, reason=Phrase("it is too large")) from error
    if not windows:
        raise ExtentMissesRasterError(extent=extent, raster=raster)
    if len(windows) > 1:
        raise ExtentError(
            extent=extent, reason=Phrase("it crosses the date line, where the raster's CRS is discontinuous")
        )
    return windows[0]


def windows_of_bounds(grid: Grid, bounds: Bounds, more: int = 0) -> list[Window]:
    """Returns the cells of the grid within bounds in its CRS, in several windows if they are not contiguous.

    The windows include `more` cells around. Longitudes repeat after a full turn: a raster may count them from 0 to 360,
    or beyond 180.
    """
    xmin, ymin, xmax, ymax = continuous(bounds, grid.crs)
    turn = full_turn(grid.crs)
    shifts = (0.0,) if not turn else (-turn, 0.0, turn)
    covers = [grid.cover((xmin + by, ymin, xmax + by, ymax)).widened(more) for by in shifts]
    found = [cover.intersection(grid.window) for cover in covers]
    return _joined([window for window in found if not window.empty])


def continuous(bounds: Bounds, crs: str) -> Bounds:
    """Returns bounds with xmax above xmin, beyond 180 degrees across the antimeridian."""
    xmin, ymin, xmax, ymax = bounds
    return (xmin, ymin, xmax + full_turn(crs), ymax) if xmin > xmax else bounds


def _joined(windows: list[Window]) -> list[Window]:
    """Joins adjacent windows of the same rows."""
    joined: list[Window] = []
    for window in sorted(windows, key=lambda each: (each.y, each.x)):
        last = joined[-1] if joined else window
        if joined and (last.y, last.height) == (window.y, window.height) and window.x <= last.right:
            joined[-1] = replace(last, width=max(last.right, window.right) - last.x)
        else:
            joined.append(window)
    return joined


def full_turn(crs: str) -> float:
    """Returns 360 degrees in the unit of a geographic CRS, 0 for any other."""
    try:
        reference = spatial_reference(crs) if crs else None
    except GdalError:
        return 0.0
    return 2 * math.pi / reference.GetAngularUnits() if reference and reference.IsGeographic() else 0.0


def extent_bounds(crs: str, extent: Extent) -> Bounds:
    """Returns the bounds of an extent in a CRS; in degrees xmin is above xmax across the antimeridian."""
    xmin, ymin, xmax, ymax = extent.bounds
    if not all(map(math.isfinite, extent.bounds)) or xmin >= xmax or ymin >= ymax:
        raise ExtentError(extent=extent, reason=Phrase("it has no area"))
    if not crs or not extent.crs or same_crs(extent.crs, crs):
        return extent.bounds
    try:
        bounds = bounds_in(crs, extent.bounds, extent.crs)
    except GdalError as error:
        raise ExtentError(extent=extent, reason=error) from error
    if not all(map(math.isfinite, bounds)):
        raise ExtentError(extent=extent, reason=Phrase("it cannot be transformed to the CRS of the raster"))
    torn = bounds[0] <= bounds[2] and spread_over_the_globe(extent.bounds, extent.crs, bounds, crs)
    if torn and not holds_a_pole(extent.bounds, extent.crs):
        raise ExtentError(
            extent=extent, reason=Phrase("it crosses the date line, where the raster's CRS is discontinuous")
        )
    return bounds


def bounds_in(crs: str, bounds: Bounds, own: str) -> Bounds:
    """Returns the bounds in another CRS; raises GdalError if they cannot be transformed."""
    source, target = spatial_reference(own), spatial_reference(crs)
    transformation = gdal_call(osr.CoordinateTransformation, source, target)
    xmin, ymin, xmax, ymax = gdal_call(transformation.TransformBounds, *bounds, POINTS_PER_EDGE)
    if target.IsGeographic():
        return xmin, ymin, xmax, ymax
    # PROJ transforms the edges, but the area around a pole may extend beyond them.
    around = [(x, y) for x, y in _rings_within(bounds, source, target)]
    xs, ys = [x for x, _ in around], [y for _, y in around]
    return min([xmin, *xs]), min([ymin, *ys]), max([xmax, *xs]), max([ymax, *ys])


def _rings_within(bounds: Bounds, source: osr.SpatialReference, target: osr.SpatialReference) -> Iterator[Point]:
    """Yields points close around the poles within bounds, in another CRS."""
    xmin, ymin, xmax, ymax = bounds
    if source.IsGeographic():
        return
    for latitude in (-CLOSE_TO_A_POLE, CLOSE_TO_A_POLE):
        ring = [(float(longitude), latitude) for longitude in range(-180, 181, 5)]
        try:
            degrees = degrees_of(source)
            if all(xmin < x < xmax and ymin < y < ymax for x, y in moved(ring, degrees, source)):
                yield from moved(ring, degrees, target)
        except GdalError:
            continue
