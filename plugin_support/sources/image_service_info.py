# SPDX-License-Identifier: GPL-2.0-or-later
"""What an ArcGIS image service says of itself."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ...inference.errors import ImageServiceError
from ...inference.grid import Grid
from ...inference.phrase import Phrase
from ...inference.raster.read.validity import NoDataRange
from ..qgis_crs import crs_of_reference, wkt_of

# The smallest limit that ArcGIS sets by default.
DEFAULT_LARGEST = 4100
# Beyond that a raster would be none that a model takes.
MOST_BANDS = 65_535
PIXEL_TYPES = ("U1", "U2", "U4", "U8", "S8", "U16", "S16", "U32", "S32", "F32", "F64")


@dataclass(frozen=True)
class ServiceInfo:
    """The grid and bands of a service; `reference` is its CRS as requests write it."""

    grid: Grid
    reference: str
    pixel_type: str
    band_names: tuple[str, ...]
    no_data: tuple[float, ...]
    largest_request: tuple[int, int]
    added_no_data: tuple[float, ...] = ()

    def no_data_of(self, number: int) -> tuple[NoDataRange, ...]:
        """Returns the NoData values of a band, counted from 1; one value alone is that of all bands."""
        each = [
            values if len(values) == 1 else values[number - 1 : number] for values in (self.no_data, self.added_no_data)
        ]
        return tuple((value, value) for values in each for value in values if not math.isnan(value))


def read_service_info(document: Mapping[str, Any], service: str) -> ServiceInfo:
    """Returns what the JSON of a service says; `service` names it in errors."""
    pixel_type = str(document.get("pixelType") or "")
    if pixel_type not in PIXEL_TYPES:
        raise ImageServiceError(
            service=service, reason=Phrase("its pixel type {type} cannot be read", {"type": pixel_type or "(none)"})
        )
    extent = document.get("extent")
    if not isinstance(extent, dict):
        raise ImageServiceError(service=service, reason=Phrase("it is no image service: it has no extent"))
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
            service=service, reason=Phrase("its extent or pixel size is not usable ({error})", {"error": error})
        ) from error
    if width <= 0 or height <= 0 or dx <= 0 or dy <= 0:
        raise ImageServiceError(
            service=service, reason=Phrase("its size is {width} x {height} cells", {"width": width, "height": height})
        )
    return Grid(width, height, (xmin, dx, 0.0, ymax, 0.0, -dy), wkt_of(crs_of_reference(reference)))


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
    """Returns a value per band, or one for all; NaN stands for a band that has none."""
    listed = document.get("noDataValues")
    values = listed if isinstance(listed, list) and listed else [document.get("noDataValue")]
    numbers = [float(value) if isinstance(value, (int, float)) else math.nan for value in values]
    return () if all(math.isnan(number) for number in numbers) else tuple(numbers)


def _limit(document: Mapping[str, Any], key: str) -> int:
    value = document.get(key)
    return int(value) if isinstance(value, (int, float)) and value >= 1 else DEFAULT_LARGEST
