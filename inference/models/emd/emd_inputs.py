# SPDX-License-Identifier: GPL-2.0-or-later
"""Dates of the bands, and inputs other than the image, in a definition."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from ...errors import ModelKeyError
from ...phrase import Phrase
from ..definition import Constant
from ..keys import Keys

TIMES, INPUTS = "Times", "Inputs"

# Maximum number of dates, and of numbers for an input.
MOST_TIMES, MOST_NUMBERS, DEEPEST = 65_535, 65_536, 6


def read_times(own: Keys, bands: int) -> int | None:
    """Returns the number of dates, None if unspecified; each date has the same number of bands."""
    times = own.optional_positive(TIMES, MOST_TIMES)
    if times is not None and bands % times:
        expected = Phrase("a divisor of the {bands} bands in ExtractBands", {"bands": bands})
        raise ModelKeyError(model=own.model, key=TIMES, value=times, expected=expected)
    return times


def read_inputs(own: Keys) -> tuple[tuple[str, Constant], ...]:
    """Returns names and values of the constant inputs."""
    inputs = own.inner(INPUTS)
    named = {str(name): _constant(value, inputs.model, str(name), 0) for name, value in (inputs.document or {}).items()}
    if sum(map(_count, named.values())) > MOST_NUMBERS:
        expected = Phrase("at most {most} numbers", {"most": MOST_NUMBERS})
        raise ModelKeyError(model=own.model, key=INPUTS, value=", ".join(named), expected=expected)
    return tuple(sorted(named.items()))


def write_further_inputs(times: int | None, inputs: Sequence[tuple[str, Constant]]) -> Mapping[str, Any]:
    """Returns the keys that read back as these inputs."""
    return {TIMES: times, INPUTS: {name: _listed(value) for name, value in inputs}}


def _constant(value: Any, model: str, name: str, depth: int) -> Constant:
    if isinstance(value, list) and value and depth < DEEPEST and len({_size(part) for part in value}) == 1:
        return tuple(_constant(part, model, name, depth + 1) for part in value)
    if isinstance(value, (bool, int)) or (isinstance(value, float) and math.isfinite(value)):
        return value
    expected = Phrase("a number, or lists of numbers of equal length")
    raise ModelKeyError(model=model, key=f"{INPUTS}.{name}", value=value, expected=expected)


def _size(part: Any) -> int:
    return len(part) if isinstance(part, list) else -1


def _count(value: Constant) -> int:
    return sum(map(_count, value)) if isinstance(value, tuple) else 1


def _listed(value: Constant) -> Any:
    return [_listed(part) for part in value] if isinstance(value, tuple) else value
