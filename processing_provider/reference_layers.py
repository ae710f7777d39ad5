# SPDX-License-Identifier: GPL-2.0-or-later
"""References for accuracy assessment, and legends of class maps, from parameter values."""

from __future__ import annotations

import math
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Union

import numpy as np
from qgis.core import (
    QgsFeature,
    QgsFeatureSource,
    QgsProcessingContext,
    QgsProcessingFeatureSourceDefinition,
    QgsProcessingUtils,
    QgsRasterLayer,
    QgsVectorLayer,
    QgsWkbTypes,
)
from qgis.PyQt.QtCore import QUrl, QVariant

from ..inference.accuracy import Label, PointReference, PolygonReference, RasterReference, Reference
from ..inference.errors import ClassTableError, MapReferenceError, ReferenceFieldError
from ..inference.models import ModelClass
from ..inference.phrase import Phrase
from ..inference.raster import GdalInput, RasterSource
from ..plugin_support.qgis_crs import wkt_of
from . import accuracy_parameters as names
from .class_layers import read_layer_classes
from .rasters import layer_of_value, read_raster
from .values import Values

VectorSource = Union[QgsVectorLayer, QgsFeatureSource]


def read_class_map(values: Values, name: str) -> tuple[GdalInput | RasterSource, tuple[ModelClass, ...]]:
    """Returns a raster and the classes of its style or its file, none if it has none."""
    value = values.raw(name)
    raster = read_raster(value, values.context)
    layer = layer_of_value(value, values.context)
    place = layer if isinstance(layer, QgsRasterLayer) else raster.uri if isinstance(raster, GdalInput) else None
    try:
        return raster, read_layer_classes(place, values.context)
    except ClassTableError:
        # A map without a legend has classes named by their values.
        return raster, ()


def read_reference(values: Values) -> tuple[Reference, tuple[str, ...]]:
    """Returns the reference and its source files."""
    value = values.raw(names.REFERENCE)
    source = _vector(value, values.context)
    field, stratum_field = values.raw(names.REFERENCE_FIELD), values.raw(names.STRATUM_FIELD)
    if source is None:
        raster, classes = read_class_map(values, names.REFERENCE)
        _refuse_fields(
            field, stratum_field, raster.name, Phrase("the reference is not a vector layer that can be read")
        )
        files = (raster.uri,) if isinstance(raster, GdalInput) else ()
        return RasterReference(raster, {known.value: known.name for known in classes}), files
    return _of_features(source, field, stratum_field), _files_of(value, source, values.context)


def _vector(value: Any, context: QgsProcessingContext) -> VectorSource | None:
    """Returns the features of a layer, a selection or a file; None if the value is a raster."""
    if isinstance(value, QgsProcessingFeatureSourceDefinition):
        source = QgsProcessingUtils.variantToSource(value, context)
        if source is None:
            raise MapReferenceError(reference="", reason=Phrase("its layer does not exist"))
        return source
    layer = layer_of_value(value, context)
    if layer is not None:
        return layer if isinstance(layer, QgsVectorLayer) else None
    if not isinstance(value, (str, Path)):
        return None
    opened = QgsVectorLayer(str(value), Path(str(value).split("|")[0]).stem, "ogr")
    return opened if opened.isValid() else None


def _files_of(value: Any, source: VectorSource, context: QgsProcessingContext) -> tuple[str, ...]:
    """Returns the file of a layer, also of one whose selection is the reference."""
    if isinstance(value, QgsProcessingFeatureSourceDefinition):
        name, _ = value.source.valueAsString(context.expressionContext())
        source = QgsProcessingUtils.mapLayerFromString(name, context)
    if not isinstance(source, QgsVectorLayer):
        return ()
    place = source.source().split("|")[0]
    # Delimited text has an address with its columns.
    return (QUrl(place).toLocalFile() if place.startswith("file:") else place,)


def _of_features(source: VectorSource, field: Any, stratum_field: Any) -> PointReference | PolygonReference:
    name = source.name() if isinstance(source, QgsVectorLayer) else source.sourceName()
    crs = wkt_of(source.crs() if isinstance(source, QgsVectorLayer) else source.sourceCrs())
    kind = QgsWkbTypes.geometryType(source.wkbType())
    if kind == QgsWkbTypes.GeometryType.PolygonGeometry:
        _refuse_fields(None, stratum_field, name, Phrase("strata of polygons are those of the map or of Strata"))
        found = [
            (bytes(feature.geometry().asWkb()), label)
            for feature, label in _labelled(source, _place(source, field, name))
            if not feature.geometry().isEmpty()
        ]
        return PolygonReference(name, tuple(wkb for wkb, _ in found), tuple(label for _, label in found), crs)
    if kind != QgsWkbTypes.GeometryType.PointGeometry:
        raise MapReferenceError(reference=name, reason=Phrase("it has neither points nor polygons"))
    place = _place(source, field, name)
    stratum_place = _place(source, stratum_field, name) if stratum_field is not None else None
    points, labels, strata = [], [], []
    for feature, label in _labelled(source, place):
        # A feature without a geometry is a sample outside the map.
        for vertex in _vertices(feature):
            points.append(vertex)
            labels.append(label)
            strata.append(None if stratum_place is None else _label(feature.attributes()[stratum_place]))
    return PointReference(
        name,
        np.array(points, np.float64).reshape(-1, 2),
        tuple(labels),
        crs,
        () if stratum_place is None else tuple(strata),
        str(stratum_field or ""),
    )


def _labelled(source: VectorSource, place: int) -> Iterable[tuple[QgsFeature, Label]]:
    return ((feature, _label(feature.attributes()[place])) for feature in source.getFeatures())


def _vertices(feature: QgsFeature) -> list[tuple[float, float]]:
    geometry = feature.geometry()
    return [(point.x(), point.y()) for point in geometry.vertices()] or [(math.nan, math.nan)]


def _place(source: VectorSource, field: Any, name: str) -> int:
    known = ", ".join(each.name() for each in source.fields())
    if field is None:
        reason = Phrase("points and polygons need a field with their class")
        raise ReferenceFieldError(field="REFERENCE_FIELD", reference=name, reason=reason, known=known)
    place: int = source.fields().lookupField(str(field))
    if place < 0:
        raise ReferenceFieldError(field=field, reference=name, reason=Phrase("it does not exist"), known=known)
    return place


def _refuse_fields(field: Any, stratum_field: Any, name: str, reason: Phrase) -> None:
    for given in (field, stratum_field):
        if given is not None:
            raise ReferenceFieldError(field=given, reference=name, reason=reason, known="-")


def _label(value: Any) -> Label:
    """Returns a value or a text, None if empty."""
    if value is None or (isinstance(value, QVariant) and value.isNull()):
        return None
    if isinstance(value, (int, float)):
        return None if math.isnan(value) else value
    return str(value).strip() or None
