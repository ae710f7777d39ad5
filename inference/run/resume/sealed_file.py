# SPDX-License-Identifier: GPL-2.0-or-later
"""Small JSON files with a digest of their content, which reveals damage."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ...new_files import write_whole

CONTENT, DIGEST = "content", "sha256"


def write_sealed(path: Path, content: Mapping[str, Any]) -> str:
    """Writes a JSON object atomically, and returns its SHA-256; raises OSError."""
    digest = _digest(content)
    write_whole(path, json.dumps({CONTENT: content, DIGEST: digest}, indent=1))
    return digest


def read_sealed(path: Path) -> tuple[dict[str, Any], str]:
    """Returns the object that was written, and its SHA-256.

    Both are empty if the file is missing or damaged.
    """
    try:
        document = json.loads(path.read_bytes())
        content, digest = document[CONTENT], document[DIGEST]
        if isinstance(content, dict) and digest == _digest(content):
            return content, digest
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        pass
    return {}, ""


def _digest(content: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def is_whole(value: object, least: int = 0) -> bool:
    """Returns True for a whole number of at least this size; JSON's true and false are none."""
    return isinstance(value, int) and not isinstance(value, bool) and value >= least
