# SPDX-License-Identifier: GPL-2.0-or-later
"""The raster that a parameter widget holds, as far as its bands can be looked at without a run."""

from __future__ import annotations

import os
from contextlib import closing
from typing import Any

from qgis.core import QgsMapLayer, QgsProcessingContext, QgsProcessingUtils, QgsRasterLayer

from ...inference.raster import GdalInput, GdalSource, RasterBand
from ...processing_provider.sources.data_stores import data_stores, resolve_store_path
from ...processing_provider.sources.references import is_address


def raster_choice(value: Any, context: QgsProcessingContext) -> GdalInput | None:
    """Returns the raster of a layer or path, None for what only a run can look at: addresses, folders, JSON.

    To be called in the thread of the project's layers; nothing is opened.
    """
    layer = value if isinstance(value, QgsMapLayer) else None
    if isinstance(value, str) and value:
        layer = QgsProcessingUtils.mapLayerFromString(value, context, allowLoadingNewLayers=False)
    if isinstance(layer, QgsRasterLayer):
        is_file = layer.providerType() == "gdal"
        return GdalInput(layer.source().split("|option:")[0], title=layer.name()) if is_file else None
    if layer is not None or not isinstance(value, str) or not value.strip():
        return None
    return _of_text(value.strip())


def _of_text(text: str) -> GdalInput | None:
    if text[0] in "{[" or is_address(text):
        return None
    path = resolve_store_path(text, data_stores())
    return None if os.path.isdir(path) else GdalInput(path, title=os.path.basename(path))


def bands_of(raster: GdalInput) -> tuple[RasterBand, ...]:
    """Returns the bands of a raster; raises a ClassifyPixelsError where GDAL cannot open it."""
    with closing(GdalSource(raster)) as source:
        return source.bands
