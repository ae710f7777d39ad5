# SPDX-License-Identifier: GPL-2.0-or-later
"""The SHA-256 of a network's files, calculated once while they do not change."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

CHUNK = 1024**2


def files_sha256(paths: Sequence[Path]) -> str:
    """Returns the SHA-256 of the content of these files together; raises OSError."""
    states = ((path, path.stat()) for path in paths)
    return _sha256(tuple((path, state.st_size, state.st_mtime_ns, state.st_ino) for path, state in states))


@lru_cache(maxsize=64)
def _sha256(files: tuple[tuple[Path, int, int, int], ...]) -> str:
    digest = hashlib.sha256()
    for path, *_ in files:
        with path.open("rb") as file:
            for chunk in iter(lambda: file.read(CHUNK), b""):
                digest.update(chunk)
    return digest.hexdigest()
