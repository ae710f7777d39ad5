# SPDX-License-Identifier: GPL-2.0-or-later
"""Rasters and masks from parameter values."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass, replace
from typing import Any

from qgis.core import QgsMapLayer, QgsProcessingContext, QgsProcessingUtils, QgsRasterLayer, QgsVectorLayer, QgsWkbTypes

from ..inference.bands import read_numbers
from ..inference.errors import MaskError, MixedListError, RasterMissingError
from ..inference.grid import Grid
from ..inference.phrase import Phrase
from ..inference.raster import (
    Collection,
    GdalInput,
    GdalSource,
    GridRequest,
    Mask,
    PolygonMask,
    RasterSource,
    read_collection,
    read_stack,
    split_value,
)
from ..plugin_support.locations import download_cache
from ..plugin_support.qgis_crs import wkt_of
from ..plugin_support.sources.feature_layer import FeatureLayer, read_polygons
from ..plugin_support.sources.image_service import ImageServiceSource
from ..plugin_support.sources.layers import layer_of_text, open_layer
from ..plugin_support.sources.references import read_reference
from ..plugin_support.sources.resolve import open_place, place_of, resolve_raster
from ..plugin_support.sources.service_rasters import rasters_of_service
from ..plugin_support.sources.sign_in import gdal_input, split_sign_in
from ..plugin_support.translation import tr
from . import parameters as names
from .values import Values


def read_input(
    values: Values, grid: GridRequest, separately: bool, stacked: bool = False
) -> GdalInput | RasterSource | Collection:
    """Returns the raster or rasters of INPUT, with the NoData values of INPUT_NODATA."""
    no_data = read_numbers(values.raw(names.INPUT_NODATA), names.INPUT_NODATA)
    parts = [_raster(part, values.context, grid) for part in split_value(values.raw(names.INPUT))]
    if not parts:
        raise RasterMissingError
    files = [part for part in parts if isinstance(part, GdalInput)]
    if len(files) < len(parts) and (len(parts) > 1 or no_data):
        raise MixedListError(count=len(parts))
    if not files:
        return _items_of(parts[0], values) if separately else parts[0]
    everywhere = tuple((value, value) for value in no_data)
    collection = read_stack(files) if stacked else read_collection(files, separately)
    if collection is None:
        return replace(files[0], no_data_everywhere=everywhere)
    items = tuple(
        replace(item, no_data_everywhere=everywhere) if isinstance(item, GdalInput) else item
        for item in collection.items
    )
    whole = replace(collection.whole, no_data_everywhere=everywhere) if collection.whole else None
    return replace(collection, items=items, whole=whole)


def _items_of(source: GdalInput | RasterSource, values: Values) -> GdalInput | RasterSource | Collection:
    """Returns the rasters of a mosaic service, any other source unchanged."""
    if not isinstance(source, ImageServiceSource):
        return source
    catalog = rasters_of_service(source)
    if catalog is None:
        text = tr("{service} has no raster catalog and is classified as a single raster.")
        values.tell(text.format(service=source.name))
    return catalog or source


@dataclass(frozen=True)
class Pattern:
    """The grid of a raster, such as a snap raster, and its files."""

    grid: Grid
    files: tuple[str, ...]


def read_pattern(value: Any, context: QgsProcessingContext) -> Pattern:
    """Returns the grid and files of a raster."""
    raster = _raster(value, context, GridRequest())
    with closing(GdalSource(raster) if isinstance(raster, GdalInput) else raster) as source:
        return Pattern(source.grid, source.files)


def read_mask(value: Any, context: QgsProcessingContext) -> Mask | None:
    """Returns the mask of a polygon layer, a raster, a service, or the name of one."""
    if value is None:
        return None
    layer = _layer(value, context)
    if isinstance(layer, QgsVectorLayer):
        return _polygons(layer)
    if layer is not None or isinstance(value, GdalInput) or (isinstance(value, str) and layer_of_text(value)):
        return _raster(value, context, GridRequest())
    place = place_of(read_reference(value), download_cache())
    if isinstance(place, FeatureLayer):
        return read_polygons(place)
    # A path, a reference or a data store may also refer to polygons.
    polygons = QgsVectorLayer(place.uri, "mask", "ogr") if isinstance(place, GdalInput) else None
    return _polygons(polygons) if polygons is not None and polygons.isValid() else open_place(place)


def read_raster(value: Any, context: QgsProcessingContext) -> GdalInput | RasterSource:
    """Returns a single raster on its own grid."""
    if value is None:
        raise RasterMissingError
    return _raster(value, context, GridRequest())


def layer_of_value(value: Any, context: QgsProcessingContext) -> QgsMapLayer | None:
    """Returns the layer of a value, None for a path."""
    return _layer(value, context)


def _raster(value: Any, context: QgsProcessingContext, grid: GridRequest) -> GdalInput | RasterSource:
    """Returns the raster of a layer, of a layer id in the project, or of a name, which stays text."""
    layer = _layer(value, context) or (layer_of_text(value) if isinstance(value, str) else None)
    if not isinstance(layer, QgsRasterLayer):
        return value if isinstance(value, GdalInput) else resolve_raster(value, download_cache())
    return _layer_input(layer) if layer.providerType() == "gdal" else open_layer(layer, grid)


def _layer(value: Any, context: QgsProcessingContext) -> QgsMapLayer | None:
    if isinstance(value, QgsMapLayer):
        return value
    if isinstance(value, str):
        # A path stays text: QGIS would write statistics beside a raster loaded as a layer.
        return QgsProcessingUtils.mapLayerFromString(value, context, allowLoadingNewLayers=False)
    return None


def _layer_input(layer: QgsRasterLayer) -> GdalInput:
    data = layer.dataProvider()
    ranges = {band: data.userNoDataValues(band) for band in range(1, layer.bandCount() + 1)}
    no_data = {band: tuple((r.min(), r.max()) for r in given) for band, given in ranges.items() if given}
    source, authcfg = split_sign_in(layer.source())
    # QGIS appends the open options to the name of a file.
    return replace(gdal_input(source.split("|option:")[0], authcfg), no_data=no_data)


def _polygons(layer: QgsVectorLayer) -> PolygonMask:
    if layer.geometryType() != QgsWkbTypes.GeometryType.PolygonGeometry:
        raise MaskError(reason=Phrase("the layer {layer} has no polygons", {"layer": layer.name()}))
    shapes = (feature.geometry() for feature in layer.getFeatures())
    wkbs = tuple(bytes(shape.asWkb()) for shape in shapes if not shape.isEmpty())
    # QGIS appends the layer and a filter to the name of a file.
    return PolygonMask(wkbs, wkt_of(layer.crs()), (layer.source().split("|")[0],))
