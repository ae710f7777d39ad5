# SPDX-License-Identifier: GPL-2.0-or-later
"""Makes the plugin's package: the files of a commit, and the guide built from the working tree.

Usage: scripts/make_package.py ZIP COMMIT
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from build_guide import ROOT, build

NAME = "classify_pixels"
# The guide's files are of the first day that a ZIP archive can name, so that equal ones make an equal package.
DATE = (1980, 1, 1, 0, 0, 0)


def make_package(package: Path, commit: str) -> None:
    """Writes the package of a commit, or of a tree."""
    package.parent.mkdir(parents=True, exist_ok=True)
    archive = ["git", "archive", "--format=zip", f"--prefix={NAME}/", f"--output={package.resolve()}", commit]
    subprocess.run(archive, cwd=ROOT, check=True)
    with tempfile.TemporaryDirectory() as folder, zipfile.ZipFile(package, "a", zipfile.ZIP_DEFLATED) as members:
        guide = Path(folder)
        build(guide)
        for file in sorted(file for file in guide.rglob("*") if file.is_file()):
            member = zipfile.ZipInfo(f"{NAME}/resources/help/{file.relative_to(guide).as_posix()}", DATE)
            member.external_attr, member.compress_type = 0o644 << 16, zipfile.ZIP_DEFLATED
            members.writestr(member, file.read_bytes())


if __name__ == "__main__":
    if len(sys.argv) != 3:
        raise SystemExit(__doc__)
    make_package(Path(sys.argv[1]), sys.argv[2])
