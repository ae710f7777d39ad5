# SPDX-License-Identifier: GPL-2.0-or-later
"""A package is installed into a folder beside its place, and moved there once it is whole."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

# What must never come along: QGIS's own numpy is the one that its GDAL was built for.
FORBIDDEN = ("numpy",)

# Programs that packages bring along; nobody would find them in a profile.
PROGRAMS = ("bin", "Scripts")

DESCRIPTION = ".dist-info"
INSIDE, REPLACED = "packages", "replaced"


class Staging:
    """A scratch folder beside `target`; raises OSError where it cannot be made."""

    def __init__(self, target: Path) -> None:
        self.target = target
        target.parent.mkdir(parents=True, exist_ok=True)
        self._scratch = Path(tempfile.mkdtemp(prefix=f"{target.name}-installing-", dir=target.parent))
        self.folder = self._scratch / INSIDE
        self.folder.mkdir()

    @property
    def forbidden(self) -> list[str]:
        """What was installed and must not be."""
        return [name for name in FORBIDDEN if (self.folder / name).exists()]

    def publish(self) -> None:
        """Moves all that was installed to its place, or nothing of it where that fails."""
        self.target.mkdir(parents=True, exist_ok=True)
        replaced = self._scratch / REPLACED
        replaced.mkdir()
        new = [entry.name for entry in self.folder.iterdir() if entry.name not in PROGRAMS]
        old = [entry.name for entry in self.target.iterdir() if _is_superseded(entry.name, new)]
        try:
            _move(old, self.target, replaced)
            _move(new, self.folder, self.target)
        except OSError:
            _move_back(new, self.target, self.folder)
            _move_back(old, replaced, self.target)
            raise

    def discard(self) -> None:
        """Removes the scratch folder, whatever is in it."""
        shutil.rmtree(self._scratch, ignore_errors=True)


def _is_superseded(name: str, new: list[str]) -> bool:
    """Tells what makes room: the same name, or what described another version of the same package."""
    described = {entry.split("-")[0] for entry in new if entry.endswith(DESCRIPTION)}
    return name in new or (name.endswith(DESCRIPTION) and name.split("-")[0] in described)


def _move(names: list[str], source: Path, target: Path) -> None:
    for name in names:
        (source / name).rename(target / name)


def _move_back(names: list[str], source: Path, target: Path) -> None:
    _move([name for name in names if (source / name).exists() and not (target / name).exists()], source, target)
