# SPDX-License-Identifier: GPL-2.0-or-later
"""The window of a raster around the centre of the map."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from qgis.core import QgsCoordinateTransform, QgsCsException, QgsMapSettings, QgsPointXY, QgsRasterLayer, QgsRectangle

from ...inference import ClassifyPixelsError
from ...inference.errors import CellSizeError
from ...inference.grid import Grid
from ...inference.run.esri_values import read_cell_size
from ...processing_provider.parameters import CELL_SIZE
from ..panel.job import JobRequest
from ..panel.job_request import esri_extent, has_cells, request_of_layer

# Width and height in cells.
SIZE = 512


def window_request(
    layer: QgsRasterLayer, model: str, view: QgsMapSettings, settings: Mapping[str, str]
) -> JobRequest | None:
    """Returns the request of a preview in the middle of a view; None if the raster is elsewhere.

    A layer without native cells is previewed in the cells of the screen, unless the settings have a cell size.
    """
    request = request_of_layer(layer, model, Path(), view, settings)
    centre, size = view.visibleExtent().center(), cell_size_of(settings)
    if not has_cells(layer) and size is None:
        half = SIZE / 2 * view.mapUnitsPerPixel()
        return replace(request, extent=esri_extent(_around(centre, half, half), view.destinationCrs()))
    window = cells_around(layer, centre, view, size)
    return None if window is None else replace(request, extent=esri_extent(window, layer.crs()))


def cell_size_of(settings: Mapping[str, str]) -> tuple[float, float] | None:
    """Returns width and height of a cell from the settings, None for the size of a raster; the run reports errors."""
    text = settings.get(CELL_SIZE, "")

    def other_raster(value: object) -> Grid:
        raise CellSizeError(size=value)

    try:
        size, crs = read_cell_size(text.strip() or None, other_raster, lambda _: "")
    except ClassifyPixelsError:
        return None
    return None if crs else size


def cells_around(
    layer: QgsRasterLayer, centre: QgsPointXY, view: QgsMapSettings, size: tuple[float, float] | None = None
) -> QgsRectangle | None:
    """Returns the cells of a layer around a point of the map, in the layer's CRS; None if none is inside the layer.

    `size` is that of the cells, None for those of the layer.
    """
    transform = QgsCoordinateTransform(view.destinationCrs(), layer.crs(), view.transformContext())
    try:
        place = transform.transform(centre)
    except QgsCsException:
        return None
    whole = layer.extent()
    width, height = size or (layer.rasterUnitsPerPixelX(), layer.rasterUnitsPerPixelY())
    # On the edges of cells, so that the window has exactly SIZE columns and rows.
    left = whole.xMinimum() + width * (math.floor((place.x() - whole.xMinimum()) / width) - SIZE // 2)
    top = whole.yMaximum() - height * (math.floor((whole.yMaximum() - place.y()) / height) - SIZE // 2)
    window = QgsRectangle(left, top - SIZE * height, left + SIZE * width, top).intersect(whole)
    return None if window.isEmpty() else window


def _around(centre: QgsPointXY, width: float, height: float) -> QgsRectangle:
    return QgsRectangle(centre.x() - width, centre.y() - height, centre.x() + width, centre.y() + height)
