# SPDX-License-Identifier: GPL-2.0-or-later
"""Files and folders that are made anew: never through a link, and never over what somebody else has put there."""

from __future__ import annotations

import errno
import os
import secrets
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

# Added to the flags of a file that is there already, as a lock or a journal: a link in its place is refused.
NO_FOLLOW = getattr(os, "O_NOFOLLOW", 0)

# What disks answer that cannot be asked to.
CANNOT_SYNC = (errno.EINVAL, errno.ENOSYS, errno.ENOTSUP)

# Nobody can guess it, and so nobody can put a link there before.
TOKEN_BYTES = 7
PART = ".part"

# Only its owner can look into it. On Windows such a mode would cling to the files that are moved out of it.
PRIVATE = 0o700 if os.name == "posix" else 0o777


def new_token() -> str:
    """Returns 14 hexadecimal digits that nobody can guess."""
    return secrets.token_hex(TOKEN_BYTES)


def open_new(path: Path) -> BinaryIO:
    """Opens a file for writing that is not there yet; raises a FileExistsError where anything has its name."""
    return open(path, "xb", opener=lambda name, flags: os.open(name, flags | NO_FOLLOW, 0o666))


def make_new_folder(path: Path) -> None:
    """Makes a folder that only this user can look into; raises a FileExistsError where anything has its name."""
    os.mkdir(path, PRIVATE)


def write_whole(path: Path, content: str | bytes) -> None:
    """Writes a file that appears under its name at once and complete; text becomes UTF-8. Raises OSError.

    What had the name before keeps it until then, and stays where that fails. A link in its place is replaced, not
    followed. What is no file, as a terminal, is written to as it is.
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
    """Has the disk take what was written to a file; raises OSError where it cannot, as when it is full."""
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
