# SPDX-License-Identifier: GPL-2.0-or-later
"""What a file of PyTorch's holds, told from its bytes before PyTorch sees it."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

from ..errors import ArchitectureMissingError, WeightsRefusedError, WeightsUnreadableError

SCRIPT, EXPORT, CHECKPOINT = "TorchScript", "an exported program", "a checkpoint"

# Tensors are stored as they are and code is packed; more than this is a bomb.
LARGEST_RATIO = 8
ALWAYS_ALLOWED = 64 * 1024**2

# The first byte of a pickle of the protocols that PyTorch writes.
PICKLE = b"\x80"

# TorchScript has operations that read and write files, and a network needs none of them.
TOUCHES_FILES = re.compile(r"\b(?:aten|torch|prim)\s*\.\s*(?:save|from_file|load)\b")
LARGEST_CODE = 64 * 1024**2


def read_kind(weights: Path) -> str:
    """Returns which of PyTorch's three forms a file has; raises an ArchitectureMissingError where it has none."""
    if not zipfile.is_zipfile(weights):
        with weights.open("rb") as file:
            if file.read(1) == PICKLE:
                return CHECKPOINT
        raise ArchitectureMissingError(weights=weights, content="something else than code or tensors of PyTorch")
    names = [member.filename for member in archive_members(weights)]
    if any("/code/" in name for name in names):
        return SCRIPT
    if any(name.endswith(("/archive_format", "serialized_exported_program.json")) for name in names):
        return EXPORT
    if any(name.endswith("data.pkl") for name in names):
        return CHECKPOINT
    raise ArchitectureMissingError(weights=weights, content="neither code nor tensors of PyTorch")


def archive_members(weights: Path) -> list[zipfile.ZipInfo]:
    """Returns the members of a zip archive, which together may not be much larger than the file."""
    try:
        with zipfile.ZipFile(weights) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise WeightsUnreadableError(weights=weights, reason=error) from error
    total = sum(member.file_size for member in members)
    if total > max(ALWAYS_ALLOWED, LARGEST_RATIO * weights.stat().st_size):
        raise WeightsRefusedError(weights=weights.name, reason=f"unpacked it would be {total // 1024**2} MB")
    return members


def check_script(weights: Path) -> None:
    """Raises a WeightsRefusedError where TorchScript, which may run as it is loaded, would touch files."""
    try:
        with zipfile.ZipFile(weights) as archive:
            code = [m for m in archive_members(weights) if "/code/" in m.filename and m.filename.endswith(".py")]
            texts = [
                archive.read(member).decode("utf-8", "replace") for member in code if member.file_size < LARGEST_CODE
            ]
    except (zipfile.BadZipFile, OSError, RuntimeError, NotImplementedError, EOFError) as error:
        raise WeightsUnreadableError(weights=weights, reason=error) from error
    if len(texts) < len(code) or any(TOUCHES_FILES.search(text) for text in texts):
        raise WeightsRefusedError(weights=weights.name, reason="its code would read or write files")
