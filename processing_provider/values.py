# SPDX-License-Identifier: GPL-2.0-or-later
"""Raw parameter values, completed by the context JSON."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Callable

from qgis.core import QgsProcessingContext, QgsProperty
from qgis.PyQt.QtCore import QVariant

from ..inference.errors import ContextError, ParameterValueError
from ..inference.models import read_truth
from ..inference.phrase import Phrase
from ..inference.run.esri_context import is_nothing
from . import parameters as names
from .esri_context import CONTEXT_KEYS, GPU, read_context

KEYS = {parameter: key for key, parameter in CONTEXT_KEYS.items()}


def _ignore(text: str) -> None:
    """Ignores a message."""


@dataclass(frozen=True)
class Values:
    """The values of a run, read directly because Processing's readers drop unknown forms.

    `tell` receives messages for the user.
    """

    parameters: Mapping[str, Any]
    context: QgsProcessingContext
    tell: Callable[[str], object] = _ignore

    def raw(self, name: str) -> Any:
        """Returns a value, None if empty; a parameter takes precedence over the context."""
        own = self.own(name)
        return self._whole.get(KEYS[name]) if own is None and name in KEYS else own

    def truth(self, name: str) -> bool:
        """Returns a truth value, also from a text of the command line."""
        return read_truth(self.raw(name), name)

    @property
    def gpu(self) -> int:
        """The GPU number of the context, by default 0."""
        value = self._whole.get(GPU, 0)
        if not str(value).isdecimal():
            raise ContextError(reason=Phrase("gpuId is {value}, not a whole number from 0", {"value": value}))
        return int(value)

    def own(self, name: str) -> Any:
        """Returns a value without those of the context, None if empty; raises for an expression without a value."""
        value = self.parameters.get(name)
        if isinstance(value, QgsProperty):
            expression = value.asExpression() if value.isActive() else ""
            value, has_value = value.value(self.context.expressionContext(), None)
            # Taken as empty, a misspelt variable would leave the default without a word.
            if expression and not has_value:
                raise ParameterValueError(
                    name=name, value=expression, reason=Phrase("the expression has no value here")
                )
        # The command line turns an empty text into Qt's NULL.
        is_null = isinstance(value, QVariant) and value.isNull()
        return None if is_null or is_nothing(value) else value

    @cached_property
    def _whole(self) -> Mapping[str, Any]:
        """The context, read once so that its messages appear once."""
        return read_context(self.own(names.CONTEXT), self.tell)
