# SPDX-License-Identifier: GPL-2.0-or-later
"""The description of an ArcGIS image service, and the exportImage keys of a reference; without QGIS.

https://developers.arcgis.com/rest/services-reference/enterprise/export-image/
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Callable
from urllib.parse import parse_qsl

from ...inference.errors import ImageServiceError, ReferenceKeyError
from ...inference.grid import Grid
from ...inference.new_files import new_token
from ...inference.phrase import Phrase
from ...inference.raster import RasterBand, wkt_of_reference
from ...inference.raster.read.validity import NoDataRange
from ...inference.raster.web import AllowedHosts, ServiceInput
from ...inference.raster.web.service import description_digest
from ...inference.redaction import without_secrets

# The smallest limit that ArcGIS sets by default.
DEFAULT_LARGEST = 4100
# More bands than any model uses.
MOST_BANDS = 65_535
PIXEL_TYPES = ("U1", "U2", "U4", "U8", "S8", "U16", "S16", "U32", "S32", "F32", "F64")

Rules = tuple[tuple[str, str], ...]

RENDERING_RULE, MOSAIC_RULE, TIME = "renderingRule", "mosaicRule", "time"
BANDS, NO_DATA, PIXEL_TYPE, INTERPOLATION = "bandIds", "noData", "pixelType", "interpolation"
# ArcGIS's name of the rendering rule for rasters.
OTHER_NAMES = {"function": RENDERING_RULE}
# Passed on unchanged.
PASSED = (MOSAIC_RULE, RENDERING_RULE, TIME, "sliceId", INTERPOLATION)
KNOWN = (*PASSED, BANDS, NO_DATA, PIXEL_TYPE)
INTERPOLATIONS = ("RSP_NearestNeighbor", "RSP_BilinearInterpolation", "RSP_CubicConvolution", "RSP_Majority")
UNKNOWN_TYPE = "UNKNOWN"
# Keys of addresses that are not rules.
SIGN_IN_AND_FORM = ("token", "f")
# Band names of a picture, the only information on colours.
PICTURE = ("red", "green", "blue")

# Returns the JSON object at an address with these parameters.
ReadDocument = Callable[[str, Mapping[str, str]], Mapping[str, Any]]


@dataclass(frozen=True)
class ServiceInfo:
    """The grid and bands of a service; `reference` is its CRS in requests."""

    grid: Grid
    reference: str
    pixel_type: str
    band_names: tuple[str, ...]
    no_data: tuple[float, ...]
    largest_request: tuple[int, int]
    added_no_data: tuple[float, ...] = ()

    def no_data_of(self, number: int) -> tuple[NoDataRange, ...]:
        """Returns the NoData values of a band, counted from 1; a single value applies to all bands."""
        each = [
            values if len(values) == 1 else values[number - 1 : number] for values in (self.no_data, self.added_no_data)
        ]
        return tuple((value, value) for values in each for value in values if not math.isnan(value))


def read_service_info(document: Mapping[str, Any], service: str) -> ServiceInfo:
    """Returns the properties of a service; `service` is its name in errors."""
    pixel_type = str(document.get("pixelType") or "")
    if pixel_type not in PIXEL_TYPES:
        raise ImageServiceError(
            service=service, reason=Phrase("its pixel type {type} cannot be read", {"type": pixel_type or "(none)"})
        )
    extent = document.get("extent")
    if not isinstance(extent, dict):
        raise ImageServiceError(service=service, reason=Phrase("it is not an image service: it has no extent"))
    found = extent.get("spatialReference") or document.get("spatialReference") or {}
    reference = found if isinstance(found, dict) else {"wkid": found}
    return ServiceInfo(
        _grid(document, extent, reference, service),
        _reference_text(reference),
        pixel_type,
        _band_names(document, service),
        _no_data(document),
        (_limit(document, "maxImageWidth"), _limit(document, "maxImageHeight")),
    )


def _grid(document: Mapping[str, Any], extent: Mapping[str, Any], reference: Mapping[str, Any], service: str) -> Grid:
    try:
        xmin, ymin, xmax, ymax = (float(extent[key]) for key in ("xmin", "ymin", "xmax", "ymax"))
        dx, dy = float(document["pixelSizeX"]), float(document["pixelSizeY"])
        width, height = round((xmax - xmin) / dx), round((ymax - ymin) / dy)
    except (KeyError, TypeError, ValueError, ZeroDivisionError, OverflowError) as error:
        raise ImageServiceError(
            service=service, reason=Phrase("its extent or pixel size is invalid ({error})", {"error": error})
        ) from error
    if width <= 0 or height <= 0 or dx <= 0 or dy <= 0:
        raise ImageServiceError(
            service=service, reason=Phrase("its size is {width} x {height} cells", {"width": width, "height": height})
        )
    return Grid(width, height, (xmin, dx, 0.0, ymax, 0.0, -dy), wkt_of_reference(reference))


def _reference_text(reference: Mapping[str, Any]) -> str:
    if reference.get("wkid"):
        return str(reference["wkid"])
    return json.dumps(reference) if reference else ""


def _band_names(document: Mapping[str, Any], service: str) -> tuple[str, ...]:
    count = document.get("bandCount")
    if not isinstance(count, int) or isinstance(count, bool) or not 1 <= count <= MOST_BANDS:
        raise ImageServiceError(service=service, reason=Phrase("its bandCount is {count}", {"count": count}))
    names = document.get("bandNames")
    fits = isinstance(names, list) and len(names) == count
    return tuple(str(name) for name in names) if fits and names else ("",) * count


def _no_data(document: Mapping[str, Any]) -> tuple[float, ...]:
    """Returns a value per band, or one for all; NaN for a band without NoData."""
    listed = document.get("noDataValues")
    values = listed if isinstance(listed, list) and listed else [document.get("noDataValue")]
    numbers = [float(value) if isinstance(value, (int, float)) else math.nan for value in values]
    return () if all(math.isnan(number) for number in numbers) else tuple(numbers)


def _limit(document: Mapping[str, Any], key: str) -> int:
    value = document.get(key)
    return int(value) if isinstance(value, (int, float)) and value >= 1 else DEFAULT_LARGEST


@dataclass(frozen=True)
class ServiceRules:
    """Checked rules of a service; `bands` are the requested band numbers from 1, in order."""

    passed: Mapping[str, str]
    info: ServiceInfo
    bands: tuple[int, ...]

    @property
    def is_rendered(self) -> bool:
        """True if a raster function computes the bands."""
        return RENDERING_RULE in self.passed


def is_image_service(address: str) -> bool:
    """Returns True for the address of an ArcGIS image service."""
    return address.split("?")[0].rstrip("/").lower().endswith("/imageserver")


def name_of(url: str, raster: int | None) -> str:
    """Returns the name of a service, or of a raster of its catalog, in messages."""
    address = without_secrets(url)
    return address if raster is None else f"{address.rstrip('/')}/{raster}"


def described_service(
    url: str, given: Rules, raster: int | None, read: ReadDocument, allowed: AllowedHosts | None = None
) -> tuple[ServiceInput, Mapping[str, Any]]:
    """Returns an image service by plain values, and its description with extent and cell size of the chosen raster.

    `raster` is the number of a raster of its catalog. Raises an ImageServiceError or a ReferenceKeyError.
    """
    name = name_of(url, raster)
    asked = tuple((key, value) for key, value in given if key == RENDERING_RULE)
    sent, own = read(url, {"f": "json", **dict(asked)}), {}
    if asked and sent.get("allowRasterFunction") is False:
        raise ImageServiceError(service=name, reason=Phrase("it does not allow raster functions"))
    document = sent
    if raster is not None:
        own = dict(read(f"{url.rstrip('/')}/{raster}/info", {"f": "json"}))
        document = {**sent, **{key: own.get(key) for key in ("extent", "pixelSizeX", "pixelSizeY")}}
    info = read_service_info(document, name)
    rules = service_rules(url, given, info)
    known = ServiceInput(
        url=url,
        name=name,
        grid=info.grid,
        reference=info.reference,
        pixel_type=rules.info.pixel_type,
        bands=_bands(info, rules),
        numbers=rules.bands,
        no_data=tuple(rules.info.no_data_of(number) for number in rules.bands),
        largest=min(info.largest_request),
        passed=tuple(rules.passed.items()),
        rendered=rules.is_rendered,
        asked=asked,
        raster=raster,
        digest=description_digest(sent, own),
        run=new_token(),
        allowed=allowed,
    )
    return known, document


def _bands(info: ServiceInfo, rules: ServiceRules) -> tuple[RasterBand, ...]:
    chosen = [info.band_names[number - 1] for number in rules.bands]
    colours = PICTURE if rules.info.pixel_type == "U8" else ()
    return tuple(RasterBand(n, name, in_picture=name.lower() in colours) for n, name in enumerate(chosen, start=1))


def rules_in_address(address: str) -> Rules:
    """Returns the rules in the address of a service."""
    query = address.partition("?")[2].partition("#")[0]
    # A plus sign is one here: addresses of layers are not those of forms.
    items = parse_qsl(query.replace("+", "%2B"))
    return tuple((name, value) for name, value in items if name.lower() not in SIGN_IN_AND_FORM and value)


def with_own_names(address: str, rules: Rules) -> Rules:
    """Returns rules under the names of exportImage; raises a ReferenceKeyError for duplicates."""
    named = tuple((OTHER_NAMES.get(key, key), value) for key, value in rules)
    names = [key for key, _ in named]
    twice = next((key for (key, _), name in zip(rules, names) if names.count(name) > 1), None)
    if twice is not None:
        raise ReferenceKeyError(reference=without_secrets(address), key=twice, reason=Phrase("it occurs twice"))
    return named


def refuse_rules(address: str, rules: Rules, known: Sequence[str] = ()) -> None:
    """Raises a ReferenceKeyError for unknown rules, which is any rule of a file."""
    for key, _ in rules:
        if key not in known:
            reason = (
                Phrase("this kind of service has no such setting") if known else Phrase("it is not an image service")
            )
            raise ReferenceKeyError(reference=without_secrets(address) or address, key=key, reason=reason)


def service_rules(address: str, rules: Rules, info: ServiceInfo) -> ServiceRules:
    """Returns the checked rules of a service; raises a ReferenceKeyError."""
    refuse_rules(address, rules, KNOWN)
    values = dict(rules)
    reader = _Reader(without_secrets(address), values)
    if BANDS in values and RENDERING_RULE in values:
        raise reader.error(BANDS, Phrase("with a raster function it is ambiguous (input or result)"))
    if values.get(INTERPOLATION, INTERPOLATIONS[0]) not in INTERPOLATIONS:
        raise reader.error(INTERPOLATION, Phrase("valid values are {known}", {"known": ", ".join(INTERPOLATIONS)}))
    if values.get(PIXEL_TYPE, info.pixel_type) not in PIXEL_TYPES:
        raise reader.error(PIXEL_TYPE, Phrase("valid values are {known}", {"known": ", ".join(PIXEL_TYPES)}))
    count = len(info.band_names)
    bands = [int(number) + 1 for number in reader.numbers(BANDS)] or range(1, count + 1)
    if not all(1 <= band <= count for band in bands):
        raise reader.error(BANDS, Phrase("the service has {count} bands, numbered from 0", {"count": count}))
    no_data = tuple(reader.numbers(NO_DATA))
    if len(no_data) not in (0, 1, count):
        raise reader.error(
            NO_DATA, Phrase("it needs one number, or one for each of the {count} bands", {"count": count})
        )
    # Only the service knows the pixel type of a raster function.
    own_type = UNKNOWN_TYPE if RENDERING_RULE in values else info.pixel_type
    changed = replace(info, pixel_type=values.get(PIXEL_TYPE, own_type), added_no_data=no_data)
    return ServiceRules({key: values[key] for key in PASSED if key in values}, changed, tuple(bands))


@dataclass(frozen=True)
class _Reader:
    service: str
    values: Mapping[str, str]

    def error(self, key: str, reason: Phrase) -> ReferenceKeyError:
        return ReferenceKeyError(reference=self.service, key=key, reason=reason)

    def numbers(self, key: str) -> list[float]:
        """Returns the numbers of a key, in the forms 1, "1,2" and [1, 2]; none if absent."""
        text = self.values.get(key, "").strip()
        try:
            found = json.loads(text if text.startswith("[") else f"[{text}]")
        except (ValueError, RecursionError):
            found = [None]
        are_numbers = all(isinstance(number, (int, float)) and not isinstance(number, bool) for number in found)
        if not are_numbers or (key == BANDS and not all(float(number).is_integer() for number in found)):
            raise self.error(key, Phrase("{text} is not a list of numbers", {"text": text}))
        return list(found)
