# SPDX-License-Identifier: GPL-2.0-or-later
"""Inspection of a PyTorch file before PyTorch opens it."""

from __future__ import annotations

import lzma
import mmap
import pickletools  # nosec B403
import zipfile
import zlib
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path
from typing import IO

from ...archive import open_archive
from ...errors import ArchitectureMissingError, WeightsRefusedError, WeightsUnreadableError
from ...phrase import Phrase

SCRIPT, EXPORT, CHECKPOINT = "TorchScript", "an exported program", "a checkpoint"

# Tensors are stored uncompressed and code compressed; a larger ratio indicates a zip bomb.
LARGEST_RATIO = 8
ALWAYS_ALLOWED = 64 * 1024**2

# Exceptions of zipfile and its decompressors for damaged members.
DAMAGE = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, OSError, RuntimeError, NotImplementedError, EOFError, ValueError,
)  # fmt: skip

# The first byte of a pickle in PyTorch's protocols.
PICKLE = b"\x80"

# PyTorch allows a pickle of bare tensors to create any number of zeros.
BYTES = b"\nbytearray\n"

# Opcodes by which a pickle names objects, and the maximum length of module and class names.
NAMING, LONGEST_NAME = ("GLOBAL", "INST"), 1000

# Checkpoints other than archives consist of this many pickles, then the tensors.
OLD_PICKLES = 5


def read_kind(weights: Path) -> str:
    """Returns which of PyTorch's three formats a file has; raises an ArchitectureMissingError for any other."""
    if not _is_archive(weights):
        try:
            with weights.open("rb") as file:
                if file.read(1) == PICKLE:
                    return CHECKPOINT
        except OSError as error:
            raise WeightsUnreadableError(weights=weights, reason=error.strerror or error) from error
        raise ArchitectureMissingError(weights=weights, content="something other than PyTorch code or tensors")
    names = [member.filename for member in archive_members(weights)]
    if any("/code/" in name for name in names):
        return SCRIPT
    if any(name.endswith(("/archive_format", "serialized_exported_program.json")) for name in names):
        return EXPORT
    if any(name.endswith("data.pkl") for name in names):
        return CHECKPOINT
    raise ArchitectureMissingError(weights=weights, content="neither PyTorch code nor tensors")


def archive_members(weights: Path) -> list[zipfile.ZipInfo]:
    """Returns the members of a zip archive, which together may not be much larger than the file."""
    try:
        with open_archive(weights) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise WeightsUnreadableError(weights=weights, reason=error) from error
    total = sum(member.file_size for member in members)
    if total > max(ALWAYS_ALLOWED, LARGEST_RATIO * weights.stat().st_size):
        reason = Phrase("its unpacked size is {size} MB", {"size": total // 1024**2})
        raise WeightsRefusedError(weights=weights.name, reason=reason)
    return members


def makes_bytes(weights: Path) -> bool:
    """True if a pickle in a checkpoint names the type of byte arrays, which tensors never need."""
    with weights.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        if content.find(BYTES) >= 0 or not _is_archive(weights):
            return content.find(BYTES) >= 0
    pickles = [member for member in archive_members(weights) if member.filename.endswith(".pkl")]
    return any(BYTES in content for content in _contents(weights, pickles))


def has_long_name(weights: Path) -> bool:
    """True if a pickle in a checkpoint has an object name so long that PyTorch takes hours to refuse it."""
    if _is_archive(weights):
        pickles = [member for member in archive_members(weights) if member.filename.endswith(".pkl")]
        return any(_has_long_name(BytesIO(content), 1) for content in _contents(weights, pickles))
    with weights.open("rb") as file:
        return _has_long_name(file, OLD_PICKLES)


def _has_long_name(file: IO[bytes], count: int) -> bool:
    """Reads `count` pickles in sequence, without creating objects."""
    try:
        operations = (operation for _ in range(count) for operation in pickletools.genops(file))
        return any(code.name in NAMING and len(str(name)) > LONGEST_NAME for code, name, _ in operations)
    except (ValueError, OverflowError, MemoryError):
        return False  # PyTorch will report the fault


def _is_archive(weights: Path) -> bool:
    try:
        return zipfile.is_zipfile(weights)
    except zipfile.BadZipFile:
        # A multi-disk archive has only its end here.
        return False


def _contents(weights: Path, members: Sequence[zipfile.ZipInfo]) -> list[bytes]:
    try:
        with open_archive(weights) as archive:
            return [archive.read(member) for member in members]
    except DAMAGE as error:
        raise WeightsUnreadableError(weights=weights, reason=error) from error
