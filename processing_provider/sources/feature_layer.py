# SPDX-License-Identifier: GPL-2.0-or-later
"""The polygons of a layer of an ArcGIS feature or map service."""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from osgeo import gdal

from ...inference.errors import MaskError
from ...inference.phrase import Phrase
from ...inference.raster import PolygonMask
from ..crs import crs_of_value, wkt_of
from .feature_query import object_id_field, query_pages
from .network import Access, get_json, without_query
from .service_rules import Rules, refuse_rules

ADDRESS = re.compile(r"/(FeatureServer(/\d+)?|MapServer/\d+)/?$", re.IGNORECASE)
POLYGONS = "esriGeometryPolygon"
# Names under which clients send a filter.
FILTERS = ("where", "filter", "definitionExpression")


@dataclass(frozen=True)
class FeatureLayer:
    """The address of a feature service or of a layer in it, how to sign in, and what is asked of its features."""

    url: str
    access: Access = Access()
    rules: Rules = ()


def is_feature_layer(address: str) -> bool:
    """Tells whether an address is that of a feature service, or of a layer of a feature or map service."""
    return ADDRESS.search(address.split("?")[0]) is not None


def read_polygons(layer: FeatureLayer) -> PolygonMask:
    """Returns the polygons of a layer; raises a MaskError, an AddressError or a ReferenceKeyError."""
    refuse_rules(layer.url, layer.rules, FILTERS, "feature services have no such setting here")
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
        reference = page.get("spatialReference") or (document.get("extent") or {}).get("spatialReference")
        crs = wkt_of(crs_of_value(reference)) if reference else ""
        if not crs:
            raise MaskError(reason=Phrase("the CRS {crs} of {layer} is unknown", {"crs": reference, "layer": name}))
        shapes += _shapes({**page, "geometryType": POLYGONS}, name)
    return PolygonMask(tuple(shapes), crs)


def _layer(layer: FeatureLayer) -> tuple[str, Mapping[str, Any]]:
    """Returns the address and the description of the layer itself; a service with one layer stands for that."""
    document = get_json(layer.url, {"f": "json"}, layer.access)
    layers = document.get("layers")
    if document.get("geometryType") or not isinstance(layers, list):
        return layer.url, document
    if len(layers) != 1 or not isinstance(layers[0], Mapping):
        values = {"count": len(layers), "service": without_query(layer.url)}
        raise MaskError(reason=Phrase("{service} has {count} layers; add the number of one to its address", values))
    url = f"{layer.url.rstrip('/')}/{layers[0].get('id')}"
    return url, get_json(url, {"f": "json"}, layer.access)


def _shapes(page: Mapping[str, Any], name: str) -> Iterator[bytes]:
    """Yields the polygons (WKB) of one answer, as GDAL reads Esri's JSON."""
    features = page["features"]
    given = sum(1 for feature in features if (feature.get("geometry") or {}).get("rings"))
    if given < sum(1 for feature in features if feature.get("geometry")):
        raise MaskError(reason=Phrase("the layer {layer} gives shapes that are not made of rings", {"layer": name}))
    if not given:
        return
    file = f"/vsimem/classify_pixels/{uuid.uuid4().hex}.json"
    gdal.FileFromMemBuffer(file, json.dumps(page).encode())
    try:
        dataset = gdal.OpenEx(file, gdal.OF_VECTOR, allowed_drivers=["ESRIJSON"])
        geometries = [feature.GetGeometryRef() for feature in dataset.GetLayer(0)] if dataset is not None else []
        found = [bytes(geometry.ExportToWkb()) for geometry in geometries if geometry is not None]
        dataset = None
    finally:
        gdal.Unlink(file)
    if len(found) != given:
        raise MaskError(reason=Phrase("the layer {layer} gives polygons that cannot be read", {"layer": name}))
    yield from found
