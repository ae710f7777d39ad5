# SPDX-License-Identifier: GPL-2.0-or-later
"""An ArcGIS image service, or one raster of its catalog, read as raw pixels through its exportImage operation."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import Any

import numpy as np
from osgeo import gdal

from ...inference.errors import ImageServiceError
from ...inference.phrase import Phrase
from ...inference.raster import Channel, GdalInput, GdalSource, RasterBand
from ...inference.raster.read.source import BandReader, Float32, Valid
from ...inference.window import Window
from ..http import MOST, Access, cancelled_by, current_cancellation, get_bytes, get_json, without_query
from .layer_source import blocks_of
from .service_rules import (
    INTERPOLATIONS,
    RENDERING_RULE,
    Rules,
    ServiceInfo,
    ServiceRules,
    read_service_info,
    service_rules,
)

# Largest width and height of a request, because its response is held in memory.
LARGEST_REQUEST = 2048

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


class ImageServiceSource(BandReader):
    """An image service as a raster on its native cells; thread-safe."""

    files: tuple[str, ...] = ()

    def __init__(self, service: ImageService) -> None:
        self.service = service
        self.is_cancelled = current_cancellation()
        self.name = service.name
        self.document = _description(service)
        info = read_service_info(self.document, self.name)
        self._rules = service_rules(service.url, service.rules, info)
        self._info = self._rules.info
        self.grid = info.grid
        chosen = [info.band_names[number - 1] for number in self._rules.bands]
        colours = PICTURE if self._info.pixel_type == "U8" else ()
        self.bands = tuple(
            RasterBand(n, name, in_picture=name.lower() in colours) for n, name in enumerate(chosen, start=1)
        )
        self.select([Channel(band.number) for band in self.bands])

    def select(self, channels: Sequence[Channel]) -> None:
        """Selects the channels for `read`, in this order."""
        self._channels = tuple(channels)

    def read_bands(self, window: Window) -> tuple[Float32, Valid]:
        """Returns pixels and validity of a window, both (bands, height, width)."""
        pixels = np.zeros((len(self._channels), window.height, window.width), np.float32)
        valid = np.zeros(pixels.shape, np.bool_)
        for part in self._requests(window.intersection(self.grid.window)):
            rows, columns = part.within(window)
            pixels[:, rows, columns], valid[:, rows, columns] = self._export(part)
        return pixels, valid

    def close(self) -> None:
        """Does nothing: no connection is kept."""

    def _requests(self, window: Window) -> list[Window]:
        width, height = self._info.largest_request
        return blocks_of(window, min(width, height, LARGEST_REQUEST))

    def _export(self, part: Window) -> tuple[Float32, Valid]:
        service = self.service
        url = service.url.rstrip("/") + "/exportImage"
        parameters = export_parameters(self._info, part, self._asked(), self._rules)
        with cancelled_by(self.is_cancelled):
            content = get_bytes(url, parameters, service.access, most=MOST + self._most_bytes(part))
        if content[:2] not in (b"II", b"MM"):
            raise ImageServiceError(service=self.name, reason=Phrase("its response is not a TIFF"))
        return self._decode(content, part)

    def _most_bytes(self, part: Window) -> int:
        """Returns the largest size of a part in bytes, with eight bytes per value and mask."""
        return part.width * part.height * (len(self.bands) + 1) * 8

    def _decode(self, content: bytes, part: Window) -> tuple[Float32, Valid]:
        name = f"/vsimem/classify_pixels/{uuid.uuid4().hex}.tif"
        gdal.FileFromMemBuffer(name, content)
        try:
            return self._read_tiff(name, part)
        finally:
            gdal.Unlink(name)

    def _read_tiff(self, name: str, part: Window) -> tuple[Float32, Valid]:
        asked = self._asked()
        no_data = {index: self._info.no_data_of(number) for index, number in enumerate(asked, start=1)}
        with closing(GdalSource(GdalInput(name, no_data, title=self.name))) as tiff:
            size, count = (tiff.grid.width, tiff.grid.height), len(tiff.bands)
            fits = count == len(asked) if self._rules.is_rendered else count >= len(asked)
            if size != (part.width, part.height) or not fits:
                wanted = f"{part.width} x {part.height} cells and {len(asked)} bands"
                got = f"{size[0]} x {size[1]} and {count}"
                raise ImageServiceError(
                    service=self.name,
                    reason=Phrase("it returned {got} instead of {wanted}", {"wanted": wanted, "got": got}),
                )
            numbers = [asked.index(self._rules.bands[channel.number - 1]) + 1 for channel in self._channels]
            tiff.select([Channel(n, c.scale, c.offset) for n, c in zip(numbers, self._channels)])
            return tiff.read_bands(tiff.grid.window)

    def _asked(self) -> list[int]:
        """Returns the bands of a response: the selected ones, or all bands of a raster function."""
        chosen = [self._rules.bands[channel.number - 1] for channel in self._channels]
        return list(self._rules.bands) if self._rules.is_rendered else chosen


def _description(service: ImageService) -> Mapping[str, Any]:
    """Returns the description of a service, with extent and cell size of its selected raster."""
    rule = {key: value for key, value in service.rules if key == RENDERING_RULE}
    document = get_json(service.url, {"f": "json", **rule}, service.access)
    if rule and document.get("allowRasterFunction") is False:
        raise ImageServiceError(service=service.name, reason=Phrase("it does not allow raster functions"))
    if service.raster is None:
        return document
    raster = get_json(f"{service.url.rstrip('/')}/{service.raster}/info", {"f": "json"}, service.access)
    return {**document, **{key: raster.get(key) for key in ("extent", "pixelSizeX", "pixelSizeY")}}


def export_parameters(info: ServiceInfo, part: Window, numbers: Sequence[int], rules: ServiceRules) -> dict[str, str]:
    """Returns the parameters of exportImage for these cells and bands of the service, without resampling.

    A raster function computes bands of another type: all of them are requested unchanged.
    """
    parameters: dict[str, Any] = {
        "f": "image",
        "format": "tiff",
        "bbox": ",".join(repr(float(bound)) for bound in info.grid.crop(part).bounds),
        "bboxSR": info.reference,
        "imageSR": info.reference,
        "size": f"{part.width},{part.height}",
        "pixelType": info.pixel_type,
        "bandIds": "" if rules.is_rendered else ",".join(str(number - 1) for number in numbers),
        "interpolation": INTERPOLATIONS[0],
        "adjustAspectRatio": "false",
        **rules.passed,
    }
    values = [info.no_data_of(number) for number in numbers]
    if all(values):
        parameters["noData"] = ",".join(f"{ranges[0][0]:.17g}" for ranges in values)
        # NoData in one band must not remove the values of the others; the NoData rule decides later.
        parameters["noDataInterpretation"] = "esriNoDataMatchAll"
    return {name: text for name, text in parameters.items() if text}
