# SPDX-License-Identifier: GPL-2.0-or-later
"""Writes deep-learning packages (.dlpk) whose bytes depend on their content alone."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Mapping
from pathlib import Path

# The earliest time a zip can hold: the same content gives the same file on any day.
TIMESTAMP = (1980, 1, 1, 0, 0, 0)
REGULAR_FILE = 0o100644 << 16
UNIX = 3


def emd_text(definition: Mapping[str, object]) -> str:
    """The text of an .emd file: JSON indented by four, as Esri's own files are."""
    return json.dumps(definition, indent=4) + "\n"


def write_dlpk(path: Path, members: Mapping[str, bytes]) -> None:
    """Write a model package: a deflated zip without a top folder, members in the order given."""
    write_zip(path, members, zipfile.ZIP_DEFLATED)


def write_zip(path: Path, members: Mapping[str, bytes], compression: int) -> None:
    """Write a zip with fixed timestamps and permissions."""
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in members.items():
            archive.writestr(_entry(name), content, compression)


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, TIMESTAMP)
    entry.create_system = UNIX
    entry.external_attr = REGULAR_FILE
    return entry
