# SPDX-License-Identifier: GPL-2.0-or-later
"""The SHA-256 of a network's files, calculated once while they do not change."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

CHUNK = 1024**2


def files_sha256(paths: Sequence[Path]) -> str:
    """Returns the SHA-256 of the content of these files together; raises OSError."""
    return _sha256(tuple((path, *_state(path)) for path in paths))


def _state(path: Path) -> tuple[int, ...]:
    """Returns what differs after a change of a file, whose time of modification alone can be set back."""
    found = path.stat()
    return found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino


@lru_cache(maxsize=64)
def _sha256(files: tuple[tuple[Any, ...], ...]) -> str:
    digest = hashlib.sha256()
    for path, *_ in files:
        with path.open("rb") as file:
            for chunk in iter(lambda: file.read(CHUNK), b""):
                digest.update(chunk)
    return digest.hexdigest()
