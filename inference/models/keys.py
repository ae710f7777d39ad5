# SPDX-License-Identifier: GPL-2.0-or-later
"""Typed access to the keys of a model definition."""

from __future__ import annotations

import math
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ..errors import ModelKeyError, ModelKeyMissingError
from ..phrase import Phrase

# GDAL counts columns and rows in 32 bits, so no size can be larger.
LARGEST = 2**31 - 1


@dataclass(frozen=True)
class Keys:
    """A JSON object whose values are checked as they are read; `model` names it in errors."""

    document: Mapping[str, Any] | None
    model: str

    @property
    def absent(self) -> bool:
        """True if the definition has no such object."""
        return self.document is None

    def has(self, key: str) -> bool:
        """True if a key is present and not null."""
        return self._value(key) is not None

    def value(self, key: str) -> Any:
        """Returns a raw value, None if the key is absent."""
        return self._value(key)

    def text(self, key: str) -> str:
        """Returns a text, empty if the key is absent; for an object, its name."""
        value = self._value(key)
        # ModelConfiguration is a text in some definitions and an object with a Name in others.
        if isinstance(value, dict):
            value = value.get("Name")
        return "" if value is None else str(value).strip()

    def items(self, key: str) -> list[Any]:
        """Returns a list, empty if the key is absent or null."""
        value = self._value(key)
        if value is None:
            return []
        if not isinstance(value, list):
            raise self._error(key, Phrase("a list"))
        return value

    def required_items(self, key: str) -> list[Any]:
        """Returns a required list."""
        if self._value(key) is None:
            raise ModelKeyMissingError(model=self.model, key=key)
        return self.items(key)

    def inner(self, key: str) -> Keys:
        """Returns the keys of an inner object, absent if there is none."""
        value = self._value(key)
        if value is not None and not isinstance(value, dict):
            raise self._error(key, Phrase("an object"))
        return Keys(value, self.model)

    def positive(self, key: str, most: int = LARGEST) -> int:
        """Returns a required whole number above 0."""
        if self._value(key) is None:
            raise ModelKeyMissingError(model=self.model, key=key)
        return self._whole(key, least=1, most=most)

    def optional_positive(self, key: str, most: int = LARGEST) -> int | None:
        """Returns a whole number above 0, None if the key is absent."""
        return None if self._value(key) is None else self._whole(key, least=1, most=most)

    def optional_count(self, key: str) -> int | None:
        """Returns a whole number from 0, None if the key is absent."""
        return None if self._value(key) is None else self._whole(key, least=0)

    def fraction(self, key: str, default: float) -> float:
        """Returns a number from 0 to 1."""
        value = self._value(key)
        if value is None:
            return default
        if not _is_number(value) or not 0 <= float(value) <= 1:
            raise self._error(key, Phrase("a number from 0 to 1"))
        return float(value)

    def number(self, key: str, least: float, most: float = sys.float_info.max) -> float | None:
        """Returns a number within a range, None if the key is absent."""
        value = self._value(key)
        if value is None:
            return None
        if not _is_number(value) or not least <= value <= most:
            values = {"least": f"{least:g}", "most": f"{most:g}"}
            if most < sys.float_info.max:
                raise self._error(key, Phrase("a number from {least} to {most}", values))
            raise self._error(key, Phrase("a number from {least}", values))
        return float(value)

    def finite(self, key: str) -> float:
        """Returns a required finite number."""
        value = self._value(key)
        if not _is_number(value):
            raise self._error(key, Phrase("a number"))
        return float(value)

    def truth(self, key: str) -> bool:
        """Returns true or false, false where the key is absent; some definitions write it as a text."""
        value = self._value(key)
        if value is None or isinstance(value, bool):
            return bool(value)
        if str(value).strip().lower() not in ("true", "false"):
            raise self._error(key, Phrase("true or false"))
        return str(value).strip().lower() == "true"

    def required_numbers(self, key: str) -> list[float]:
        """Returns a required list of finite numbers."""
        values = self.required_items(key)
        if not all(_is_number(value) for value in values):
            raise self._error(key, Phrase("a list of numbers"))
        return [float(value) for value in values]

    def _value(self, key: str) -> Any:
        return None if self.document is None else self.document.get(key)

    def _whole(self, key: str, least: int, most: int = LARGEST) -> int:
        """Reads 256, 256.0 and "256" alike: all three occur in real definitions."""
        value = self._value(key)
        try:
            number = float(value)
        except (TypeError, ValueError, OverflowError):
            number = math.nan
        if isinstance(value, bool) or not least <= number <= most or number != int(number):
            values = {"least": least, "most": most}
            if most < LARGEST:
                raise self._error(key, Phrase("an integer from {least} to {most}", values))
            raise self._error(key, Phrase("an integer from {least}", values))
        return int(number)

    def _error(self, key: str, expected: Phrase) -> ModelKeyError:
        return ModelKeyError(model=self.model, key=key, value=self._value(key), expected=expected)


def _is_number(value: object) -> bool:
    """True for a finite number; JSON's integers may be too large for a float."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return False
    return abs(value) <= sys.float_info.max
