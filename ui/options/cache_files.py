# SPDX-License-Identifier: GPL-2.0-or-later
"""How large the caches are, and how they are emptied: only our own folders, and no step through a link."""

from __future__ import annotations

import os
import shutil
import uuid
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

# The names of what is about to be removed begin so; what a dead process left is removed next time.
GOING = "removing-"


@dataclass(frozen=True)
class Cleared:
    """What came of clearing: bytes that are free again, and what is still there, and why."""

    freed: int = 0
    kept: tuple[str, ...] = ()


class LinkedFolderError(OSError):
    """A folder of ours is a link to somewhere else."""


def size_of(folder: Path) -> int:
    """Returns the bytes of all files in a folder and below; links count for nothing."""
    total = 0
    for parent, _, names in os.walk(folder):
        for name in names:
            with suppress(OSError):  # it was removed meanwhile
                total += os.lstat(os.path.join(parent, name)).st_size
    return total


def clear(folders: tuple[Path, ...], root: Path) -> Cleared:
    """Empties folders that lie in `root`; raises LinkedFolderError, before anything is removed, where one is a link."""
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
    """Tells Windows's other kind of link, by its name being another one than that of the place."""
    return os.name == "nt" and path.exists() and path.resolve().name != path.name


def _remove(entry: Path) -> str:
    """Removes a file or a folder; returns why it could not be removed, empty where it was.

    It gets another name first. So a package is never there in parts, which a run would take for the whole, and
    where a system does not let go of files in use, it stays whole.
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
