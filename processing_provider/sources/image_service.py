# SPDX-License-Identifier: GPL-2.0-or-later
"""An ArcGIS image service, read as raw pixels through its exportImage operation."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import Any

import numpy as np
from osgeo import gdal

from ...inference.errors import ImageServiceError
from ...inference.raster import Channel, GdalInput, GdalSource, RasterBand
from ...inference.raster.source import BandReader, Float32, Valid
from ...inference.window import Window
from .cancellation import cancelled_by, current_cancellation
from .image_service_info import ServiceInfo, read_service_info
from .layer_source import blocks_of
from .network import MOST, Access, get_bytes, get_json, without_query

# Cells of one request at most, even where the service would give more: its answer is held in memory.
LARGEST_REQUEST = 2048

# Names of the bands of a picture; the service does not say their colours otherwise.
PICTURE = ("red", "green", "blue")


@dataclass(frozen=True)
class ImageService:
    """The address of an image service, how to sign in, and rules that are handed on to it."""

    url: str
    access: Access = Access()
    rules: tuple[tuple[str, str], ...] = ()


class ImageServiceSource(BandReader):
    """A raster whose cells are those of an image service; any number of threads may read."""

    files: tuple[str, ...] = ()

    def __init__(self, service: ImageService) -> None:
        self._service = service
        self._is_cancelled = current_cancellation()
        self.name = without_query(service.url)
        self._info = read_service_info(get_json(service.url, {"f": "json"}, service.access), self.name)
        self.grid = self._info.grid
        self.bands = tuple(
            RasterBand(n, name, in_picture=self._info.pixel_type == "U8" and name.lower() in PICTURE)
            for n, name in enumerate(self._info.band_names, start=1)
        )
        self.select([Channel(band.number) for band in self.bands])

    def select(self, channels: Sequence[Channel]) -> None:
        """Chooses what `read` returns, in this order."""
        self._channels = tuple(channels)

    def read_bands(self, window: Window) -> tuple[Float32, Valid]:
        """Returns pixels (bands, height, width) and which of their values count (bands, height, width)."""
        pixels = np.zeros((len(self._channels), window.height, window.width), np.float32)
        valid = np.zeros(pixels.shape, np.bool_)
        for part in self._requests(window.intersection(self.grid.window)):
            rows, columns = part.within(window)
            pixels[:, rows, columns], valid[:, rows, columns] = self._export(part)
        return pixels, valid

    def close(self) -> None:
        """Has nothing to close: no connection is kept."""

    def _requests(self, window: Window) -> list[Window]:
        width, height = self._info.largest_request
        return blocks_of(window, min(width, height, LARGEST_REQUEST))

    def _export(self, part: Window) -> tuple[Float32, Valid]:
        service = self._service
        url = service.url.rstrip("/") + "/exportImage"
        parameters = {**dict(service.rules), **export_parameters(self._info, part, self._numbers())}
        with cancelled_by(self._is_cancelled):
            content = get_bytes(url, parameters, service.access, most=MOST + self._most_bytes(part))
        if content[:2] not in (b"II", b"MM"):
            raise ImageServiceError(service=self.name, reason="it answered with something else than a TIFF")
        return self._decode(content, part)

    def _most_bytes(self, part: Window) -> int:
        """Returns what a part has in bytes where each number and its mask have eight."""
        return part.width * part.height * (len(self.bands) + 1) * 8

    def _decode(self, content: bytes, part: Window) -> tuple[Float32, Valid]:
        name = f"/vsimem/classify_pixels/{uuid.uuid4().hex}.tif"
        gdal.FileFromMemBuffer(name, content)
        try:
            return self._read_tiff(name, part)
        finally:
            gdal.Unlink(name)

    def _read_tiff(self, name: str, part: Window) -> tuple[Float32, Valid]:
        no_data = {index: self._info.no_data_of(number) for index, number in enumerate(self._numbers(), start=1)}
        with closing(GdalSource(GdalInput(name, no_data, title=self.name))) as tiff:
            size = (tiff.grid.width, tiff.grid.height)
            if size != (part.width, part.height) or len(tiff.bands) < len(self._channels):
                asked = f"{part.width} x {part.height} cells and {len(self._channels)} bands"
                got = f"{size[0]} x {size[1]} and {len(tiff.bands)}"
                raise ImageServiceError(service=self.name, reason=f"asked for {asked} it gave {got}")
            tiff.select([Channel(n, c.scale, c.offset) for n, c in enumerate(self._channels, start=1)])
            return tiff.read_bands(tiff.grid.window)

    def _numbers(self) -> list[int]:
        return [channel.number for channel in self._channels]


def export_parameters(info: ServiceInfo, part: Window, numbers: Sequence[int]) -> dict[str, str]:
    """Returns what exportImage is asked for: these cells and bands of the service, not resampled."""
    parameters: dict[str, Any] = {
        "f": "image",
        "format": "tiff",
        "bbox": ",".join(repr(float(bound)) for bound in info.grid.crop(part).bounds),
        "bboxSR": info.reference,
        "imageSR": info.reference,
        "size": f"{part.width},{part.height}",
        "pixelType": info.pixel_type,
        "bandIds": ",".join(str(number - 1) for number in numbers),
        "interpolation": "RSP_NearestNeighbor",
        "adjustAspectRatio": "false",
    }
    values = [info.no_data_of(number) for number in numbers]
    if all(values):
        parameters["noData"] = ",".join(f"{ranges[0][0]:.17g}" for ranges in values)
        # What one band alone does not hold is ours to judge; the other bands are to keep what they have.
        parameters["noDataInterpretation"] = "esriNoDataMatchAll"
    return {name: text for name, text in parameters.items() if text}
