# SPDX-License-Identifier: GPL-2.0-or-later
"""The environment settings as one JSON object, as sent by ArcGIS clients.

Keys as in https://developers.arcgis.com/rest/services-reference/enterprise/raster-analysis-tools-context/ and in
ArcGIS's geoprocessing environments.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any, Callable

from ..inference.errors import ContextError, ContextKeyError, ContextKeyRefusedError
from ..inference.phrase import Phrase
from ..plugin_support.qgis_crs import crs_of_value
from ..plugin_support.translation import tr
from . import parameters as names
from .parameter_types import is_nothing

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
PROCESSING_CRS, GPU = "processSR", "gpuId"
KNOWN = (*CONTEXT_KEYS, GPU)

# Unsupported keys that would change the result, with their values without effect.
REFUSED: Mapping[str, tuple[str, ...]] = {
    "nodata": ("NONE",),
    "cellAlignment": ("DEFAULT",),
    "geographicTransformations": (),
    "geographicTransformation": (),
    "datumTransformation": (),
    "transformation": (),
    "renderingRule": (),
    "mosaicRule": (),
    "function": (),
    "rasterFunction": (),
    "bandIds": (),
    "interpolation": (),
    "noDataInterpretation": (),
    "time": (),
    # Parameters of the operation, outside the context.
    "inputRaster": (),
    "model": (),
    "modelArguments": (),
    "processAllRasterItems": (),
}
# Projection of the cell size, without effect if the CRS is unchanged.
PROJECTION_METHOD = "cellSizeProjectionMethod"
# Alternative names in ArcGIS.
OTHER_NAMES = ("outputCoordinateSystem", "resampling")
RESAMPLING = {"majority": "mode"}
WHOLE_EXTENTS = ("DEFAULT", "MAXOF")

NUMBER = r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?"
# ArcGIS appends heights and measures as NaN.
EXTENT_TEXT = re.compile(
    rf"\s*({NUMBER})[\s,;]+({NUMBER})[\s,;]+({NUMBER})[\s,;]+({NUMBER})(?:[\s,;]+nan)*\s*", re.IGNORECASE
)


def read_context(value: Any, tell: Callable[[str], object]) -> Mapping[str, Any]:
    """Returns the supported keys of the context with a value; reports keys without effect to `tell`.

    An unsupported key that would change the result is an error.
    """
    content = {key: each for key, each in _object(value).items() if not is_nothing(each)}
    for key, each in content.items():
        if key not in KNOWN and not _is_passive(key, each, content):
            raise ContextKeyRefusedError(key=key, value=each)
    for key in content:
        if key not in (*KNOWN, PROCESSING_CRS):
            tell(tr("Context key {key} has no effect here and is ignored.").format(key=key))
    known = {key: content[key] for key in KNOWN if key in content}
    if "extent" in known:
        known["extent"] = _extent(known["extent"])
    if "resamplingMethod" in known:
        method = str(known["resamplingMethod"]).strip().lower()
        known["resamplingMethod"] = RESAMPLING.get(method, method)
    return known


def _object(value: Any) -> Mapping[str, Any]:
    if is_nothing(value):
        return {}
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except (ValueError, RecursionError) as error:
            raise ContextError(reason=Phrase("it is not JSON ({error})", {"error": error})) from error
    if not isinstance(value, Mapping):
        raise ContextError(reason=Phrase("it is not an object"))
    return value


def _is_passive(key: str, value: Any, content: Mapping[str, Any]) -> bool:
    """Returns True if an unread key has no effect; a misspelt key is an error."""
    if key == PROCESSING_CRS:
        return "outSR" in content and _same_crs(value, content["outSR"])
    spelling = _spelling(key)
    if spelling in map(_spelling, (*KNOWN, PROCESSING_CRS, *OTHER_NAMES)):
        raise ContextKeyError(key=key, known=", ".join(KNOWN))
    if spelling == _spelling(PROJECTION_METHOD):
        return "outSR" not in content
    harmless = next((values for refused, values in REFUSED.items() if _spelling(refused) == spelling), None)
    return harmless is None or str(value).strip().upper() in harmless


def _same_crs(one: Any, other: Any) -> bool:
    crs = crs_of_value(one)
    return one == other or (crs.isValid() and crs == crs_of_value(other))


def _spelling(key: str) -> str:
    """Returns a key without variations in spelling: case, underscores, and a prefix such as env:."""
    return re.sub(r"[^a-z0-9]", "", str(key).lower().rpartition(":")[2])


def _extent(value: Any) -> Any:
    """Returns Esri's text of an extent (xmin, ymin, xmax, ymax) as an object, any other value unchanged.

    QGIS's texts have another order and are recognised by the CRS in brackets.
    """
    if isinstance(value, str) and value.strip().upper() in WHOLE_EXTENTS:
        return None
    text = ",".join(map(str, value)) if isinstance(value, list) else value
    found = EXTENT_TEXT.fullmatch(text) if isinstance(text, str) else None
    if found is None:
        return value
    return dict(zip(("xmin", "ymin", "xmax", "ymax"), map(float, found.groups())))
