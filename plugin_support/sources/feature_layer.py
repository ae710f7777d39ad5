# SPDX-License-Identifier: GPL-2.0-or-later
"""Paged queries of ArcGIS services: polygons of feature layers and catalogs of image services.

https://developers.arcgis.com/rest/services-reference/enterprise/query-feature-service-layer/
"""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from osgeo import gdal

from ...inference.errors import AddressError, MaskError
from ...inference.phrase import Phrase
from ...inference.raster import PolygonMask
from ...inference.raster.gdal_call import GdalError, gdal_call
from ..http import Access, get_json, without_query
from ..qgis_crs import crs_of_value, wkt_of
from .service_rules import Rules, refuse_rules

# Field type of feature numbers.
OBJECT_ID = "esriFieldTypeOID"

Document = Mapping[str, Any]

ADDRESS = re.compile(r"/(FeatureServer(/\d+)?|MapServer/\d+)/?$", re.IGNORECASE)
POLYGONS = "esriGeometryPolygon"
# Names of filters in references.
FILTERS = ("where", "filter", "definitionExpression")


@dataclass(frozen=True)
class Page:
    """One response to a query, with its features by number."""

    document: Document
    features: Mapping[int, Document]


def object_id_field(document: Document) -> str:
    """Returns the name of the field with feature numbers, empty if undeclared."""
    named = document.get("objectIdField") or document.get("objectIdFieldName")
    fields = [field for field in document.get("fields") or [] if isinstance(field, Mapping)]
    found = (field.get("name") for field in fields if field.get("type") == OBJECT_ID)
    return str(named or next(found, None) or "")


def query_pages(url: str, params: Mapping[str, str], access: Access, id_field: str) -> Iterator[Page]:
    """Yields the responses to a query until all features are received; raises an AddressError.

    A repeated feature is an error: the query might never end, or omit other features.
    """
    address = url.rstrip("/") + "/query"
    known = 0
    seen: set[int] = set()
    while True:
        # Services without paging do not support an offset.
        offset = {"resultOffset": str(known)} if known else {}
        document = get_json(address, {"f": "json", **params, **offset}, access)
        features = document.get("features")
        if not isinstance(features, list) or not all(isinstance(feature, Mapping) for feature in features):
            raise AddressError(address=without_query(address), reason=Phrase("its response contains no features"))
        field = str(document.get("objectIdFieldName") or id_field)
        numbers = [_number(feature, field) for feature in features]
        known += len(numbers)
        seen.update(number for number in numbers if number is not None)
        if len(seen) < known:
            raise AddressError(
                address=without_query(address), reason=Phrase("it returns a feature twice or without an object ID")
            )
        yield Page(document, {number: each for number, each in zip(numbers, features) if number is not None})
        if not document.get("exceededTransferLimit"):
            return
        if not features:
            raise AddressError(
                address=without_query(address), reason=Phrase("it announces more features but does not return them")
            )


def _number(feature: Document, id_field: str) -> int | None:
    attributes = feature.get("attributes")
    value = attributes.get(id_field) if isinstance(attributes, Mapping) else None
    return value if isinstance(value, int) else None


@dataclass(frozen=True)
class FeatureLayer:
    """The address of a feature service or layer, the sign-in, and the filters of its features."""

    url: str
    access: Access = Access()
    rules: Rules = ()


def is_feature_layer(address: str) -> bool:
    """Returns True for the address of a feature service, or of a layer of a feature or map service."""
    return ADDRESS.search(address.split("?")[0]) is not None


def read_polygons(layer: FeatureLayer) -> PolygonMask:
    """Returns the polygons of a layer; raises a MaskError, an AddressError or a ReferenceKeyError."""
    refuse_rules(layer.url, layer.rules, FILTERS)
    url, document = _layer(layer)
    name, kind = without_query(url), document.get("geometryType")
    if kind != POLYGONS:
        raise MaskError(reason=Phrase("the layer {layer} has no polygons", {"layer": name}))
    field = object_id_field(document)
    filters = [f"({text})" for _, text in layer.rules]
    params = {"where": " AND ".join(filters) or "1=1", "outFields": field or "*", "returnGeometry": "true"}
    shapes: list[bytes] = []
    crs = ""
    for page in query_pages(url, params, layer.access, field):
        found = _shapes([feature.get("geometry") for feature in page.features.values()], name)
        reference = page.document.get("spatialReference")
        crs = wkt_of(crs_of_value(reference)) if found else crs
        if found and not crs:
            raise MaskError(reason=Phrase("the CRS {crs} of {layer} is unknown", {"crs": reference, "layer": name}))
        shapes += found
    return PolygonMask(tuple(shapes), crs)


def _layer(layer: FeatureLayer) -> tuple[str, Mapping[str, Any]]:
    """Returns address and description of the layer; a service with a single layer stands for it."""
    document = get_json(layer.url, {"f": "json"}, layer.access)
    layers = document.get("layers")
    if document.get("geometryType") or not isinstance(layers, list):
        return layer.url, document
    if len(layers) != 1 or not isinstance(layers[0], Mapping):
        values = {"count": len(layers), "service": without_query(layer.url)}
        raise MaskError(reason=Phrase("{service} has {count} layers; add a layer number to its address", values))
    url = f"{layer.url.rstrip('/')}/{layers[0].get('id')}"
    return url, get_json(url, {"f": "json"}, layer.access)


def _shapes(geometries: list[Any], name: str) -> list[bytes]:
    """Returns the polygons (WKB) of one response, read by GDAL from Esri's JSON; features may have none."""
    given = [geometry for geometry in geometries if geometry]
    if not all(isinstance(geometry, dict) and "rings" in geometry for geometry in given):
        raise MaskError(reason=Phrase("the layer {layer} returns geometries without rings", {"layer": name}))
    drawn = [geometry for geometry in given if geometry["rings"]]
    if not drawn:
        return []
    # Without the attributes, which may have any content.
    document = {
        "geometryType": POLYGONS,
        "fields": [{"name": "number", "type": "esriFieldTypeInteger"}],
        "features": [{"attributes": {"number": 1}, "geometry": {"rings": geometry["rings"]}} for geometry in drawn],
    }
    file = f"/vsimem/classify_pixels/{uuid.uuid4().hex}.json"
    gdal.FileFromMemBuffer(file, json.dumps(document).encode())
    try:
        dataset = gdal_call(gdal.OpenEx, file, gdal.OF_VECTOR, allowed_drivers=["ESRIJSON"])
        found = [wkb for wkb in map(_wkb, dataset.GetLayer(0)) if wkb]
        dataset = None
    except GdalError as error:
        reason = Phrase("the polygons of {layer} cannot be read ({error})", {"layer": name, "error": error})
        raise MaskError(reason=reason) from error
    finally:
        gdal.Unlink(file)
    if len(found) < len(drawn):
        raise MaskError(reason=Phrase("some polygons of {layer} cannot be read", {"layer": name}))
    return found


def _wkb(feature: Any) -> bytes:
    """Returns the WKB of a feature, which must outlive the reference to its geometry."""
    shape = feature.GetGeometryRef()
    return bytes(shape.ExportToWkb()) if shape is not None and not shape.IsEmpty() else b""
