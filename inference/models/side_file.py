# SPDX-License-Identifier: GPL-2.0-or-later
"""Text side files that describe a network."""

from __future__ import annotations

import os
from pathlib import Path

from ..errors import SideFileError
from ..phrase import Phrase

# Such files are some kilobytes, also with names for thousands of classes.
LARGEST_FILE = 1024**2


def read_side_file(path: Path, largest: int = LARGEST_FILE) -> str | None:
    """Returns the text of a file, None if there is none; raises a SideFileError if it cannot be read.

    It has at most `largest` bytes.
    """
    if not os.path.isfile(path):
        return None
    try:
        with path.open("rb") as file:
            content = file.read(largest + 1)
        if len(content) > largest:
            reason = Phrase("it is larger than {size} KB", {"size": largest // 1024})
            raise SideFileError(file=path, reason=reason)
        return content.decode("utf-8-sig")
    except OSError as error:
        raise SideFileError(file=path, reason=error.strerror or error) from error
    except UnicodeDecodeError as error:
        raise SideFileError(file=path, reason=Phrase("it is not text ({error})", {"error": error})) from error
