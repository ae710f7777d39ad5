# SPDX-License-Identifier: GPL-2.0-or-later
"""Extent, CRS and cell size of a result, in all input forms."""

from __future__ import annotations

import json
import re
from typing import Any, Callable

from qgis.core import QgsCoordinateReferenceSystem, QgsProcessingAlgorithm

from ..inference.errors import CrsError, ExtentError
from ..inference.grid import Grid
from ..inference.phrase import Phrase
from ..inference.raster import Extent
from ..inference.run import esri_values
from ..inference.run.esri_values import as_number, esri_extent, json_or_text, read_extreme
from ..plugin_support.qgis_crs import crs_of_value, wkt_of
from . import parameters as names
from .values import Values

__all__ = ["read_cell_size", "read_crs", "read_extent", "read_extreme"]

# The modeler's value for the CRS of the project.
PROJECT_CRS = "ProjectCrs"

# QGIS's text of an extent: xmin,xmax,ymin,ymax [CRS].
EXTENT_TEXT = re.compile(r"\s*([^,\s]+)\s*,\s*([^,\s]+)\s*,\s*([^,\s]+)\s*,\s*([^,\s\[]+)\s*(\[.*)?")


def read_extent(algorithm: QgsProcessingAlgorithm, values: Values) -> Extent | None:
    """Returns the extent, in the form of QGIS or Esri."""
    value = values.raw(names.EXTENT)
    if isinstance(value, str) and value.strip().startswith("{"):
        value = _json(value)
    # QGIS reads such an extent as none, which would classify the whole raster.
    if isinstance(value, dict):
        return esri_extent(value, _wkt_of)
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
    crs = crs_of_value(json_or_text(value))
    if not crs.isValid():
        raise CrsError(crs=value)
    return wkt_of(crs)


def read_cell_size(value: Any, grid_of: Callable[[Any], Grid]) -> tuple[tuple[float, float] | None, str]:
    """Returns the cell size and the CRS of its units, see `inference`."""
    return esri_values.read_cell_size(value, grid_of, _wkt_of)


def _check_order(text: str) -> None:
    """Raises an ExtentError for numbers in another order than QGIS's, which would swap them."""
    found = EXTENT_TEXT.fullmatch(text)
    left, right, bottom, top = map(as_number, found.groups()[:4] if found else [None] * 4)
    if left > right or bottom > top:
        raise ExtentError(extent=text, reason=Phrase("as text, the order is xmin, xmax, ymin, ymax"))


def _check_no_crs(text: str) -> None:
    """Raises an ExtentError for an unknown CRS in the text, because the numbers would be read in the raster's CRS."""
    found = EXTENT_TEXT.fullmatch(text)
    named = (found.group(5) or "").strip("[] ") if found else ""
    if named:
        reason = Phrase("its spatial reference {reference} is unknown", {"reference": named})
        raise ExtentError(extent=text, reason=reason)


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ExtentError(extent=text, reason=Phrase("it is not JSON")) from error


def _wkt_of(reference: Any) -> str:
    return wkt_of(crs_of_value(reference))
