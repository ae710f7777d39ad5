# SPDX-License-Identifier: GPL-2.0-or-later
"""Builds the user guide as a web site that also works from files, in English and, in a subfolder each, other languages.

Usage: scripts/build_guide.py FOLDER, or --translations to bring the catalogues in docs/locale up to date.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "docs"
ENGLISH, LANGUAGES = "en", ("de",)
# A theme's sources for debuggers.
NEEDLESS = ("*.map", ".buildinfo", "objects.inv")


def main(arguments: list[str]) -> int:
    """Builds the guide, or brings its catalogues up to date."""
    if arguments == ["--translations"]:
        update_catalogues()
    elif len(arguments) == 1:
        build(Path(arguments[0]))
    else:
        raise SystemExit(__doc__)
    return 0


def build(folder: Path) -> None:
    """Builds the guide in a folder, which is emptied first; a broken link is an error."""
    shutil.rmtree(folder, ignore_errors=True)
    for language in (ENGLISH, *LANGUAGES):
        target = folder if language == ENGLISH else folder / language
        run("html", target, language)
        for pattern in NEEDLESS:
            for file in [*target.rglob(pattern)]:
                file.unlink()
        if target != folder:
            share_images(target)


def share_images(target: Path) -> None:
    """Lets the pages of a language show the English guide's images, which are the same, instead of copies."""
    for image in target.glob("_images/*"):
        assert image.read_bytes() == (target.parent / "_images" / image.name).read_bytes()
    shutil.rmtree(target / "_images", ignore_errors=True)
    for page in target.rglob("*.html"):
        text = page.read_text(encoding="utf-8")
        page.write_text(re.sub(r'(?<=")((?:\.\./)*_images/)', r"../\1", text), encoding="utf-8")


def update_catalogues() -> None:
    """Writes new and changed paragraphs into the catalogue of each language."""
    with tempfile.TemporaryDirectory() as folder:
        run("gettext", Path(folder), ENGLISH)
        for language in LANGUAGES:
            command = ["update", "-p", folder, "-d", DOCS / "locale", "-l", language, "--line-width", "120"]
            subprocess.run([sys.executable, "-m", "sphinx_intl", *command], check=True)


def run(builder: str, target: Path, language: str) -> None:
    """Runs a builder of Sphinx; raises SystemExit if it warns of anything."""
    with tempfile.TemporaryDirectory() as cache:
        options = ["-b", builder, "-d", cache, "-D", f"language={language}", "--quiet", "--fail-on-warning", "-n"]
        # Sphinx does not start in a locale that is not installed.
        environment = {**os.environ, "LC_ALL": "C"}
        command = [sys.executable, "-m", "sphinx", *options, DOCS, target]
        done = subprocess.run(command, check=False, env=environment)
    if done.returncode:
        raise SystemExit(done.returncode)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
