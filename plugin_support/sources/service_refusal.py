# SPDX-License-Identifier: GPL-2.0-or-later
"""Refusals that a WMS or WMTS sends as XML, possibly with a status of success."""

from __future__ import annotations

import re
from html import unescape

from ...inference.phrase import Phrase

EXCEPTION = re.compile(r"<(?:\w+:)?(?:ServiceException|ExceptionText)\b[^>]*>(?:\s*<!\[CDATA\[)?([^<\]]*)")
LONGEST_REASON = 200


def refusal(content: bytes) -> Phrase | None:
    """Returns the message of a WMS or WMTS exception, None for other content."""
    found = EXCEPTION.search(content.decode("utf-8", "replace"))
    text = " ".join(unescape(found.group(1)).split())[:LONGEST_REASON] if found else ""
    return Phrase("it responded: {text}", {"text": text}) if text else None
