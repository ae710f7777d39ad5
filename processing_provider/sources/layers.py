# SPDX-License-Identifier: GPL-2.0-or-later
"""Raster layers of the project as sources of pixels, on the grid that a run asks for."""

from __future__ import annotations

from qgis.core import QgsDataSourceUri, QgsProcessingUtils, QgsRasterLayer

from ...inference.errors import LayerGridError
from ...inference.grid import Grid
from ...inference.raster import GridRequest, RasterSource
from ..crs import wkt_of
from .image_service import ImageService, ImageServiceSource
from .layer_source import LayerSource, bounds_of
from .network import Access
from .resolve import is_image_service


def open_layer(layer: QgsRasterLayer, request: GridRequest) -> RasterSource:
    """Returns the pixels of a layer that GDAL does not read by name; those of image services come raw."""
    if layer.providerType() == "arcgismapserver":
        uri = QgsDataSourceUri(layer.source())
        if is_image_service(uri.param("url")):
            return ImageServiceSource(ImageService(uri.param("url").split("?")[0], Access(uri.authConfigId())))
    return LayerSource(layer, layer_grid(layer, request))


def layer_of_text(text: str) -> QgsRasterLayer | None:
    """Returns the layer of a text such as wms://type=xyz&url=…, which is how Processing writes one down.

    None is returned for all other texts, and for the provider whose sources are GDAL's own names.
    """
    known, provider, source = QgsProcessingUtils.decodeProviderKeyAndUri(text)
    if not known or provider in ("", "gdal"):
        return None
    return QgsRasterLayer(source, provider, provider)


def layer_grid(layer: QgsRasterLayer, request: GridRequest) -> Grid | None:
    """Returns the grid that covers a layer with the asked cells, None for the cells that it has itself.

    A layer that has none of its own, as a web map, needs their size, and an extent: it may cover the earth.
    """
    provider = layer.dataProvider()
    if not layer.isValid():
        return None
    own_cells = provider.xSize() > 0
    if own_cells and request.cell_size is None:
        return None
    cell = request.cell_size or (request.snap.cell_size if request.snap else None)
    if cell is None or (not own_cells and request.extent is None):
        raise LayerGridError(layer=layer.name())
    bounds = bounds_of(provider.extent())
    x, y = request.snap.origin if request.snap else (bounds[0], bounds[3])
    lattice = Grid(1, 1, (x, cell[0], 0.0, y, 0.0, -cell[1]), wkt_of(layer.crs()))
    return lattice.crop(lattice.cover(bounds))
