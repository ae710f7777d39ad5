# SPDX-License-Identifier: GPL-2.0-or-later
"""The grid of a result, from the raster's own grid and what the environment asks for."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from ..errors import GridError
from ..grid import EDGE_TOLERANCE, Grid
from ..phrase import Phrase
from ..window import Window
from .crs import same_crs
from .extent import Extent, window_of_extent

# The largest width or height that a GeoTIFF can have.
LARGEST_SIZE = 2**31 - 1


@dataclass(frozen=True)
class GridRequest:
    """What is asked of a result's grid; None or empty leaves it to the raster.

    `crs` is WKT. `cell_size` is (width, height) in units of the output's CRS, which has to be `cell_size_crs`
    where that is known. `snap` is a grid with whose cells the output's cells align.
    """

    extent: Extent | None = None
    crs: str = ""
    cell_size: tuple[float, float] | None = None
    snap: Grid | None = None
    cell_size_crs: str = ""

    @property
    def keeps_lattice(self) -> bool:
        """True where the raster's own cells are asked for, all or a part of them."""
        return not self.crs and self.cell_size is None and self.snap is None


@dataclass(frozen=True)
class GridPlan:
    """The grid that the whole scene is read on, and the part of it that is wanted."""

    scene: Grid
    area: Window


def plan_grid(own: Grid, suggested: Grid, request: GridRequest, raster: str) -> GridPlan:
    """Returns the grid for a raster; a pure function.

    `own` is the raster's grid and `suggested` the north-up grid that covers it in the asked CRS at its own
    resolution. The result is the raster's own grid wherever that fulfils the request. `raster` names it in
    errors.
    """
    scene = own if fulfils(own, request) else _lattice(suggested, request, raster)
    area = scene.window
    if request.extent is not None:
        # Without a CRS it is the raster's own, whatever that of the result is.
        extent = request.extent if request.extent.crs else replace(request.extent, crs=own.crs)
        area = window_of_extent(scene, extent, raster)
    return GridPlan(scene, area)


def fulfils(own: Grid, request: GridRequest) -> bool:
    """Tells whether the raster's own cells are what is asked for."""
    if request.keeps_lattice:
        # Control points place cells on the map only through a warp, which an extent needs.
        return request.extent is None or not own.control_points
    if own.transform is None or (request.crs and not same_crs(own.crs, request.crs)):
        return False
    if request.cell_size is None and request.snap is None:
        return True
    same_size = request.cell_size is None or _close(request.cell_size, own.cell_size, own)
    return own.north_up and same_size and (request.snap is None or _aligned(own, request.snap))


def _close(first: tuple[float, float], second: tuple[float, float], grid: Grid) -> bool:
    """Tells whether cells of these sizes stay together over the whole grid."""
    return all(
        abs(a - b) * count <= EDGE_TOLERANCE * b
        for a, b, count in zip(first, second, (grid.width, grid.height))
    )


def _aligned(own: Grid, snap: Grid) -> bool:
    if snap.crs and own.crs and not same_crs(snap.crs, own.crs):
        return False
    offsets = snap.cell_of(*own.origin)
    return _close(own.cell_size, snap.cell_size, own) and all(abs(o - round(o)) <= EDGE_TOLERANCE for o in offsets)


def _lattice(suggested: Grid, request: GridRequest, raster: str) -> Grid:
    """Returns the smallest grid of the asked cells that covers the suggested one."""
    if suggested.transform is None:
        raise GridError(raster=raster, reason="it is not georeferenced, so it fits no other grid")
    if request.cell_size_crs and suggested.crs and not same_crs(request.cell_size_crs, suggested.crs):
        raise GridError(raster=raster, reason="the raster of the cell size is in another CRS than the output")
    width, height = request.cell_size or suggested.cell_size
    xmin, ymin, xmax, ymax = suggested.bounds
    for side, span in ((width, xmax - xmin), (height, ymax - ymin)):
        if not (math.isfinite(side) and side > 0):
            reason = Phrase("the cell size {size} is not above 0", {"size": f"{width:g} x {height:g}"})
            raise GridError(raster=raster, reason=reason)
        if not EDGE_TOLERANCE < span / side < LARGEST_SIZE:
            values = {"size": f"{width:g} x {height:g}", "count": f"{span / side:.3g}"}
            reason = Phrase("cells of {size} give {count} of them in a row", values)
            raise GridError(raster=raster, reason=reason)
    anchor = _snap_grid(request.snap, suggested, raster) if request.snap is not None else suggested
    x, y = anchor.origin
    lattice = replace(suggested, transform=(x, width, 0.0, y, 0.0, -height), control_points=())
    return lattice.crop(lattice.cover(suggested.bounds))


def _snap_grid(snap: Grid, suggested: Grid, raster: str) -> Grid:
    if snap.transform is None or not snap.north_up:
        raise GridError(raster=raster, reason="the snap raster's cells do not lie north-up")
    if snap.crs and suggested.crs and not same_crs(snap.crs, suggested.crs):
        raise GridError(raster=raster, reason="the snap raster is in another CRS than the output")
    return snap
