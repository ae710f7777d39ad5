# SPDX-License-Identifier: GPL-2.0-or-later
"""Numbers for all classes or for each, as written by a user."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping

from ..errors import ClassNumbersError
from ..phrase import Phrase


def read_numbers_per_class(value: object, name: str, most: float, whole: bool = False) -> Mapping[int | None, float]:
    """Returns numbers from 0 to `most` by class value, or one number under None for all; none if empty.

    The value is a number, an object, or a text such as 1=75;2=150. `name` is the parameter in errors.
    """
    if value is None or not str(value).strip():
        return {}
    if isinstance(value, Mapping):
        parts = [(str(key), str(number)) for key, number in value.items()]
    else:
        pieces = re.sub(r"\s*=\s*", "=", str(value)).replace(";", " ").split()
        parts = [(key, number) for key, _, number in (piece.rpartition("=") for piece in pieces)]
    found: dict[int | None, float] = {}
    for key, text in parts:
        try:
            if "_" in key + text:
                raise ValueError("Python reads 1_0 as 10")
            number, place = float(text), int(key) if key else None
        except ValueError as error:
            reason = Phrase("{part} is not a number", {"part": f"{key}={text}" if key else text})
            raise ClassNumbersError(name=name, value=value, reason=reason) from error
        if not (math.isfinite(number) and 0 <= number <= most) or (whole and number != int(number)):
            values = {"number": text, "most": f"{most:.10g}"}
            reason = Phrase("{number} is not a number from 0 to {most}", values)
            if whole:
                reason = Phrase("{number} is not a whole number from 0 to {most}", values)
            raise ClassNumbersError(name=name, value=value, reason=reason)
        if place in found:
            raise ClassNumbersError(name=name, value=value, reason=Phrase("a class appears twice"))
        found[place] = number
    if None in found and len(found) > 1:
        raise ClassNumbersError(name=name, value=value, reason=Phrase("a number has no class"))
    return found
