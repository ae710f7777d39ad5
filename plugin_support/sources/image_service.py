# SPDX-License-Identifier: GPL-2.0-or-later
"""An ArcGIS image service, or one raster of its catalog, opened with QGIS's network."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ...inference.raster.web import ServiceSource
from ..http import Access, cancelled_by, current_cancellation, get_bytes, get_json
from .portable import described
from .service_rules import Rules, described_service, name_of


@dataclass(frozen=True)
class ImageService:
    """The address, sign-in and rules of an image service.

    `raster` is the number of a raster in its catalog, selected by the rules, or None for the whole service.
    """

    url: str
    access: Access = Access()
    rules: Rules = ()
    raster: int | None = None

    @property
    def name(self) -> str:
        """The name of the service or raster in messages."""
        return name_of(self.url, self.raster)


class ImageServiceSource(ServiceSource):
    """An image service with QGIS's network."""

    def __init__(self, service: ImageService) -> None:
        self.service = service
        self.is_cancelled = current_cancellation()
        known, self.document = described_service(
            service.url, service.rules, service.raster, lambda url, given: get_json(url, given, service.access)
        )
        super().__init__(known, self._fetched)
        self.described = described(known, service.access)

    def _fetched(self, url: str, parameters: Mapping[str, str], most: int) -> bytes:
        with cancelled_by(self.is_cancelled):
            return get_bytes(url, parameters, self.service.access, most=most)
