# SPDX-License-Identifier: GPL-2.0-or-later
"""The version of the plugin, from metadata.txt."""

from __future__ import annotations

from configparser import ConfigParser
from functools import lru_cache
from pathlib import Path
from typing import Any

METADATA = Path(__file__).parents[1] / "metadata.txt"


@lru_cache(maxsize=1)
def version() -> str:
    """Returns the version, such as 0.1.0."""
    parser = ConfigParser()
    # Python's own loader reads the file, because the plugin may be in a zip archive.
    loader: Any = __spec__.loader
    parser.read_string(loader.get_data(str(METADATA)).decode("utf-8"))
    return parser.get("general", "version")
