# SPDX-License-Identifier: GPL-2.0-or-later
"""The sealed files of a place, read as a run reads them and changed as another program could."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from classify_pixels.inference.run.resume.place import FolderPlace
from classify_pixels.inference.run.resume.sealed_file import sealed, unsealed


def read_sealed(path: Path) -> tuple[dict[str, Any], str]:
    """Returns the content and SHA-256 of a sealed file, both empty if a run would not accept it."""
    return unsealed(FolderPlace(path.parent).read(path.name))


def write_sealed(path: Path, content: Mapping[str, Any]) -> str:
    """Replaces a sealed file by one of this content, and returns its SHA-256."""
    file, digest = sealed(content)
    path.write_bytes(file)
    return digest
