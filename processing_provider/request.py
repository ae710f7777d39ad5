# SPDX-License-Identifier: GPL-2.0-or-later
"""Parameter values, read once, become a request."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsProcessingAlgorithm,
    QgsProcessingContext,
    QgsProcessingUtils,
    QgsProperty,
    QgsRasterLayer,
)

from ..inference import ClassificationRequest, Environment, read_processor, read_workers
from ..inference.errors import ExtentError, RasterLayerError
from ..inference.model import read_arguments, read_model_reference
from ..inference.raster import Extent, GdalInput
from . import parameters as names
from .locations import package_cache, runtime_folder

Values = Mapping[str, Any]


def read_request(
    algorithm: QgsProcessingAlgorithm, values: Values, context: QgsProcessingContext
) -> ClassificationRequest:
    """Returns the request that the parameter values stand for; runs in the thread of the project's layers.

    The output is not known before the run itself, which sets it.
    """
    return ClassificationRequest(
        raster=_raster(_raw(values, names.INPUT, context), context),
        model=read_model_reference(_raw(values, names.MODEL, context)),
        output=Path(),
        arguments=read_arguments(_raw(values, names.MODEL_ARGUMENTS, context)),
        environment=Environment(
            extent=_extent(algorithm, values, context),
            processor=read_processor(_raw(values, names.PROCESSOR_TYPE, context)),
            workers=read_workers(_raw(values, names.PARALLEL_PROCESSING_FACTOR, context)),
            cache=package_cache(),
            runtimes=runtime_folder(),
        ),
    )


def _raw(values: Values, name: str, context: QgsProcessingContext) -> Any:
    """Returns the value as it came: Processing's own readers turn forms that they do not know into nothing."""
    value = values.get(name)
    if isinstance(value, QgsProperty):
        value, _ = value.value(context.expressionContext(), None)
    return value


def _raster(value: Any, context: QgsProcessingContext) -> GdalInput:
    """Takes a layer, the id of one in the project, or a name for GDAL, which is passed on as text."""
    layer = value
    if isinstance(value, str):
        layer = QgsProcessingUtils.mapLayerFromString(value, context, allowLoadingNewLayers=False)
    return _layer_input(layer) if isinstance(layer, QgsRasterLayer) else GdalInput(str(value))


def _layer_input(layer: QgsRasterLayer) -> GdalInput:
    provider = layer.providerType()
    if provider != "gdal":
        raise RasterLayerError(layer=layer.name(), provider=provider)
    data = layer.dataProvider()
    no_data = {
        band: tuple((r.min(), r.max()) for r in data.userNoDataValues(band)) for band in range(1, layer.bandCount() + 1)
    }
    return GdalInput(layer.source().split("|option:")[0], no_data)


def _extent(algorithm: QgsProcessingAlgorithm, values: Values, context: QgsProcessingContext) -> Extent | None:
    value = _raw(values, names.EXTENT, context)
    if isinstance(value, str) and value.strip().startswith("{"):
        value = _json(value)
    if isinstance(value, dict):
        return _esri_extent(value)
    if value is None or value == "":
        return None
    rectangle = algorithm.parameterAsExtent(values, names.EXTENT, context)
    crs = algorithm.parameterAsExtentCrs(values, names.EXTENT, context)
    bounds = (rectangle.xMinimum(), rectangle.yMinimum(), rectangle.xMaximum(), rectangle.yMaximum())
    return Extent(bounds, crs.toWkt(QgsCoordinateReferenceSystem.WktVariant.WKT2_2019) if crs.isValid() else "")


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError as error:
        raise ExtentError(extent=text, reason="it is not JSON") from error


def _esri_extent(value: dict[str, Any]) -> Extent:
    """Reads {"xmin", "ymin", "xmax", "ymax", "spatialReference": {"latestWkid" or "wkid" or "wkt"}}."""
    try:
        bounds = (float(value["xmin"]), float(value["ymin"]), float(value["xmax"]), float(value["ymax"]))
    except (KeyError, TypeError, ValueError) as error:
        raise ExtentError(extent=value, reason="it needs the numbers xmin, ymin, xmax and ymax") from error
    reference = value.get("spatialReference")
    if reference and not isinstance(reference, dict):
        raise ExtentError(extent=value, reason=f"its spatial reference {reference} is no object")
    return Extent(bounds, _esri_crs(value, reference) if reference else "")


def _esri_crs(extent: dict[str, Any], reference: dict[str, Any]) -> str:
    """Returns the WKT of a spatial reference; Esri's own numbers (such as 102100) are looked up as theirs."""
    number = reference.get("latestWkid", reference.get("wkid"))
    crs = QgsCoordinateReferenceSystem.fromWkt(str(reference.get("wkt", "")))
    for authority in ("EPSG", "ESRI"):
        if number is not None and not crs.isValid():
            crs = QgsCoordinateReferenceSystem(f"{authority}:{number}")
    if not crs.isValid():
        raise ExtentError(extent=extent, reason=f"its spatial reference {reference} is unknown")
    return str(crs.toWkt(QgsCoordinateReferenceSystem.WktVariant.WKT2_2019))
