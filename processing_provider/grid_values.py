# SPDX-License-Identifier: GPL-2.0-or-later
"""Extent, CRS and cell size of a result, in all input forms."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable, Mapping
from typing import Any, Callable

from qgis.core import QgsCoordinateReferenceSystem, QgsProcessingAlgorithm

from ..inference.errors import CellSizeError, CrsError, ExtentError
from ..inference.grid import Grid
from ..inference.phrase import Phrase
from ..inference.raster import Extent
from ..plugin_support.qgis_crs import crs_of_value, wkt_of
from . import parameters as names
from .values import Values

# The modeler's value for the CRS of the project.
PROJECT_CRS = "ProjectCrs"

# Coarsest or finest cells of several rasters.
EXTREMES = {"MAXOF": max, "MAXIMUM OF INPUTS": max, "MINOF": min, "MINIMUM OF INPUTS": min}

# QGIS's text of an extent: xmin,xmax,ymin,ymax [CRS].
EXTENT_TEXT = re.compile(r"\s*([^,\s]+)\s*,\s*([^,\s]+)\s*,\s*([^,\s]+)\s*,\s*([^,\s\[]+)\s*(\[.*)?")


def read_extent(algorithm: QgsProcessingAlgorithm, values: Values) -> Extent | None:
    """Returns the extent, in the form of QGIS or Esri."""
    value = values.raw(names.EXTENT)
    if isinstance(value, str) and value.strip().startswith("{"):
        value = _json(value)
    # QGIS reads such an extent as none, which would classify the whole raster.
    if isinstance(value, dict):
        return _esri_extent(value)
    if value is None:
        return None
    if isinstance(value, str):
        _check_order(value)
    given = {names.EXTENT: value}
    rectangle = algorithm.parameterAsExtent(given, names.EXTENT, values.context)
    crs = algorithm.parameterAsExtentCrs(given, names.EXTENT, values.context)
    if rectangle.isNull():
        raise ExtentError(extent=value, reason=Phrase("it is not a valid extent"))
    if isinstance(value, str) and not crs.isValid():
        _check_no_crs(value)
    bounds = (rectangle.xMinimum(), rectangle.yMinimum(), rectangle.xMaximum(), rectangle.yMaximum())
    return Extent(bounds, wkt_of(crs))


def read_crs(values: Values) -> str:
    """Returns the WKT of the output CRS from QGIS's object or text, or an Esri spatial reference; empty for none."""
    value = values.raw(names.TARGET_CRS)
    if value == PROJECT_CRS and values.context.project() is not None:
        value = values.context.project().crs()
    if value is None or (isinstance(value, QgsCoordinateReferenceSystem) and not value.isValid()):
        return ""
    if isinstance(value, QgsCoordinateReferenceSystem):
        return wkt_of(value)
    crs = crs_of_value(_json_or_text(value))
    if not crs.isValid():
        raise CrsError(crs=value)
    return wkt_of(crs)


def read_cell_size(value: Any, grid_of: Callable[[Any], Grid]) -> tuple[tuple[float, float] | None, str]:
    """Returns the cell size (from a number, width and height as x and y, or a raster) and the CRS of its units.

    The CRS is empty for units of the output, unless a raster or the spatial reference of Esri's object determines it.
    """
    content, crs = _json_or_text(value), ""
    if content is None or read_extreme(content) is not None:
        return None, crs
    if isinstance(content, Mapping) and {"x", "y"} <= set(content):
        size, crs = (_number(content["x"]), _number(content["y"])), _crs_of_size(content)
    else:
        number = _number(content)
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


def _check_order(text: str) -> None:
    """Raises an ExtentError for numbers in another order than QGIS's, which would swap them."""
    found = EXTENT_TEXT.fullmatch(text)
    left, right, bottom, top = map(_number, found.groups()[:4] if found else [None] * 4)
    if left > right or bottom > top:
        raise ExtentError(extent=text, reason=Phrase("as text, the order is xmin, xmax, ymin, ymax"))


def _check_no_crs(text: str) -> None:
    """Raises an ExtentError for an unknown CRS in the text, because the numbers would be read in the raster's CRS."""
    found = EXTENT_TEXT.fullmatch(text)
    named = (found.group(5) or "").strip("[] ") if found else ""
    if named:
        reason = Phrase("its spatial reference {reference} is unknown", {"reference": named})
        raise ExtentError(extent=text, reason=reason)


def _crs_of_size(content: Mapping[str, Any]) -> str:
    """Returns the WKT of {"x", "y", "spatialReference"}, empty without a reference."""
    reference = content.get("spatialReference")
    if not reference:
        return ""
    crs = crs_of_value(reference)
    if not crs.isValid():
        raise CrsError(crs=reference)
    return wkt_of(crs)


def _cell_size_of(grid: Grid) -> tuple[float, float]:
    return grid.cell_edges if grid.transform is not None else (math.nan, math.nan)


def _number(value: Any) -> float:
    try:
        return float(value)
    except (TypeError, ValueError):
        return math.nan


def _json_or_text(value: Any) -> Any:
    if isinstance(value, str) and value.strip().startswith("{"):
        try:
            return json.loads(value)
        except (ValueError, RecursionError):
            return value
    return value


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ExtentError(extent=text, reason=Phrase("it is not JSON")) from error


def _esri_extent(value: dict[str, Any]) -> Extent:
    """Reads {"xmin", "ymin", "xmax", "ymax", "spatialReference": {"latestWkid" or "wkid" or "wkt"}}."""
    try:
        bounds = (float(value["xmin"]), float(value["ymin"]), float(value["xmax"]), float(value["ymax"]))
    except (KeyError, TypeError, ValueError) as error:
        raise ExtentError(extent=value, reason=Phrase("it needs the numbers xmin, ymin, xmax and ymax")) from error
    reference = value.get("spatialReference")
    if not reference:
        return Extent(bounds)
    crs = crs_of_value(reference)
    if not crs.isValid():
        reason = Phrase("its spatial reference {reference} is unknown", {"reference": reference})
        raise ExtentError(extent=value, reason=reason)
    return Extent(bounds, wkt_of(crs))
