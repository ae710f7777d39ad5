# SPDX-License-Identifier: GPL-2.0-or-later
"""Creation of files and folders, never through a link and never over an existing name."""

from __future__ import annotations

import errno
import os
import secrets
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

# Added to the flags for an existing file, such as a lock: a link in its place is refused.
NO_FOLLOW = getattr(os, "O_NOFOLLOW", 0)

# Errors of file systems that do not support fsync.
CANNOT_SYNC = (errno.EINVAL, errno.ENOSYS, errno.ENOTSUP)

# Unguessable, so that no link can be planted under the name beforehand.
TOKEN_BYTES = 7
PART = ".part"

# Accessible to its owner only. On Windows such a mode would stay with files that are moved out of it.
PRIVATE = 0o700 if os.name == "posix" else 0o777


def new_token() -> str:
    """Returns 14 unguessable hexadecimal digits."""
    return secrets.token_hex(TOKEN_BYTES)


def open_new(path: Path) -> BinaryIO:
    """Opens a new file for writing; raises a FileExistsError if the name exists."""
    return open(path, "xb", opener=lambda name, flags: os.open(name, flags | NO_FOLLOW, 0o666))


def make_new_folder(path: Path) -> None:
    """Makes a folder that only this user can access; raises a FileExistsError if the name exists."""
    os.mkdir(path, PRIVATE)


def write_whole(path: Path, content: str | bytes) -> None:
    """Writes a file that appears under its name atomically and complete; text becomes UTF-8. Raises OSError.

    An existing file keeps the name until then, and stays if writing fails. A link in its place is replaced, not
    followed. Anything but a regular file, such as a terminal, is written to directly.
    """
    data = content.encode() if isinstance(content, str) else content
    if path.exists() and not path.is_file():
        path.write_bytes(data)
        return
    part = path.with_name(f".{new_token()}{PART}")
    try:
        with open_new(part) as file:
            file.write(data)
            file.flush()
            _sync(file.fileno())
        os.replace(part, path)
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)


def sync_file(path: Path) -> None:
    """Flushes a file to the disk; raises OSError if that fails, for example if the disk is full."""
    # Windows flushes only files that are open for writing.
    file = os.open(path, os.O_RDWR | NO_FOLLOW)
    try:
        _sync(file)
    finally:
        os.close(file)


def _sync(file: int) -> None:
    try:
        os.fsync(file)
    except OSError as error:
        if error.errno not in CANNOT_SYNC:
            raise
