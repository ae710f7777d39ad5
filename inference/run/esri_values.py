# SPDX-License-Identifier: GPL-2.0-or-later
"""Extents and cell sizes as ArcGIS's clients write them.

A front end gives the function that returns the WKT of a spatial reference, empty if it is unknown.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping
from typing import Any, Callable

from ..errors import CellSizeError, CrsError, ExtentError
from ..grid import Grid
from ..phrase import Phrase
from ..raster import Extent

# Coarsest or finest cells of several rasters.
EXTREMES = {"MAXOF": max, "MAXIMUM OF INPUTS": max, "MINOF": min, "MINIMUM OF INPUTS": min}

CrsOf = Callable[[Any], str]


def read_cell_size(value: Any, grid_of: Callable[[Any], Grid], crs_of: CrsOf) -> tuple[tuple[float, float] | None, str]:
    """Returns the cell size (from a number, width and height as x and y, or a raster) and the CRS of its units.

    The CRS is empty for units of the output, unless a raster or the spatial reference of Esri's object determines it.
    """
    content, crs = json_or_text(value), ""
    if content is None or read_extreme(content) is not None:
        return None, crs
    if isinstance(content, Mapping) and {"x", "y"} <= set(content):
        size, crs = (as_number(content["x"]), as_number(content["y"])), _crs_of_size(content, crs_of)
    else:
        number = as_number(content)
        size = (number, number)
        if math.isnan(number):
            grid = grid_of(value)
            size, crs = _cell_size_of(grid), grid.crs
    if not all(math.isfinite(side) and side > 0 for side in size):
        raise CellSizeError(size=value)
    return size, crs


def read_extreme(value: Any) -> Callable[[Iterable[float]], float] | None:
    """Returns the choice of MAXOF or MINOF among several cell sizes, None for any other value."""
    return EXTREMES.get(value.strip().upper()) if isinstance(value, str) else None


def esri_extent(value: Mapping[str, Any], crs_of: CrsOf) -> Extent:
    """Reads {"xmin", "ymin", "xmax", "ymax", "spatialReference": {"latestWkid" or "wkid" or "wkt"}}."""
    try:
        bounds = (float(value["xmin"]), float(value["ymin"]), float(value["xmax"]), float(value["ymax"]))
    except (KeyError, TypeError, ValueError) as error:
        raise ExtentError(extent=value, reason=Phrase("it needs the numbers xmin, ymin, xmax and ymax")) from error
    reference = value.get("spatialReference")
    if not reference:
        return Extent(bounds)
    crs = crs_of(reference)
    if not crs:
        reason = Phrase("its spatial reference {reference} is unknown", {"reference": reference})
        raise ExtentError(extent=value, reason=reason)
    return Extent(bounds, crs)


def json_or_text(value: Any) -> Any:
    """Returns the object of a JSON text, any other value unchanged."""
    if isinstance(value, str) and value.strip().startswith("{"):
        try:
            return json.loads(value)
        except (ValueError, RecursionError):
            return value
    return value


def as_number(value: Any) -> float:
    """Returns the number of a value, NaN if it is none."""
    try:
        return float(value)
    except (TypeError, ValueError, OverflowError):
        return math.nan


def _crs_of_size(content: Mapping[str, Any], crs_of: CrsOf) -> str:
    """Returns the WKT of {"x", "y", "spatialReference"}, empty without a reference."""
    reference = content.get("spatialReference")
    if not reference:
        return ""
    crs = crs_of(reference)
    if not crs:
        raise CrsError(crs=reference)
    return crs


def _cell_size_of(grid: Grid) -> tuple[float, float]:
    return grid.cell_edges if grid.transform is not None else (math.nan, math.nan)
