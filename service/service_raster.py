# SPDX-License-Identifier: GPL-2.0-or-later
"""Image services as rasters: read from named hosts only, and by the workers of a cluster as well."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from ..inference.errors import ImageServiceError
from ..inference.phrase import Phrase
from ..inference.raster.web import SIGN_IN, AllowedHosts, ServiceInput, ServiceSource, fetched
from ..inference.raster.web.fetch import Header, sign_in_of
from ..inference.raster.web.service import MOST, json_document
from ..plugin_support.sources.service_rules import described_service
from .fetch import header_for, service_of_item
from .gate import Gate, ImageService, PortalItem


class ServiceRaster(ServiceSource):
    """An image service, read with a header that stays in this process."""

    def __init__(self, service: ImageService, allowed: AllowedHosts, header: Header | None) -> None:
        def read(url: str, parameters: Mapping[str, str]) -> Mapping[str, Any]:
            content = fetched(url, parameters, MOST, allowed=allowed, header=header)
            if content is None:
                raise ImageServiceError(service=service.url, reason=Phrase("there is no such service"))
            return json_document(content)

        known, _ = described_service(service.url, service.rules, None, read, allowed)
        super().__init__(known, known.fetch_with(header))
        self.described = _portable(known, header)


def _portable(known: ServiceInput, header: Header | None) -> ServiceInput | Phrase:
    """Returns the service as workers of a cluster open it, or the reason why they cannot; no token travels."""
    if header is None:
        return known
    if sign_in_of(known.url) is None:
        return Phrase("workers do not have the portal's token; set {variable} on all machines", {"variable": SIGN_IN})
    return replace(known, signed_in=True)


def opened_service(parameter: str, place: object, gate: Gate) -> ServiceRaster | None:
    """Returns the image service at a place, None for any other place; raises a ClassifyPixelsError.

    The portal's token opens only services that are its items, because callers may name any address on its host.
    """
    if isinstance(place, ImageService):
        return ServiceRaster(place, gate.allowed, None)
    url = service_of_item(parameter, place, gate) if isinstance(place, PortalItem) else ""
    if not isinstance(place, PortalItem) or not url:
        return None
    inner = gate.for_items()
    service = inner.service_at(parameter, url, place.rules)
    return ServiceRaster(service, inner.allowed, header_for(service.url, gate.portal))
