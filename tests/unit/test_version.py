# SPDX-License-Identifier: GPL-2.0-or-later
"""The version is that of metadata.txt, wherever Python finds the plugin."""

from __future__ import annotations

import re
import subprocess
import sys
import zipfile
from pathlib import Path

from classify_pixels.inference.version import version

ROOT = Path(__file__).resolve().parents[2]


def test_the_version_is_that_of_the_metadata() -> None:
    found = re.search(r"^version=(.+)$", (ROOT / "metadata.txt").read_text(encoding="utf-8"), re.MULTILINE)
    assert found is not None
    assert version() == found.group(1).strip()


def test_the_version_is_known_within_a_zip_archive(tmp_path: Path) -> None:
    archive = tmp_path / "plugin.zip"
    with zipfile.ZipFile(archive, "w") as packed:
        packed.write(ROOT / "metadata.txt", "plugin/metadata.txt")
        packed.write(ROOT / "inference" / "version.py", "plugin/inference/version.py")
        for package in ("plugin", "plugin/inference"):
            packed.writestr(f"{package}/__init__.py", "")
    code = "from plugin.inference.version import version; print(version())"
    command = [sys.executable, "-c", f"import sys; sys.path.insert(0, {str(archive)!r}); {code}"]
    assert subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip() == version()
