# SPDX-License-Identifier: GPL-2.0-or-later
"""An ArcGIS image service, or one raster of its catalog, opened with QGIS's network."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ...inference.errors import ImageServiceError
from ...inference.new_files import new_token
from ...inference.phrase import Phrase
from ...inference.raster import RasterBand
from ...inference.raster.web import ServiceInput, ServiceSource
from ...inference.raster.web.service import description_digest
from ..http import Access, cancelled_by, current_cancellation, get_bytes, get_json, without_query
from .portable import described
from .service_rules import RENDERING_RULE, Rules, ServiceInfo, ServiceRules, read_service_info, service_rules

# Band names of a picture, the only information on colours.
PICTURE = ("red", "green", "blue")


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
        address = without_query(self.url)
        return address if self.raster is None else f"{address.rstrip('/')}/{self.raster}"


class ImageServiceSource(ServiceSource):
    """An image service with QGIS's network."""

    def __init__(self, service: ImageService) -> None:
        self.service = service
        self.is_cancelled = current_cancellation()
        self.document, sent = _description(service)
        info = read_service_info(self.document, service.name)
        rules = service_rules(service.url, service.rules, info)
        asked = tuple((key, value) for key, value in service.rules if key == RENDERING_RULE)
        known = ServiceInput(
            url=service.url,
            name=service.name,
            grid=info.grid,
            reference=info.reference,
            pixel_type=rules.info.pixel_type,
            bands=_bands(info, rules),
            numbers=tuple(rules.bands),
            no_data=tuple(rules.info.no_data_of(number) for number in rules.bands),
            largest=min(info.largest_request),
            passed=tuple(rules.passed.items()),
            rendered=rules.is_rendered,
            asked=asked,
            raster=service.raster,
            digest=description_digest(*sent),
            run=new_token(),
        )
        super().__init__(known, self._fetched)
        self.described = described(known, service.access)

    def _fetched(self, url: str, parameters: Mapping[str, str], most: int) -> bytes:
        with cancelled_by(self.is_cancelled):
            return get_bytes(url, parameters, self.service.access, most=most)


def _bands(info: ServiceInfo, rules: ServiceRules) -> tuple[RasterBand, ...]:
    chosen = [info.band_names[number - 1] for number in rules.bands]
    colours = PICTURE if rules.info.pixel_type == "U8" else ()
    return tuple(RasterBand(n, name, in_picture=name.lower() in colours) for n, name in enumerate(chosen, start=1))


def _description(service: ImageService) -> tuple[Mapping[str, Any], tuple[Mapping[str, Any], Mapping[str, Any]]]:
    """Returns the description of a service, with extent and cell size of its selected raster, and both as sent."""
    rule = {key: value for key, value in service.rules if key == RENDERING_RULE}
    document = get_json(service.url, {"f": "json", **rule}, service.access)
    if rule and document.get("allowRasterFunction") is False:
        raise ImageServiceError(service=service.name, reason=Phrase("it does not allow raster functions"))
    if service.raster is None:
        return document, (document, {})
    raster = get_json(f"{service.url.rstrip('/')}/{service.raster}/info", {"f": "json"}, service.access)
    own = {key: raster.get(key) for key in ("extent", "pixelSizeX", "pixelSizeY")}
    return {**document, **own}, (document, raster)
