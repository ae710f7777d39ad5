# SPDX-License-Identifier: GPL-2.0-or-later
"""Parameter values as they came, with the whole context as one JSON spread over them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Callable

from qgis.core import QgsProcessingContext, QgsProperty
from qgis.PyQt.QtCore import QVariant

from ..inference.errors import ContextError
from ..inference.models import read_truth
from ..inference.phrase import Phrase
from . import parameters as names
from .context import CONTEXT_KEYS, GPU, read_context
from .parameter_types import is_nothing

KEYS = {parameter: key for key, parameter in CONTEXT_KEYS.items()}


def _nobody(text: str) -> None:
    """Hears nothing."""


@dataclass(frozen=True)
class Values:
    """The values of a run; Processing's own readers turn forms that they do not know into nothing.

    `tell` hears what the user should know of how the values are read.
    """

    parameters: Mapping[str, Any]
    context: QgsProcessingContext
    tell: Callable[[str], object] = _nobody

    def raw(self, name: str) -> Any:
        """Returns a value, None where it is empty; what a parameter of its own gives beats the context's."""
        own = self._own(name)
        return self._whole.get(KEYS[name]) if own is None and name in KEYS else own

    def truth(self, name: str) -> bool:
        """Returns whether a value says yes; the command line hands over texts."""
        return read_truth(self.raw(name), name)

    @property
    def gpu(self) -> int:
        """The number of the GPU that the context asks for, 0 where it asks for none."""
        value = self._whole.get(GPU, 0)
        if not str(value).isdecimal():
            raise ContextError(reason=Phrase("gpuId is {value}, not a whole number from 0", {"value": value}))
        return int(value)

    def _own(self, name: str) -> Any:
        value = self.parameters.get(name)
        if isinstance(value, QgsProperty):
            value, _ = value.value(self.context.expressionContext(), None)
        # Qt's own nothing, which the command line makes of an empty text.
        is_null = isinstance(value, QVariant) and value.isNull()
        return None if is_null or is_nothing(value) else value

    @cached_property
    def _whole(self) -> Mapping[str, Any]:
        """The context, which is read once: what is to be told of it is told once."""
        return read_context(self._own(names.CONTEXT), self.tell)
