# SPDX-License-Identifier: GPL-2.0-or-later
"""Features of ArcGIS services, asked for page by page: those of a feature layer, and the catalogues of image services.

https://developers.arcgis.com/rest/services-reference/enterprise/query-feature-service-layer/
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ...inference.errors import AddressError
from ...inference.phrase import Phrase
from ..http import Access, get_json, without_query

# Types of fields that hold the number of a feature.
OBJECT_ID = "esriFieldTypeOID"

Document = Mapping[str, Any]


@dataclass(frozen=True)
class Page:
    """One answer to a query, and the features in it by their numbers."""

    document: Document
    features: Mapping[int, Document]


def object_id_field(document: Document) -> str:
    """Returns the name of the field with the numbers of features, empty where a service says none."""
    named = document.get("objectIdField") or document.get("objectIdFieldName")
    fields = [field for field in document.get("fields") or [] if isinstance(field, Mapping)]
    found = (field.get("name") for field in fields if field.get("type") == OBJECT_ID)
    return str(named or next(found, None) or "")


def query_pages(url: str, params: Mapping[str, str], access: Access, id_field: str) -> Iterator[Page]:
    """Yields the answers to a query until the service has given all features; raises an AddressError.

    A service that gives a feature twice would go on for ever, or leave others out.
    """
    address = url.rstrip("/") + "/query"
    known = 0
    seen: set[int] = set()
    while True:
        # Services that give all at once know no offset.
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
