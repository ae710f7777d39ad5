# SPDX-License-Identifier: GPL-2.0-or-later
"""Scaling of input values in a STAC item."""

from __future__ import annotations

import math
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ...errors import ModelKeyError
from ...phrase import Phrase
from ..definition import Normalization
from ..keys import Keys

SCALING, OLD_TYPE, OLD_VALUES, CLIP_VALUES = "value_scaling", "norm_type", "statistics", "norm_clip"
# The older form's name for division by a number per band, to the range 0 to 1.
CLIP = "clip"
KNOWN = ("min-max", "z-score", "offset", "scale", "clip", "clip-min", "clip-max")


@dataclass(frozen=True)
class _Band:
    """One band's ((x - minimum) / (maximum - minimum) - mean) / std, of clipped values."""

    minimum: float = 0.0
    maximum: float = 1.0
    mean: float = 0.0
    std: float = 1.0
    lowest: float = -math.inf
    highest: float = math.inf


def read_scaling(source: Keys, bands: int) -> Normalization | None:
    """Returns the normalisation of a model's input; one entry of the list may stand for all bands.

    Up to version 1.2, the extension has one type and keeps the numbers in statistics.
    """
    if not source.items(SCALING) and source.text(OLD_TYPE) == CLIP:
        return _divided(source, bands)
    entries = source.items(SCALING) or _old_entries(source)
    if not entries:
        return None
    if len(entries) not in (1, bands):
        raise _error(source, SCALING, entries, Phrase("a list of 1 or {bands} entries", {"bands": bands}))
    read = [_read(entry, source, number) for number, entry in enumerate(entries)]
    if all(band == _Band() for band in read):
        return None
    return _combined(read * bands if len(read) == 1 else read)


def _divided(source: Keys, bands: int) -> Normalization:
    """Returns the division of each band by its number, clipped to the range 0 to 1."""
    numbers = source.required_numbers(CLIP_VALUES)
    if len(numbers) not in (1, bands) or min(numbers) <= 0:
        raise _error(source, CLIP_VALUES, numbers, Phrase("a list of 1 or {bands} numbers above 0", {"bands": bands}))
    return _combined([_Band(maximum=n, lowest=0.0, highest=n) for n in numbers] * (bands // len(numbers)))


def _old_entries(source: Keys) -> list[Any]:
    kind = source.text(OLD_TYPE)
    statistics = source.items(OLD_VALUES) if kind else []
    if kind and not statistics:
        expected = Phrase("present, because {key} is {kind}", {"key": OLD_TYPE, "kind": kind})
        raise _error(source, OLD_VALUES, None, expected)
    return [{**entry, "type": kind} if isinstance(entry, Mapping) else entry for entry in statistics]


def _read(entry: Any, source: Keys, number: int) -> _Band:
    if not isinstance(entry, Mapping):
        raise _error(source, f"{SCALING}[{number}]", entry, Phrase("an object with a type"))
    kind = entry.get("type")
    if kind is None:
        return _Band()
    if kind not in KNOWN:
        raise _error(source, f"{SCALING}[{number}].type", kind, Phrase("one of {values}", {"values": ", ".join(KNOWN)}))
    values = _Values(entry, source, number)
    if kind == "min-max":
        low, high = values["minimum"], values["maximum"]
        return _Band(minimum=low, maximum=values.other_than(low, "maximum", high))
    if kind == "z-score":
        return _Band(mean=values["mean"], std=values.other_than(0.0, "stddev", values["stddev"]))
    # The extension's formulas: offset is x - value, and scale is x / value.
    if kind == "offset":
        return _Band(mean=values["value"])
    if kind == "scale":
        return _Band(maximum=values.other_than(0.0, "value", values["value"]))
    return _Band(
        lowest=-math.inf if kind == "clip-max" else values["minimum"],
        highest=math.inf if kind == "clip-min" else values["maximum"],
    )


@dataclass(frozen=True)
class _Values:
    """The numbers of one entry."""

    entry: Mapping[str, Any]
    source: Keys
    number: int

    def __getitem__(self, key: str) -> float:
        value: Any = self.entry.get(key)
        is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
        if not is_number or not abs(value) <= sys.float_info.max:
            raise _error(self.source, f"{SCALING}[{self.number}].{key}", value, Phrase("a number"))
        return float(value)

    def other_than(self, forbidden: float, key: str, value: float) -> float:
        """Returns the value unless it would cause a division by zero."""
        if value == forbidden:
            raise _error(
                self.source,
                f"{SCALING}[{self.number}].{key}",
                value,
                Phrase("other than {number}", {"number": f"{forbidden:g}"}),
            )
        return value


def _combined(bands: list[_Band]) -> Normalization:
    clips = any(math.isfinite(band.lowest) or math.isfinite(band.highest) for band in bands)
    return Normalization(
        minimum=tuple(band.minimum for band in bands),
        maximum=tuple(band.maximum for band in bands),
        mean=tuple(band.mean for band in bands),
        std=tuple(band.std for band in bands),
        lowest=tuple(band.lowest for band in bands) if clips else (),
        highest=tuple(band.highest for band in bands) if clips else (),
    )


def _error(source: Keys, key: str, value: Any, expected: Phrase) -> ModelKeyError:
    return ModelKeyError(model=source.model, key=f"mlm:input.{key}", value=value, expected=expected)
