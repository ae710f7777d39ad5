# SPDX-License-Identifier: GPL-2.0-or-later
"""The request of a job from a layer and the map view, and its conversion to a classification request."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsCoordinateTransformContext,
    QgsCsException,
    QgsMapSettings,
    QgsProcessingContext,
    QgsProject,
    QgsRasterLayer,
    QgsRasterRange,
    QgsRectangle,
)

from ...inference.errors import LayerForgottenError, LayerReadError
from ...inference.phrase import Phrase
from ...inference.raster import GdalInput
from ...inference.redaction import without_secrets
from ...inference.run.request import ClassificationRequest
from ...plugin_support.qgis_crs import wkt_of
from ...plugin_support.sources.sign_in import gdal_input, split_sign_in
from ...processing_provider import parameters as names
from ...processing_provider.classify_pixels import ClassifyPixelsAlgorithm
from ...processing_provider.read_request import read_request
from ...processing_provider.values import Values
from .job import JobRequest

GDAL = "gdal"
NONE: Mapping[str, str] = MappingProxyType({})


# Parameters whose texts a request may add.
SETTINGS = (names.MODEL_ARGUMENTS, names.BAND_MAPPING, names.INPUT_SCALE, names.INPUT_OFFSET, names.CELL_SIZE)


def request_of_layer(
    layer: QgsRasterLayer, model: str, output: Path, view: QgsMapSettings | None, settings: Mapping[str, str] = NONE
) -> JobRequest:
    """Returns the request to classify a layer, or its part in a map view; for the main thread."""
    return JobRequest(
        source=layer.source(),
        provider=layer.providerType(),
        # By default, QGIS names a layer after its address.
        raster=without_secrets(layer.name()),
        model=model,
        output=str(output),
        layer=layer.id(),
        extent=None if view is None else extent_of_view(view),
        cell_size=None if view is None or has_cells(layer) else cell_size_of_view(view, layer.crs()),
        no_data=_user_no_data(layer),
        settings={name: text for name, text in settings.items() if name in SETTINGS and text.strip()},
    )


def with_source(request: JobRequest, project: QgsProject) -> JobRequest:
    """Returns the request with the complete source of its layer, which files of jobs do not keep.

    Returns it unchanged if the project has no such layer; for the main thread.
    """
    layer = project.mapLayer(request.layer)
    if request.is_whole or not isinstance(layer, QgsRasterLayer) or without_secrets(layer.source()) != request.source:
        return request
    return replace(request, source=layer.source(), is_whole=True)


def has_cells(layer: QgsRasterLayer) -> bool:
    """Returns True if a layer has native cells; a web map has none, and may cover the earth."""
    return layer.isValid() and layer.dataProvider().xSize() > 0


def extent_of_view(view: QgsMapSettings) -> dict[str, Any]:
    """Returns the extent of a view in Esri's form."""
    return esri_extent(view.visibleExtent(), view.destinationCrs())


def esri_extent(extent: QgsRectangle, crs: QgsCoordinateReferenceSystem) -> dict[str, Any]:
    """Returns a rectangle in Esri's form, without spatial reference for an unknown CRS."""
    reference = {"spatialReference": {"wkt": wkt_of(crs)}} if crs.isValid() else {}
    return {
        "xmin": extent.xMinimum(),
        "ymin": extent.yMinimum(),
        "xmax": extent.xMaximum(),
        "ymax": extent.yMaximum(),
        **reference,
    }


def cell_size_of_view(view: QgsMapSettings, crs: QgsCoordinateReferenceSystem) -> float | None:
    """Returns the pixel size of a view in units of another CRS, None if the view is outside of it."""
    transform = QgsCoordinateTransform(view.destinationCrs(), crs, view.transformContext())
    half = view.mapUnitsPerPixel() / 2
    centre = view.visibleExtent().center()
    pixel = QgsRectangle(centre.x() - half, centre.y() - half, centre.x() + half, centre.y() + half)
    try:
        return float(transform.transformBoundingBox(pixel).height()) or None
    except QgsCsException:
        return None


def read_job_request(request: JobRequest) -> ClassificationRequest:
    """Returns the request for the engine, for any thread; may access the network."""
    parameters: dict[str, Any] = {
        names.INPUT: _input(request),
        names.MODEL: request.model,
        names.EXTENT: None if request.extent is None else dict(request.extent),
        names.CELL_SIZE: request.cell_size,
        **{name: text for name, text in request.settings.items() if name in SETTINGS},
    }
    context = QgsProcessingContext()
    context.setTransformContext(QgsCoordinateTransformContext())
    classification = read_request(ClassifyPixelsAlgorithm().create(), Values(parameters, context))
    return replace(classification, output=Path(request.output))


def _input(request: JobRequest) -> GdalInput | QgsRasterLayer:
    if not request.is_whole:
        raise LayerForgottenError(layer=request.raster)
    if request.provider == GDAL:
        source, authcfg = split_sign_in(request.source)
        return replace(gdal_input(source.split("|option:")[0], authcfg), no_data=request.no_data)
    options = QgsRasterLayer.LayerOptions(False)
    # Otherwise, QGIS would open a window for an unknown CRS, allowed only in the main thread.
    options.skipCrsValidation = True
    layer = QgsRasterLayer(request.source, request.raster, request.provider, options)
    if not layer.isValid():
        raise LayerReadError(layer=request.raster, reason=layer.error().message() or Phrase("it is not valid"))
    for band, ranges in request.no_data.items():
        layer.dataProvider().setUserNoDataValue(band, [QgsRasterRange(low, high) for low, high in ranges])
    return layer


def _user_no_data(layer: QgsRasterLayer) -> dict[int, tuple[tuple[float, float], ...]]:
    provider = layer.dataProvider()
    given = {band: provider.userNoDataValues(band) for band in range(1, layer.bandCount() + 1)}
    return {band: tuple((r.min(), r.max()) for r in ranges) for band, ranges in given.items() if ranges}
