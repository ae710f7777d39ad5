# SPDX-License-Identifier: GPL-2.0-or-later
"""The raster of a run, opened on the grid of the result."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace

from ..errors import RasterSizeError
from ..window import Window
from .collection import Collection, mosaic
from .collection.mosaic import Note
from .extent import window_of_extent
from .grid_plan import LARGEST_SIZE, GridRequest, fulfils, plan_grid
from .mask import Mask, MaskedSource
from .source import GdalInput, GdalSource, RasterSource
from .warp import placed_by_warp, suggested_grid
from .warped_source import WarpedSource, frame_of, on_grid

# Cells around the wanted extent that a raster of a web service has on another grid: what tiles read around theirs.
SURROUNDINGS = 2048

MASK_RULE = "The mask {mask}: a cell is inside where it is not NoData, whatever its value; a cell of 0 is inside too."


@dataclass(frozen=True)
class Scene:
    """An open raster, the cells of it that are wanted, and what the user should know of how it was made."""

    source: RasterSource
    area: Window
    notes: tuple[Note, ...] = ()


def open_scene(
    raster: GdalInput | RasterSource | Collection, request: GridRequest, resampling: str, mask: Mask | None = None
) -> Scene:
    """Returns the raster on the grid that fulfils the request; it is warped only where it has to be.

    A collection becomes one raster. Outside the wanted area the source goes on, so that tiles see the real
    pixels around it.
    """
    notes: tuple[Note, ...] = ()
    if isinstance(raster, Collection):
        raster, notes = mosaic(raster, resampling)
    scene = replace(_planned(raster, request, resampling), notes=notes)
    size = scene.area
    if size.empty or max(size.width, size.height) > LARGEST_SIZE:
        scene.source.close()
        raise RasterSizeError(width=size.width, height=size.height)
    if mask is None:
        return scene
    if isinstance(mask, GdalInput):
        scene = replace(scene, notes=(*scene.notes, Note(MASK_RULE, {"mask": mask.name})))
    with closing_on_failure(scene.source):
        return replace(scene, source=MaskedSource(scene.source, mask))


@contextmanager
def closing_on_failure(source: RasterSource) -> Iterator[None]:
    """Closes the source if the block raises; otherwise whoever gets it does."""
    with ExitStack() as stack:
        stack.callback(source.close)
        yield
        stack.pop_all()


def _planned(raster: GdalInput | RasterSource, request: GridRequest, resampling: str) -> Scene:
    source: RasterSource = GdalSource(raster) if isinstance(raster, GdalInput) else raster
    own = source.grid
    unplaced = request.extent is not None and isinstance(raster, GdalInput) and placed_by_warp(raster)
    if fulfils(own, request) and not unplaced:
        with closing_on_failure(source):
            return Scene(source, plan_grid(own, own, request, source.name).area)
    if not isinstance(raster, GdalInput):
        return _planned_in_memory(raster, request, resampling)
    source.close()
    suggested = suggested_grid(raster, request.crs)
    plan = plan_grid(suggested if unplaced else own, suggested, request, source.name)
    return Scene(on_grid(raster, plan.scene, resampling), plan.area)


def _planned_in_memory(source: RasterSource, request: GridRequest, resampling: str) -> Scene:
    """Plans for a raster that GDAL cannot open; of one that may cover the earth only the surroundings count."""
    with closing_on_failure(source):
        own = source.grid
        near = own.window
        if request.extent is not None:
            near = window_of_extent(own, request.extent, source.name).padded(SURROUNDINGS).intersection(near)
        suggested = suggested_grid(frame_of(own.crop(near), source.name), request.crs)
        plan = plan_grid(own, suggested, request, source.name)
        return Scene(WarpedSource(source, plan.scene, resampling), plan.area)
