# SPDX-License-Identifier: GPL-2.0-or-later
"""The environment settings as one JSON object, as sent by ArcGIS clients.

Keys as in https://developers.arcgis.com/rest/services-reference/enterprise/raster-analysis-tools-context/ and in
ArcGIS's geoprocessing environments.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Callable

from ..errors import ContextError, ContextKeyError, ContextKeyRefusedError
from ..phrase import Phrase
from ..unique_keys import TwoValuesError, object_of_unique_keys

PROCESSING_CRS, GPU = "processSR", "gpuId"
EXTENT, PROCESSING_EXTENT = "extent", "processExtent"
KNOWN = (
    EXTENT,
    "outSR",
    "snapRaster",
    "cellSize",
    "mask",
    "processorType",
    "parallelProcessingFactor",
    "resamplingMethod",
    GPU,
)

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


@dataclass(frozen=True)
class Context:
    """The supported keys of a context with their values, and its keys without effect."""

    values: Mapping[str, Any]
    ignored: tuple[str, ...] = ()


def read_context(value: Any, is_same_crs: Callable[[Any, Any], bool]) -> Context:
    """Returns the supported keys of the context with a value.

    An unsupported key that would change the result is an error. `is_same_crs` compares two spatial references.
    """
    content = {key: each for key, each in _object(value).items() if not is_nothing(each)}
    if PROCESSING_EXTENT in content:
        extent = content.pop(PROCESSING_EXTENT)
        if content.setdefault(EXTENT, extent) != extent:
            raise ContextKeyRefusedError(key=PROCESSING_EXTENT, value=extent)
    for key, each in content.items():
        if key not in KNOWN and not _is_passive(key, each, content, is_same_crs):
            raise ContextKeyRefusedError(key=key, value=each)
    ignored = tuple(key for key in content if key not in (*KNOWN, PROCESSING_CRS))
    known = {key: content[key] for key in KNOWN if key in content}
    if EXTENT in known:
        known[EXTENT] = _extent(known[EXTENT])
    if "resamplingMethod" in known:
        method = str(known["resamplingMethod"]).strip().lower()
        known["resamplingMethod"] = RESAMPLING.get(method, method)
    return Context(known, ignored)


def is_nothing(value: Any) -> bool:
    """Returns True for the empty values of dialogs, scripts, clients and the command line."""
    if isinstance(value, str):
        return not value.strip()
    return value is None or (isinstance(value, (dict, list, tuple)) and not value)


def _object(value: Any) -> Mapping[str, Any]:
    if is_nothing(value):
        return {}
    if isinstance(value, str):
        try:
            value = json.loads(value, object_pairs_hook=object_of_unique_keys)
        except TwoValuesError as error:
            raise ContextError(reason=Phrase("it has the key {key} twice", {"key": error.key})) from error
        except (ValueError, RecursionError) as error:
            raise ContextError(reason=Phrase("it is not JSON ({error})", {"error": error})) from error
    if not isinstance(value, Mapping):
        raise ContextError(reason=Phrase("it is not an object"))
    return value


def _is_passive(key: str, value: Any, content: Mapping[str, Any], is_same_crs: Callable[[Any, Any], bool]) -> bool:
    """Returns True if an unread key has no effect; a misspelt key is an error."""
    if key == PROCESSING_CRS:
        return "outSR" in content and is_same_crs(value, content["outSR"])
    spelling = _spelling(key)
    if spelling in map(_spelling, (*KNOWN, PROCESSING_CRS, *OTHER_NAMES)):
        raise ContextKeyError(key=key, known=", ".join(KNOWN))
    if spelling == _spelling(PROJECTION_METHOD):
        return "outSR" not in content
    harmless = next((values for refused, values in REFUSED.items() if _spelling(refused) == spelling), None)
    return harmless is None or str(value).strip().upper() in harmless


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
