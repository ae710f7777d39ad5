# SPDX-License-Identifier: GPL-2.0-or-later
"""Installation of packages in a scratch folder, moved to their place when complete."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

# Packages that must not be installed: QGIS's GDAL was built for QGIS's own numpy.
FORBIDDEN = ("numpy",)

# Programs of packages, of no use in a profile.
PROGRAMS = ("bin", "Scripts")

DESCRIPTION = ".dist-info"
INSIDE, REPLACED = "packages", "replaced"


class Staging:
    """A scratch folder beside `target`; raises OSError if it cannot be created."""

    def __init__(self, target: Path) -> None:
        self.target = target
        target.parent.mkdir(parents=True, exist_ok=True)
        self._scratch = Path(tempfile.mkdtemp(prefix=f"{target.name}-installing-", dir=target.parent))
        self.folder = self._scratch / INSIDE
        self.folder.mkdir()

    @property
    def forbidden(self) -> list[str]:
        """The installed packages that are forbidden."""
        return [name for name in FORBIDDEN if (self.folder / name).exists()]

    def publish(self) -> None:
        """Moves all installed files to `target`, or none on failure."""
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
        """Removes the scratch folder with its content."""
        shutil.rmtree(self._scratch, ignore_errors=True)


def _is_superseded(name: str, new: list[str]) -> bool:
    """Returns True for an entry to be replaced: the same name, or metadata of another version."""
    described = {entry.split("-")[0] for entry in new if entry.endswith(DESCRIPTION)}
    return name in new or (name.endswith(DESCRIPTION) and name.split("-")[0] in described)


def _move(names: list[str], source: Path, target: Path) -> None:
    for name in names:
        (source / name).rename(target / name)


def _move_back(names: list[str], source: Path, target: Path) -> None:
    _move([name for name in names if (source / name).exists() and not (target / name).exists()], source, target)
