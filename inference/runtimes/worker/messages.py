# SPDX-License-Identifier: GPL-2.0-or-later
"""Messages between QGIS and its worker: a length and as many bytes of JSON, never a pickle."""

from __future__ import annotations

import json
import struct
from collections.abc import Mapping
from typing import IO, Any

# Incremented for every change of the message format, so that two versions never communicate.
PROTOCOL = 5

LENGTH = struct.Struct(">I")

# Pixels are in frames; longer messages are the output of another program.
MAX_LENGTH = 1024**2


class BrokenMessageError(ValueError):
    """Invalid data in the pipe."""


def write_message(stream: IO[bytes], message: Mapping[str, Any]) -> None:
    """Writes one message and flushes."""
    content = json.dumps(message).encode()
    if len(content) > MAX_LENGTH:
        raise BrokenMessageError(f"a message of {len(content)} bytes is too long")
    stream.write(LENGTH.pack(len(content)) + content)
    stream.flush()


def read_message(stream: IO[bytes]) -> dict[str, Any] | None:
    """Returns the next message, None if the other side has ended."""
    head = stream.read(LENGTH.size)
    if len(head) < LENGTH.size:
        return None
    (length,) = LENGTH.unpack(head)
    if length > MAX_LENGTH:
        raise BrokenMessageError(f"{head!r} is not the length of a message")
    content = stream.read(length)
    if len(content) < length:
        return None
    try:
        message = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise BrokenMessageError(f"{content!r:.60} is not JSON") from error
    if not isinstance(message, dict):
        raise BrokenMessageError(f"{content!r:.60} is not an object")
    return message
