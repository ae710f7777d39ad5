# SPDX-License-Identifier: GPL-2.0-or-later
"""Features of ArcGIS services, asked for page by page: those of a feature layer, and the catalogues of image services.

https://developers.arcgis.com/rest/services-reference/enterprise/query-feature-service-layer/
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ...inference.errors import AddressError
from .network import Access, get_json, without_query

# Types of fields that hold the number of a feature.
OBJECT_ID = "esriFieldTypeOID"

Document = Mapping[str, Any]


def object_id_field(document: Document) -> str:
    """Returns the name of the field with the numbers of features, empty where a service says none."""
    named = document.get("objectIdField") or document.get("objectIdFieldName")
    fields = [field for field in document.get("fields") or [] if isinstance(field, Mapping)]
    found = (field.get("name") for field in fields if field.get("type") == OBJECT_ID)
    return str(named or next(found, None) or "")


def query_pages(url: str, params: Mapping[str, str], access: Access, id_field: str) -> Iterator[Document]:
    """Yields the answers to a query until the service has given all features; raises an AddressError.

    A service that gives a feature twice would go on for ever, or leave others out.
    """
    address = url.rstrip("/") + "/query"
    known: set[object] = set()
    asked = {"f": "json", **params}
    while True:
        # Services that give all at once know no offset.
        page = get_json(address, {**asked, **({"resultOffset": str(len(known))} if known else {})}, access)
        features = page.get("features")
        if not isinstance(features, list) or not all(isinstance(feature, Mapping) for feature in features):
            raise AddressError(address=without_query(address), reason="its answer has no features")
        numbers = [feature_number(feature, id_field) for feature in features]
        before = len(known)
        known.update(numbers)
        if len(known) - before < len(numbers) or (None in known):
            raise AddressError(address=without_query(address), reason="it gives a feature twice or without its number")
        yield page
        if not page.get("exceededTransferLimit"):
            return
        if not features:
            raise AddressError(address=without_query(address), reason="it keeps features back that it says it has")


def feature_number(feature: Document, id_field: str) -> int | None:
    """Returns the number of a feature, None where it has none."""
    value = (feature.get("attributes") or {}).get(id_field)
    return value if isinstance(value, int) else None
