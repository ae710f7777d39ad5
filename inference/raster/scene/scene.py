# SPDX-License-Identifier: GPL-2.0-or-later
"""The raster of a run, opened on the grid of the result."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from typing import Callable

from ...errors import RasterSizeError
from ...events import Noted, Remark
from ...grid import Grid
from ...notices import Note
from ...window import Window
from ..collection import Collection
from ..collection.mosaic import Joined, join, measure_items
from ..read.source import GdalInput, GdalSource, RasterSource
from ..web.described import WebInput
from .extent import window_of_extent
from .grid_plan import LARGEST_SIZE, GridRequest, fulfils, plan_grid
from .mask import Mask, MaskedSource
from .warp import SURROUNDINGS, frame_of, placed_by_warp, suggest
from .warped_source import WarpedSource, on_grid

# A raster warped to another grid, and notes on it.
Brought = tuple[RasterSource, tuple[Remark, ...]]


@dataclass(frozen=True)
class Scene:
    """An open raster, its requested window, and notes for the user.

    `own` is the raster's original grid, before any warp.
    """

    source: RasterSource
    area: Window
    notes: tuple[Remark, ...] = ()
    own: Grid | None = None


def open_scene(
    raster: GdalInput | RasterSource | Collection | WebInput,
    request: GridRequest,
    resampling: str,
    mask: Mask | None = None,
) -> Scene:
    """Returns the raster on the grid that fulfils the request, warped only if necessary.

    A collection becomes one raster; each item is warped at most once. The source extends beyond the requested area, so
    that tiles contain the real pixels around it.
    """
    if isinstance(raster, Collection):
        scene = _planned_collection(raster, request, resampling)
    elif isinstance(raster, GdalInput):
        scene = _planned(Joined(raster), request, resampling)
    else:
        raster = raster.open() if isinstance(raster, WebInput) else raster
        scene = _planned_in_memory(raster, request, resampling)
    size = scene.area
    if size.empty or max(size.width, size.height) > LARGEST_SIZE:
        scene.source.close()
        raise RasterSizeError(width=size.width, height=size.height)
    if mask is None:
        return scene
    if isinstance(mask, GdalInput):
        scene = replace(scene, notes=(*scene.notes, Noted(Note.MASK_RULE, {"mask": mask.name})))
    with closing_on_failure(scene.source):
        return replace(scene, source=MaskedSource(scene.source, mask))


@contextmanager
def closing_on_failure(source: RasterSource) -> Iterator[None]:
    """Closes the source if the block raises; otherwise the receiver does."""
    with ExitStack() as stack:
        stack.callback(source.close)
        yield
        stack.pop_all()


def _planned_collection(collection: Collection, request: GridRequest, resampling: str) -> Scene:
    """Plans for a mosaic; each item is warped directly to another grid, as if it were alone."""
    pieces = measure_items(collection)
    own_form = join(collection, pieces, resampling)
    if not pieces:
        return _planned(own_form, request, resampling)

    def onto(grid: Grid, kernel: Grid) -> Brought:
        joined = join(collection, pieces, resampling, grid, kernel)
        return GdalSource(joined.raster), joined.notes

    return _planned(own_form, request, resampling, onto)


def _planned(
    own_form: Joined, request: GridRequest, resampling: str, onto: Callable[[Grid, Grid], Brought] | None = None
) -> Scene:
    """Plans for a raster that GDAL opens; `onto` warps it to another grid, with the kernel of a second one."""
    raster = own_form.raster
    source = GdalSource(raster)
    with closing_on_failure(source):
        own = source.grid
        request = _in_own_crs(request, own)
        unplaced = request.extent is not None and placed_by_warp(raster)
        if fulfils(own, request) and not unplaced:
            return Scene(source, plan_grid(own, own, request, source.name).area, own_form.notes, own)
    source.close()
    suggestion = suggest(raster, request)
    plan = plan_grid(suggestion.grid if unplaced else own, suggestion.grid, request, source.name)
    kernel = suggestion.kernel(plan)
    if onto is None:
        brought, notes = on_grid(raster, plan.scene, resampling, kernel), own_form.notes
    else:
        brought, notes = onto(plan.scene, kernel)
    return Scene(brought, plan.area, (*notes, *suggestion.notes), own)


def _in_own_crs(request: GridRequest, own: Grid) -> GridRequest:
    """Returns the request with the raster's CRS for an extent without one."""
    if request.extent is None or request.extent.crs:
        return request
    return replace(request, extent=replace(request.extent, crs=own.crs))


def _planned_in_memory(source: RasterSource, request: GridRequest, resampling: str) -> Scene:
    """Plans for a raster that GDAL cannot open; for one that may cover the Earth, only around the extent."""
    with closing_on_failure(source):
        own = source.grid
        request = _in_own_crs(request, own)
        if fulfils(own, request):
            return Scene(source, plan_grid(own, own, request, source.name).area, own=own)
        near = own.window
        if request.extent is not None:
            near = window_of_extent(own, request.extent, source.name).widened(SURROUNDINGS).intersection(near)
        suggestion = suggest(frame_of(own.crop(near), source.name), request)
        plan = plan_grid(own, suggestion.grid, request, source.name)
        warped = WarpedSource(source, plan.scene, resampling, suggestion.kernel(plan))
        return Scene(warped, plan.area, suggestion.notes, own)
