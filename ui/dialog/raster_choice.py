# SPDX-License-Identifier: GPL-2.0-or-later
"""The raster of a parameter widget, if its bands can be read without a run."""

from __future__ import annotations

import os
from contextlib import closing
from dataclasses import dataclass, replace
from typing import Any

from qgis.core import QgsDataSourceUri, QgsProcessingContext, QgsProcessingUtils, QgsRasterLayer

from ...inference.errors import BandTypeError
from ...inference.raster import GdalInput, GdalSource, RasterBand, read_collection, split_value
from ...plugin_support.sources.data_stores import data_stores, resolve_store_path
from ...plugin_support.sources.layer_pixels import layer_bands
from ...plugin_support.sources.references import is_address
from ...plugin_support.sources.service_rules import is_image_service
from ...plugin_support.sources.sign_in import split_sign_in

GDAL = "gdal"


@dataclass(frozen=True)
class RasterChoice:
    """A raster by the name of its file or folder, or the bands of a layer not read by GDAL.

    `is_listed` is True if other rasters follow in a list.
    """

    name: str
    source: GdalInput | None = None
    bands: tuple[RasterBand, ...] = ()
    is_listed: bool = False


@dataclass(frozen=True)
class SeenRaster:
    """The bands of a raster; `is_first` is True for the first of several, of which the others were not read.

    `source` is the raster as GDAL names it, None if GDAL cannot read it.
    """

    name: str
    bands: tuple[RasterBand, ...]
    is_first: bool = False
    source: GdalInput | None = None


def raster_choice(value: Any, context: QgsProcessingContext) -> RasterChoice | None:
    """Returns the raster of a layer or text, None for addresses, services and JSON, which only a run opens.

    For the thread of the project's layers; opens nothing.
    """
    if not isinstance(value, str):
        return _of_layer(value) if isinstance(value, QgsRasterLayer) else None
    text = value.strip()
    layer = QgsProcessingUtils.mapLayerFromString(text, context, allowLoadingNewLayers=False) if text else None
    if layer is not None or not text:
        return raster_choice(layer, context)
    parts = split_value(text)
    if parts == [text]:
        return _of_text(text)
    choice = raster_choice(parts[0], context) if parts else None
    return replace(choice, is_listed=len(parts) > 1) if choice else None


def look_at(choice: RasterChoice) -> SeenRaster:
    """Returns the bands of a raster, or of the first one of a folder, list or index.

    Opens files, so not for the main thread. Raises a ClassifyPixelsError if a file cannot be opened.
    """
    if choice.source is None:
        return SeenRaster(choice.name, choice.bands, choice.is_listed)
    raster = replace(choice.source, uri=resolve_store_path(choice.source.uri, data_stores()))
    items = collection.rasters if (collection := read_collection(raster)) else (raster,)
    with closing(GdalSource(items[0])) as source:
        name = items[0].title or os.path.basename(items[0].name)
        return SeenRaster(name, source.bands, choice.is_listed or len(items) > 1, items[0])


def _of_text(text: str) -> RasterChoice | None:
    known, provider, _ = QgsProcessingUtils.decodeProviderKeyAndUri(text)
    if text[0] in "{[<" or is_address(text) or (known and provider != GDAL):
        return None
    return RasterChoice(text, GdalInput(text))


def _of_layer(layer: QgsRasterLayer) -> RasterChoice | None:
    name = layer.name()
    if layer.providerType() != GDAL:
        bands = _bands_of(layer)
        return RasterChoice(name, bands=bands) if bands else None
    source, authcfg = split_sign_in(layer.source())
    return None if authcfg else RasterChoice(name, GdalInput(source.split("|option:")[0], title=name))


def _bands_of(layer: QgsRasterLayer) -> tuple[RasterBand, ...]:
    """Returns the bands of a layer for a run, none if they are unreadable or the run queries the service."""
    provider = layer.dataProvider()
    if not layer.isValid() or is_image_service(QgsDataSourceUri(layer.source()).param("url")):
        return ()
    try:
        return layer_bands(provider, layer.name())
    except BandTypeError:
        return ()
