# SPDX-License-Identifier: GPL-2.0-or-later
"""JSON as strangers write it."""

from __future__ import annotations

import json
import re
from typing import Any

# Longer numbers are beyond any float, and reading them takes Python a time that grows with the square.
MOST_DIGITS = 400
SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")


def read_json(text: str) -> Any:
    """Returns what a text stands for; raises ValueError or RecursionError.

    NaN and Infinity tokens are accepted. Halves of characters, which no file and no screen takes, become question
    marks.
    """
    document = json.loads(text, parse_int=_whole)
    if SURROGATE.search(text):
        whole = json.dumps(document, ensure_ascii=False).encode("utf-8", "replace")
        document = json.loads(whole, parse_int=_whole)
    return document


def _whole(digits: str) -> int | float:
    return int(digits) if len(digits) <= MOST_DIGITS else float(digits)
