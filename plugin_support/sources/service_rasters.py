# SPDX-License-Identifier: GPL-2.0-or-later
"""The single rasters of a mosaic image service, from its catalog.

https://developers.arcgis.com/rest/services-reference/enterprise/query-image-service/
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from ...inference.errors import ImageServiceError, ReferenceKeyError
from ...inference.phrase import Phrase
from ...inference.raster import Collection
from ..http import IsCancelled, cancelled_by
from .feature_layer import object_id_field, query_pages
from .image_service import ImageService, ImageServiceSource
from .service_rules import MOSAIC_RULE, TIME

# Categories of rows without a primary raster: overviews in three states, disabled and incomplete rows.
OTHER_CATEGORIES = (2, 3, 4, 5, 254)
NO_RASTER = Phrase("its catalog has no raster")
LOCK, METHOD = "esriMosaicLockRaster", "LockRaster"
# Longest name, also of files.
LONGEST_NAME = 100


@dataclass(frozen=True)
class CatalogItem:
    """A raster of a service, opened on demand."""

    service: ImageService
    title: str
    is_cancelled: IsCancelled

    @property
    def name(self) -> str:
        """The name of the raster in messages."""
        return self.service.name

    def open(self) -> ImageServiceSource:
        """Returns the raster on its native cells."""
        with cancelled_by(self.is_cancelled):
            return ImageServiceSource(self.service)


def rasters_of_service(source: ImageServiceSource) -> Collection | None:
    """Returns the rasters of a service, None if it is a single raster; raises an error if they are inaccessible."""
    service, document = source.service, source.document
    methods, field = str(document.get("allowedMosaicMethods") or ""), object_id_field(document)
    capabilities = [word.strip().lower() for word in str(document.get("capabilities") or "").split(",")]
    if "catalog" not in capabilities and not methods:
        return None
    if "catalog" not in capabilities or (methods and METHOD.lower() not in methods.lower()):
        reason = Phrase(
            "it does not support requests for single rasters (it lacks the capability Catalog or the mosaic method "
            "LockRaster)"
        )
        raise ImageServiceError(service=source.name, reason=reason)
    rule = _mosaic_rule(service)
    params = {"where": str(rule.get("where") or "1=1"), "outFields": "*", "returnGeometry": "false"}
    params.update((key, value) for key, value in service.rules if key == TIME)
    rows: dict[int, Mapping[str, Any]] = {}
    for page in query_pages(service.url, params, service.access, field):
        rows.update((number, feature["attributes"]) for number, feature in page.features.items())
    # Rasters named by the mosaic rule may be overviews.
    named = _named_rasters(rule, service)
    wanted = [number for number in sorted(rows) if _is_raster(rows[number])] if named is None else named
    missing = [number for number in wanted if number not in rows]
    if missing or not wanted:
        which = Phrase("its catalog has no raster {number}", {"number": missing[0]}) if missing else NO_RASTER
        raise ImageServiceError(service=source.name, reason=which)
    return Collection(tuple(_item(source, rule, number, rows[number]) for number in wanted), source.name)


def _named_rasters(rule: Mapping[str, Any], service: ImageService) -> list[int] | None:
    """Returns the numbers of the rasters in a mosaic rule, None if it names none."""
    keys = ["fids", *(["lockRasterIds"] if rule.get("mosaicMethod") == LOCK else [])]
    lists = [rule[key] for key in keys if rule.get(key)]
    for numbers in lists:
        if not isinstance(numbers, list) or not all(type(number) is int for number in numbers):
            reason = Phrase("{text} is not a list of numbers", {"text": numbers})
            raise ReferenceKeyError(reference=service.name, key=MOSAIC_RULE, reason=reason)
    return sorted(set(lists[0]).intersection(*lists)) if lists else None


def _mosaic_rule(service: ImageService) -> Mapping[str, Any]:
    text = dict(service.rules).get(MOSAIC_RULE, "{}")
    try:
        rule = json.loads(text)
    except (ValueError, RecursionError):
        rule = None
    if not isinstance(rule, dict):
        raise ReferenceKeyError(reference=service.name, key=MOSAIC_RULE, reason=Phrase("it is not a JSON object"))
    return rule


def _is_raster(attributes: Mapping[str, Any]) -> bool:
    return _attribute(attributes, "category") not in OTHER_CATEGORIES


def _item(
    source: ImageServiceSource, rule: Mapping[str, Any], number: int, attributes: Mapping[str, Any]
) -> CatalogItem:
    service = source.service
    lock = {**rule, "mosaicMethod": LOCK, "lockRasterIds": [number]}
    rules = [(key, value) for key, value in service.rules if key != MOSAIC_RULE]
    locked = replace(service, rules=(*rules, (MOSAIC_RULE, json.dumps(lock))), raster=number)
    title = str(_attribute(attributes, "name") or "").strip()[:LONGEST_NAME] or f"raster {number}"
    return CatalogItem(locked, title, source.is_cancelled)


def _attribute(attributes: Mapping[str, Any], name: str) -> Any:
    return next((value for key, value in attributes.items() if key.lower() == name), None)
