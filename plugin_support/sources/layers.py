# SPDX-License-Identifier: GPL-2.0-or-later
"""Raster layers of the project as sources of pixels, on the grid of a run."""

from __future__ import annotations

import math
from dataclasses import replace

from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsCoordinateTransformContext,
    QgsCsException,
    QgsDataSourceUri,
    QgsPointXY,
    QgsProcessingUtils,
    QgsRasterLayer,
)

from ...inference.errors import LayerGridError, LayerLevelError
from ...inference.grid import Grid
from ...inference.raster import Extent, GdalInput, GridRequest, RasterSource
from ...inference.raster.scene.crs import same_crs
from ...inference.raster.scene.extent import window_of_extent
from ..http import Access
from ..qgis_crs import wkt_of
from .image_service import ImageServiceSource
from .layer_pixels import is_colour, layer_bands
from .layer_source import LayerSource, bounds_of
from .mbtiles import mbtiles_input, mbtiles_path
from .resolve import image_service_at
from .server_map import ServerMap, ServerMapSource
from .service_rules import is_image_service
from .tiled_map import TiledMap
from .tiled_map_source import HEIGHTS, HeightsSource, TiledMapSource
from .web_map import ARCGIS, WEB, web_map

# Largest ratio of a result's cell to the coarsest level of a tiled map, because a tile's source must fit in memory.
COARSEST = 8.0


def open_layer(layer: QgsRasterLayer, request: GridRequest) -> GdalInput | RasterSource:
    """Returns the source of a layer of a provider other than GDAL; image services are read as raw pixels."""
    if layer.providerType() == ARCGIS:
        uri = QgsDataSourceUri(layer.source())
        if is_image_service(uri.param("url")):
            return ImageServiceSource(image_service_at(uri.param("url"), Access(uri.authConfigId())))
    if layer.providerType() == WEB and layer.isValid() and mbtiles_path(layer.source()):
        return mbtiles_input(mbtiles_path(layer.source()), _cell_of_file(layer, request), layer.name())
    return _open_web_map(layer, request) or LayerSource(layer, layer_grid(layer, request))


def layer_of_text(text: str) -> QgsRasterLayer | None:
    """Returns the layer of a text such as wms://type=xyz&url=…, Processing's form of a layer.

    Returns None for other texts, and for the provider GDAL, whose sources are GDAL names.
    """
    known, provider, source = QgsProcessingUtils.decodeProviderKeyAndUri(text)
    if not known or provider in ("", "gdal"):
        return None
    return QgsRasterLayer(source, provider, provider)


def layer_grid(layer: QgsRasterLayer, request: GridRequest) -> Grid | None:
    """Returns the grid over a layer with the requested cells, None for its native cells.

    A layer without native cells, such as a web map, needs a cell size and an extent, because it may cover the earth.
    A cell size in another CRS is converted to that of the layer.
    """
    if not layer.isValid():
        return None
    own_cells = layer.dataProvider().xSize() > 0
    changes_crs = _changes_crs(layer, request)
    if own_cells and (request.cell_size is None or changes_crs):
        return None
    cell = _asked_cell(layer, request, own_cells)
    bounds = bounds_of(layer.dataProvider().extent())
    x, y = request.snap.origin if request.snap and not changes_crs else (bounds[0], bounds[3])
    lattice = Grid(1, 1, (x, cell[0], 0.0, y, 0.0, -cell[1]), wkt_of(layer.crs()))
    return lattice.crop(lattice.cover(bounds))


def _open_web_map(layer: QgsRasterLayer, request: GridRequest) -> TiledMapSource | ServerMapSource | None:
    if layer.providerType() not in (ARCGIS, WEB) or not layer.isValid() or layer.dataProvider().xSize() > 0:
        return None
    cell = _asked_cell(layer, request, own_cells=False)
    images = web_map(layer)
    if isinstance(images, ServerMap):
        grid, extent = layer_grid(layer, request), bounds_of(layer.dataProvider().extent())
        return ServerMapSource(images, grid, extent, layer.name() or layer.providerType()) if grid else None
    return _open_level(layer, images, math.sqrt(math.prod(cell)), request) if images else None


