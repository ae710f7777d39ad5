# SPDX-License-Identifier: GPL-2.0-or-later
"""Small JSON files with a digest of their content, which reveals damage."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

CONTENT, DIGEST = "content", "sha256"


def sealed(content: Mapping[str, Any]) -> tuple[bytes, str]:
    """Returns the bytes of the file of a JSON object, and the object's SHA-256 in hexadecimal digits."""
    digest = _digest(content)
    return json.dumps({CONTENT: content, DIGEST: digest}, indent=1).encode(), digest


def unsealed(file: bytes | None) -> tuple[dict[str, Any], str]:
    """Returns the JSON object in the bytes of a file, and its SHA-256.

    Both are empty for a missing file (None), and for bytes that `sealed` did not return.
    """
    try:
        document = json.loads(file or b"")
        content, digest = document[CONTENT], document[DIGEST]
        if isinstance(content, dict) and digest == _digest(content):
            return content, digest
    except (ValueError, KeyError, TypeError, RecursionError):
        pass
    return {}, ""


def _digest(content: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def is_whole(value: object, least: int = 0) -> bool:
    """Returns True for an integer of at least `least`; JSON's true and false are not integers."""
    return isinstance(value, int) and not isinstance(value, bool) and value >= least
