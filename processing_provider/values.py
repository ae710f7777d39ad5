# SPDX-License-Identifier: GPL-2.0-or-later
"""Parameter values as they came, with the whole context as one JSON spread over them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from qgis.core import QgsProcessingContext, QgsProperty
from qgis.PyQt.QtCore import QVariant

from ..inference.errors import ContextError, ContextKeyError
from ..inference.model import read_truth
from ..inference.phrase import Phrase
from ..inference.request import PROCESSOR_TYPES
from . import parameters as names

# The document's keys, and the parameter that each of them is; below the other way round.
CONTEXT_KEYS = {
    "extent": names.EXTENT,
    "outSR": names.TARGET_CRS,
    "snapRaster": names.SNAP_RASTER,
    "cellSize": names.CELL_SIZE,
    "mask": names.MASK,
    "processorType": names.PROCESSOR_TYPE,
    "parallelProcessingFactor": names.PARALLEL_PROCESSING_FACTOR,
}
KEYS = {parameter: key for key, parameter in CONTEXT_KEYS.items()}
PROCESSING_CRS, GPU = "processSR", "gpuId"

# Values that dialogs fill in by themselves, so they do not beat the context's.
DEFAULTS = {names.PROCESSOR_TYPE: PROCESSOR_TYPES[0]}


@dataclass(frozen=True)
class Values:
    """The values of a run; Processing's own readers turn forms that they do not know into nothing."""

    parameters: Mapping[str, Any]
    context: QgsProcessingContext

    def raw(self, name: str) -> Any:
        """Returns a value, None where it is empty; what a parameter of its own gives beats the context's."""
        own = None if self._own(name) == "" else self._own(name)
        if own not in (None, DEFAULTS.get(name)) or name not in KEYS:
            return own
        return self._whole().get(KEYS[name], own)

    def truth(self, name: str) -> bool:
        """Returns whether a value says yes; the command line hands over texts."""
        return read_truth(self.raw(name), name)

    @property
    def gpu(self) -> int:
        """The number of the GPU that the context asks for, 0 where it asks for none."""
        value = self._whole().get(GPU, 0)
        if not str(value).isdecimal():
            raise ContextError(reason=Phrase("gpuId is {value}, not a whole number from 0", {"value": value}))
        return int(value)

    def _own(self, name: str) -> Any:
        value = self.parameters.get(name)
        if isinstance(value, QgsProperty):
            value, _ = value.value(self.context.expressionContext(), None)
        # Qt's own nothing, which the command line makes of an empty text.
        return None if isinstance(value, QVariant) and value.isNull() else value

    def _whole(self) -> Mapping[str, Any]:
        """Returns the context as a mapping whose keys are all known."""
        content = self._own(names.CONTEXT) or {}
        if isinstance(content, str):
            try:
                content = json.loads(content)
            except (ValueError, RecursionError) as error:
                raise ContextError(reason=Phrase("it is not JSON ({error})", {"error": error})) from error
        if not isinstance(content, Mapping):
            raise ContextError(reason="it is not an object")
        known = (*CONTEXT_KEYS, GPU)
        for key in content:
            same_crs = key == PROCESSING_CRS and content[key] == content.get("outSR")
            if key not in known and not same_crs:
                raise ContextKeyError(key=key, known=", ".join(known))
        return content
