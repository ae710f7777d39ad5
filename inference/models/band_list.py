# SPDX-License-Identifier: GPL-2.0-or-later
"""Parsing of user-written band lists."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ..errors import InputNumbersError
from .definition import BandReference

EXPECTED = "band numbers from 1 or band names, such as 4,3,2 or red,green,nir"


def read_band_list(value: object, name: str) -> tuple[BandReference, ...]:
    """Returns the bands of `4,3,2`, of `red;green;nir`, or of a list; numbers from 1 become numbers from 0.

    None and an empty text return none; `name` is the parameter's in errors.
    """
    if isinstance(value, (list, tuple)):
        items: Sequence[object] = value
    else:
        text = str("" if value is None else value).strip().strip("[]")
        items = [part.strip(" '\"") for part in re.split(r"[,;]", text)] if text else []
    return tuple(_band(item, value, name) for item in items)


def _band(item: object, value: object, name: str) -> BandReference:
    text = str(item).strip()
    is_number = text.lstrip("-").isdecimal()
    if not text or (is_number and int(text) < 1):
        raise InputNumbersError(name=name, value=value, expected=EXPECTED)
    return int(text) - 1 if is_number else text
