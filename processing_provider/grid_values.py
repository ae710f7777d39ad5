# SPDX-License-Identifier: GPL-2.0-or-later
"""Extent, CRS and cell size of a result, in all forms that they are given in."""

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

# What the modeler writes where its user chooses the CRS of the project.
PROJECT_CRS = "ProjectCrs"

# The coarsest or finest cells of several rasters; one raster has its own.
EXTREMES = {"MAXOF": max, "MAXIMUM OF INPUTS": max, "MINOF": min, "MINIMUM OF INPUTS": min}

# QGIS's text of an extent: xmin,xmax,ymin,ymax [CRS].
EXTENT_TEXT = re.compile(r"\s*([^,\s]+)\s*,\s*([^,\s]+)\s*,\s*([^,\s]+)\s*,\s*([^,\s\[]+)\s*(\[.*)?")


def read_extent(algorithm: QgsProcessingAlgorithm, values: Values) -> Extent | None:
    """Returns the extent, given as QGIS or as Esri writes it."""
    value = values.raw(names.EXTENT)
    if isinstance(value, str) and value.strip().startswith("{"):
        value = _json(value)
    # QGIS itself takes such an extent for none, which would mean the whole raster.
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
        raise ExtentError(extent=value, reason=Phrase("it is no rectangle"))
    if isinstance(value, str) and not crs.isValid():
        _check_no_crs(value)
    bounds = (rectangle.xMinimum(), rectangle.yMinimum(), rectangle.xMaximum(), rectangle.yMaximum())
    return Extent(bounds, wkt_of(crs))


def read_crs(values: Values) -> str:
    """Returns the WKT of the output's CRS: QGIS's object or text, or a spatial reference of Esri's; empty for none."""
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
    """Returns the cell size (a number, width and height as x and y, or that of a raster) and the CRS of its units.

    That is empty, which means the output's, unless a raster has the size or Esri's object names its spatial reference.
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
    """Returns which of several cell sizes MAXOF or MINOF chooses, None for any other value."""
    return EXTREMES.get(value.strip().upper()) if isinstance(value, str) else None


def _check_order(text: str) -> None:
    """Raises for four numbers in another order than QGIS's, which would turn them round."""
    found = EXTENT_TEXT.fullmatch(text)
    left, right, bottom, top = map(_number, found.groups()[:4] if found else [None] * 4)
    if left > right or bottom > top:
        raise ExtentError(extent=text, reason=Phrase("as text, the order is xmin, xmax, ymin, ymax"))


def _check_no_crs(text: str) -> None:
    """Raises for a CRS that a text names and nobody knows: without one, its numbers would be in the raster's."""
    found = EXTENT_TEXT.fullmatch(text)
    named = (found.group(5) or "").strip("[] ") if found else ""
    if named:
        reason = Phrase("its spatial reference {reference} is unknown", {"reference": named})
        raise ExtentError(extent=text, reason=reason)


def _crs_of_size(content: Mapping[str, Any]) -> str:
    """Returns the WKT of {"x", "y", "spatialReference"}, empty where there is no reference."""
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
