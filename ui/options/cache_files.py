# SPDX-License-Identifier: GPL-2.0-or-later
"""Size and clearing of the caches, restricted to the plugin's folders, without following links."""

from __future__ import annotations

import os
import shutil
import uuid
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

# Name prefix of entries under removal; leftovers of a dead process are removed next time.
GOING = "removing-"


@dataclass(frozen=True)
class Cleared:
    """Result of clearing: freed bytes, and kept entries with the reason."""

    freed: int = 0
    kept: tuple[str, ...] = ()


class LinkedFolderError(OSError):
    """A cache folder is a link."""


def size_of(folder: Path) -> int:
    """Returns the bytes of all files in a folder and below, without following links."""
    total = 0
    for parent, _, names in os.walk(folder):
        for name in names:
            with suppress(OSError):  # removed by another process
                total += os.lstat(os.path.join(parent, name)).st_size
    return total


def clear(folders: tuple[Path, ...], root: Path) -> Cleared:
    """Empties folders below `root`; raises LinkedFolderError before any removal if one is a link."""
    for folder in folders:
        _check_is_ours(folder, root)
    freed, kept = 0, []
    for entry in (entry for folder in folders if folder.is_dir() for entry in sorted(folder.iterdir())):
        size = _size_of_entry(entry)
        reason = _remove(entry)
        if reason:
            kept.append(f"{entry}: {reason}")
        else:
            freed += size
    return Cleared(freed, tuple(kept))


def _check_is_ours(folder: Path, root: Path) -> None:
    inside = folder.relative_to(root)
    steps = [root.joinpath(*inside.parts[: depth + 1]) for depth in range(len(inside.parts))]
    for step in steps:
        if step.is_symlink() or _is_junction(step):
            raise LinkedFolderError(f"{step} is a link")


def _is_junction(path: Path) -> bool:
    """Returns True for a junction of Windows, which resolves to another name."""
    return os.name == "nt" and path.exists() and path.resolve().name != path.name


def _remove(entry: Path) -> str:
    """Removes a file or folder; returns the reason of a failure, otherwise an empty text.

    The entry is renamed first, so that a run never finds a partial package. On systems that lock files in use, the
    renaming fails and the package stays complete.
    """
    if entry.is_symlink() or _is_junction(entry):
        return "it is a link to a place outside the cache"
    going = entry.with_name(f"{GOING}{uuid.uuid4().hex}")
    try:
        entry.rename(going)
        shutil.rmtree(going) if going.is_dir() else going.unlink()
    except OSError as error:
        return error.strerror or str(error)
    return ""


def _size_of_entry(entry: Path) -> int:
    return size_of(entry) if entry.is_dir() and not entry.is_symlink() else entry.lstat().st_size
