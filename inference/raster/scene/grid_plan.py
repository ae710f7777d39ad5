# SPDX-License-Identifier: GPL-2.0-or-later
"""The grid of a result, from the raster's grid and the requested settings."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from ...byte_size import described_bytes
from ...errors import CellSizeRatioError, ExtentMissesRasterError, FewCellsError, GridError, TooManyCellsError
from ...grid import EDGE_TOLERANCE, Grid
from ...phrase import Phrase
from ...window import Window
from ..gdal_call import GdalError
from .cell_size import Size, cell_at, converted_cell_size, described_cell_size
from .crs import Point, moved, same_crs, spatial_reference
from .extent import Extent, window_of_extent

# The largest width or height that a GeoTIFF can have.
LARGEST_SIZE = 2**31 - 1

# The most cells of a result, unless the user allows more.
MOST_CELLS = 2**40

# Cells larger or smaller than the raster's by this factor are in another unit.
LARGEST_RATIO = 1000

# Fewer cells than the first number in a row or column are a mistake if there were more than the second.
FEWEST, MANY = 2, 100

# A multiple of the strides of common networks, in cells.
STRIDES = 64

# Smaller numbers have no reciprocal.
SMALLEST_NUMBER = 1e-300


@dataclass(frozen=True)
class GridRequest:
    """Requested grid of a result; None or empty means the raster's.

    `crs` is WKT. `cell_size` is (width, height) in units of `cell_size_crs`, of the output's CRS where that is empty.
    `snap` is the grid to align cells with. A result of more than `most_cells` is refused.
    """

    extent: Extent | None = None
    crs: str = ""
    cell_size: tuple[float, float] | None = None
    snap: Grid | None = None
    cell_size_crs: str = ""
    most_cells: int = MOST_CELLS

    @property
    def keeps_lattice(self) -> bool:
        """True if the raster's own cells are requested, all or a part of them."""
        return not self.crs and self.cell_size is None and self.snap is None


@dataclass(frozen=True)
class GridPlan:
    """The grid of the whole scene, the requested window of it, and the window covered by the raster."""

    scene: Grid
    area: Window
    covered: Window


def plan_grid(own: Grid, suggested: Grid, request: GridRequest, raster: str) -> GridPlan:
    """Returns the grid for a raster; a pure function.

    `own` is the raster's grid and `suggested` the north-up grid that covers it in the requested CRS at native
    resolution. The result is the raster's own grid if that fulfils the request. `raster` names it in errors; a result
    that would be far too large or too small is refused.
    """
    fulfilled = fulfils(own, request)
    scene, covered = (own, own.window) if fulfilled else _lattice(own, suggested, request, raster)
    area = covered
    if request.extent is not None:
        wanted = window_of_extent(scene, request.extent, raster).intersection(area)
        if wanted.empty:
            raise ExtentMissesRasterError(extent=request.extent, raster=raster)
        area = wanted
    _check_count(own, scene, area, request.most_cells, raster)
    if not fulfilled:
        _check_left(own, suggested, scene, area, raster)
    return GridPlan(scene, area, covered)


def _check_count(own: Grid, scene: Grid, area: Window, most: int, raster: str) -> None:
    if area.width * area.height > most:
        raise TooManyCellsError(
            columns=area.width, rows=area.height, count=area.width * area.height,
            bytes=described_bytes(area.width * area.height), limit=most, raster=raster,
            size=described_cell_size(scene.crop(area)), own=described_cell_size(own),
        )  # fmt: skip


def _check_left(own: Grid, suggested: Grid, scene: Grid, area: Window, raster: str) -> None:
    """Raises if almost nothing remains of a large raster: the cell size is in another unit."""
    (width, height), (own_width, own_height) = scene.cell_size, suggested.cell_size
    columns = min(area.width * width / own_width, suggested.width)
    rows = min(area.height * height / own_height, suggested.height)
    if min(area.width, area.height) < FEWEST and min(columns, rows) > MANY:
        raise FewCellsError(
            columns=round(columns), rows=round(rows), width=area.width, height=area.height, raster=raster,
            size=described_cell_size(scene.crop(area)), own=_own_size(own, suggested),
        )  # fmt: skip


def _check_ratio(own: Grid, suggested: Grid, size: Size, raster: str) -> None:
    factors = [asked / native for asked, native in zip(size, suggested.cell_size)]
    factor = max(max(each, 1 / each) for each in factors)
    if factor > LARGEST_RATIO:
        raise CellSizeRatioError(
            raster=raster, size=described_cell_size(cell_at(_middle(suggested), size, suggested.crs)),
            factor=f"{factor:.3g}", own=_own_size(own, suggested), most=LARGEST_RATIO,
        )  # fmt: skip


