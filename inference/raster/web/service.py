# SPDX-License-Identifier: GPL-2.0-or-later
"""An ArcGIS image service, or one raster of its catalog, read as raw pixels through its exportImage operation."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import Any, Callable

import numpy as np
from osgeo import gdal

from ...errors import ImageServiceError
from ...grid import Grid
from ...new_files import new_token
from ...phrase import Phrase
from ...window import Window
from ..gdal_call import GdalError, gdal_open
from ..read.source import BandReader, Channel, Float32, GdalInput, GdalSource, RasterBand, Valid
from ..read.validity import NoDataRange
from .described import WebInput
from .fetch import Header, fetched
from .hosts import AllowedHosts

# Most bytes of a response besides those of its pixels.
MOST = 64 * 1024**2

# Largest width and height of a request, because its response is held in memory.
LARGEST_REQUEST = 2048

# Metadata domains by which a TIFF names other files, which GDAL opens for overviews, masks or positions.
NAMING_DOMAINS = ("OVERVIEWS", "GEOLOCATION")

NEAREST = "RSP_NearestNeighbor"

# The parts of a description that determine pixels.
DESCRIBING = (
    "extent", "spatialReference", "pixelSizeX", "pixelSizeY", "pixelType", "bandCount", "bandNames", "noDataValue",
    "noDataValues",
)  # fmt: skip

# Returns the content of an address with these parameters; the number is the limit in bytes.
Fetch = Callable[[str, Mapping[str, str], int], bytes]


@dataclass(frozen=True)
class ServiceInput(WebInput):
    """An image service by plain values.

    `reference` is its CRS in requests, `numbers` are those of its bands (from 1) that are the bands here, and `no_data`
    has the values of each. `largest` is the longest side of a request in cells, `passed` are parameters of all
    requests, and with a raster function (`rendered`) all bands are requested. `asked` are the parameters of the
    description, whose SHA-256 is `digest`; `raster` is the number of a raster of the catalog. `run` differs from run to
    run. `allowed` are the only hosts that may be asked, if any are named.
    """

    url: str
    name: str
    grid: Grid
    reference: str
    pixel_type: str
    bands: tuple[RasterBand, ...]
    numbers: tuple[int, ...]
    no_data: tuple[tuple[NoDataRange, ...], ...]
    largest: int
    passed: tuple[tuple[str, str], ...]
    rendered: bool
    asked: tuple[tuple[str, str], ...]
    raster: int | None
    digest: str
    run: str
    signed_in: bool = False
    allowed: AllowedHosts | None = None

    def open(self) -> ServiceSource:
        """Returns the service, which any process can read; raises if its description changed."""
        fetch = self.fetch_with(None)
        if described_by(self.url, self.asked, self.raster, lambda *given: json_document(fetch(*given))) != self.digest:
            raise ImageServiceError(service=self.name, reason=Phrase("its description changed after the job was begun"))
        return ServiceSource(self, fetch)

    def fetch_with(self, header: Header | None) -> Fetch:
        """Returns the function that reads addresses of the service, with a header that stays in this process."""

        def fetch(url: str, parameters: Mapping[str, str], most: int) -> bytes:
            content = fetched(url, parameters, most, self.signed_in, self.allowed, header)
            if content is None:
                raise ImageServiceError(service=self.name, reason=Phrase("its response is not a TIFF"))
            return content

        return fetch

    def parameters(self, part: Window, numbers: Sequence[int]) -> dict[str, str]:
        """Returns the parameters of exportImage for these cells and bands of the service, without resampling.

        A raster function computes bands of another type: all of them are requested unchanged.
        """
        parameters: dict[str, Any] = {
            "f": "image",
            "format": "tiff",
            "bbox": ",".join(repr(float(bound)) for bound in self.grid.crop(part).bounds),
            "bboxSR": self.reference,
            "imageSR": self.reference,
            "size": f"{part.width},{part.height}",
            "pixelType": self.pixel_type,
            "bandIds": "" if self.rendered else ",".join(str(number - 1) for number in numbers),
            "interpolation": NEAREST,
            "adjustAspectRatio": "false",
            **dict(self.passed),
        }
        values = [self.no_data_of(number) for number in numbers]
        if all(values):
            parameters["noData"] = ",".join(f"{ranges[0][0]:.17g}" for ranges in values)
            # NoData in one band must not remove the values of the others; the NoData rule decides later.
            parameters["noDataInterpretation"] = "esriNoDataMatchAll"
        return {name: text for name, text in parameters.items() if text}

    def no_data_of(self, number: int) -> tuple[NoDataRange, ...]:
        """Returns the NoData values of a band of the service, counted from 1."""
        return self.no_data[self.numbers.index(number)]


class ServiceSource(BandReader):
    """An image service as a raster on its native cells; thread-safe."""

    files: tuple[str, ...] = ()

    def __init__(self, service: ServiceInput, fetch: Fetch) -> None:
        self.name, self.grid, self.bands = service.name, service.grid, service.bands
        self._input, self._fetch = service, fetch
        self.select([Channel(band.number) for band in self.bands])

    def select(self, channels: Sequence[Channel]) -> None:
        """Selects the channels for `read`, in this order."""
        self._channels = tuple(channels)

    def read_bands(self, window: Window) -> tuple[Float32, Valid]:
        """Returns pixels and validity of a window, both (bands, height, width)."""
        pixels = np.zeros((len(self._channels), window.height, window.width), np.float32)
        valid = np.zeros(pixels.shape, np.bool_)
        for part in window.intersection(self.grid.window).blocks(min(self._input.largest, LARGEST_REQUEST)):
            rows, columns = part.within(window)
            pixels[:, rows, columns], valid[:, rows, columns] = self._export(part)
        return pixels, valid

    def close(self) -> None:
        """Does nothing: no connection is kept."""

    def _export(self, part: Window) -> tuple[Float32, Valid]:
        url = self._input.url.rstrip("/") + "/exportImage"
        content = self._fetch(url, self._input.parameters(part, self._asked()), MOST + self._most_bytes(part))
        if content[:2] not in (b"II", b"MM"):
            raise ImageServiceError(service=self.name, reason=Phrase("its response is not a TIFF"))
        return self._decode(content, part)

    def _most_bytes(self, part: Window) -> int:
        """Returns the largest size of a part in bytes, with eight bytes per value and mask."""
        return part.width * part.height * (len(self._asked()) + 1) * 8

    def _decode(self, content: bytes, part: Window) -> tuple[Float32, Valid]:
        name = f"/vsimem/classify_pixels/{new_token()}.tif"
        gdal.FileFromMemBuffer(name, content)
        try:
            if not _is_plain_tiff(name):
                raise ImageServiceError(service=self.name, reason=Phrase("its response is not a plain TIFF"))
            return self._read_tiff(name, part)
        finally:
            gdal.Unlink(name)

    def _read_tiff(self, name: str, part: Window) -> tuple[Float32, Valid]:
        asked, rendered = self._asked(), self._input.rendered
        no_data = {index: self._input.no_data_of(number) for index, number in enumerate(asked, start=1)}
        with closing(GdalSource(GdalInput(name, no_data, title=self.name))) as tiff:
            size, count = (tiff.grid.width, tiff.grid.height), len(tiff.bands)
            fits = count == len(asked) if rendered else count >= len(asked)
            if size != (part.width, part.height) or not fits:
                wanted = f"{part.width} x {part.height} cells and {len(asked)} bands"
                got = f"{size[0]} x {size[1]} and {count}"
                raise ImageServiceError(
                    service=self.name,
                    reason=Phrase("it returned {got} instead of {wanted}", {"wanted": wanted, "got": got}),
                )
            numbers = [asked.index(self._input.numbers[channel.number - 1]) + 1 for channel in self._channels]
            tiff.select([Channel(n, c.scale, c.offset) for n, c in zip(numbers, self._channels)])
            return tiff.read_bands(tiff.grid.window)

    def _asked(self) -> list[int]:
        """Returns the bands of a response: the selected ones, or all bands of a raster function."""
        chosen = [self._input.numbers[channel.number - 1] for channel in self._channels]
        return list(self._input.numbers) if self._input.rendered else chosen


def _is_plain_tiff(name: str) -> bool:
    """Returns True for a file that GDAL reads as a TIFF, whatever else it resembles, and that names no other files."""
    try:
        dataset = gdal_open(name, gdal.OF_RASTER | gdal.OF_READONLY, ["GTiff"])
    except GdalError:
        dataset = None
    if dataset is None:
        return False
    # GDAL opens the files as soon as it looks for overviews, a mask or positions.
    bands = [dataset.GetRasterBand(number) for number in range(1, dataset.RasterCount + 1)]
    return not any(each.GetMetadata(domain) for each in (dataset, *bands) for domain in NAMING_DOMAINS)


def described_by(
    url: str,
    asked: Sequence[tuple[str, str]],
    raster: int | None,
    read: Callable[[str, Mapping[str, str], int], Mapping[str, Any]],
) -> str:
    """Returns the SHA-256 of what a service says about its pixels; `read` returns the JSON object at an address."""
    document = read(url, {"f": "json", **dict(asked)}, MOST)
    own = {} if raster is None else read(f"{url.rstrip('/')}/{raster}/info", {"f": "json"}, MOST)
    return description_digest(document, own)


def description_digest(document: Mapping[str, Any], raster: Mapping[str, Any]) -> str:
    """Returns the SHA-256 of the descriptions of a service and of a raster of its catalog, if any."""
    parts = [{key: each.get(key) for key in DESCRIBING} for each in (document, raster)]
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


def json_document(content: bytes) -> Mapping[str, Any]:
    """Returns the JSON object in a response, an empty one if it holds none."""
    try:
        document = json.loads(content)
    except (ValueError, RecursionError):
        document = None
    return document if isinstance(document, dict) else {}
