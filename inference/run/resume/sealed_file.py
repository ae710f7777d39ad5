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


def sealed(content: Mapping[str, Any]) -> tuple[bytes, str]:
    """Returns the file of an object of JSON, and the object's SHA-256."""
    digest = _digest(content)
    return json.dumps({CONTENT: content, DIGEST: digest}, indent=1).encode(), digest


def unsealed(file: bytes | None) -> tuple[dict[str, Any], str]:
    """Returns the object that was written, and its SHA-256.

    Both are empty where there is no file, or it is not what was written.
    """
    try:
        document = json.loads(file or b"")
        content, digest = document[CONTENT], document[DIGEST]
        if isinstance(content, dict) and digest == _digest(content):
            return content, digest
    except (ValueError, KeyError, TypeError, RecursionError):
        pass
    return {}, ""


def write_sealed(path: Path, content: Mapping[str, Any]) -> str:
    """Writes a JSON object atomically, and returns its SHA-256; raises OSError."""
    file, digest = sealed(content)
    write_whole(path, file)
    return digest


def read_sealed(path: Path) -> tuple[dict[str, Any], str]:
    """Returns the content and SHA-256 of a sealed file; both are empty if it is missing or damaged."""
    try:
        return unsealed(path.read_bytes())
    except OSError:
        return {}, ""


def _digest(content: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def is_whole(value: object, least: int = 0) -> bool:
    """Returns True for a whole number of at least this size; JSON's true and false are none."""
    return isinstance(value, int) and not isinstance(value, bool) and value >= least