def _own_size(own: Grid, suggested: Grid) -> Phrase:
    return described_cell_size(own if own.transform is not None else suggested)


def fulfils(own: Grid, request: GridRequest) -> bool:
    """True if the raster's own cells fulfil the request."""
    if request.keeps_lattice:
        # Control points georeference cells only through a warp, which an extent requires.
        return request.extent is None or not own.control_points
    if own.transform is None or (request.crs and not same_crs(own.crs, request.crs)):
        return False
    if request.cell_size is None and request.snap is None:
        return True
    if request.cell_size_crs and not same_crs(request.cell_size_crs, own.crs):
        return False
    same_size = request.cell_size is None or _close(request.cell_size, own.cell_size, own)
    return own.north_up and same_size and (request.snap is None or _aligned(own, request.snap))


def _close(first: tuple[float, float], second: tuple[float, float], grid: Grid) -> bool:
    """True if cells of these sizes stay aligned over the whole grid."""
    return all(
        abs(a - b) * count <= EDGE_TOLERANCE * b for a, b, count in zip(first, second, (grid.width, grid.height))
    )


def _aligned(own: Grid, snap: Grid) -> bool:
    if snap.crs and own.crs and not same_crs(snap.crs, own.crs):
        return False
    offsets = snap.cell_of(*own.origin)
    return _close(own.cell_size, snap.cell_size, own) and all(abs(o - round(o)) <= EDGE_TOLERANCE for o in offsets)


def _lattice(own: Grid, suggested: Grid, request: GridRequest, raster: str) -> tuple[Grid, Window]:
    """Returns a grid of the requested cells, and its smallest window that covers the suggested one.

    With a snap raster the grid's offset makes tiles coincide in all results that share it.
    """
    if suggested.transform is None:
        raise GridError(
            raster=raster, reason=Phrase("it is not georeferenced, so it cannot be resampled to another grid")
        )
    width, height = size = asked_cell_size(request, suggested, raster) or suggested.cell_size
    if not all(math.isfinite(side) and side > SMALLEST_NUMBER for side in size):
        reason = Phrase("the cell size {size} is not above 0", {"size": f"{width:g} x {height:g}"})
        raise GridError(raster=raster, reason=reason)
    _check_ratio(own, suggested, size, raster)
    xmin, ymin, xmax, ymax = suggested.bounds
    for side, span in ((width, xmax - xmin), (height, ymax - ymin)):
        if not EDGE_TOLERANCE < span / side < LARGEST_SIZE:
            values = {"size": f"{width:g} x {height:g}", "count": f"{span / side:.3g}"}
            reason = Phrase("cells of {size} result in {count} columns or rows", values)
            raise GridError(raster=raster, reason=reason)
    x, y = suggested.origin if request.snap is None else _anchor(request.snap, suggested, raster)
    lattice = replace(suggested, transform=(x, width, 0.0, y, 0.0, -height), control_points=())
    area = lattice.cover(suggested.bounds)
    if request.snap is None:
        return lattice.crop(area), Window(0, 0, area.width, area.height)
    left, top = area.x % STRIDES, area.y % STRIDES
    scene = lattice.crop(Window(area.x - left, area.y - top, area.width + left, area.height + top))
    return scene, Window(left, top, area.width, area.height)


def asked_cell_size(request: GridRequest, suggested: Grid, raster: str) -> Size | None:
    """Returns the requested cell size in units of the output's CRS, converted in the middle of that grid."""
    if request.cell_size is None:
        return None
    try:
        return converted_cell_size(request.cell_size, request.cell_size_crs, _middle(suggested), suggested.crs)
    except GdalError as error:
        reason = Phrase("its cell size cannot be converted to the output CRS ({error})", {"error": error})
        raise GridError(raster=raster, reason=reason) from error


def _anchor(snap: Grid, suggested: Grid, raster: str) -> Point:
    """Returns the first corner of the snap raster's cells in the output's CRS, the same for all scenes."""
    if snap.transform is None or not snap.north_up:
        raise GridError(raster=raster, reason=Phrase("the snap raster is not north up"))
    if not snap.crs or not suggested.crs or same_crs(snap.crs, suggested.crs):
        return snap.origin
    try:
        (corner,) = moved([snap.origin], spatial_reference(snap.crs), spatial_reference(suggested.crs))
    except GdalError as error:
        reason = Phrase("the snap raster cannot be located in the output CRS ({error})", {"error": error})
        raise GridError(raster=raster, reason=reason) from error
    return corner


def _middle(grid: Grid) -> Point:
    xmin, ymin, xmax, ymax = grid.bounds
    return (xmin + xmax) / 2, (ymin + ymax) / 2
