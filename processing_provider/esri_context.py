# SPDX-License-Identifier: GPL-2.0-or-later
"""The context of ArcGIS clients as values of Processing's parameters."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Callable

from ..inference.run.esri_context import GPU
from ..inference.run.esri_context import read_context as read_esri_context
from ..plugin_support.qgis_crs import crs_of_value
from ..plugin_support.translation import tr
from . import parameters as names

# Parameters by key of the document.
CONTEXT_KEYS = {
    "extent": names.EXTENT,
    "outSR": names.TARGET_CRS,
    "snapRaster": names.SNAP_RASTER,
    "cellSize": names.CELL_SIZE,
    "mask": names.MASK,
    "processorType": names.PROCESSOR_TYPE,
    "parallelProcessingFactor": names.PARALLEL_PROCESSING_FACTOR,
    "resamplingMethod": names.RESAMPLING,
}

__all__ = ["CONTEXT_KEYS", "GPU", "read_context"]


def read_context(value: Any, tell: Callable[[str], object]) -> Mapping[str, Any]:
    """Returns the supported keys of the context with a value; reports keys without effect to `tell`.

    An unsupported key that would change the result is an error.
    """
    context = read_esri_context(value, _is_same_crs)
    for key in context.ignored:
        tell(tr("Context key {key} has no effect here and is ignored.").format(key=key))
    return context.values


def _is_same_crs(one: Any, other: Any) -> bool:
    crs = crs_of_value(one)
    return one == other or (crs.isValid() and crs == crs_of_value(other))