def _open_level(layer: QgsRasterLayer, tiles: TiledMap, cell: float, request: GridRequest) -> TiledMapSource:
    """Returns the level of a tiled map with cells nearest to the requested size; open_scene resamples it."""
    level = tiles.level_for(cell)
    if cell > COARSEST * level.cell:
        raise LayerLevelError(layer=layer.name(), cell=f"{cell:.6g}", coarsest=f"{level.cell:.6g}")
    extent = layer.dataProvider().extent()
    covered = level if extent.isEmpty() else level.within(bounds_of(extent))
    crs, name, provider = wkt_of(layer.crs()), layer.name() or layer.providerType(), layer.dataProvider()
    # Older versions of QGIS show encoded heights as colours.
    if tiles.encoding in HEIGHTS and not is_colour(provider.dataType(1)):
        source: TiledMapSource = HeightsSource(tiles, covered, crs, name, layer_bands(provider, name))
    else:
        source = TiledMapSource(tiles, covered, crs, name)
    if request.extent is not None:
        source.check(window_of_extent(source.grid, request.extent, source.name))
    return source


def _cell_of_file(layer: QgsRasterLayer, request: GridRequest) -> float | None:
    """Returns the requested cell size in the CRS of a layer, None if none is requested."""
    if request.cell_size is None and request.snap is None:
        return None
    extent = request.extent or Extent(bounds_of(layer.extent()))
    return math.sqrt(math.prod(_asked_cell(layer, replace(request, extent=extent), own_cells=True)))


def _changes_crs(layer: QgsRasterLayer, request: GridRequest) -> bool:
    """Returns True if the output, its cell size or its snap raster has another CRS than the layer."""
    snap = request.snap.crs if request.snap else ""
    return any(crs and not same_crs(crs, wkt_of(layer.crs())) for crs in (request.crs, request.cell_size_crs, snap))


def _asked_cell(layer: QgsRasterLayer, request: GridRequest, own_cells: bool) -> tuple[float, float]:
    """Returns the requested cell width and height in the CRS of a layer, which may require an extent."""
    cell, units = request.cell_size, request.cell_size_crs
    if cell is None and request.snap is not None:
        cell, units = request.snap.cell_size, request.snap.crs
    if cell is None or (not own_cells and request.extent is None):
        raise LayerGridError(layer=layer.name())
    units = units or request.crs
    if units and not same_crs(units, wkt_of(layer.crs())) and request.extent is not None:
        return _cell_in(layer, cell, units, request.extent)
    return cell


def _cell_in(layer: QgsRasterLayer, cell: tuple[float, float], crs: str, extent: Extent) -> tuple[float, float]:
    """Returns the size of a cell in the middle of an extent, converted from `crs` to the CRS of a layer."""
    source = QgsCoordinateReferenceSystem.fromWkt(crs)
    own = QgsCoordinateReferenceSystem.fromWkt(extent.crs) if extent.crs else layer.crs()
    context = QgsCoordinateTransformContext()
    xmin, ymin, xmax, ymax = extent.bounds
    middle = QgsPointXY((xmin + xmax) / 2, (ymin + ymax) / 2)
    try:
        start = QgsCoordinateTransform(own, source, context).transform(middle)
        ends = [start, QgsPointXY(start.x() + cell[0], start.y()), QgsPointXY(start.x(), start.y() - cell[1])]
        to_layer = QgsCoordinateTransform(source, layer.crs(), context)
        first, along, down = (to_layer.transform(point) for point in ends)
    except QgsCsException as error:
        raise LayerGridError(layer=layer.name()) from error
    size = first.distance(along), first.distance(down)
    if not all(math.isfinite(side) and side > 0 for side in size):
        raise LayerGridError(layer=layer.name())
    return size
