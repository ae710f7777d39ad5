# SPDX-License-Identifier: GPL-2.0-or-later
"""SHA-256 of files of any size, in hexadecimal digits."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import IO

CHUNK = 1024**2


def sha256_of(file: IO[bytes]) -> str:
    """Returns the SHA-256 of an open file, from its present position to its end."""
    digest = hashlib.sha256()
    for chunk in iter(lambda: file.read(CHUNK), b""):
        digest.update(chunk)
    return digest.hexdigest()


def file_sha256(path: Path) -> str:
    """Returns the SHA-256 of a file; raises OSError."""
    with path.open("rb") as file:
        return sha256_of(file)
